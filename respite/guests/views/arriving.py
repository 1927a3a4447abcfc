"""Welcoming somebody: one tap where a bed was saved, one field where they stand at the door."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.times import day_words
from respite.guests.access import for_stay
from respite.guests.errors import ConversationFirst
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.queries import door_among, doors_of
from respite.guests.service.arriving import welcome as welcome_guest
from respite.guests.service.arriving import welcome_new
from respite.guests.service.bed_fit import judged_of
from respite.guests.service.ground import Ground
from respite.guests.views.answering import came_from, desk, happened_at, said, sent, version, wall_now
from respite.guests.views.fields import AskWho, companions, kinds_taken, talk_now, who_is_it
from respite.guests.views.routes import blueprint
from respite.guests.views.rule_words import asks_of, fit_in, in_short
from respite.guests.views.wording import nights_words, open_in, questions, ways, why_not
from respite.houses.access import for_row
from respite.houses.models import Bed, House, HouseRules
from respite.houses.queries import rules_now, tonight


def welcomed(stay: Stay) -> str:
    """ "Welcome. Willow is theirs until Thursday." """
    house, rules = db.session.get_one(House, stay.house_id), rules_now(db.session(), stay.house_id)
    door = db.session.get_one(Bed, stay.occupies_bed_id).name
    if stay.until == stay.first_night:
        return _("Welcome. %(door)s is theirs for today.", door=door)
    day = day_words(stay.until, tonight(house, rules, house_now()))
    return _("Welcome. %(door)s is theirs until %(day)s.", door=door, day=day)


@blueprint.route("/beds/<uuid:bed_id>/arrival", methods=["GET", "POST"])
@for_row(Bed, "bed", May.KEEP_BEDS)
def arrive_form(bed: Bed) -> ResponseReturnValue:
    page = _AtTheDoor(bed.id, bed.house_id, house_now())
    return page.draw(Shown()) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _AtTheDoor:
    """Somebody is at the door, and nothing was saved."""

    bed_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime
    ask: AskWho | None = None
    talk_first: bool = False

    def act(self) -> ResponseReturnValue:
        try:
            return act_form(acting(), self._welcome)
        except ConversationFirst:
            self.talk_first = True
            raise
        except AskWho as ask:
            self.ask = ask
            return self.draw(Shown(typed=request.form))

    def _welcome(self) -> Answer:
        house, rules = db.session.get_one(House, self.house_id), rules_now(db.session(), self.house_id)
        form = Form(request.form)
        wish: dict[str, Any] = {
            "nights": form.whole_number("nights", least=0, most=366),
            "companions": companions(form),
            "talk": talk_now(form),
            "fit": fit_in(form, db.session(), house.id),
            "agreed": form.flag("agreed"),
            "at": happened_at(form, "at", house, self.now),
        }
        who = who_is_it(form, house.id, rules)
        form.done()
        stay = welcome_new(acting(), self.house_id, who=who, bed_id=self.bed_id, now=self.now, **wish)
        return said(came_from(desk(house)), welcomed(stay))

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house, rules = db.session.get_one(House, self.house_id), rules_now(db.session(), self.house_id)
        night = tonight(house, rules, self.now)
        door = door_among(doors_of(db.session(), house.id, night, self.now), self.bed_id)
        return render_template(
            "guests/arrive.html",
            house=house,
            rules=rules,
            form=form,
            sentence=sentence,
            ask=self.ask,
            talk_first=self.talk_first,
            questions=questions(),
            asks=asks_of(db.session(), house.id),
            ways=ways(),
            door=door,
            open_words=[open_in(door, night)],
            nights=form.value("nights") or max(1, min(rules.longest_stay, door.open_from(night))),
            longest=nights_words(rules.longest_stay),
            kinds=kinds_taken(rules),
            latest=wall_now(house, self.now),
            back=came_from(desk(house)),
        )


@blueprint.get("/stays/<uuid:stay_id>/arrival")
@for_stay(May.KEEP_BEDS)
def welcome_form(stay: Stay, house: House) -> ResponseReturnValue:
    return _Saved(stay.id, house_now()).draw(Shown())


@blueprint.post("/stays/<uuid:stay_id>/arrival")
@for_stay(May.KEEP_BEDS)
def welcome(stay: Stay, house: House) -> ResponseReturnValue:
    page = _Saved(stay.id, house_now())
    return sent(page.draw, page.act)


@dataclass
class _Saved:
    """Somebody a bed was saved for is here: one tap, or a page where something has to be said first."""

    stay_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        house = db.session.get_one(House, db.session.get_one(Stay, self.stay_id).house_id)
        form = Form(request.form)
        wish: dict[str, Any] = {
            "bed_id": form.uuid("bed_id", needed=False),
            "agreed": form.flag("agreed"),
            "at": happened_at(form, "at", house, self.now),
        }
        form.done()

        def act() -> Answer:
            here = welcome_guest(acting(), self.stay_id, version_seen=version(), now=self.now, **wish)
            return said(came_from(desk(house)), welcomed(here))

        return act_form(acting(), act)

    def _rules(self, stay: Stay, house: House, rules: HouseRules) -> str | None:
        """What the house's own rules say of them; their nights were looked at when the bed was saved."""
        if stay.guest_id is None:
            return None
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        judged = judged_of(db.session(), here, [stay.guest_id])[stay.guest_id]
        return in_short([each for each in judged if each.rule is not None])

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay = db.session.get_one(Stay, self.stay_id)
        house, rules = db.session.get_one(House, stay.house_id), rules_now(db.session(), stay.house_id)
        night = tonight(house, rules, self.now)
        doors = doors_of(db.session(), house.id, night, self.now)
        nights = max(1, (stay.until - night).days)
        saved = next((door for door in doors if door.id == stay.bed_id), None)
        in_the_way = saved.in_the_way(night, nights, stay.id) if saved else None
        return render_template(
            "guests/welcome.html",
            house=house,
            rules=rules,
            stay=stay,
            form=form,
            sentence=sentence,
            waits=stay.state == StayState.HELD,
            door=saved,
            rules_short=self._rules(stay, house, rules),
            why=why_not(in_the_way, saved) if saved and in_the_way else None,
            others=[door for door in doors if door is not saved and door.in_the_way(night, nights, stay.id) is None],
            latest=wall_now(house, self.now),
            back=came_from(desk(house)),
        )
