"""The house's texts: who wrote, what to read soon, what a person has to decide, what waits and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.audit.queries import versions
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.views.inbox_shown import inbox_values
from respite.messaging.views.live import line_values, lived, parts_of
from respite.messaging.views.routes import blueprint

#: The event log's part, and what else a change of it may show differently.
PARTS = {
    "texts-line": "messaging/_line.html",
    "texts": "messaging/_threads.html",
    "texts-soon": "messaging/_soon.html",
    "texts-deciding": "messaging/_deciding.html",
    "texts-waiting": "messaging/_waiting.html",
}


@blueprint.get("/houses/<slug>/texts")
@for_house(May.KEEP_TEXTS)
def inbox(house: House) -> ResponseReturnValue:
    values, version, next_at = _values(house)
    parts_url = url_for("messaging.inbox_parts", slug=house.slug)
    return drawn("messaging/inbox.html", **values, **lived(house, version, next_at, parts_url))


@blueprint.get("/houses/<slug>/texts/parts")
@for_house(May.KEEP_TEXTS)
def inbox_parts(house: House) -> ResponseReturnValue:
    values, version, next_at = _values(house)
    return parts_of(PARTS, values, version, next_at)


def _values(house: House) -> tuple[dict[str, Any], int, datetime]:
    # Read first: rows read after it are at least as new, so a page is never older than its version.
    version = versions(house.id)[0]
    session = db.session()
    values, next_at = inbox_values(session, acting(), house, house_now())
    here = url_for("messaging.inbox", slug=house.slug)
    may_set = acting().may(May.SET_RULES, house.id)
    return {**values, **line_values(session, house), "here": here, "may_set": may_set}, version, next_at
