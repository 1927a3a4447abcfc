"""How many came, by month: a page and a file."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from respite.accounts.roles import May
from respite.activities.queries import months_of
from respite.activities.views.routes import blueprint
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House


@blueprint.get("/houses/<slug>/activities/figures")
@for_house(May.READ_FIGURES)
def figures(house: House) -> ResponseReturnValue:
    months = months_of(db.session(), house, house_now())
    return drawn(
        "activities/figures.html",
        house=house,
        months=[(format_date(each.first, "MMMM y"), each) for each in months if each.held or each.off],
        file=url_for("activities.figures_file", slug=house.slug),
    )


@blueprint.get("/houses/<slug>/activities/figures.csv")
@for_house(May.READ_FIGURES)
def figures_file(house: House) -> ResponseReturnValue:
    slug, months = house.slug, months_of(db.session(), house, house_now())
    end_read()
    head = (_("Month"), _("Took place"), _("Called off"), _("Of those, counted"), _("Came in all"))
    lines = [(f"{each.first:%Y-%m}", each.held, each.off, each.counted, each.came) for each in months]
    answer = Response(csv_file([head, *lines]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-activities.csv"'
    return answer
