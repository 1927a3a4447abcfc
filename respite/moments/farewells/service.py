"""Whom to tell in person when a guest has died, who was told, and the time together that each is offered then.

A list for who leads the house, kept for a month. Nothing of the time together goes into the event log.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.models import KeptFrom
from respite.accounts.rights import lock_house, people_who_may, role_now
from respite.accounts.roles import RIGHTS, May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, handles, set_due, take
from respite.core.errors import Invalid, NotFound
from respite.guests.models import Farewell, Guest, Stay, Visit
from respite.guests.service.died import farewell_of, promised_to
from respite.guests.service.on_file import forget_later
from respite.moments import events
from respite.moments.farewells.models import PersonToTell
from respite.moments.policy import OFFERED_FOR
from respite.moments.service.support import people_to_talk_with
from respite.staffing.queries.shifts import live_between

LIST_OVER = "moment.farewell.over"


def begin_list(session: Session, guest: Guest, actor: Actor, now: datetime) -> None:
    """Whoever was on while the guest was here, or holds a promise to them; not who says it, and knows.

    Nor whoever the guest keeps their page from. Heard in the transaction in which it is said.
    """
    farewell = farewell_of(session, guest.id)
    assert farewell is not None, "it is said in this transaction"
    works_here = {each.id for each in people_who_may(session, guest.house_id, May.KEEP_BEDS)}
    kept_from = set(session.scalars(sa.select(KeptFrom.person_id).where(KeptFrom.guest_id == guest.id)))
    knew = _on_while_here(session, guest, now) | {row.owner_id for row in promised_to(session, guest)}
    wanted = (knew & works_here) - kept_from - {actor.id}
    session.add_all(
        PersonToTell(house_id=guest.house_id, farewell_id=farewell.id, person_id=each)
        for each in sorted(each for each in wanted if each is not None)
    )
    session.flush()
    if wanted:
        set_due(session, LIST_OVER, guest.id, now + OFFERED_FOR, guest.house_id)


def take_list_back(session: Session, guest: Guest, _said_at: datetime, _actor: Actor, _now: datetime) -> None:
    """It was a mistake. The list went with what it hung on; whoever was told already hears that from people, too."""
    clear_due(session, guest.id, LIST_OVER)


def is_to_hear(session: Session, actor: Actor, guest_id: uuid.UUID) -> bool:
    """Whether this person is on the list and nobody has told them yet."""
    if actor.kind != ActorKind.PERSON:
        return False
    mine = sa.select(PersonToTell.id).join(Farewell, Farewell.id == PersonToTell.farewell_id)
    mine = mine.where(Farewell.guest_id == guest_id, PersonToTell.person_id == actor.id, PersonToTell.told_at.is_(None))
    return session.scalar(mine.limit(1)) is not None


def keeps_on_file(session: Session, guest_id: uuid.UUID, _now: datetime) -> bool:
    """While somebody is to be told of whom they knew, their name is needed."""
    theirs = sa.select(PersonToTell.id).join(Farewell, Farewell.id == PersonToTell.farewell_id)
    return session.scalar(theirs.where(Farewell.guest_id == guest_id).limit(1)) is not None


def forget(session: Session, guest_id: uuid.UUID) -> None:
    clear_due(session, guest_id, LIST_OVER)
    of_guest = sa.select(Farewell.id).where(Farewell.guest_id == guest_id)
    session.execute(sa.delete(PersonToTell).where(PersonToTell.farewell_id.in_(of_guest)))


def may_open(session: Session, actor: Actor, farewell: Farewell) -> bool:
    """Whose list it is: whoever leads the house and knows, and whoever said it and works here still."""
    role = role_now(session, actor, farewell.house_id)
    if role is None or May.KEEP_BEDS not in RIGHTS[role] or is_to_hear(session, actor, farewell.guest_id):
        return False
    return May.DECIDE_STAYS in RIGHTS[role] or farewell.said_by == actor.ref


def told(actor: Actor, row_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Somebody has told them, in person. Returns the guest. Said twice, it is once. Raises NotFound."""
    return _mark(actor, row_id, now, is_told=True)


