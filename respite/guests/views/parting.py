"""Was this helpful? Handed over on leaving, answered by the guest alone, read as figures."""

from __future__ import annotations

import segno
import sqlalchemy as sa
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Invalid
from respite.core.forms import Form, Shown
from respite.core.limits import limiter
from respite.core.settings import Settings
from respite.guests.models import PartingAnswer
from respite.guests.policy.parting import FEWEST, FEWEST_TOLD, Helpful, Said, by_quarter
from respite.guests.service import parting
from respite.guests.views.answering import came_from, desk
from respite.guests.views.routes import blueprint
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local

PER_ADDRESS = "30 per minute"


@blueprint.get("/houses/<slug>/parting")
@for_house(May.KEEP_BEDS)
def parting_hand_over(house: House) -> ResponseReturnValue:
    """A peer's page: the question as a link for this device, and as a square for the guest's own."""
    settings: Settings = current_app.extensions["respite.settings"]
    path = url_for("guests.parting_question", token=parting.hand_over(house.id))
    return render_template(
        "guests/parting_hand_over.html",
        house=house,
        path=path,
        qr=segno.make(settings.public_url + path, error="m").svg_data_uri(
            scale=5, border=2, dark="#2b2925", light="#fffdf8"
        ),
        back=came_from(desk(house)),
    )


@blueprint.get("/parting/<token>")
@limiter.limit(PER_ADDRESS)
def parting_question(token: str) -> ResponseReturnValue:
    parting.house_of(token)
    return _draw(Shown())


@blueprint.post("/parting/<token>")
@limiter.limit(PER_ADDRESS)
def parting_answered(token: str) -> ResponseReturnValue:
    form = Form(request.form)
    helpful = form.choice("helpful", list(Helpful), needed=False)
    instead = form.text("instead", most=parting.LONGEST_INSTEAD, needed=False, lines=True)
    try:
        form.done()
        parting.answer(token, helpful or None, instead or None, now=house_now())
    except Invalid as refusal:
        return _draw(Shown(typed=request.form, wrong=refusal.fields)), 422
    return redirect(url_for("guests.parting_thanks"), 303)


@blueprint.get("/parting")
def parting_thanks() -> ResponseReturnValue:
    return render_template("guests/parting_thanks.html")


@blueprint.get("/houses/<slug>/what-guests-said")
@for_house(May.READ_FIGURES)
def what_guests_said(house: House) -> ResponseReturnValue:
    rows = db.session.scalars(sa.select(PartingAnswer).where(PartingAnswer.house_id == house.id)).all()
    answers = [Said(row.quarter, row.helpful, row.instead) for row in rows]
    found = by_quarter(answers, local(house_now(), house.timezone).date())
    whole = acting().may(May.READ_WHOLE_FIGURES, house.id)
    if not whole:
        found = [each for each in (one.told() for one in found) if each is not None]
    return render_template(
        "guests/what_guests_said.html",
        house=house,
        quarters=[(_months(each.quarter.month, each.quarter.year), each) for each in found],
        fewest=FEWEST if whole else FEWEST_TOLD,
        back=url_for("houses.settings", slug=house.slug) if acting().may(May.KEEP_BEDS, house.id) else None,
    )


def _months(first: int, year: int) -> str:
    names = {
        1: _("January to March %(year)s", year=year),
        4: _("April to June %(year)s", year=year),
        7: _("July to September %(year)s", year=year),
        10: _("October to December %(year)s", year=year),
    }
    return names[first]


def _draw(form: Shown) -> str:
    return render_template(
        "guests/parting.html",
        form=form,
        choices=[
            (Helpful.YES, _("Yes")),
            (Helpful.PARTLY, _("In part")),
            (Helpful.NO, _("Not really")),
        ],
    )
