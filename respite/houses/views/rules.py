"""The house's rules: read, changed as a new version, with the history of all versions."""

from __future__ import annotations

import re
from datetime import time
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
from respite.houses.access import for_house
from respite.houses.models import House, HouseRules
from respite.houses.policy import rules as policy
from respite.houses.queries import names_of, rules_history, rules_now
from respite.houses.rule_words import CHOICES, LABELS, changes, word
from respite.houses.service.rules import change_rules
from respite.houses.views import blueprint
from respite.houses.views.words import moment_words

_HOURS = re.compile(r"(\d{1,3})(?::([0-5]\d))?", re.ASCII)
MOST_HOURS = 168


@blueprint.route("/houses/<slug>/settings/rules", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def rules(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session = db.session()
    versions = rules_history(session, house.id)
    return drawn(
        "houses/rules.html",
        house=house,
        rules=versions[0],
        form=shown(_as_typed(versions[0]), refusal, _word_typed),
        labels=LABELS,
        options={name: list(choices.items()) for name, choices in CHOICES.items()},
        history=_history(house, versions),
    )


def _as_typed(rules: HouseRules) -> dict[str, Any]:
    """The rules as the form's fields bear them."""
    typed: dict[str, Any] = {}
    for name in policy.FIELDS:
        value = getattr(rules, name)
        typed[name] = f"{value:%H:%M}" if isinstance(value, time) else value
    hours, minutes = divmod(rules.saved_minutes, 60)
    notices = ", ".join(f"{m // 60}" if m % 60 == 0 else f"{m // 60}:{m % 60:02}" for m in rules.visit_notices)
    return typed | {"saved_hours": hours, "saved_minutes": minutes, "visit_notices": notices}


def _word_typed(name: str, value: Any) -> str:
    return word(name, value) if name in CHOICES else str(value)


def _history(house: House, versions: list[HouseRules]) -> list[dict[str, Any]]:
    now, names = house_now(), names_of(db.session(), {each.made_by for each in versions})
    return [
        {
            "number": each.number,
            "when": moment_words(each.made_at, house, now),
            "who": names.get(each.made_by or "", ""),
            "changes": changes(before, each) if before is not None else [],
        }
        for each, before in zip(versions, [*versions[1:], None], strict=True)
    ]


def _change(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted, seen = _read(form, house), form.version()
    form.done()

    def act() -> Answer:
        before = rules_now(db.session(), house_id).number
        after = change_rules(acting(), house_id, wanted, number_seen=seen, now=house_now()).number
        kept = _("The rules are kept as version %(number)s.", number=after)
        return done(url_for("houses.rules", slug=slug), kept if after != before else _("Nothing was different."))

    return act_form(acting(), act)


def _read(form: Form, house: House) -> dict[str, Any]:
    """What the form asked: a house without beds or chairs is not asked about them, and keeps what it has."""
    wanted: dict[str, Any] = {}
    for name, (least, most) in policy.COUNTS.items():
        if name in form.sent and name != "saved_minutes":
            wanted[name] = form.whole_number(name, least=least, most=most)
    for name, choices in policy.CHOICES.items():
        if name in form.sent:
            wanted[name] = form.choice(name, choices)
    for name in policy.TIMES:
        if name in form.sent:
            wanted[name] = form.clock_time(name)
    if "paper_at" in form.sent:
        wanted["paper_at"] = form.clock_time("paper_at", needed=False)
        wanted |= {name: form.flag(name) for name in policy.OF_PAPER}
    if house.has_beds:
        wanted |= {name: form.flag(name) for name in policy.FLAGS}
    if "saved_hours" in form.sent or "saved_minutes" in form.sent:
        wanted["saved_minutes"] = _read_saved(form)
    if "visit_notices" in form.sent:
        wanted["visit_notices"] = _read_notices(form)
    return wanted


def _read_saved(form: Form) -> int:
    hours = form.whole_number("saved_hours", most=MOST_HOURS, needed=False) or 0
    minutes = hours * 60 + (form.whole_number("saved_minutes", most=59, needed=False) or 0)
    least, most = policy.COUNTS["saved_minutes"]
    if not least <= minutes <= most:
        form.say("saved_hours", _("A bed can stay saved from five minutes to seven days."))
    return minutes


def _read_notices(form: Form) -> list[int]:
    """Hours such as "20, 22" or "20:30", as minutes."""
    found = [_HOURS.fullmatch(part) for part in re.split(r"[,;\s]+", form.text("visit_notices", needed=False)) if part]
    minutes = [int(each[1]) * 60 + int(each[2] or 0) for each in found if each is not None]
    if len(minutes) != len(found):
        form.say("visit_notices", policy.wrong_notices(None) or "")
    return minutes
