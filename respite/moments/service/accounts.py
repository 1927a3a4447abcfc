"""How it was for a guest: told together with a peer, or on their own page if they like.

What a guest writes on their page is theirs alone until they say that they are done. They can take it back at any time.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound, StaleVersion
from respite.moments import events
from respite.moments.errors import BegunOnTheirPage, CannotTakeBack, SaidAlready
from respite.moments.models import HardMoment, MomentAccount
from respite.moments.policy import LONGEST_ACCOUNT, Way
from respite.moments.queries import accounts_asked, guests_around
from respite.moments.service.reached import just_now, not_to_come, open_moment, words_checked


def tell_together(
    actor: Actor,
    moment_id: uuid.UUID,
    guest_id: uuid.UUID | None,
    words: str,
    *,
    at: datetime | None = None,
    now: datetime,
) -> MomentAccount:
    """The guest tells it to a peer, on the house's screen; without a guest's id, without a name.

    Raises NotFound for a guest who was not there, SaidAlready, BegunOnTheirPage, Invalid, PutAway.
    """
    text = words_checked(words, LONGEST_ACCOUNT)
    with transaction() as session:
        moment = open_moment(session, actor, moment_id)
        row = _asked(session, moment, guest_id, now) if guest_id is not None else None
        if row is not None and row.words_sealed is not None:
            raise SaidAlready if row.finished_at is not None else BegunOnTheirPage
        if row is None:
            row = _new(moment, guest_id, actor, now)
            session.add(row)
        row.way, row.words, row.finished_at = Way.TOGETHER, text, now
        row.made_by, row.made_at = actor.ref, now
        row.at = not_to_come(at, now) if at is not None else moment.began_at
        session.flush()
        _tell(session, row, now)
    return row


def take_telling_back(actor: Actor, account_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Undo of `tell_together` and of `ask_on_page`, by whoever did it; returns the moment's id."""
    with transaction() as session:
        row = session.get(MomentAccount, account_id)
        if row is None:
            raise NotFound
        moment_id = open_moment(session, actor, row.moment_id).id
        row = session.get(MomentAccount, account_id, populate_existing=True)
        if row is None:
            raise NotFound
        own_words = row.way == Way.PAGE and row.words_sealed is not None
        if own_words or row.made_by != actor.ref or not just_now(row.made_at, now):
            raise CannotTakeBack
        _take_away(session, row, now)
    return moment_id


def ask_on_page(actor: Actor, moment_id: uuid.UUID, guest_id: uuid.UUID, *, now: datetime) -> MomentAccount:
    """Their own page asks them whether they would like to say how it was. Raises NotFound, SaidAlready, PutAway."""
    with transaction() as session:
        moment = open_moment(session, actor, moment_id)
        if _asked(session, moment, guest_id, now) is not None:
            raise SaidAlready
        row = _new(moment, guest_id, actor, now)
        session.add(row)
        session.flush()
        _tell(session, row, now)
    return row


def say_own(
    session: Session,
    guest_id: uuid.UUID,
    account_id: uuid.UUID,
    words: str,
    *,
    done: bool,
    version_seen: int | None = None,
    now: datetime,
) -> None:
    """The guest writes on their page, behind their house's lock; with `done` the house reads it.

    Raises NotFound, SaidAlready once they are done, StaleVersion, Invalid.
    """
    text = words_checked(words, LONGEST_ACCOUNT)
    row = own_account(session, guest_id, account_id)
    if row.finished_at is not None:
        raise SaidAlready
    if version_seen is not None and version_seen != row.version:
        raise StaleVersion
    row.words, row.finished_at = text, now if done else None
    session.flush()
    _tell(session, row, now)


def leave_own(session: Session, guest_id: uuid.UUID, account_id: uuid.UUID, now: datetime) -> None:
    """The guest would rather not, or takes back what they said; nothing tells which. Raises NotFound."""
    _take_away(session, own_account(session, guest_id, account_id), now)


def own_account(session: Session, guest_id: uuid.UUID, account_id: uuid.UUID) -> MomentAccount:
    row = session.get(MomentAccount, account_id, populate_existing=True)
    if row is None or row.guest_id != guest_id:
        raise NotFound
    return row


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """Their account goes, words and all; the facts name nobody and stay."""
    session.execute(sa.delete(MomentAccount).where(MomentAccount.guest_id == guest_id))


def _new(moment: HardMoment, guest_id: uuid.UUID | None, actor: Actor, now: datetime) -> MomentAccount:
    return MomentAccount(
        house_id=moment.house_id,
        moment_id=moment.id,
        guest_id=guest_id,
        way=Way.PAGE,
        at=moment.began_at,
        made_by=actor.ref,
        made_at=now,
    )


def _asked(session: Session, moment: HardMoment, guest_id: uuid.UUID, now: datetime) -> MomentAccount | None:
    """What stands for a guest who was there. Raises NotFound for anybody else."""
    if guest_id not in {guest.id for guest in guests_around(session, moment, now)}:
        raise NotFound
    return accounts_asked(session, moment.id).get(guest_id)


def _take_away(session: Session, row: MomentAccount, now: datetime) -> None:
    session.delete(row)
    session.flush()
    _tell(session, row, now)


def _tell(session: Session, row: MomentAccount, now: datetime) -> None:
    """Asked, said, done, declined and taken back are one kind, so that the log tells none of them."""
    record(session, row.house_id, events.ACCOUNT_CHANGED, subject=row.moment_id, actor=None, at=now)
