"""The rules of duty: read, changed from a day on, with all that counted before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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
from respite.core.times import day_and_month
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of
from respite.houses.views.words import moment_words
from respite.staffing.policy.duty import LIMITS, SWITCHES, duty_of
from respite.staffing.queries.duty import duty_history, duty_on
from respite.staffing.service.duty_rules import set_duty
from respite.staffing.views import blueprint
from respite.staffing.views.duty_words import GROUPS, LABELS, duty_changes, duty_word


@blueprint.route("/houses/<slug>/duty-rules", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def duty_rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, today = db.session(), local(house_now(), house.timezone).date()
    stands: dict[str, Any] = asdict(duty_on(session, house, today)) | {"first_day": today.isoformat()}
    return drawn(
        "staffing/duty_rules.html",
        house=house,
        groups=GROUPS,
        limits=LIMITS,
        switches=SWITCHES,
        words={name: duty_word(name, stands[name]) for name in LABELS},
        today=today.isoformat(),
        form=shown(stands, refusal),
        history=_history(house),
    )


def _history(house: House) -> list[dict[str, Any]]:
    """Every set of rules, the latest first, with what it changed."""
    now, session = house_now(), db.session()
    rows = duty_history(session, house.id)
    names = names_of(session, {each.made_by for each in rows})
    duties = [*(duty_of(dict(each.choices), house.has_chairs) for each in rows), duty_of({}, house.has_chairs)]
    return [
        {
            "from_day": day_and_month(each.first_day, year=True),
            "when": moment_words(each.made_at, house, now),
            "who": names.get(each.made_by, ""),
            "changes": duty_changes(before, after),
        }
        for each, after, before in zip(rows, duties, duties[1:], strict=False)
    ]


def _change(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted = {name: _read(form, name) for name in LABELS if name in form.sent or name in SWITCHES}
    first_day = form.day("first_day")
    form.done()

    def act() -> Answer:
        made = set_duty(acting(), house_id, wanted, first_day=first_day, now=house_now())
        said = _("The rules count from %(day)s on.", day=day_and_month(first_day))
        return done(url_for("staffing.duty_rules", slug=slug), said if made else _("Nothing was different."))

    return act_form(acting(), act)


def _read(form: Form, name: str) -> int:
    if name in SWITCHES:
        return int(form.flag(name))
    least, most = LIMITS[name]
    return form.whole_number(name, least=least, most=most)
