"""Kind words on a guest's own page: who writes, what is to come, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.models import Person
from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.times import day_and_month
from respite.followup.caring.models import CaringPlan
from respite.followup.caring.queries import plan_of, texts_of, waiting_in, wanted_by
from respite.followup.caring.service import change_discretion
from respite.followup.caring.shown import STATES
from respite.followup.caring.words import first_name
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest
from respite.guest_page.views.changing import changing
from respite.guest_page.views.routes import blueprint
from respite.guests.models import Guest
from respite.houses.models import House
from respite.houses.policy.house_time import local

CHANGES = "60 per minute"


@blueprint.route("/g/<token>/kind-words", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def kind_words(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        session = db.session()
        guest, house = session.get_one(Guest, page.guest_id), session.get_one(House, page.house_id)
        plan = plan_of(session, guest.id) if wanted_by(session, guest) is not None else None
        days = (
            []
            if plan is None
            else [(_day(text.due_at, house), STATES[text.state]) for text in texts_of(session, plan.id)]
        )
        return {}, {
            "plan": plan,
            "writer": _writer(session, plan),
            "days": days,
            "discreet": plan is not None and plan.discreet,
        }

    def do(form: Form) -> str:
        discreet = form.choice("discreet", ("yes", "no")) == "yes"
        form.done()
        _choose(page, discreet, house_now())
        return _("Kept: no names.") if discreet else _("Kept.")

    return changing(page, "guest_page/kind_words.html", stands, do, url_for("guest_page.kind_words", token=page.token))


def told(guest: Guest) -> str | None:
    """One line of what is theirs to change; none where nothing is to come."""
    session = db.session()
    plan = plan_of(session, guest.id) if wanted_by(session, guest) is not None else None
    if plan is None:
        return None
    waiting, writer = waiting_in(texts_of(session, plan.id)), _writer(session, plan)
    said = _("From %(name)s.", name=writer) if writer else _("Nobody writes at the moment.")
    if not waiting or writer is None:
        return said
    day = _day(waiting[0].due_at, session.get_one(House, guest.house_id))
    return f"{said}\n{_('The next one: %(day)s', day=day)}"


def _choose(page: Page, discreet: bool, now: datetime) -> None:
    with transaction() as session:
        change_discretion(session, page.actor, acting_guest(session, page.actor, now), discreet, now)


def _writer(session: Session, plan: CaringPlan | None) -> str | None:
    person = session.get(Person, plan.writer_id) if plan is not None and plan.writer_id is not None else None
    return first_name(person.name) if person is not None else None


def _day(at: datetime, house: House) -> str:
    return day_and_month(local(at, house.timezone).date(), year=True)
