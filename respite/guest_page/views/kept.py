"""Everything that is kept about the guest and who looked: to read, to print, and as a file to take along."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.facts import Reading, a_moment
from respite.core.redraw import drawn
from respite.guest_page.access import for_page
from respite.guest_page.record import Look, Section, letters_of, looks_of, reading_of, sections_of
from respite.guest_page.service.opening import Page
from respite.guest_page.views.routes import blueprint
from respite.houses.models import House

#: Rows of one kind, and looks, that the page shows; the record has them all.
MOST_SHOWN = 12


@blueprint.get("/g/<token>/kept")
@for_page()
def kept(page: Page) -> ResponseReturnValue:
    reading, sections, looks = _all(page)
    return drawn(
        "guest_page/kept.html",
        token=page.token,
        sections=sections,
        looks=looks,
        letters=letters_of(reading),
        most=MOST_SHOWN,
    )


@blueprint.get("/g/<token>/record")
@for_page()
def record(page: Page) -> ResponseReturnValue:
    """The whole of it on one sheet, for paper."""
    reading, sections, looks = _all(page)
    return drawn(
        "guest_page/record.html",
        token=page.token,
        sections=sections,
        looks=looks,
        letters=letters_of(reading),
        place=db.session.get_one(House, page.house_id).name,
        made=a_moment(reading.now, reading),
    )


@blueprint.get("/g/<token>/record.json")
@for_page()
def record_file(page: Page) -> ResponseReturnValue:
    """The whole of it as a file, for people and for programs. Its name says nothing."""
    reading, sections, looks = _all(page)
    told = {
        "made_at": reading.now.isoformat(),
        "house": db.session.get_one(House, page.house_id).name,
        "kept": [
            {
                "title": section.title,
                "table": section.table,
                "rows": [
                    [
                        {"column": said.column, "label": said.label, "words": said.words, "value": _plain(said.value)}
                        for said in row
                    ]
                    for row in section.rows
                ],
            }
            for section in sections
        ],
        "looked": [{"who": look.who, "what": look.what, "at": look.at.isoformat()} for look in looks],
        "letters": [
            {"who": each.who or "guest", "stay": str(each.stay_id), "at": each.at.isoformat()}
            for each in letters_of(reading)
        ],
    }
    end_read()
    response = Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-page.json"'
    return response


def _all(page: Page) -> tuple[Reading, list[Section], list[Look]]:
    reading = reading_of(db.session(), page, house_now())
    return reading, sections_of(reading), looks_of(reading)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, bool | int | float) else str(value)
