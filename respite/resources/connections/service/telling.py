"""Something is offered to a guest, and things are said about it: each with who said so, and when it happened."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import Acts, record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.models import Guest
from respite.messaging.service.codes import end_code
from respite.resources.connections import events
from respite.resources.connections.errors import CannotTakeBack, NotNext, OfferedAlready
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.places import is_place
from respite.resources.connections.policy import (
    LONGEST_PLACE,
    LONGEST_WHY,
    OPEN,
    TAKEN_BACK_WITHIN,
    UNDER_WAY,
    Category,
    DoesNotFollow,
    Said,
    Stands,
    State,
    Who,
    Why,
    stands,
)

#: The kind of question that a text asks: did it come about?
CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of the directory, or a name that somebody writes; one of the two."""

    category: Category
    service_id: uuid.UUID | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said: by whom, and when it happened where that was not now. `why` and `words` of not being a fit."""

    state: State
    who: Who
    at: datetime | None = None
    why: Why | None = None
    words: str = ""


def offer(
    actor: Actor,
    guest_id: uuid.UUID,
    offered: Offered,
    *,
    at: datetime | None = None,
    wanted: bool = False,
    now: datetime,
) -> Connection:
    """Something is offered to a guest. `wanted`: they said at once that they want it.

    Raises Invalid by field, NotFound, OfferedAlready while the same place is on its way for them.
    """
    place = offered.place.strip()
    _check(offered, place, at, now)
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        if offered.service_id is not None:
            _check_new(session, guest, offered.service_id)
        row = Connection(
            house_id=guest.house_id,
            guest_id=guest.id,
            service_id=offered.service_id,
            category=offered.category,
            state=State.OFFERED,
            offered_at=at or now,
            since=at or now,
        )
        row.place = place if offered.service_id is None else None
        session.add(row)
        session.flush()
        say_inside(session, actor, row, Word(State.OFFERED, Who.HOUSE, at), now)
        if wanted:
            say_inside(session, actor, row, Word(State.WANTED, Who.GUEST, at), now)
    return row


def say(
    actor: Actor, connection_id: uuid.UUID, word: Word, *, version_seen: int | None = None, now: datetime
) -> ConnectionStep:
    """Somebody of the house writes down what was said. Raises NotNext, StaleVersion, Invalid by field."""
    with transaction() as session:
        row = reached(session, actor, connection_id, version_seen)
        return say_inside(session, actor, row, word, now)


def take_back(actor: Actor, step_id: uuid.UUID, *, now: datetime) -> uuid.UUID | None:
    """Undo of `say` and `offer`, by whoever did it; the connection's id, none where it is gone. CannotTakeBack."""
    with transaction() as session:
        found = session.get(ConnectionStep, step_id)
        if found is None:
            raise NotFound
        row = reached(session, actor, found.connection_id)
        return take_back_inside(session, actor, row, step_id, now)


def say_own(
    session: Session,
    actor: Actor,
    guest: Guest,
    connection_id: uuid.UUID,
    word: Word,
    version_seen: int | None,
    now: datetime,
) -> ConnectionStep:
    """The guest says it on their own page, behind their house's lock. Raises as `say` does."""
    return say_inside(session, actor, own(session, guest.id, connection_id, version_seen), word, now)


def take_own_back(session: Session, actor: Actor, guest: Guest, step_id: uuid.UUID, now: datetime) -> None:
    """The guest tapped the wrong thing. Raises CannotTakeBack."""
    found = session.get(ConnectionStep, step_id)
    if found is None:
        raise NotFound
    take_back_inside(session, actor, own(session, guest.id, found.connection_id), step_id, now)


def reached(session: Session, actor: Actor, connection_id: uuid.UUID, version_seen: int | None = None) -> Connection:
    """A connection of a guest who is known, behind the house's lock. Raises NotFound, StaleVersion."""
    row = locked_row(session, actor, Connection, connection_id, May.KEEP_BEDS, version_seen)
    if row.guest_id is None:
        raise NotFound
    return row


def own(session: Session, guest_id: uuid.UUID, connection_id: uuid.UUID, version_seen: int | None = None) -> Connection:
    row = session.get(Connection, connection_id, populate_existing=True)
    if row is None or row.guest_id != guest_id:
        raise NotFound
    if version_seen is not None and version_seen != row.version:
        raise StaleVersion
    return row


def say_inside(session: Session, actor: Acts, row: Connection, word: Word, now: datetime) -> ConnectionStep:
    """What `say` does, in the caller's transaction and behind the house's lock. Raises NotNext, Invalid by field."""
    text = word.words.strip()
    _check_word(word, text, now)
    said = steps_of(session, row.id)
    step = ConnectionStep(
        connection_id=row.id,
        number=max((each.number for each in said), default=0) + 1,
        state=word.state,
        who=word.who,
        at=word.at or now,
        told_at=now,
        made_by=actor.ref,
        why=word.why if word.state == State.NOT_A_FIT else None,
    )
    step.words = (text or None) if word.state == State.NOT_A_FIT else None
    try:
        now_stands = _stands([*said, step])
    except DoesNotFollow as against:
        raise NotNext from against
    session.add(step)
    _follow(session, row, [*said, step], now_stands)
    record(
        session,
        row.house_id,
        events.STEP,
        subject=step.id,
        actor=actor,
        at=now,
        connection_id=row.id,
        state=step.state,
        who=step.who,
        category=row.category,
        happened=step.at,
        why=step.why,
    )
    if row.state not in OPEN:
        end_code(session, CONNECTION, row.id, now)
    return step


