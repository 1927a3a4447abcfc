"""Whose days are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.reports.policy.periods import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """A house and a period of it, as far as it is over. `begin` and `end` are its instants, half-open."""

    session: Session
    house: House
    period: Period
    year_begins: int
    now: datetime

    @property
    def begin(self) -> datetime:
        return day_begins(self.period.first, self.house.timezone)

    @property
    def end(self) -> datetime:
        return day_begins(self.period.until, self.house.timezone)
