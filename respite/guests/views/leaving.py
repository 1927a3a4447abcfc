"""Leaving: one tap as planned, and a page for every other way, in facts that the guest can read."""

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
from respite.core.times import day_words
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import EndKind, StayState, WhoCalled, usual_end
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.guests.views.answering import came_from, desk, happened_at, said, sent, stay_page, version, wall_now
from respite.guests.views.reconfirming import also_asked, reconfirmed, usual_texts, yes_no
from respite.guests.views.routes import blueprint
from respite.guests.views.text_words import texts_facts
from respite.houses.models import Bed, House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now, tonight


@blueprint.route("/stays/<uuid:stay_id>/leaving", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def leave_form(stay: Stay, house: House) -> ResponseReturnValue:
    page = _Page(stay.id, house_now())
    return page.draw(Shown(page.usual())) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Page:
    stay_id: uuid.UUID
    now: datetime

    def usual(self) -> dict[str, str]:
        """What most people do: the day says whether it is as planned or sooner."""
        stay = db.session.get_one(Stay, self.stay_id)
        today = local(self.now, db.session.get_one(House, stay.house_id).timezone).date()
        usual = {"how": str(usual_end(today, stay.until))}
        return usual | (usual_texts(self.texts(stay)) if stay.guest is not None else {})

    def texts(self, stay: Stay) -> dict[str, Any]:
        assert stay.guest is not None
        return texts_facts(stay.guest, db.session.get_one(House, stay.house_id), self.now)

    def act(self) -> ResponseReturnValue:
        house = db.session.get_one(House, db.session.get_one(Stay, self.stay_id).house_id)
        form = Form(request.form)
        ending, follow_up = _ending(form), yes_no(form, "follow_up")
        texts = reconfirmed(form)
        later = {name: value for each in also_asked for name, value in each.read(form).items()}
        at = happened_at(form, "at", house, self.now)
        form.done()

        def act() -> Answer:
            left = leave(
                acting(),
                self.stay_id,
                ending=ending,
                follow_up=follow_up,
                texts=texts,
                later=later,
                at=at,
                version_seen=version(),
                now=self.now,
            )
            door = db.session.get_one(Bed, left.bed_id).name if left.bed_id else ""
            return said(
                came_from(desk(house)),
                _("They have left. %(door)s is getting ready.", door=door),
            )

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay = db.session.get_one(Stay, self.stay_id)
        house, rules = db.session.get_one(House, stay.house_id), rules_now(db.session(), stay.house_id)
        return render_template(
            "guests/leave.html",
            house=house,
            stay=stay,
            form=form,
            sentence=sentence,
            texts=self.texts(stay) if stay.guest is not None else None,
            later=[(each.template, facts) for each in also_asked if (facts := each.facts(stay, house, self.now))],
            here=stay.state == StayState.HERE,
            door=db.session.get_one(Bed, stay.bed_id).name if stay.bed_id else None,
            until=day_words(stay.until, tonight(house, rules, self.now)),
            latest=wall_now(house, self.now),
            back=came_from(desk(house)),
        )


def _ending(form: Form) -> Ending:
    """How it ended. Nothing said means: by the day, as planned or sooner."""
    how = form.choice("how", list(EndKind), needed=False)
    who = form.choice("who_called", list(WhoCalled), needed=False)
    return Ending(
        kind=EndKind(how) if how else None,
        rule_number=form.text("rule_number", most=10, needed=False) or None,
        how_to_ask_again=form.text("how_to_ask_again", most=400, needed=False, lines=True) or None,
        may_return_on=form.day("may_return_on", needed=False),
        who_called=WhoCalled(who) if who else None,
        guest_chose=yes_no(form, "guest_chose"),
    )


@blueprint.route("/stays/<uuid:stay_id>/forgetting", methods=["GET", "POST"])
@for_stay(May.DECIDE_STAYS)
def forget_form(stay: Stay, house: House) -> ResponseReturnValue:
    """The one act without a way back, so that it asks once."""
    stay_id = stay.id
    if stay.guest_id is None:
        raise NotFound
    guest_id = stay.guest_id

    def draw(form: Shown, sentence: str | None = None) -> str:
        found = db.session.get_one(Stay, stay_id)
        return render_template(
            "guests/forget.html",
            house=db.session.get_one(House, found.house_id),
            stay=found,
            guest=found.guest,
            form=form,
            sentence=sentence,
            back=stay_page(stay_id),
        )

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        form.version()
        if not form.flag("sure"):
            form.say("sure", _("Please tick this first: there is no way back."))
        form.done()

        def once() -> Answer:
            erase_guest(acting(), guest_id, now=house_now())
            return said(stay_page(stay_id), _("Everything written about them is gone."))

        return act_form(acting(), once)

    return draw(Shown()) if request.method == "GET" else sent(draw, act)
