"""The mirror as a page and a file: the house by month, and nobody in it."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House
from respite.wording.mirror import NOTES, PEOPLE, Month, months_of
from respite.wording.views.routes import blueprint

MOST_OFTEN = 3


@blueprint.get("/houses/<slug>/wording")
@for_house(May.READ_FIGURES)
def figures(house: House) -> ResponseReturnValue:
    months = months_of(db.session(), house.id, house_now())
    return drawn(
        "wording/figures.html",
        house=house,
        months=[(format_date(each.first, "MMMM y"), each.figures) for each in months],
        most_often=MOST_OFTEN,
        least={"notes": NOTES, "people": PEOPLE},
        may_change=acting().may(May.SET_RULES, house.id),
        to_settings=acting().may(May.KEEP_BEDS, house.id),
        file=url_for("wording.figures_file", slug=house.slug),
    )


@blueprint.get("/houses/<slug>/wording.csv")
@for_house(May.READ_FIGURES)
def figures_file(house: House) -> ResponseReturnValue:
    """One line for each month."""
    slug, found = house.slug, months_of(db.session(), house.id, house_now())
    end_read()
    answer = Response(csv_file(lines(found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-wording.csv"'
    return answer


def lines(months: list[Month]) -> list[tuple[object, ...]]:
    words = sorted({word for month in months if month.figures for word, _notes in month.figures.often})
    head = (_("Month"), _("Notes"), _("Notes with a word of the list"), *words)
    return [head, *(_line(month, words) for month in months)]


def _line(month: Month, words: list[str]) -> tuple[object, ...]:
    if month.figures is None:
        return (f"{month.first:%Y-%m}", _("too few to say"), "", *("" for _word in words))
    often = dict(month.figures.often)
    return (
        f"{month.first:%Y-%m}",
        month.figures.notes,
        month.figures.with_words,
        *(often.get(word, 0) for word in words),
    )
