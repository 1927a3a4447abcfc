"""Somebody to talk with: offered to each person who was on, on their own page, and asked of whom they chose."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.core.clock import house_now
from respite.core.forms import Form
from respite.core.phones import shown as phone_shown
from respite.core.times import day_and_month
from respite.guests.views.answering import tapped
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.moments.models import HardMoment, SupportOffer
from respite.moments.queries import rules_of
from respite.moments.service import support as service
from respite.moments.views.routes import blueprint
from respite.staffing.views.own_pages import own_card_here


def _card(session: Session, actor: Actor, _now: datetime) -> dict[str, Any] | None:
    """What stands on somebody's own page; none for whoever is offered nothing and asked for nothing."""
    offers = [_offered(session, offer, moment) for offer, moment in service.offers_to(session, actor)]
    asked = [
        (offer.id, session.get_one(Person, offer.person_id).name, _day(session, moment))
        for offer, moment in service.asked_of(session, actor)
    ]
    return {"offers": offers, "asked": asked} if offers or asked else None


own_card_here("moments/_support.html", _card)


def _offered(session: Session, offer: SupportOffer, moment: HardMoment) -> dict[str, Any]:
    people = service.people_to_talk_with(session, moment.house_id, offer.person_id)
    names = {each.id: each.name for each in people}
    rules = rules_of(session, moment.house_id)
    return {
        "id": offer.id,
        "day": _day(session, moment),
        "later": offer.later,
        # Somebody who does not work here any more cannot be asked: then it is offered as before.
        "with": names.get(offer.asked_id) if offer.asked_id is not None else None,
        "people": [(str(each.id), each.name) for each in people],
        "line": rules.line_name,
        "line_phone": phone_shown(rules.line_phone) if rules.line_phone else None,
    }


def _day(session: Session, moment: HardMoment) -> str:
    return day_and_month(local(moment.began_at, session.get_one(House, moment.house_id).timezone).date())


@blueprint.post("/me/support/<uuid:support_id>/talk")
@signed_in
def talk(support_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        form = Form(request.form)
        whom = form.uuid("whom")
        form.done()
        service.ask_for_talk(acting(), support_id, whom, now=house_now())
        return done(_me(), _("They read it on their own page."), url_for("moments.not_now", support_id=support_id))

    return tapped(act, _me())


@blueprint.post("/me/support/<uuid:support_id>/later")
@signed_in
def not_now(support_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.not_now(acting(), support_id)
        return done(_me(), _("It stays here for a while."))

    return tapped(act, _me())


@blueprint.post("/me/support/<uuid:support_id>/no")
@signed_in
def no_thanks(support_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        moment_id = service.no_thanks(acting(), support_id)
        return done(_me(), _("That is fine. Nobody sees it."), url_for("moments.after_all", moment_id=moment_id))

    return tapped(act, _me())


@blueprint.post("/me/support/after-all/<uuid:moment_id>")
@signed_in
def after_all(moment_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.after_all(acting(), moment_id, now=house_now())
        return done(_me(), _("It is here again."))

    return act_form(acting(), act)


@blueprint.post("/me/support/<uuid:support_id>/talked")
@signed_in
def talked(support_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.talked(acting(), support_id)
        return done(_me(), _("Good. Nothing is kept of it."))

    return tapped(act, _me())


def _me() -> str:
    return url_for("staffing.mine")
