"""Giving our word, keeping it, letting it go, handing it on, and taking each of these back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import lock_house, locked_row, role_now
from respite.accounts.roles import RIGHTS, May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.promises import events
from respite.promises.errors import NotOpenNow, OpenNow
from respite.promises.models import Promise
from respite.promises.policy import (
    LATEST_ENTRY,
    LONGEST_WORD,
    LONGEST_WORDS,
    NO_HURRY,
    Kind,
    State,
    Way,
    When,
    outcome_fits,
)
from respite.promises.subjects import may_be_told
from respite.wording.counting import count_note, uncount_note

#: Called with (session, promise, now) when one is kept, let go or opened again. Filled by features in their wiring.
moved_on: list[Callable[[Session, Promise, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is promised. `subject` is (kind, id), checked by the feature that knows it; no owner: whoever is on.

    `said_at` is when it was said, of one that is entered late; its time may be over by now.
    """

    words: str | None = None
    kind: Kind = Kind.OTHER
    way: Way | None = None
    subject: tuple[str, uuid.UUID] | None = None
    when: When = NO_HURRY
    owner_id: uuid.UUID | None = None
    said_at: datetime | None = None


def give(actor: Actor, house_id: uuid.UUID, wanted: Wanted, *, at: datetime | None = None, now: datetime) -> Promise:
    """We said we would: write it down. `at` is when it was said, now where that is not given."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        return give_in_own_words(session, actor, house_id, wanted, now, at)


def give_in_own_words(
    session: Session, actor: Actor, house_id: uuid.UUID, wanted: Wanted, now: datetime, at: datetime | None = None
) -> Promise:
    """`give_inside` of what somebody who works here wrote themselves: it counts in how the house writes."""
    row = give_inside(session, actor, house_id, wanted, now, at)
    count_note(session, actor, house_id, row.words, row.made_at)
    return row


def give_inside(
    session: Session, actor: Actor, house_id: uuid.UUID, wanted: Wanted, now: datetime, at: datetime | None = None
) -> Promise:
    """`give` in the transaction of an upper feature's act, behind the house's lock. Raises Invalid."""
    text, said_at = (wanted.words or "").strip(), at or wanted.said_at or now
    wrong: dict[str, str] = {}
    if not now - LATEST_ENTRY <= said_at <= now:
        wrong["at"] = _("Please give a time that is over, within the last 31 days.")
    if len(text) > LONGEST_WORDS:
        wrong["words"] = _("Please keep this to %(most)s letters.", most=LONGEST_WORDS)
    elif not text and wanted.kind != Kind.CALLBACK:
        wrong["words"] = _("Please say in a few words what was promised.")
    if (wanted.kind == Kind.CALLBACK) != (wanted.way is not None):
        wrong["kind"] = _("Please choose one of the answers shown.")
    if wrong:
        raise Invalid(fields=wrong)
    _must_keep(session, house_id, wanted.owner_id, wanted.subject)
    row = Promise(
        house_id=house_id,
        kind=wanted.kind,
        way=wanted.way,
        subject_kind=wanted.subject[0] if wanted.subject else None,
        subject_id=wanted.subject[1] if wanted.subject else None,
        due_at=wanted.when.due_at,
        by_day=wanted.when.by_day,
        owner_id=wanted.owner_id,
        state=State.OPEN,
        made_by=actor.ref,
        made_at=said_at,
    )
    row.words = text or None
    session.add(row)
    session.flush()
    told = {"what": row.kind, "way": row.way, "owner_id": row.owner_id, "due_at": row.due_at}
    tell(session, row, events.GIVEN, actor, said_at, **told)
    return row


def keep(
    actor: Actor, promise_id: uuid.UUID, outcome: str | None = None, *, version_seen: int | None = None, now: datetime
) -> Promise:
    """Done. A callback says what came of it, and nothing about the person. Raises NotOpenNow or Invalid."""
    with transaction() as session:
        row = _open(session, actor, promise_id, version_seen)
        if not outcome_fits(row.kind, row.way, outcome):
            raise Invalid(_("Please say whether they were reached."))
        _end(row, State.KEPT, outcome, actor, now)
        tell(session, row, events.KEPT, actor, now, what=row.kind, outcome=row.outcome)
        _heard(session, row, now)
    return row


def let_go(
    actor: Actor, promise_id: uuid.UUID, word: str = "", *, version_seen: int | None = None, now: datetime
) -> Promise:
    """It is not needed any more, or cannot be; nobody asks why.

    `word` is to whom it was for, who reads it on their page. Raises Invalid where it is too long, or for nobody.
    """
    text = word.strip()
    with transaction() as session:
        row = _open(session, actor, promise_id, version_seen)
        if text and row.subject_id is None:
            raise Invalid(fields={"word": _("This promise is for nobody by name, so nobody would read it.")})
        if len(text) > LONGEST_WORD:
            raise Invalid(fields={"word": _("Please write up to %(most)s letters.", most=LONGEST_WORD)})
        row.word = text or None
        let_go_inside(session, row, actor, now)
    return row


def let_go_inside(session: Session, row: Promise, actor: Actor, now: datetime) -> None:
    _end(row, State.LET_GO, None, actor, now)
    tell(session, row, events.LET_GO, actor, now, what=row.kind)
    _heard(session, row, now)


def open_again(actor: Actor, promise_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Promise:
    """It is not done after all. Whoever had it has it still, where they may; else it is the house's."""
    return open_again_with_word(actor, promise_id, version_seen=version_seen, now=now)[0]


