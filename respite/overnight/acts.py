"""From the fields of an entry to the one use case that the ordinary pages call, with the time it happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import url_for
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting, done
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.forms import Form
from respite.guests.models import ContactKind, Stay
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.contacts import note_contact
from respite.guests.service.people import LONGEST_NAME, Nameless
from respite.guests.service.promised import promise_guest
from respite.guests.service.visits import begin_visit
from respite.guests.views.answering import said
from respite.guests.views.arriving import welcomed
from respite.guests.views.contact_words import kind_words
from respite.guests.views.fields import AskWho, who_is_it
from respite.houses.models import Chair, House
from respite.houses.policy.house_time import ONE_DAY, instant_of, local
from respite.houses.queries import rules_now
from respite.overnight.errors import BeenHereBefore
from respite.promises.service.acts import Wanted, give
from respite.promises.views.acts import given
from respite.promises.views.fields import when_of, words_in
from respite.promises.views.shown import place_of
from respite.staffing.service.calling_in import want_second

#: How somebody calls; who stands at the door has arrived.
CALLS = (ContactKind.WARMLINE, ContactKind.ASKS_TO_STAY, ContactKind.FOR_ANOTHER)
TONIGHT, TOMORROW = "tonight", "tomorrow"
STAY, BED, CHAIR = "stay", "bed", "chair"
MOST_NIGHTS = 366


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered: `at` is when it happened; `entered_by` who entered it, none where the screen rested."""

    house: House
    form: Form
    at: datetime
    now: datetime
    entered_by: uuid.UUID | None

    @property
    def page(self) -> str:
        return url_for("overnight.page", slug=self.house.slug)

    @property
    def late(self) -> datetime | None:
        """The time it happened, where that is not just now."""
        return self.at if self.at < self.now else None


def called(entry: Entry) -> Answer:
    kind = entry.form.choice("call", CALLS)
    entry.form.done()
    note_contact(acting(), entry.house.id, kind, at=entry.late, now=entry.now)
    return said(entry.page, _("Noted: %(kind)s.", kind=kind_words(kind)))


def arrived(entry: Entry) -> Answer:
    what, place_id = place_of_arrival(entry.form)
    if what is None or place_id is None:
        entry.form.say("place", _("Please choose one of the answers shown."))
    entry.form.done()
    assert place_id is not None
    if what == STAY:
        return _expected(entry, place_id)
    return _at_a_door(entry, place_id) if what == BED else _on_a_chair(entry, place_id)


def place_of_arrival(form: Form) -> tuple[str | None, uuid.UUID | None]:
    """What was chosen ("stay:…", "bed:…", "chair:…"), and its id; nothing where it is none of these."""
    what, _colon, place = form.sent.get("place", "").partition(":")
    try:
        return (what, uuid.UUID(place)) if what in (STAY, BED, CHAIR) else (None, None)
    except ValueError:
        return None, None


def _expected(entry: Entry, stay_id: uuid.UUID) -> Answer:
    agreed = entry.form.flag("agreed")
    entry.form.done()
    stay = welcome(acting(), stay_id, agreed=agreed, at=entry.late, now=entry.now)
    return said(entry.page, welcomed(stay))


def _at_a_door(entry: Entry, bed_id: uuid.UUID) -> Answer:
    rules = rules_now(db.session(), entry.house.id)
    nights = entry.form.whole_number("nights", least=0, most=MOST_NIGHTS, needed=False)
    agreed = entry.form.flag("agreed")
    try:
        who = who_is_it(entry.form, entry.house.id, rules)
    except AskWho as ask:
        raise BeenHereBefore from ask
    entry.form.done()
    stay = welcome_new(
        acting(),
        entry.house.id,
        who=who,
        nights=1 if nights is None else nights,
        bed_id=bed_id,
        agreed=agreed,
        at=entry.late,
        now=entry.now,
    )
    return said(entry.page, welcomed(stay))


