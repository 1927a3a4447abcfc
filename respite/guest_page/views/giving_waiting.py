"""Where a peer gives somebody who waits the way to their page."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from respite.accounts.roles import May
from respite.core.db import db
from respite.guest_page.views.giving import give_to
from respite.guest_page.views.routes import given
from respite.guests.models import Waiting
from respite.guests.service.waiting import must_be_waiting
from respite.houses.access import for_row
from respite.houses.models import House


@given.post("/waiting/<uuid:waiting_id>/own-page")
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def give_waiting(waiting: Waiting) -> ResponseReturnValue:
    """The link of somebody on the list, drawn once."""
    row = must_be_waiting(waiting, waiting.house_id)
    assert row.guest_id is not None, "who waits is somebody"
    house = db.session.get_one(House, row.house_id)
    return give_to(row.guest_id, house.id, url_for("guests.waiting_page", slug=house.slug))