def open_again_with_word(
    actor: Actor, promise_id: uuid.UUID, *, version_seen: int | None = None, now: datetime
) -> tuple[Promise, str | None]:
    """`open_again`; returns it and the word to whom it was for, which goes from their page: it may be said anew."""
    with transaction() as session:
        row = locked_row(session, actor, Promise, promise_id, May.KEEP_BEDS, version_seen)
        if row.state == State.OPEN:
            raise OpenNow
        word = row.word
        open_again_inside(session, row, actor, now)
    return row, word


def open_again_inside(session: Session, row: Promise, actor: Actor, now: datetime) -> None:
    row.state, row.outcome, row.ended_at, row.ended_by = State.OPEN, None, None, None
    row.word = None
    if not may_keep(session, row.house_id, row.owner_id):
        row.owner_id = None
    session.flush()
    tell(session, row, events.OPEN_AGAIN, actor, now)
    _heard(session, row, now)


def hand(
    actor: Actor,
    promise_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    *,
    version_seen: int | None = None,
    now: datetime,
) -> tuple[Promise, uuid.UUID | None]:
    """Somebody else keeps it, or whoever is on; returns it and who had it before."""
    with transaction() as session:
        row = _open(session, actor, promise_id, version_seen)
        _must_keep(session, row.house_id, owner_id, _subject_of(row))
        before = row.owner_id
        if before != owner_id:
            row.owner_id = owner_id
            session.flush()
            tell(session, row, events.HANDED, actor, now, owner_id=owner_id)
    return row, before


def move(
    actor: Actor, promise_id: uuid.UUID, when: When, *, version_seen: int | None = None, now: datetime
) -> tuple[Promise, When]:
    """Another time; returns it and the time before."""
    with transaction() as session:
        row = _open(session, actor, promise_id, version_seen)
        before = When(row.due_at, row.by_day)
        if before != when:
            row.due_at, row.by_day = when.due_at, when.by_day
            session.flush()
            tell(session, row, events.MOVED, actor, now, due_at=row.due_at)
    return row, before


def take_back(actor: Actor, promise_id: uuid.UUID, *, version_seen: int, now: datetime) -> None:
    """Undo of `give`, by whoever gave it and while nobody did anything with it: the row goes, words and all."""
    with transaction() as session:
        row = _open(session, actor, promise_id, version_seen)
        if row.made_by != actor.ref or row.version != 1:
            raise NotFound
        if row.kind != Kind.CALLBACK:
            uncount_note(session, actor, row.house_id, row.words, row.made_at, now)
        session.delete(row)
        session.flush()
        tell(session, row, events.TAKEN_BACK, actor, now)


def tell(session: Session, row: Promise, kind: str, actor: Actor, now: datetime, **data: Any) -> None:
    record(session, row.house_id, kind, subject=row.id, actor=actor, at=now, parts=events.PARTS, **data)


def _open(session: Session, actor: Actor, promise_id: uuid.UUID, version_seen: int | None) -> Promise:
    """The promise behind the house's lock. Raises NotFound, NotOpenNow, or StaleVersion over a newer one."""
    row = locked_row(session, actor, Promise, promise_id, May.KEEP_BEDS)
    if row.state != State.OPEN:
        raise NotOpenNow
    if version_seen is not None and version_seen != row.version:
        raise StaleVersion
    return row


def _end(row: Promise, state: State, outcome: str | None, actor: Actor, now: datetime) -> None:
    row.state, row.outcome, row.ended_at, row.ended_by = state, outcome, now, actor.ref


def _heard(session: Session, row: Promise, now: datetime) -> None:
    session.flush()
    for heard in moved_on:
        heard(session, row, now)


def may_keep(session: Session, house_id: uuid.UUID, owner_id: uuid.UUID | None) -> bool:
    """Whether somebody may keep promises of a house now; nobody: whoever is on."""
    if owner_id is None:
        return True
    role = role_now(session, Actor(ActorKind.PERSON, owner_id), house_id)
    return role is not None and May.KEEP_BEDS in RIGHTS[role]


def _subject_of(row: Promise) -> tuple[str, uuid.UUID] | None:
    return (row.subject_kind, row.subject_id) if row.subject_kind is not None and row.subject_id is not None else None


def may_have(
    session: Session, house_id: uuid.UUID, owner_id: uuid.UUID | None, subject: tuple[str, uuid.UUID] | None
) -> bool:
    """`may_keep`, of this promise: not where whom it is for keeps what is theirs from that person."""
    told = owner_id is None or subject is None or may_be_told(session, subject, owner_id)
    return told and may_keep(session, house_id, owner_id)


def _must_keep(
    session: Session, house_id: uuid.UUID, owner_id: uuid.UUID | None, subject: tuple[str, uuid.UUID] | None
) -> None:
    """One sentence for every reason: that a guest keeps their page from somebody is told to nobody here."""
    if not may_have(session, house_id, owner_id, subject):
        sentence = _("This cannot go to them just now. Please choose somebody else, or whoever is on.")
        raise Invalid(fields={"owner": sentence})