def _on_a_chair(entry: Entry, chair_id: uuid.UUID) -> Answer:
    named = bool(entry.form.text("name", most=LONGEST_NAME, needed=False))
    try:
        who = who_is_it(entry.form, entry.house.id, rules_now(db.session(), entry.house.id)) if named else Nameless()
    except AskWho as ask:
        raise BeenHereBefore from ask
    entry.form.done()
    visit = begin_visit(acting(), entry.house.id, who=who, chair_id=chair_id, at=entry.late, now=entry.now)
    chair = db.session.get_one(Chair, visit.chair_id).name
    return said(entry.page, _("Welcome. Chair %(chair)s is theirs.", chair=chair))


def second(entry: Entry) -> Answer:
    """Asked now, whenever it was tapped: those who are asked are asked for the hours from now on."""
    entry.form.done()
    call = want_second(acting(), entry.house.id, now=entry.now)
    words = _("Those on call are asked now, one after another.")
    return done(entry.page, words, url_for("staffing.call_ended", call_id=call.id), back=entry.page)


def promised(entry: Entry) -> Answer:
    form = entry.form
    place = place_of(entry.house, rules_now(db.session(), entry.house.id).night_turns_at, entry.at)
    words = words_in(form)
    day, clock = form.choice("by", (TONIGHT, TOMORROW), needed=False), form.clock_time("by_clock", needed=False)
    stay_id, owner = form.uuid("for", needed=False), form.choice("owner", ("me", "on"), needed=False)
    by = {TONIGHT: place.tonight, TOMORROW: place.tonight + timedelta(days=1)}.get(day or "")
    when = when_of(by, clock, place) if not form.wrong else None
    if when is None:
        form.say("by_clock", _("This time is over. Please give one that is still to come."))
    form.done()
    assert when is not None
    owner_id = _whose(entry) if owner == "me" else None
    wanted = Wanted(words=words, when=when, owner_id=owner_id, said_at=entry.late)
    if stay_id is not None:
        row = promise_guest(acting(), stay_id, wanted, now=entry.now)
    else:
        row = give(acting(), entry.house.id, wanted, now=entry.now)
    return given(row, entry.page)


def _whose(entry: Entry) -> uuid.UUID | None:
    """Whoever entered "I will", where they still work here; else it is the house's."""
    if entry.entered_by is None:
        return None
    mine = {person.id for person in people_who_may(db.session(), entry.house.id, May.KEEP_BEDS)}
    return entry.entered_by if entry.entered_by in mine else None


ACTS: Mapping[str, Callable[[Entry], Answer]] = {
    "called": called,
    "arrived": arrived,
    "second": second,
    "promise": promised,
}


def own_page_of(kind: str, form: Form, house: House) -> str:
    """Where the same is done by hand, with all that may have to be said first."""
    what, place_id = place_of_arrival(form)
    session = db.session()
    if kind == "called":
        return url_for("guests.contacts", slug=house.slug)
    if kind == "promise":
        return url_for("promises.page", slug=house.slug)
    if (
        kind == "arrived"
        and what == STAY
        and (stay := session.get(Stay, place_id)) is not None
        and stay.house_id == house.id
    ):
        return url_for("guests.stay_page", stay_id=stay.id)
    if kind == "arrived" and what == BED and place_id is not None:
        return url_for("guests.arrive_form", bed_id=place_id)
    if kind == "arrived" and what == CHAIR and house.has_chairs:
        return url_for("guests.visit_form", slug=house.slug)
    return f"/houses/{house.slug}/board"


def earlier(at: datetime, clock: time | None, house: House) -> datetime:
    """The last time before `at` at which the house's clock showed `clock`; `at` itself where none was said."""
    if clock is None:
        return at
    today = local(at, house.timezone).date()
    shown = (
        instant_of(datetime.combine(day, clock), house.timezone, fold=fold)
        for day in (today, today - ONE_DAY, today - 2 * ONE_DAY)
        for fold in (1, 0)
    )
    return next(instant for instant in shown if instant <= at)
