"""Supervision and co-reflection: either of the two writes down how long; what was said stays with them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
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
from respite.core.forms import Form, Unusable, as_day, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.rule_words import minutes_words
from respite.staffing.models import TimeTogether
from respite.staffing.policy.together import How, Value
from respite.staffing.queries.shifts import people_for_shifts
from respite.staffing.queries.together import Sum, own_entries, sums
from respite.staffing.service import together as service
from respite.staffing.views import blueprint
from respite.staffing.views.credential_words import day_words

A_YEAR, ONE_DAY = timedelta(days=365), timedelta(days=1)
MINE, THEIRS = "mine", "theirs"

HOWS = {
    How.INDIVIDUAL: _l("supervision, the two of us"),
    How.GROUP: _l("supervision in a group"),
    How.CO_REFLECTION: _l("co-reflection"),
}
VALUES = {
    Value.VOLUNTARY: _l("voluntary"),
    Value.HOPEFUL: _l("hopeful"),
    Value.OPEN_MINDED: _l("open-minded"),
    Value.EMPATHETIC: _l("empathetic"),
    Value.RESPECTFUL: _l("respectful"),
    Value.CHANGE: _l("making change possible"),
    Value.HONEST: _l("honest and direct"),
    Value.MUTUAL: _l("mutual"),
    Value.SHARED_POWER: _l("equally shared power"),
    Value.STRENGTHS: _l("looking at strengths"),
    Value.TRANSPARENT: _l("transparent"),
    Value.PERSON_DRIVEN: _l("led by the person"),
}


@blueprint.route("/houses/<slug>/time-together", methods=["GET", "POST"])
@for_house(May.SEE_SHIFTS)
def time_together(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _add(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.post("/time-together/<uuid:entry_id>/remove")
@for_row(TimeTogether, "entry", May.SEE_SHIFTS)
def remove_time_together(entry: TimeTogether) -> ResponseReturnValue:
    entry_id, slug, me = entry.id, db.session.get_one(House, entry.house_id).slug, acting().id
    mine = entry.person_id == me
    again: dict[str, Any] = {
        "people": entry.with_person_id if mine else entry.person_id,
        "whose": MINE if mine else THEIRS,
        "kind": entry.kind,
        "minutes": entry.minutes,
        "day": entry.day.isoformat(),
        "value": entry.value or "",
    }

    def act() -> Answer:
        service.remove_time(acting(), entry_id, now=house_now())
        page = url_for("staffing.time_together", slug=slug)
        return done(page, _("It is taken out."), page, **again)

    return act_form(acting(), act)


def _add(house: House) -> ResponseReturnValue:
    form, house_id, slug, me = Form(request.form), house.id, house.slug, acting().id
    others = _ticked(form)
    mine = form.choice("whose", (MINE, THEIRS)) == MINE
    kind, value = form.choice("kind", How), form.choice("value", Value, needed=False)
    minutes, day = form.whole_number("minutes", least=1, most=service.LONGEST), form.day("day")
    if mine and len(others) > 1:
        form.say("people", _("For your own hours, please choose the one who supervised."))
    form.done()

    def act() -> Answer:
        service.add_time(
            acting(),
            house_id,
            people=[me] if mine else others,
            with_person_id=others[0] if mine else me,
            kind=kind,
            minutes=minutes,
            day=day,
            value=value,
            now=house_now(),
        )
        return done(url_for("staffing.time_together", slug=slug), _("It is written down."))

    return act_form(acting(), act)


def _ticked(form: Form) -> list[uuid.UUID]:
    try:
        found = [as_uuid(each) for each in form.sent.getlist("people")]
    except Unusable as error:
        form.say("people", str(error))
        return []
    if not found:
        form.say("people", _("Please choose with whom."))
    return found


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, actor = db.session(), acting()
    today = local(house_now(), house.timezone).date()
    first, last = _day("from", today - A_YEAR), _day("to", today)
    keeps = actor.may(May.KEEP_CREDENTIALS, house.id)
    fresh: dict[str, Any] = {
        "whose": THEIRS if keeps else MINE,
        "kind": How.INDIVIDUAL,
        "day": today.isoformat(),
        "minutes": 60,
        "people": [],
    }
    own, found = own_entries(session, house.id, actor.id), sums(session, house.id, first, last + ONE_DAY)
    return drawn(
        "staffing/credentials/together.html",
        house=house,
        form=shown(fresh, refusal),
        people=[(str(p.id), p.name) for p in people_for_shifts(session, house.id) if p.id != actor.id],
        hows=[(str(how), label) for how, label in HOWS.items()],
        values=[("", _("none in particular")), *((str(value), label) for value, label in VALUES.items())],
        whose=[(MINE, _("mine: somebody was there for me")), (THEIRS, _("theirs: I was there for them"))],
        entries=[(entry, _entry_words(entry, name, other)) for entry, name, other in own],
        sums=[(each.name, *_sum_words(each)) for each in found if keeps or each.person_id == actor.id],
        keeps=keeps,
        longest=service.LONGEST,
        first=first,
        last=last,
    )


def _sum_words(each: Sum) -> list[str]:
    found = (each.individual, each.group, each.supervision, each.co_reflection)
    return [minutes_words(minutes) if minutes else "" for minutes in found]


def _entry_words(entry: TimeTogether, name: str, other: str) -> str:
    facts = [
        _("%(name)s with %(other)s", name=name, other=other),
        str(HOWS[How(entry.kind)]),
        minutes_words(entry.minutes),
        day_words(entry.day),
        str(VALUES[Value(entry.value)]) if entry.value else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _day(name: str, otherwise: date) -> date:
    try:
        return as_day(request.args.get(name, ""))
    except Unusable:
        return otherwise
