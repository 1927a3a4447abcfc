"""Saving a bed from the phone: this door, or any that is free."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown, Unusable, as_day, as_uuid, as_whole_number
from respite.core.phones import shown as phone_shown
from respite.core.times import day_words
from respite.guests.errors import ConversationFirst
from respite.guests.models import BedOffer, Stay, Waiting
from respite.guests.queries import DoorNights, door_among, doors_of, first_free
from respite.guests.service import saving
from respite.guests.service.offer_ends import open_offers
from respite.guests.service.waiting import must_be_waiting
from respite.guests.views.answering import came_from, desk, iso, said, sent
from respite.guests.views.fields import SAVED_MINUTES, AskWho, companions, kinds_taken, talk_now, who_is_it
from respite.guests.views.routes import blueprint
from respite.guests.views.rule_words import asks_of, fit_in
from respite.guests.views.wording import duration, nights_words, open_in, questions, until, ways
from respite.houses.access import for_house, for_row
from respite.houses.models import Bed, House, HouseRules
from respite.houses.queries import rules_now, tonight


@blueprint.route("/beds/<uuid:bed_id>/save", methods=["GET", "POST"])
@for_row(Bed, "bed", May.KEEP_BEDS)
def save_form(bed: Bed) -> ResponseReturnValue:
    return _answer(db.session.get_one(House, bed.house_id), bed.id)


@blueprint.route("/houses/<slug>/save", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def save_any(house: House) -> ResponseReturnValue:
    return _answer(house, None)


def _answer(house: House, bed_id: uuid.UUID | None) -> ResponseReturnValue:
    page = _Page(house.id, bed_id, house_now())
    if request.method == "GET":
        return page.draw(Shown(page.prefilled()))
    return sent(page.draw, page.act)


@dataclass
class _Page:
    house_id: uuid.UUID
    bed_id: uuid.UUID | None
    now: datetime
    ask: AskWho | None = None
    talk_first: bool = False

    def act(self) -> ResponseReturnValue:
        try:
            return act_form(acting(), self._save)
        except ConversationFirst:
            self.talk_first = True
            raise
        except AskWho as ask:
            self.ask = ask
            return self.draw(Shown(typed=request.form))

    def _save(self) -> Answer:
        house, rules = self._house()
        form = Form(request.form)
        wish: dict[str, Any] = {
            "nights": form.whole_number("nights", least=1, most=366),
            "first_night": form.day("first_night", needed=False),
            "minutes": form.whole_number("minutes", least=1, most=saving.MOST_MINUTES, needed=False),
            "coming": form.text("coming", most=120, needed=False) or None,
            "companions": companions(form),
            "talk": talk_now(form),
            "fit": fit_in(form, db.session(), house.id),
            "waiting_id": form.uuid("waiting_id", needed=False),
            "over_offer": form.flag("over_offer"),
            "bed_id": self.bed_id or form.uuid("bed_id", needed=False),
        }
        who = None if wish["waiting_id"] else who_is_it(form, house.id, rules)
        form.done()
        stay = saving.save_bed(acting(), self.house_id, who=who, now=self.now, **wish)
        return said(came_from(desk(house)), self._said(stay))

    def _said(self, stay: Stay) -> str:
        house, bed = db.session.get_one(House, stay.house_id), db.session.get_one(Bed, stay.bed_id)
        assert stay.saved_until is not None
        return _("%(door)s is saved %(until)s.", door=bed.name, until=until(stay.saved_until, house, self.now))

    def _house(self) -> tuple[House, HouseRules]:
        return db.session.get_one(House, self.house_id), rules_now(db.session(), self.house_id)

    def prefilled(self) -> dict[str, Any]:
        """What the form begins with: the nights chosen on the roster, or who has been waiting."""
        house, rules = self._house()
        first = max(_day(request.args.get("first_night", "")) or date.min, tonight(house, rules, self.now))
        stands: dict[str, Any] = {"first_night": iso(first), "minutes": rules.saved_minutes}
        if (nights := _count(request.args.get("nights", ""))) is not None:
            stands["nights"] = nights
        if (waiting_id := _id(request.args.get("waiting_id", ""))) is not None:
            waiting = must_be_waiting(db.session.get(Waiting, waiting_id), self.house_id)
            stands["waiting_id"] = waiting.id
            stands.setdefault("nights", waiting.nights)
        return stands

    def _on_the_list(self, form: Shown) -> dict[str, Any] | None:
        """Who the bed is for, where they are on the list; none once their waiting is over."""
        waiting_id = _id(str(form.value("waiting_id") or ""))
        row = db.session.get(Waiting, waiting_id) if waiting_id else None
        if row is None or row.house_id != self.house_id or row.guest is None or row.ended_at is not None:
            return None
        number = row.guest.phone
        return {
            "id": row.id,
            "name": row.name,
            "wish": row.wish,
            "number": number,
            "phone": phone_shown(number) if number else None,
        }

    def _offered(self, house: House) -> str | None:
        """Until when this door is kept for somebody who is being asked."""
        found = open_offers(db.session(), BedOffer.bed_id == self.bed_id, BedOffer.runs_out_at > self.now)
        return until(found[0].runs_out_at, house, self.now) if found else None

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house, rules = self._house()
        doors = doors_of(db.session(), house.id, tonight(house, rules, self.now), self.now)
        first = _first(form, doors, tonight(house, rules, self.now))
        door = door_among(doors, self.bed_id) if self.bed_id else None
        return render_template(
            "guests/save.html",
            house=house,
            rules=rules,
            form=form,
            sentence=sentence,
            ask=self.ask,
            waiting=self._on_the_list(form),
            talk_first=self.talk_first,
            questions=questions(),
            asks=asks_of(db.session(), house.id),
            ways=ways(),
            door=door,
            tonight=iso(tonight(house, rules, self.now)),
            nights=form.value("nights") or _nights_first(door, doors, first, rules),
            open_words=[open_in(door, first)] if door else [],
            longest=nights_words(rules.longest_stay),
            offered=self._offered(house),
            doors=[] if door else door_choices(doors, first),
            any_free=first_free(doors, first, 1) is not None,
            minutes=[(m, duration(m)) for m in sorted({*SAVED_MINUTES, rules.saved_minutes})],
            kinds=kinds_taken(rules),
            back=came_from(desk(house)),
        )


def _first(form: Shown, doors: list[DoorNights], tonight_is: date) -> date:
    return max(_day(str(form.value("first_night") or "")) or tonight_is, tonight_is)


def _nights_first(door: DoorNights | None, doors: list[DoorNights], first: date, rules: HouseRules) -> int:
    """The nights that stand in the form at first: a full stay, or what is open of it."""
    runs = [door.open_from(first)] if door else [each.open_from(first) for each in doors]
    return max(1, min(rules.longest_stay, max(runs, default=1)))


def door_choices(doors: list[DoorNights], first: date) -> list[tuple[str, str, str]]:
    """Doors that are open on the first night, the longest run first."""
    free = [door for door in doors if door.in_the_way(first, 1) is None]
    free.sort(key=lambda door: -door.open_from(first))
    return [(str(door.id), door.name, _run(door, first)) for door in free]


def _run(door: DoorNights, first: date) -> str:
    claim = door.in_the_way(first, 366)
    if claim is None:
        return _("open, with nobody after")
    return _("open until %(day)s", day=day_words(claim.night, door.tonight))


def _day(raw: str) -> date | None:
    try:
        return as_day(raw)
    except Unusable:
        return None


def _id(raw: str) -> uuid.UUID | None:
    try:
        return as_uuid(raw)
    except Unusable:
        return None


def _count(raw: str) -> int | None:
    try:
        return as_whole_number(raw, least=1, most=366)
    except Unusable:
        return None
