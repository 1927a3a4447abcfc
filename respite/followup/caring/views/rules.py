"""When the house sends kind words: chosen by who sets its rules."""

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
from respite.followup.caring import service
from respite.followup.caring.policy import STEPS
from respite.followup.caring.queries import rules_row, steps_of
from respite.followup.caring.shown import step_words
from respite.followup.caring.views.routes import blueprint
from respite.houses.access import for_house
from respite.houses.models import House


@blueprint.route("/houses/<slug>/settings/kind-words", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _keep(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _keep(house: House) -> ResponseReturnValue:
    form, house_id, here = Form(request.form), house.id, url_for("caring.rules", slug=house.slug)
    steps, seen = form.choices("steps", STEPS), form.version()
    form.done()

    def act() -> Answer:
        service.change_rules(acting(), house_id, steps, version_seen=seen, now=house_now())
        return done(here, _("Kept. What has begun goes on as it was."))

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    row = rules_row(db.session(), house.id)
    return drawn(
        "followup/kind_words_rules.html",
        house=house,
        steps=[(step, step_words(step)) for step in STEPS],
        version=row.version if row is not None else 0,
        form=shown({"steps": steps_of(db.session(), house.id)}, refusal),
    )
