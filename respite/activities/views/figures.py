"""How many came, by month: a page and a file."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.activities.queries import Month, months_of
from respite.activities.views.routes import blueprint
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local


@blueprint.get("/houses/<slug>/activities/figures")
@for_house(May.READ_FIGURES)
def figures(house: House) -> ResponseReturnValue:
    months = _months(house)
    return drawn(
        "activities/figures.html",
        house=house,
        months=[(format_date(each.first, "MMMM y"), each) for each in months if each.held or each.off],
        whole=acting().may(May.READ_WHOLE_FIGURES, house.id),
        file=url_for("activities.figures_file", slug=house.slug),
    )


def _months(house: House) -> list[Month]:
    """For whoever may read only what is told to others, how many came is told of months that are over, from so many."""
    now = house_now()
    months = months_of(db.session(), house, now)
    if acting().may(May.READ_WHOLE_FIGURES, house.id):
        return months
    return [each.told(local(now, house.timezone).date()) for each in months]


@blueprint.get("/houses/<slug>/activities/figures.csv")
@for_house(May.READ_FIGURES)
def figures_file(house: House) -> ResponseReturnValue:
    slug, months = house.slug, _months(house)
    end_read()
    head = (_("Month"), _("Took place"), _("Called off"), _("Of those, counted"), _("Came in all"))
    lines = [
        (f"{each.first:%Y-%m}", each.held, each.off, each.counted, _("not told") if each.came is None else each.came)
        for each in months
    ]
    answer = Response(csv_file([head, *lines]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-activities.csv"'
    return answer
