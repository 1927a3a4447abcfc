"""Adding a fact to a hard moment, and correcting one."""

from __future__ import annotations

import uuid

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
from respite.guests.views.answering import happened_at, tapped, wall_now
from respite.houses.access import for_row
from respite.houses.models import House
from respite.moments.models import HardMoment, MomentFact
from respite.moments.policy import LONGEST_FACT
from respite.moments.service import lines as service
from respite.moments.views.one import draw
from respite.moments.views.routes import blueprint
from respite.wording.beside import hints_for_page, said_with_hints


@blueprint.post("/moments/<uuid:moment_id>/facts")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def add(moment: HardMoment) -> ResponseReturnValue:
    moment_id, house = moment.id, db.session.get_one(House, moment.house_id)

    def answer() -> ResponseReturnValue:
        form, now = Form(request.form), house_now()
        words = form.text("words", most=LONGEST_FACT, lines=True)
        at = happened_at(form, "at", house, now)
        form.done()
        said = said_with_hints(db.session(), house.id, words, _("Written down."))

        def act() -> Answer:
            fact = service.add_fact(acting(), moment_id, words, at=at, now=now)
            back = url_for("moments.take_fact_back", fact_id=fact.id)
            return done(_page(moment_id), said, back)

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: draw(moment_id, refusal))


@blueprint.route("/moment-facts/<uuid:fact_id>", methods=["GET", "POST"])
@for_row(MomentFact, "fact", May.KEEP_BEDS)
def correct(fact: MomentFact) -> ResponseReturnValue:
    fact_id = fact.id
    if request.method == "POST":
        return or_redraw(lambda: _correct(fact_id), lambda refusal: _draw(fact_id, refusal))
    return _draw(fact_id)


@blueprint.post("/moment-facts/<uuid:fact_id>/taken-back")
@for_row(MomentFact, "fact", May.KEEP_BEDS)
def take_fact_back(fact: MomentFact) -> ResponseReturnValue:
    fact_id, page = fact.id, _page(fact.moment_id)

    def act() -> Answer:
        service.take_fact_back(acting(), fact_id, now=house_now())
        return done(page, _("Taken back."))

    return tapped(act, page)


def _correct(fact_id: uuid.UUID) -> ResponseReturnValue:
    fact, form, now = db.session.get_one(MomentFact, fact_id), Form(request.form), house_now()
    house, page = db.session.get_one(House, fact.house_id), _page(fact.moment_id)
    words = form.text("words", most=LONGEST_FACT, lines=True)
    typed, seen = happened_at(form, "at", house, now), form.version()
    # The field knows minutes: one that was not touched moves nothing.
    at = fact.at if typed is None or wall_now(house, typed) == wall_now(house, fact.at) else typed
    form.done()
    said = said_with_hints(db.session(), house.id, words, _("Corrected. How it read before is kept beside it."))

    def act() -> Answer:
        service.correct_fact(acting(), fact_id, words, at=at, version_seen=seen, now=now)
        return done(page, said)

    return act_form(acting(), act)


def _draw(fact_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    fact = db.session.get_one(MomentFact, fact_id)
    house = db.session.get_one(House, fact.house_id)
    return drawn(
        "moments/fact.html",
        house=house,
        fact=fact,
        latest=wall_now(house, house_now()),
        longest=LONGEST_FACT,
        hints=hints_for_page(db.session(), house.id),
        form=shown({"words": fact.words, "at": wall_now(house, fact.at)}, refusal),
    )


def _page(moment_id: uuid.UUID) -> str:
    return url_for("moments.one", moment_id=moment_id)
