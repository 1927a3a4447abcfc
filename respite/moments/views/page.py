"""Hard moments of a house, and beginning one: two taps from the desk."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.views.answering import happened_at, wall_now
from respite.houses.access import for_house
from respite.houses.models import House
from respite.moments.policy import title_shown
from respite.moments.queries import moments_of, rules_of
from respite.moments.service import telling
from respite.moments.views.routes import blueprint
from respite.moments.views.shown import began_words, title_of


@blueprint.get("/houses/<slug>/moments")
@for_house(May.KEEP_BEDS)
def index(house: House) -> ResponseReturnValue:
    now = house_now()
    rows = [
        (row.id, title_of(row), began_words(row, house, now), row.put_away_at is None)
        for row in moments_of(db.session(), house.id)
    ]
    return drawn("moments/index.html", house=house, moments=rows, sets_rules=acting().may(May.SET_RULES, house.id))


@blueprint.route("/houses/<slug>/moments/new", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def new(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _begin(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _begin(house: House) -> ResponseReturnValue:
    form, house_id, now = Form(request.form), house.id, house_now()
    title = form.choice("title", rules_of(db.session(), house_id).titles, needed=False)
    at = happened_at(form, "at", house, now)
    form.done()

    def act() -> Answer:
        moment = telling.begin(acting(), house_id, title=title, at=at, now=now)
        said = _("It is begun. Whoever was on is offered a talk, on their own page.")
        return done(
            url_for("moments.one", moment_id=moment.id), said, url_for("moments.take_back", moment_id=moment.id)
        )

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    titles = rules_of(db.session(), house.id).titles
    return drawn(
        "moments/new.html",
        house=house,
        titles=[(title, title_shown(title)) for title in titles],
        latest=wall_now(house, house_now()),
        form=shown({"title": None, "at": None}, refusal),
    )
