"""Reads of kind words: what is to come, who was there, and whether the guest still wants them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.followup.caring.models import CaringPlan, CaringRules, CaringText
from respite.followup.caring.policy import FIRST_STEPS, Part, State, Why, part_of
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.messaging.models import Consent, Correspondent, NumberStop, Thread
from respite.messaging.models.people import PersonState
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of, live_consents
from respite.messaging.service.ground import stop_on
from respite.messaging.service.stopping import PERHAPS
from respite.staffing.models import Shift
from respite.staffing.queries.shifts import live_between, shifts_of_person

#: How long after somebody left those who were there are asked whether they would write.
ASKED_FOR = timedelta(days=60)


def plan_of(session: Session, guest_id: uuid.UUID) -> CaringPlan | None:
    """The one that goes on."""
    return session.scalar(sa.select(CaringPlan).where(CaringPlan.guest_id == guest_id, CaringPlan.ended_at.is_(None)))


def texts_of(session: Session, plan_id: uuid.UUID) -> Sequence[CaringText]:
    return session.scalars(sa.select(CaringText).where(CaringText.plan_id == plan_id).order_by(CaringText.place)).all()


def waiting_in(texts: Sequence[CaringText]) -> list[CaringText]:
    return [each for each in texts if each.state == State.WAITS]


def part_now(text: CaringText, texts: Sequence[CaringText]) -> Part | None:
    """Which of them the house opens, and how. Where those before it were left out, the first that comes says when
    texts are read and how they end: nobody said it yet."""
    part, before = part_of(text.place, len(texts)), [each for each in texts if each.place < text.place]
    if part is None and all(each.state == State.SKIPPED for each in before):
        return Part.FIRST
    return part


def wanted_by(session: Session, guest: Guest) -> Correspondent | None:
    """The guest as texting knows them, while they want kind words at the number they have. In the house, too."""
    person = correspondent_of(session, guest.house_id, guest.id)
    if person is None or person.number_index is None or person.state not in (PersonState.OPEN, PersonState.BACK):
        return None
    stop = stop_on(session, person.number_index)
    if stop is not None and stop.source != PERHAPS:
        return None
    yes = any(
        each.purpose == Purpose.CARING and each.number_index == person.number_index
        for each in live_consents(session, person)
    )
    return person if yes else None


def stays_had(session: Session, guest_id: uuid.UUID) -> Sequence[Stay]:
    """Their stays that are over, the latest first."""
    had = sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state == StayState.LEFT, Stay.left_at.is_not(None))
    return session.scalars(had.order_by(Stay.left_at.desc())).unique().all()


def was_there(session: Session, guest: Guest, person_id: uuid.UUID) -> bool:
    """Whether somebody was on a shift while the guest stayed."""
    return any(person_id in _on_during(session, stay) for stay in stays_had(session, guest.id))


def _on_during(session: Session, stay: Stay) -> set[uuid.UUID | None]:
    assert stay.arrived_at is not None
    assert stay.left_at is not None
    return {each.person_id for each in live_between(session, stay.house_id, stay.arrived_at, stay.left_at)}


def written_by(session: Session, person_id: uuid.UUID) -> list[tuple[CaringPlan, Guest]]:
    """What somebody writes, by who hears next."""
    rows = session.execute(
        sa.select(CaringPlan, Guest)
        .join(Guest, Guest.id == CaringPlan.guest_id)
        .where(CaringPlan.writer_id == person_id, CaringPlan.ended_at.is_(None))
        .order_by(CaringPlan.began_at, CaringPlan.id)
    )
    return [(plan, guest) for plan, guest in rows]


def could_write_to(session: Session, person_id: uuid.UUID, houses: Sequence[uuid.UUID], now: datetime) -> list[Stay]:
    """Stays that ended lately with a yes to kind words, to which nobody writes, and at which this person was on."""
    left = sa.select(Stay).where(
        Stay.house_id.in_(houses),
        Stay.state == StayState.LEFT,
        Stay.left_at > now - ASKED_FOR,
        Stay.guest_id.is_not(None),
        _said_yes(),
        _on_at_some_time(person_id),
        ~sa.exists().where(
            CaringPlan.guest_id == Stay.guest_id, CaringPlan.writer_id.is_not(None), CaringPlan.ended_at.is_(None)
        ),
        ~sa.exists().where(
            CaringPlan.guest_id == Stay.guest_id,
            CaringPlan.began_at >= Stay.left_at,
            CaringPlan.ended_why.in_((Why.DONE, Why.HOUSE)),
        ),
    )
    found: dict[uuid.UUID, Stay] = {}
    for stay in session.scalars(left.order_by(Stay.left_at.desc())).unique():
        assert stay.guest_id is not None
        found.setdefault(stay.guest_id, stay)
    return list(found.values())


def _said_yes() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Correspondent.subject_id == Stay.guest_id,
        Correspondent.state == PersonState.OPEN,
        Consent.correspondent_id == Correspondent.id,
        Consent.purpose == Purpose.CARING,
        Consent.number_index == Correspondent.number_index,
        Consent.ended_at.is_(None),
        ~sa.exists().where(NumberStop.number_index == Correspondent.number_index, NumberStop.ended_at.is_(None)),
    )


def _on_at_some_time(person_id: uuid.UUID) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Shift.house_id == Stay.house_id,
        Shift.person_id == person_id,
        Shift.published_at.is_not(None),
        Shift.ends_at > Stay.arrived_at,
        Shift.starts_at < Stay.left_at,
    )


def unread_from(session: Session, guest: Guest) -> uuid.UUID | None:
    """The thread in which the guest wrote and nobody has read it yet."""
    person = correspondent_of(session, guest.house_id, guest.id)
    if person is None or person.number_index is None:
        return None
    return session.scalar(
        sa.select(Thread.id).where(
            Thread.house_id == guest.house_id,
            Thread.number_index == person.number_index,
            Thread.unseen_since.is_not(None),
        )
    )


def is_on(session: Session, person_id: uuid.UUID, house_id: uuid.UUID, now: datetime) -> bool:
    near = shifts_of_person(session, person_id, now - timedelta(hours=12), now + timedelta(hours=1))
    return any(each.house_id == house_id and each.is_here(now) for each in near)


def steps_of(session: Session, house_id: uuid.UUID) -> list[str]:
    row = rules_row(session, house_id)
    return [str(each) for each in row.steps] if row is not None else list(FIRST_STEPS)


def rules_row(session: Session, house_id: uuid.UUID) -> CaringRules | None:
    return session.scalar(sa.select(CaringRules).where(CaringRules.house_id == house_id))
