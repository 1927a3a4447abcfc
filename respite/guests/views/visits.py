"""The living room: somebody comes, goes, or goes on to a bed."""

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
from respite.core.errors import NotFound
from respite.core.forms import Form, Shown
from respite.core.times import clock_words
from respite.guests.errors import ConversationFirst
from respite.guests.models import Visit
from respite.guests.queries import doors_of, first_free, seats_of
from respite.guests.service.people import LONGEST_NAME, Nameless
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed, put_notice_away
from respite.guests.views.answering import came_from, desk, happened_at, said, sent, tapped, version, wall_now
from respite.guests.views.arriving import welcomed
from respite.guests.views.fields import AskWho, talk_now, who_is_it
from respite.guests.views.routes import blueprint
from respite.guests.views.rule_words import asks_of, fit_in
from respite.guests.views.saving import door_choices
from respite.guests.views.wording import duration, nights_words, questions, ways
from respite.houses.access import for_house, for_row
from respite.houses.models import Chair, House
from respite.houses.queries import rules_now, tonight


@blueprint.route("/houses/<slug>/visits/new", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def visit_form(house: House) -> ResponseReturnValue:
    if not house.has_chairs:
        raise NotFound
    page = _Coming(house.id, house_now())
    stands = {"chair_id": request.args.get("chair_id")}
    return page.draw(Shown(stands)) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Coming:
    """Somebody comes to the living room; a name is theirs to give."""

    house_id: uuid.UUID
    now: datetime
    ask: AskWho | None = None

    def act(self) -> ResponseReturnValue:
        try:
            return act_form(acting(), self._begin)
        except AskWho as ask:
            self.ask = ask
            return self.draw(Shown(typed=request.form))

    def _begin(self) -> Answer:
        house, rules = db.session.get_one(House, self.house_id), rules_now(db.session(), self.house_id)
        form = Form(request.form)
        wish: dict[str, Any] = {
            "chair_id": form.uuid("chair_id", needed=False),
            "at": happened_at(form, "at", house, self.now),
        }
        named = bool(form.text("name", most=LONGEST_NAME, needed=False))
        who = who_is_it(form, house.id, rules) if named else Nameless()
        form.done()
        visit = begin_visit(acting(), self.house_id, who=who, now=self.now, **wish)
        chair = db.session.get_one(Chair, visit.chair_id).name
        return said(came_from(desk(house)), _("Welcome. Chair %(chair)s is theirs.", chair=chair))

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house = db.session.get_one(House, self.house_id)
        seats = seats_of(db.session(), house.id)
        return render_template(
            "guests/visit.html",
            house=house,
            form=form,
            sentence=sentence,
            ask=self.ask,
            chairs=[(str(seat.id), seat.name) for seat in seats if not seat.taken],
            latest=wall_now(house, self.now),
            back=came_from(desk(house)),
        )


@blueprint.post("/visits/<uuid:visit_id>/departure")
@for_row(Visit, "visit", May.KEEP_BEDS)
def visit_end(visit: Visit) -> ResponseReturnValue:
    visit_id, house = visit.id, db.session.get_one(House, visit.house_id)
    home = desk(house)

    def act() -> Answer:
        form, now = Form(request.form), house_now()
        at = happened_at(form, "at", house, now)
        form.done()
        ended = end_visit(acting(), visit_id, at=at, version_seen=version(), now=now)
        chair = db.session.get_one(Chair, ended.chair_id).name
        return said(came_from(home), _("Chair %(chair)s is free.", chair=chair))

    return tapped(act, home)


@blueprint.post("/visits/<uuid:visit_id>/notice")
@for_row(Visit, "visit", May.KEEP_BEDS)
def notice_seen(visit: Visit) -> ResponseReturnValue:
    visit_id, home = visit.id, desk(db.session.get_one(House, visit.house_id))

    def act() -> Answer:
        form = Form(request.form)
        minutes = form.whole_number("minutes", least=0, most=100_000)
        form.done()
        put_notice_away(acting(), visit_id, minutes, now=house_now())
        return said(came_from(home), _("Noted. They may stay as long as they like."))

    return tapped(act, home)


@blueprint.route("/visits/<uuid:visit_id>/bed", methods=["GET", "POST"])
@for_row(Visit, "visit", May.KEEP_BEDS)
def visit_on(visit: Visit) -> ResponseReturnValue:
    page = _GoingOn(visit.id, house_now())
    return page.draw(Shown()) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _GoingOn:
    """From the chair to a bed in one act."""

    visit_id: uuid.UUID
    now: datetime
    ask: AskWho | None = None
    talk_first: bool = False

    def act(self) -> ResponseReturnValue:
        try:
            return act_form(acting(), self._go_on)
        except ConversationFirst:
            self.talk_first = True
            raise
        except AskWho as ask:
            self.ask = ask
            return self.draw(Shown(typed=request.form))

    def _go_on(self) -> Answer:
        visit = db.session.get_one(Visit, self.visit_id)
        home = desk(db.session.get_one(House, visit.house_id))
        form, rules = Form(request.form), rules_now(db.session(), visit.house_id)
        wish: dict[str, Any] = {
            "nights": form.whole_number("nights", least=0, most=366),
            "bed_id": form.uuid("bed_id", needed=False),
            "agreed": form.flag("agreed"),
            "talk": talk_now(form),
            "fit": fit_in(form, db.session(), visit.house_id),
        }
        who = None if visit.guest_id else who_is_it(form, visit.house_id, rules)
        form.done()
        stay = go_on_to_bed(acting(), self.visit_id, who=who, version_seen=version(), now=self.now, **wish)
        return said(came_from(home), welcomed(stay))

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        visit = db.session.get_one(Visit, self.visit_id)
        house, rules = db.session.get_one(House, visit.house_id), rules_now(db.session(), visit.house_id)
        night = tonight(house, rules, self.now)
        doors = doors_of(db.session(), house.id, night, self.now)
        any_free = first_free(doors, night, 1)
        longest = max((door.open_from(night) for door in doors), default=0)
        return render_template(
            "guests/visit_on.html",
            house=house,
            rules=rules,
            visit=visit,
            over=visit.left_at is not None,
            since=clock_words(visit.arrived_at, house.timezone),
            form=form,
            sentence=sentence,
            ask=self.ask,
            talk_first=self.talk_first,
            questions=questions(),
            asks=asks_of(db.session(), house.id),
            ways=ways(),
            doors=door_choices(doors, night),
            any_free=any_free is not None,
            nights=form.value("nights") or max(1, min(rules.longest_stay, longest)),
            longest=nights_words(rules.longest_stay),
            minutes=duration(max(0, int((self.now - visit.arrived_at).total_seconds() // 60))),
            back=came_from(desk(house)),
        )
