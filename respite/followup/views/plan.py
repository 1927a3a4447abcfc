"""A house's plan, under House: its steps, and each version there was."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import moment_words
from respite.followup.policy.steps import A_DAY, MOST_STEPS, Asks, Step, from_stored
from respite.followup.queries import plan_now, plan_versions
from respite.followup.service.plans import change_plan
from respite.followup.views.routes import blueprint
from respite.followup.words import ASKS, window_words
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import names_of

UNITS = {"hours": _l("hours"), "days": _l("days")}
_PER = {"hours": 1, "days": A_DAY}


@blueprint.route("/houses/<slug>/settings/after", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def plan(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _change(house: House) -> ResponseReturnValue:
    form, house_id, page = Form(request.form), house.id, url_for("followup.plan", slug=house.slug)
    steps: list[Step] = []
    for place in range(MOST_STEPS):
        number = form.whole_number(f"after-{place}", most=2208, needed=False)
        unit = form.choice(f"unit-{place}", list(UNITS), needed=False) or "days"
        asks = form.choice(f"asks-{place}", list(Asks), needed=False) or Asks.HOW
        if number:
            connections, on = form.flag(f"connections-{place}"), form.flag(f"on-{place}")
            steps.append(Step(number * _PER[unit], Asks(asks), connections, on))
    seen = form.version()
    form.done()

    def act() -> Answer:
        change_plan(acting(), house_id, steps, number_seen=seen, now=house_now())
        return done(page, _("Whoever leaves from now on chooses from this."))

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    standing, versions = plan_now(session, house.id), plan_versions(session, house.id)
    names = names_of(session, {row.made_by for row in versions})
    stands: dict[str, Any] = {}
    for place, step in enumerate(standing.steps):
        in_hours = step.window.startswith("h")
        stands |= {
            f"after-{place}": str(step.after if in_hours else step.after // A_DAY),
            f"unit-{place}": "hours" if in_hours else "days",
            f"asks-{place}": str(step.asks),
            f"connections-{place}": step.connections,
            f"on-{place}": step.on,
        }
    stands |= {f"on-{place}": True for place in range(len(standing.steps), MOST_STEPS)}
    return drawn(
        "followup/plan.html",
        house=house,
        form=shown(stands, refusal),
        version=standing.number,
        places=range(min(MOST_STEPS, len(standing.steps) + 1)),
        units=list(UNITS.items()),
        asks=[(str(each), ASKS[each]) for each in Asks],
        versions=[
            {
                "number": row.number,
                "when": moment_words(row.made_at, house.timezone, now),
                "who": names.get(row.made_by),
                "steps": [window_words(step.window) for step in from_stored(row.steps) if step.on],
            }
            for row in versions
        ],
    )
