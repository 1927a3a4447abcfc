"""Whom the house can offer a bed, beside one person: each rule answered with one tap, and what is read to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.audit.service import note_look
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.redraw import drawn
from respite.guests.models import Guest
from respite.guests.policy.bed_fit import Says, noes
from respite.guests.service.bed_fit import judged_of
from respite.guests.service.ground import Ground
from respite.guests.service.rule_answers import answer_rule
from respite.guests.service.waiting import place_of
from respite.guests.views.answering import came_from, said, sent
from respite.guests.views.routes import blueprint
from respite.guests.views.rule_words import rule_lines
from respite.houses.access import for_row
from respite.houses.elsewhere import places_of
from respite.houses.models import House
from respite.houses.policy.elsewhere import PlaceKind
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now, tonight


@blueprint.route("/guests/<uuid:guest_id>/house-rules", methods=["GET", "POST"])
@for_row(Guest, "guest", May.KEEP_BEDS)
def house_rules(guest: Guest) -> ResponseReturnValue:
    page = _Page(guest.id, guest.house_id, house_now())
    if request.method == "POST":
        return sent(page.draw, page.act)
    note_look(guest.house_id, acting(), guest.id, "house-rules", page.now)
    return page.draw(Shown())


@dataclass
class _Page:
    guest_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        number, says = form.whole_number("number", least=1, most=9999), form.choice("says", Says)
        seen, day = form.version(), form.day("changes_on", needed=False)
        form.done()

        def act() -> Answer:
            answer_rule(acting(), self.guest_id, number, Says(says), edition_seen=seen, changes_on=day, now=self.now)
            here = url_for("guests.house_rules", guest_id=self.guest_id, back=came_from(self._list()))
            if day is not None:
                return said(here, _("Noted, and promised: they hear of it on that day."))
            return said(here, _("Noted."))

        return act_form(acting(), act)

    def _list(self) -> str:
        return url_for("guests.waiting_page", slug=db.session.get_one(House, self.house_id).slug)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        session = db.session()
        house, rules = session.get_one(House, self.house_id), rules_now(session, self.house_id)
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        guest = session.get_one(Guest, self.guest_id)
        judged = judged_of(session, here, [guest.id])[guest.id]
        return drawn(
            "guests/house_rules.html",
            house=house,
            guest=guest,
            waiting=place_of(session, guest.id),
            lines=rule_lines(judged),
            against=bool(noes(judged)),
            too_young=any(each.about_age for each in noes(judged)),
            places=places_of(session, house.id, PlaceKind.SUPPORT),
            houses=places_of(session, house.id, PlaceKind.HOUSE),
            sayings=[(str(each), words) for each, words in _sayings()],
            form=form,
            sentence=sentence,
            today=local(self.now, house.timezone).date().isoformat(),
            back=came_from(self._list()),
        )


def _sayings() -> list[tuple[Says, str]]:
    return [(Says.YES, _("Yes")), (Says.NO, _("No")), (Says.NOT_ASKED, _("Not asked"))]
