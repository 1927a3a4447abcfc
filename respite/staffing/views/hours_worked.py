"""Hours for the pay period: a page and a file. Minutes planned and worked, and nothing that judges anybody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.forms import Unusable, as_day
from respite.core.redraw import drawn
from respite.core.times import day_and_month
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.queries.hours import Hours, PersonHours, hours_between, total
from respite.staffing.views import blueprint

USUAL = timedelta(days=14)
MOST = timedelta(days=92)


@blueprint.get("/houses/<slug>/hours")
@for_house(May.KEEP_SHIFTS)
def hours(house: House) -> ResponseReturnValue:
    first, until = period(house)
    found = hours_between(db.session(), house, first, until, house_now())
    last = until - timedelta(days=1)
    asked: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()}
    return drawn(
        "staffing/hours.html",
        house=house,
        span=_("%(first)s to %(last)s", first=day_and_month(first), last=day_and_month(last)),
        rows=[(each.name, shown(each.total)) for each in found],
        sums=shown(total(each.total for each in found)),
        file=url_for("staffing.hours_file", slug=house.slug, **asked),
        first_day=first.isoformat(),
        last_day=last.isoformat(),
    )


@blueprint.get("/houses/<slug>/hours.csv")
@for_house(May.KEEP_SHIFTS)
def hours_file(house: House) -> ResponseReturnValue:
    """One line for each person and day, in minutes."""
    first, until = period(house)
    slug, found = house.slug, hours_between(db.session(), house, first, until, house_now())
    end_read()
    answer = Response(csv_file(lines(found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-hours-{first}.csv"'
    return answer


def lines(found: list[PersonHours]) -> list[tuple[object, ...]]:
    head = (_("Name"), _("Day"), _("Minutes planned"), _("Minutes worked"), _("Minutes on call"))
    return [
        head,
        *(
            (person.name, day.isoformat(), each.planned, each.worked, each.on_call)
            for person in found
            for day, each in person.days.items()
        ),
    ]


def shown(hours: Hours) -> tuple[str, str, str]:
    """Hours and minutes, as a payroll writes them: "37:30"."""
    planned, worked, on_call = (f"{m // 60}:{m % 60:02}" for m in (hours.planned, hours.worked, hours.on_call))
    return planned, worked, on_call


def period(house: House) -> tuple[date, date]:
    """The days that the address asks for, the last one included; the last two weeks where it names none."""
    today = local(house_now(), house.timezone).date()
    first = _asked("from")
    last = _asked("to")
    if last is None:
        last = first + USUAL - timedelta(days=1) if first is not None else today
    if first is None or first > last:
        first = last - USUAL + timedelta(days=1)
    return max(first, last - MOST), last + timedelta(days=1)


def _asked(name: str) -> date | None:
    try:
        return as_day(request.args.get(name, ""))
    except Unusable:
        return None