def not_told(actor: Actor, row_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Undo of `told`."""
    return _mark(actor, row_id, now, is_told=False)


def heard(actor: Actor, row_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Whoever leads the house and is on the list themselves says that somebody has told them. Raises NotFound."""
    with transaction() as session:
        row, farewell = _locked(session, actor, row_id, May.DECIDE_STAYS)
        if row.person_id != actor.id:
            raise NotFound
        _tell(session, row, farewell, actor, now, is_told=True)
        return farewell.guest_id


def ask_for_time(actor: Actor, row_id: uuid.UUID, whom: uuid.UUID) -> None:
    """Yes, with this person; they alone read it. Raises NotFound, Invalid."""
    with transaction() as session:
        row = _own(session, actor, row_id)
        if whom not in {each.id for each in people_to_talk_with(session, row.house_id, actor.id)}:
            raise Invalid(fields={"whom": _("Please choose one of the answers shown.")})
        row.asked_id = whom


def no_time(actor: Actor, row_id: uuid.UUID) -> None:
    """No, or not any more. Nobody sees which."""
    with transaction() as session:
        row = _own(session, actor, row_id)
        row.asked_id, row.answered = None, True


def after_all(actor: Actor, row_id: uuid.UUID) -> None:
    """Undo of `no_time`."""
    with transaction() as session:
        _own(session, actor, row_id).answered = False


def had_time(actor: Actor, row_id: uuid.UUID) -> None:
    """Whoever was asked says that they had it. Raises NotFound."""
    with transaction() as session:
        row = session.get(PersonToTell, row_id, with_for_update=True)
        if row is None or actor.kind != ActorKind.PERSON or row.asked_id != actor.id:
            raise NotFound
        row.asked_id, row.answered = None, True


@handles(LIST_OVER)
def end_list(row: DueRow, now: datetime) -> None:
    """A month is over: who was told, and by whom, is kept no longer."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        forget(session, row.subject)
        forget_later(session, row.house_id, row.subject, now)
        farewell = farewell_of(session, row.subject)
        if farewell is not None:
            _moved(session, farewell, CLOCK, now)


def _on_while_here(session: Session, guest: Guest, now: datetime) -> set[uuid.UUID | None]:
    found: set[uuid.UUID | None] = set()
    for model in (Stay, Visit):
        was_here = session.execute(
            sa.select(model.arrived_at, model.left_at).where(model.guest_id == guest.id, model.arrived_at.is_not(None))
        )
        for arrived, left in was_here:
            assert arrived is not None, "asked for"
            found |= {each.person_id for each in live_between(session, guest.house_id, arrived, left or now)}
    return found


def _mark(actor: Actor, row_id: uuid.UUID, now: datetime, *, is_told: bool) -> uuid.UUID:
    with transaction() as session:
        row, farewell = _locked(session, actor, row_id, May.KEEP_BEDS)
        if not may_open(session, actor, farewell):
            raise NotFound
        _tell(session, row, farewell, actor, now, is_told=is_told)
        return farewell.guest_id


def _tell(
    session: Session, row: PersonToTell, farewell: Farewell, actor: Actor, now: datetime, *, is_told: bool
) -> None:
    if is_told == (row.told_at is not None):
        return
    row.told_at, row.told_by = (now, actor.ref) if is_told else (None, None)
    if not is_told:
        row.asked_id, row.answered = None, False
    session.flush()
    _moved(session, farewell, actor, now)


def _moved(session: Session, farewell: Farewell, actor: Actor, now: datetime) -> None:
    record(session, farewell.house_id, events.LIST_MOVED, subject=farewell.id, actor=actor, at=now, parts=events.PARTS)


def _locked(session: Session, actor: Actor, row_id: uuid.UUID, right: May) -> tuple[PersonToTell, Farewell]:
    row = session.get(PersonToTell, row_id)
    if row is None:
        raise NotFound
    lock_house(session, actor, row.house_id, right)
    row = session.get(PersonToTell, row_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row, session.get_one(Farewell, row.farewell_id)


def _own(session: Session, actor: Actor, row_id: uuid.UUID) -> PersonToTell:
    row = session.get(PersonToTell, row_id, with_for_update=True)
    if row is None or actor.kind != ActorKind.PERSON or row.person_id != actor.id or row.told_at is None:
        raise NotFound
    return row
