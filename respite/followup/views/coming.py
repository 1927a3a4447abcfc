"""What the house has planned for those who left: by day, and whose it is."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.redraw import drawn
from respite.core.times import clock_words, day_words
from respite.followup.models import FollowUp
from respite.followup.queries import coming as coming_rows
from respite.followup.views.routes import blueprint
from respite.followup.words import WAYS, window_words
from respite.guests.models import Guest
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local

AHEAD = timedelta(days=92)


@blueprint.get("/houses/<slug>/after")
@for_house(May.KEEP_TEXTS)
def coming(house: House) -> ResponseReturnValue:
    now = house_now()
    rows = coming_rows(db.session(), house.id, now, AHEAD)
    today = local(now, house.timezone).date()

    def day(each: tuple[FollowUp, Guest]) -> str:
        at = each[0].planned_at
        assert at is not None, "planned rows alone are coming"
        return day_words(local(at, house.timezone).date(), today)

    days = [(name, [_line(row, guest, house) for row, guest in lines]) for name, lines in groupby(rows, day)]
    return drawn("followup/coming.html", house=house, days=days, sets_rules=acting().may(May.SET_RULES, house.id))


def _line(row: FollowUp, guest: Guest, house: House) -> dict[str, str | None]:
    assert row.planned_at is not None
    return {
        "name": guest.name,
        "url": url_for("guests.stay_page", stay_id=row.stay_id),
        "way": str(WAYS[row.way]),
        "window": window_words(row.window),
        "at": clock_words(row.planned_at, house.timezone),
    }
