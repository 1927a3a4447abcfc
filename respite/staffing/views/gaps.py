"""Gaps on pages: their lines, and where something can be done about what is not given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.staffing.queries.gaps import gaps_ahead
from respite.staffing.views.gap_words import gap_lines

MOST_LINES = 8
_ROSTER = "/houses/<slug>/roster"


def roster_page(slug: str) -> str:
    """Where shifts are given out: the drafts of rosters, or the list."""
    found = (rule.endpoint for rule in current_app.url_map.iter_rules() if rule.rule == _ROSTER)
    return url_for(next(found, "staffing.shifts"), slug=slug)


def gaps_shown(session: Session, house: House, now: datetime) -> dict[str, Any]:
    """What `staffing/_gaps.html` is drawn from."""
    ahead = gaps_ahead(session, house, now)
    return {
        "gap_lines": gap_lines(ahead.gaps, house.timezone, now, ahead.names, MOST_LINES),
        "roster_page": roster_page(house.slug),
    }
