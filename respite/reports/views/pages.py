"""The figures as a page, a sheet of paper and a file."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.csv_cells import csv_file
from respite.core.db import db, end_read
from respite.core.redraw import drawn
from respite.core.times import moment_words
from respite.houses.access import for_house
from respite.houses.models import House
from respite.reports.policy.telling import FEWEST
from respite.reports.queries import sharing_of, year_begins_in
from respite.reports.views.asked import Asked, asked, title_of
from respite.reports.views.found import found_for
from respite.reports.views.routes import blueprint
from respite.reports.views.rows import Row, Section
from respite.reports.views.words import month_names


@blueprint.get("/houses/<slug>/figures")
@for_house(May.READ_FIGURES)
def figures(house: House) -> ResponseReturnValue:
    what = asked(house, to_tell=False)
    return drawn("reports/figures.html", **_shown(what))


@blueprint.get("/houses/<slug>/figures/print")
@for_house(May.READ_FIGURES)
def figures_print(house: House) -> ResponseReturnValue:
    """To be given away, unless it says that it is for the house alone."""
    what = asked(house, to_tell=True)
    printed_at = moment_words(what.now, house.timezone, what.now)
    return drawn("reports/figures_print.html", printed_at=printed_at, **_shown(what))


@blueprint.get("/houses/<slug>/figures.csv")
@for_house(May.READ_FIGURES)
def figures_file(house: House) -> ResponseReturnValue:
    """A line for each figure: its number, what it is out of, what that comes to. To be given away, like the sheet."""
    what = asked(house, to_tell=True)
    name = "all-houses" if what.together else house.slug
    days = f"{what.period.first}-{what.period.last}" if what.period is not None else "none"
    mark = "-for-the-house-alone" if what.inside else ""
    lines = _lines(what)
    end_read()
    answer = Response(csv_file(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-figures-{days}{mark}.csv"'
    return answer


def _shown(what: Asked) -> dict[str, Any]:
    session, house = db.session(), what.house
    found = found_for(what)
    actor = acting()
    sharing = sharing_of(session, house.id)
    return {
        "house": house,
        "asked": what,
        "title": title_of(what),
        "names": [each.name for each in what.houses],
        "sections": found.sections,
        "charts": found.charts,
        "fewest": FEWEST,
        "shares": sharing is not None,
        "year_begins": month_names()[year_begins_in(session, house.id) - 1],
        "may_begin": sharing is None and actor.may(May.SET_RULES, house.id),
        "may_release": sharing is not None and actor.may(May.RELEASE_FIGURES, house.id),
        "many_houses": sum(actor.may(May.READ_FIGURES, house_id) for house_id in actor.roles) > 1,
        "keeps_beds": actor.may(May.KEEP_BEDS, house.id),
        "keeps_shifts": actor.may(May.KEEP_SHIFTS, house.id),
    }


def _lines(what: Asked) -> list[tuple[object, ...]]:
    head = (_("Section"), _("Figure"), _("Number"), _("Out of"), _("of what"), _("Comes to"), _("In words"))
    lines: list[tuple[object, ...]] = [
        (_("Period"), title_of(what), "", "", "", "", ", ".join(each.name for each in what.houses)),
        head,
    ]
    return lines + [_line(section, row) for section in found_for(what).sections for row in section.rows]


def _line(section: Section, row: Row) -> tuple[object, ...]:
    return (
        section.title,
        row.name,
        row.shown if row.number is None else row.number,
        row.of_shown if row.of is None else row.of,
        row.of_what,
        "" if row.value is None else round(row.value, 4),
        row.comes_to,
    )
