"""All that a house counts for some of its days, put together from each part of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.unseen import counted_whole
from respite.houses.models import House
from respite.reports.counting import asking, beds, connecting, following, staff, stays, visits
from respite.reports.counting.asked import Asked
from respite.reports.policy.atoms import Atoms, total
from respite.reports.policy.periods import Period

PARTS = (asking.count, stays.count, beds.count, visits.count, following.count, connecting.count, staff.count)


def count(session: Session, house: House, period: Period, year_begins: int, now: datetime) -> Atoms:
    """What the house counted in the period: the same for whoever asks, whoever is kept from whom."""
    asked = Asked(session, house, period, year_begins, now)
    with counted_whole():
        return total(part(asked) for part in PARTS)
