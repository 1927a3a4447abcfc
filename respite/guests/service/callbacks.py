"""Callbacks: "I'll call them back", and "they said they would call". Promises to somebody who waits."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.core.times import time_words
from respite.guests.errors import CallbackPromised
from respite.guests.models import Waiting
from respite.guests.policy.offer_clock import AnswerHours, can_answer, opens_at
from respite.guests.service.promised import WAITING
from respite.guests.service.waiting import must_be_waiting
from respite.houses.models import House
from respite.promises.models import Promise
from respite.promises.policy import Kind, State, Way, When
from respite.promises.queries import PromiseRow, promises_for
from respite.promises.service.acts import Wanted, give_inside

SOON = timedelta(minutes=30)


def promise_callback(
    actor: Actor,
    waiting_id: uuid.UUID,
    way: Way,
    *,
    at: datetime | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> Promise:
    """Whoever says so calls or writes at `at`, or soon in the hours in which the person can answer; or the person
    said they would call about then, and nobody has to do anything.

    Raises CallbackPromised where somebody said so already, NotOnTheList, or Invalid outside of their hours.
    """
    with transaction() as session:
        row = locked_row(session, actor, Waiting, waiting_id, May.KEEP_BEDS, version_seen)
        must_be_waiting(row, row.house_id)
        ours = way != Way.THEIRS
        if any((each.way != Way.THEIRS) == ours for each in open_callbacks(session, row.house_id, [row.id])):
            raise CallbackPromised
        zone, hours = session.get_one(House, row.house_id).timezone, hours_of(row)
        if ours and at is not None and not can_answer(at, hours, zone):
            raise Invalid(fields={"at": _out_of_hours(hours)})
        wanted = Wanted(
            kind=Kind.CALLBACK,
            way=way,
            subject=(WAITING, row.id),
            when=When(at or (soon_in(hours, zone, now) if ours else None)),
            owner_id=actor.id if ours and actor.kind == ActorKind.PERSON else None,
        )
        return give_inside(session, actor, row.house_id, wanted, now)


def open_callbacks(session: Session, house_id: uuid.UUID, ids: Collection[uuid.UUID]) -> list[PromiseRow]:
    return [row for row in promises_for(session, house_id, WAITING, ids) if row.state == State.OPEN]


def hours_of(row: Waiting) -> AnswerHours:
    return AnswerHours(row.answer_from, row.answer_until)


def soon_in(hours: AnswerHours, zone: str, now: datetime) -> datetime:
    """The round half hour after next, or the first of their hours after it."""
    over = timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
    return opens_at(now - over + SOON * (2 if over > timedelta() else 1), hours, zone)


def _out_of_hours(hours: AnswerHours) -> str:
    assert hours.start is not None, "every hour is one of theirs else"
    assert hours.end is not None, "both or none"
    return _("They can answer from %(begin)s to %(end)s.", begin=time_words(hours.start), end=time_words(hours.end))
