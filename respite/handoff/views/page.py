"""The handoff as a page: what waits to be taken, how things stand, the log, and giving it to the next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import acting
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.redraw import drawn, shown
from respite.core.times import clock_words, day_words, moment_words
from respite.handoff.models import Handoff
from respite.handoff.policy import COMES_SOON, LONGEST_ENTRY, LONGEST_FEELINGS, LONGEST_WORDS
from respite.handoff.queries import Standing, standing, told_log, touched_since
from respite.handoff.service.calling import who_was_asked
from respite.handoff.state import State, state_of
from respite.handoff.views.routes import blueprint
from respite.handoff.views.shown import handoffs_shown, log_lines
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local, night_of
from respite.houses.queries import rules_now
from respite.promises.views.shown import Place, lines
from respite.staffing.queries.shifts import OnShift
from respite.staffing.views.gap_words import gap_lines
from respite.wording.beside import hints_for_page

MOST_GAPS = 4
STAYS_ON = timedelta(minutes=60)  # whose shift ends sooner than this rather goes than comes


@blueprint.get("/houses/<slug>/handoff")
@for_house(May.KEEP_BEDS)
def page(house: House) -> ResponseReturnValue:
    return draw(house.id)


def draw(house_id: uuid.UUID, refusal: Refusal | None = None, of: str = "") -> str:
    """The page; after a refusal with what was typed in the form that is called `of`."""
    session, now = db.session(), house_now()
    house = session.get_one(House, house_id)
    rules = rules_now(session, house_id)
    tonight = night_of(now, house.timezone, rules.night_turns_at)
    stands = standing(session, house_id, now)
    state = state_of(session, house, tonight, now)
    seen = _seen_by(acting().id, stands.last)
    place = Place(house.timezone, rules.night_turns_at, now)
    told = told_log(session, house_id, stands.log_from)
    known = {person.id: person.name for person in people_who_may(session, house_id, May.KEEP_BEDS)}
    last = stands.waiting or ((stands.last,) if stands.last and not stands.last.forgotten else ())
    return drawn(
        "handoff/page.html",
        house=house,
        state=state,
        words=Words(house, now),
        waits=bool(stands.waiting),
        handoffs=handoffs_shown(session, house, last, now),
        takers=takers(known, state, stands, now),
        asked=_asked(session, known, house, stands),
        promises=lines(state.promises, place, acting().id),
        gaps=gap_lines(state.gaps.gaps, house.timezone, now, state.gaps.names, MOST_GAPS),
        log=log_lines(session, house, told.events, now, seen=seen),
        cut=told.cut,
        new=touched_since(session, house_id, seen),
        last_seen=stands.last.id if stands.last else None,
        on_call_wanted=not _others_come(state, now),
        form=shown(_EMPTY, refusal),
        wrong_in=of,
        longest={"entry": LONGEST_ENTRY, "words": LONGEST_WORDS, "feelings": LONGEST_FEELINGS},
        latest=local(now, house.timezone).strftime("%Y-%m-%dT%H:%M"),
        me=acting().id,
        hints=hints_for_page(session, house_id),
        here=url_for("handoff.page", slug=house.slug),
    )


_EMPTY: dict[str, Any] = {"words": "", "entry": "", "at": "", "feelings": "", "would_talk": False}


#: Those who keep beds in the house, by name.
Known = Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who can take the handoff; those who are there and stay are ticked."""

    id: uuid.UUID
    name: str
    about: str
    ticked: bool

    @property
    def option(self) -> tuple[str, str, str]:
        return str(self.id), self.name, self.about


def takers(known: Known, state: State, stands: Standing, now: datetime) -> list[Taker]:
    """Whoever reads, those who are on and come soon, and who is on call: of those who keep beds here."""
    waiting = stands.waiting[-1] if stands.waiting else None
    gave = waiting.given_by if waiting else None
    had = {each.person_id for each in waiting.taken} if waiting else set()
    me = acting().id
    found: dict[uuid.UUID, Taker] = {}
    if me in known and me not in had:
        found[me] = Taker(me, known[me], "", me != gave)
    words = {Where.HERE: _("here"), Where.NEXT: _("comes next"), Where.ON_CALL: _("on call")}
    for shift, where in _around(state, now):
        person = shift.person_id
        if person is not None and person in known and person not in found and person not in had:
            stays = where == Where.HERE and shift.ends_at - now > STAYS_ON and person != gave
            found[person] = Taker(person, known[person], words[where], stays)
    return list(found.values())


class Where(StrEnum):
    HERE = "here"
    NEXT = "next"
    ON_CALL = "on-call"


def _around(state: State, now: datetime) -> list[tuple[OnShift, Where]]:
    return [
        *((shift, Where.HERE) for shift in state.on),
        *((shift, Where.NEXT) for shift in state.next if shift.starts_at - now <= COMES_SOON),
        *((shift, Where.ON_CALL) for shift in state.on_call),
    ]


def _others_come(state: State, now: datetime) -> bool:
    """Whether somebody is there or comes to take it, besides whoever reads: then nobody's phone rings."""
    me = acting().id
    return any(
        shift.person_id not in (None, me) and shift.ends_at - now > STAYS_ON
        for shift, where in _around(state, now)
        if where != Where.ON_CALL
    )


def _seen_by(person_id: uuid.UUID, last: Handoff | None) -> int | None:
    """Up to which version of the log somebody had it when they took the last handoff; none where they did not."""
    return next((each.log_seen for each in last.taken if each.person_id == person_id), None) if last else None


def _asked(session: Session, known: Known, house: House, stands: Standing) -> list[tuple[str, str, bool]]:
    """Who was asked by text to take what waits, when, and whether they have to be called instead."""
    rows = who_was_asked(session, stands.waiting[-1]) if stands.waiting else []
    return [
        (known[row.told_id], clock_words(row.at, house.timezone), row.how == "call")
        for row in rows
        if row.told_id is not None and row.told_id in known
    ]


class Words:
    """Days and times of this house for the template."""

    def __init__(self, house: House, now: datetime) -> None:
        self.zone, self.now = house.timezone, now
        self.today = local(now, self.zone).date()

    def clock(self, at: datetime) -> str:
        return clock_words(at, self.zone)

    def moment(self, at: datetime) -> str:
        return moment_words(at, self.zone, self.now)

    def day(self, day: Any) -> str:
        return day_words(day, self.today)
