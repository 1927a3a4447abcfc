"""Which period is asked for, of which houses, and whether for the house alone or to be told to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import request, url_for
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.reports.policy.periods import LONGEST, ONE_DAY, Period, month_of, quarter_of, year_of
from respite.reports.queries import Shared, shared_by, year_begins_in
from respite.reports.views.words import long_words, period_words

INSIDE, TO_TELL, ALL = "inside", "to-tell", "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to read. `inside`: with small counts of people too, for the house alone."""

    house: House
    houses: tuple[House, ...]
    now: datetime
    inside: bool
    may_inside: bool
    period: Period | None
    choices: tuple[tuple[Period, str], ...]
    sentence: str | None = None

    @property
    def together(self) -> bool:
        return len(self.houses) > 1

    @property
    def today(self) -> date:
        return local(self.now, self.house.timezone).date()

    @property
    def days_begun(self) -> int:
        """How many days of the period are over or have begun."""
        assert self.period is not None
        return max(0, min(self.period.days, (self.today - self.period.first).days + 1))

    def query(
        self, *, inside: bool | None = None, period: Period | None = None, houses: bool | None = None
    ) -> dict[str, str]:
        chosen = period or self.period
        found = {"view": INSIDE if (self.inside if inside is None else inside) else TO_TELL}
        if chosen is not None:
            found |= {"from": chosen.first.isoformat(), "to": chosen.last.isoformat()}
        if self.together if houses is None else houses:
            found["houses"] = ALL
        return found

    def url(self, endpoint: str, **changed: object) -> str:
        return url_for(f"reports.{endpoint}", slug=self.house.slug, **self.query(**changed))  # type: ignore[arg-type]


def asked(house: House, *, to_tell: bool) -> Asked:
    """What the address asks for. `to_tell` is how it is meant where it does not say.

    Raises NotFound for the house's own view where somebody may read only what is told.
    """
    now = house_now()
    may_inside = acting().may(May.READ_WHOLE_FIGURES, house.id)
    view = request.args.get("view", TO_TELL if to_tell or not may_inside else INSIDE)
    inside = view == INSIDE
    if inside and not may_inside:
        raise NotFound
    right = May.READ_WHOLE_FIGURES if inside else May.READ_FIGURES
    houses = _houses(right) if request.args.get("houses") == ALL else (house,)
    if inside:
        choices = _usual(house, now)
        period, sentence = _typed(), None
        if period is None:
            sentence = _("Please give two days, up to five years apart.") if _typed_something() else None
            period = choices[1][0]
        return Asked(house, houses, now, True, may_inside, period, choices, sentence)
    told = [shared_by(db.session(), each.id) for each in houses]
    periods = _told_by_all(told)
    period, sentence = _typed(), None
    if period not in periods:
        sentence = (
            _("To others, only whole months, quarters and years that are closed are told.")
            if _typed_something()
            else None
        )
        period = periods[0] if periods else None
    return Asked(
        house, houses, now, False, may_inside, period, tuple((each, long_words(each)) for each in periods), sentence
    )


def _houses(right: May) -> tuple[House, ...]:
    """Every house in which who asks has the right, by name."""
    ids = [house_id for house_id in acting().roles if acting().may(right, house_id)]
    return tuple(db.session.scalars(sa.select(House).where(House.id.in_(ids)).order_by(House.name, House.id)))


def _told_by_all(told: list[Shared | None]) -> list[Period]:
    if any(each is None for each in told):
        return []
    first, *others = (each.periods for each in told if each is not None)
    return [period for period in first if all(period in each for each in others)]


def _usual(house: House, now: datetime) -> tuple[tuple[Period, str], ...]:
    today = local(now, house.timezone).date()
    begins = year_begins_in(db.session(), house.id)
    month, quarter, year = month_of(today), quarter_of(today, begins), year_of(today, begins)
    before = [
        month_of(month.first - ONE_DAY),
        quarter_of(quarter.first - ONE_DAY, begins),
        year_of(year.first - ONE_DAY, begins),
    ]
    names = (
        (month, _("This month")),
        (before[0], _("Last month")),
        (quarter, _("This quarter")),
        (before[1], _("Last quarter")),
        (year, _("This fiscal year")),
        (before[2], _("Last fiscal year")),
    )
    return tuple((period, name) for period, name in names)


def _typed_something() -> bool:
    return bool(request.args.get("from") or request.args.get("to") or request.args.get("period"))


def _typed() -> Period | None:
    """The days of the address: a first and a last, or both in one word, as a list of choices sends them."""
    first, last = request.args.get("from", ""), request.args.get("to", "")
    if request.args.get("period"):
        first, _to, last = request.args["period"].partition("_")
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY)
    except (ValueError, OverflowError):
        return None
    sound = date(2000, 1, 1) <= period.first and period.until <= date(2200, 1, 1)
    return period if sound and 0 < period.days <= LONGEST else None


def title_of(asked: Asked) -> str:
    return period_words(asked.period) if asked.period is not None else ""
