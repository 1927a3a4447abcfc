"""What periods, ends of stays and totals are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.times import day_and_month
from respite.guests.policy.stay_states import EndKind
from respite.reports.policy.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, month_after, month_of

TOTALS: dict[str, Any] = {
    "stays-ended": _l("Stays that ended"),
    "new-guests": _l("Different guests in the fiscal year"),
    "visits": _l("Visits to the living room"),
}


def ended_words(kind: str) -> str:
    return {
        EndKind.AS_PLANNED: _("As planned"),
        EndKind.SOONER_OWN_CHOICE: _("Sooner, by their own choice"),
        EndKind.ASKED_TO_LEAVE: _("The house asked them to leave"),
        EndKind.TAKEN_BY_AMBULANCE: _("With an ambulance"),
        EndKind.TAKEN_BY_POLICE: _("Taken by the police"),
    }[EndKind(kind)]


def month_words(first: date) -> str:
    return str(format_date(first, "MMMM y"))


def period_words(period: Period) -> str:
    """ "October 2026", "October to December 2026" where it is whole months, else its first and last day."""
    if period.first.day == 1 and period.until.day == 1:
        if period == month_of(period.first):
            return month_words(period.first)
        return str(
            _("%(first)s to %(last)s", first=month_words(period.first), last=month_words(month_of(period.last).first))
        )
    return str(
        _(
            "%(first)s to %(last)s",
            first=day_and_month(period.first, year=True),
            last=day_and_month(period.last, year=True),
        )
    )


def long_words(period: Period) -> str:
    """What kind of period it is, for those that can be told."""
    if month_after(period.first, MONTHS_OF_YEAR) == period.until:
        return str(_("Year: %(period)s", period=period_words(period)))
    if month_after(period.first, MONTHS_OF_QUARTER) == period.until:
        return str(_("Quarter: %(period)s", period=period_words(period)))
    return period_words(period)


def month_names() -> list[str]:
    return [str(format_date(date(2024, month, 1), "LLLL")) for month in range(1, 13)]
