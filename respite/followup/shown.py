"""What follows a stay, as its guest and the house read it: each step with its time, its way and its very words."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.times import day_words, moment_words
from respite.followup.models import Came, FollowUp, State
from respite.followup.policy.steps import CALL_TEXT, Asks, Step, Way, templates_of
from respite.followup.policy.times import planned_at
from respite.followup.queries import plan_of_stay, rows_of_stay
from respite.followup.service.asking import text_of
from respite.followup.service.ground import asked_to_stop, theirs_of
from respite.followup.service.planning import last_stay
from respite.followup.words import ASKS, CAME, STATES, WAYS, window_words
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Correspondent
from respite.messaging.policy.templates import SHIPPED, render
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.wordings import all_words, guest_fields

#: Stands where the number will stand that answers a question.
A_CODE = "42"


@dataclass(frozen=True, slots=True)
class Item:
    window: str
    label: str
    asks: str
    when: str | None  # the day, or the moment once it is planned
    way: str | None  # none: nothing was chosen yet
    way_words: str
    state: str | None
    came: str  # how it stands, in words
    words: str  # of the text, as it leaves or left; none from `steps_of`
    open: bool  # may still be chosen


def items_of(session: Session, house: House, guest: Guest, stay: Stay, now: datetime) -> list[Item]:
    """The steps of the plan that this stay's guest chooses from, and those that came of it."""
    found = steps_of(session, house, stay, now)
    person = correspondent_of(session, house.id, guest.id)
    templates = _templates([each.step for each in found], {each.step.window: each.row for each in found if each.row})
    frame = _frames(session, house, guest, person)
    return [
        replace(each.item, words=_left_as(session, each.row) or frame(templates[each.step.window])) for each in found
    ]


@dataclass(frozen=True, slots=True)
class Followed:
    """A step of the plan, what became of it, and how both are shown."""

    step: Step
    row: FollowUp | None
    item: Item


def steps_of(
    session: Session, house: House, stay: Stay, now: datetime, rows: Sequence[FollowUp] | None = None
) -> list[Followed]:
    """The steps without the words of their texts. `rows` are those of the stay, where somebody read them already."""
    of_stay = {row.window: row for row in (rows_of_stay(session, stay.id) if rows is None else rows)}
    steps = plan_of_stay(session, house.id, of_stay.values()).steps
    person = correspondent_of(session, house.id, stay.guest_id) if stay.left_at and stay.guest_id else None
    chosen = [step for step in steps if step.on or step.window in of_stay]
    texts_planned = any(_is_planned_text(row) for row in of_stay.values())
    rests = texts_planned and person is not None and asked_to_stop(session, person)
    return [
        Followed(step, of_stay.get(step.window), _item(house, stay, step, of_stay.get(step.window), person, rests, now))
        for step in chosen
    ]


def _is_planned_text(row: FollowUp | None) -> bool:
    return row is not None and row.way == Way.TEXT and row.state == State.PLANNED


def stay_followed(session: Session, guest_id: uuid.UUID, now: datetime) -> Stay | None:
    """The stay whose plan a guest chooses from now: where they are, else the last they left lately."""
    here = sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state == StayState.HERE)
    found = session.scalars(here.limit(1)).unique().one_or_none()
    return found if found is not None else last_stay(session, guest_id, now)


def _templates(steps: list[Step], rows: Mapping[str, FollowUp]) -> dict[str, str]:
    """The words that each would have, as things are chosen; one that is no text has those it would have as one."""
    texts = [s for s in steps if s.window not in rows or rows[s.window].way == Way.TEXT]
    found = dict(zip([s.window for s in texts], templates_of([s.asks for s in texts]), strict=True))
    for step in steps:
        found.setdefault(step.window, CALL_TEXT if step.asks == Asks.CALL else "follow-up-2")
    return found


def _item(
    house: House, stay: Stay, step: Step, row: FollowUp | None, person: Correspondent | None, rests: bool, now: datetime
) -> Item:
    """`rests`: their number asked for no texts, so none of those that are planned comes."""
    stopped = rests and _is_planned_text(row)
    return Item(
        window=step.window,
        label=window_words(step.window),
        asks=str(ASKS[step.asks]),
        when=_when(house, stay, step, row, person, now) if not stopped else None,
        way=row.way if row is not None else None,
        way_words=str(WAYS[row.way]) if row is not None else "",
        state=row.state if row is not None else None,
        came=str(CAME[Came.STOPPED]) if stopped else _came(row) if row is not None else "",
        words="",
        open=row is None or (row.asked_at is None and row.state != State.ANSWERED),
    )


def _when(
    house: House, stay: Stay, step: Step, row: FollowUp | None, person: Correspondent | None, now: datetime
) -> str | None:
    if stay.left_at is None:
        return None
    if row is not None and row.planned_at is not None:
        return moment_words(row.planned_at, house.timezone, now)
    theirs = theirs_of(house, person)
    at = planned_at(stay.left_at, step.after, theirs, row.seed if row is not None else stay.id.bytes)
    return day_words(local(at, house.timezone).date(), local(now, house.timezone).date()) if at > now else None


def _came(row: FollowUp) -> str:
    if row.state == State.OVER:
        return str(CAME[row.came or Came.ENDED])
    if row.state == State.ASKED and row.reached_at is not None:
        return _("it arrived")
    return str(STATES[row.state])


def _left_as(session: Session, row: FollowUp | None) -> str | None:
    """The text as it left; none where it did not leave, or is forgotten."""
    if row is None or row.asked_at is None:
        return None
    text = text_of(session, row)
    return (text.body or "") if text is not None else None


def _frames(session: Session, house: House, guest: Guest, person: Correspondent | None) -> Callable[[str], str]:
    """How a template would read for this guest today. What the house decided about its words is read once."""
    language = person.language if person is not None else house.language
    own = all_words(session, house.id)
    fields = guest_fields(session, house.id) | {
        "first_name": (guest.name or "").partition(" ")[0],
        "sign_off": (person.sign_off if person is not None else None) or "",
        "code": A_CODE,
    }

    def words(template: str) -> str:
        decided = own.get((template, language))
        return render(decided.words if decided is not None and decided.words else SHIPPED[template][language], fields)

    return words