def take_back_inside(
    session: Session, actor: Acts, row: Connection, step_id: uuid.UUID, now: datetime
) -> uuid.UUID | None:
    said = steps_of(session, row.id)
    step = next((each for each in said if each.id == step_id), None)
    if step is None:
        raise NotFound
    if step.made_by != actor.ref or now - step.told_at > TAKEN_BACK_WITHIN:
        raise CannotTakeBack
    return take_out(session, actor, row, step, now)


def take_out(session: Session, actor: Acts, row: Connection, step: ConnectionStep, now: datetime) -> uuid.UUID | None:
    """A step as if it had not been said; the connection's id, none where nothing is left of it. CannotTakeBack."""
    rest = [each for each in steps_of(session, row.id) if each.id != step.id]
    try:
        left = _stands(rest)
    except DoesNotFollow as against:
        raise CannotTakeBack from against
    record(
        session,
        row.house_id,
        events.TAKEN_BACK,
        subject=step.id,
        actor=actor,
        at=now,
        connection_id=row.id,
        state=step.state,
    )
    if left is None:
        end_code(session, CONNECTION, row.id, now)
        session.delete(step)
        session.flush()
        session.delete(row)
        session.flush()
        return None
    session.delete(step)
    _follow(session, row, rest, left)
    return row.id


def steps_of(session: Session, connection_id: uuid.UUID) -> list[ConnectionStep]:
    """What was said, in the order in which it was written down."""
    mine = sa.select(ConnectionStep).where(ConnectionStep.connection_id == connection_id)
    return list(session.scalars(mine.order_by(ConnectionStep.number)))


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    """Words, steps and whose it was go; that something was offered, and what came of it, is counted on."""
    theirs = session.scalars(sa.select(Connection).where(Connection.guest_id == guest_id)).all()
    _drop_steps(session, [row.id for row in theirs])
    for row in theirs:
        row.guest_id = row.place = None
    session.flush()


def unmake_guest(session: Session, guest_id: uuid.UUID) -> None:
    """They were written down by mistake, and so was what was offered to them."""
    theirs = list(session.scalars(sa.select(Connection.id).where(Connection.guest_id == guest_id)))
    _drop_steps(session, theirs)
    session.execute(sa.delete(Connection).where(Connection.id.in_(theirs)))


def _drop_steps(session: Session, connection_ids: Sequence[uuid.UUID]) -> None:
    session.execute(sa.delete(ConnectionStep).where(ConnectionStep.connection_id.in_(connection_ids)))


def _stands(steps: Sequence[ConnectionStep]) -> Stands | None:
    return stands(Said(State(each.state), Who(each.who), each.at, each.number) for each in steps)


def _follow(session: Session, row: Connection, steps: Sequence[ConnectionStep], now_stands: Stands | None) -> None:
    """What the row says follows from all that was said."""
    assert now_stands is not None, "something was said"
    last = max(steps, key=lambda each: (each.at, each.number))
    row.state, row.wanted, row.contact = now_stands.state, now_stands.wanted, now_stands.contact
    row.guest_confirmed = Who.GUEST in now_stands.by
    row.service_confirmed = Who.SERVICE in now_stands.by
    row.why = last.why
    row.since = last.at
    row.offered_at = min(each.at for each in steps)
    session.flush()


def _check(offered: Offered, place: str, at: datetime | None, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if offered.service_id is None and not place:
        wrong["place"] = _("Please fill this in.")
    elif len(place) > LONGEST_PLACE:
        wrong["place"] = _("Please keep this to %(most)s letters.", most=LONGEST_PLACE)
    if at is not None and at > now:
        wrong["at"] = _("This time is still to come.")
    if wrong:
        raise Invalid(fields=wrong)


def _check_word(word: Word, text: str, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if word.at is not None and word.at > now:
        wrong["at"] = _("This time is still to come.")
    if word.state == State.NOT_A_FIT and word.why is None:
        wrong["why"] = _("Please choose one of the answers shown.")
    if len(text) > LONGEST_WHY:
        wrong["words"] = _("Please keep this to %(most)s letters.", most=LONGEST_WHY)
    if wrong:
        raise Invalid(fields=wrong)


def _check_new(session: Session, guest: Guest, service_id: uuid.UUID) -> None:
    if not is_place(session, service_id):
        raise NotFound
    going = (Connection.guest_id == guest.id, Connection.service_id == service_id)
    under_way = sa.select(Connection.id).where(*going, Connection.state.in_(UNDER_WAY))
    if session.scalar(under_way.limit(1)) is not None:
        raise OfferedAlready
