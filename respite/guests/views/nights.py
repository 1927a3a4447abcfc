"""The nights calculator for the phone: per door the longest run, and the sentence to read aloud.

A name is looked up by POST, although nothing is changed: an address with a guest's name in it would stay in the
browser's history and in logs.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.times import day_words
from respite.guests.policy.calculator import BedRun, for_guest, for_staff
from respite.guests.policy.return_rule import MOST_COUNTED, NightsUsed
from respite.guests.queries import BeenHere, DoorNights, been_here, doors_of
from respite.guests.service.ground import Ground, nights_used
from respite.guests.service.people import LONGEST_NAME
from respite.guests.views.answering import iso, sent
from respite.guests.views.fields import NEW
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import for_a_guest, nights_words, why_not
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import rules_now, tonight


@blueprint.route("/houses/<slug>/nights", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def nights(house: House) -> ResponseReturnValue:
    page = _Page(house.id, house_now())
    return page.draw(Shown({"first_night": request.args.get("from")})) if request.method == "GET" else page.look_up()


@dataclass
class _Page:
    house_id: uuid.UUID
    now: datetime
    name: str = ""
    known: tuple[BeenHere, ...] = ()
    chosen: BeenHere | None = None
    first: date | None = None

    def look_up(self) -> ResponseReturnValue:
        def read() -> ResponseReturnValue:
            form = Form(request.form)
            self.name = form.text("name", most=LONGEST_NAME, needed=False)
            first = form.day("first_night", needed=False)
            form.done()
            self.first = first
            if self.name:
                self._find(form.sent.get("who", ""))
            return self.draw(Shown(typed=request.form))

        return sent(self.draw, read)

    def _find(self, answer: str) -> None:
        self.known = tuple(been_here(db.session(), self.house_id, self.name))
        if answer == NEW:
            return
        self.chosen = next((each for each in self.known if str(each.id) == answer), None)
        if self.chosen is None and len(self.known) == 1:
            self.chosen = self.known[0]
        if self.chosen is not None:
            note_look_hourly(self.house_id, acting(), self.chosen.id, "nights", self.now)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house, rules = db.session.get_one(House, self.house_id), rules_now(db.session(), self.house_id)
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        first = max(self.first or here.tonight, here.tonight)
        doors = doors_of(db.session(), house.id, here.tonight, self.now)
        used = nights_used(db.session(), self.chosen.id, now=self.now) if self.chosen else NightsUsed()
        taken = {door.id: door.taken() for door in doors}
        staff = for_staff(first, used, here.nights_rule, taken)
        told = for_guest(first, used, here.nights_rule, taken)
        by_id = {door.id: door for door in doors}
        return render_template(
            "guests/nights.html",
            house=house,
            form=form,
            sentence=sentence,
            name=self.name,
            known=self.known,
            chosen=self.chosen,
            today=here.tonight,
            first=iso(first),
            tonight=iso(here.tonight),
            aloud=for_a_guest(told, here.tonight),
            rule_words=_rule_words(staff.by_rules.nights_open, rules.longest_stay),
            beds=[_bed(run, by_id[run.bed], first) for run in staff.beds],
            save_url=url_for("guests.save_any", slug=house.slug),
        )


def _bed(run: BedRun[uuid.UUID], door: DoorNights, first: date) -> dict[str, Any]:
    claim = door.in_the_way(first, MOST_COUNTED)
    return {
        "id": door.id,
        "name": door.name,
        "open": run.nights_open,
        "words": nights_words(run.nights_open) if run.nights_open else "",
        "until": day_words(first + (claim.night - first), door.tonight) if claim and run.free_nights else None,
        "why": why_not(claim, door) if claim else None,
    }


def _rule_words(by_rules: int, longest: int) -> str:
    if by_rules == 0:
        return _("The house's rules leave no night from that day.")
    if by_rules < longest:
        return ngettext(
            "The house's rules leave %(num)s night from that day.",
            "The house's rules leave %(num)s nights from that day.",
            by_rules,
        )
    return ngettext("The longest stay here is %(num)s night.", "The longest stay here is %(num)s nights.", longest)
