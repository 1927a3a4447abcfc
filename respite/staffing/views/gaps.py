"""Gaps on pages: their lines, and where something can be done about what is not given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.staffing.queries.gaps import gaps_ahead
from respite.staffing.views.gap_words import gap_lines

MOST_LINES = 8


def roster_page(slug: str) -> str:
    """Where shifts are given out."""
    return url_for("staffing.roster", slug=slug)


def gaps_shown(session: Session, house: House, now: datetime) -> dict[str, Any]:
    """What `staffing/_gaps.html` is drawn from."""
    ahead = gaps_ahead(session, house, now)
    return {
        "gap_lines": gap_lines(ahead.gaps, house.timezone, now, ahead.names, MOST_LINES),
        "roster_page": roster_page(house.slug),
    }
