"""What was counted for what is asked, drawn as sections and charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import format_percent
from flask_babel import gettext as _

from respite.accounts.unseen import counted_whole
from respite.accounts.words import role_words
from respite.core.db import db
from respite.followup.queries import plan_now
from respite.guests.models import ContactKind, NoBed
from respite.guests.views.contact_words import kind_words, known_sources, reason_words
from respite.houses.models import House
from respite.reports.charts import Bar, Chart, chart
from respite.reports.counting import beds, count
from respite.reports.counting.asked import Asked as Days
from respite.reports.counting.stays import guests_in
from respite.reports.counting.visits import visitors_in
from respite.reports.policy.atoms import Atoms, total
from respite.reports.policy.periods import Period, month_of, months_in
from respite.reports.queries import Shared, shared_by, year_begins_in
from respite.reports.views.asked import Asked
from respite.reports.views.rows import Section, Telling
from respite.reports.views.sections import Counted, Inside, sections_of
from respite.reports.views.words import month_words
from respite.staffing.queries.credential_gaps import gaps_of

MOST_BARS = 24
EVERYTHING = Telling(everything=True)


@dataclass(frozen=True, slots=True)
class Found:
    sections: tuple[Section, ...] = ()
    charts: tuple[Chart, ...] = ()


def found_for(asked: Asked) -> Found:
    if asked.period is None:
        return Found()
    shared = () if asked.inside else tuple(_shared(asked))
    counted = _inside(asked, asked.period) if asked.inside else _to_tell(asked, asked.period, shared)
    by_month = list(_months(asked, asked.period, shared))
    return Found(tuple(sections_of(counted)), tuple(_charts(counted, by_month)))


def _inside(asked: Asked, period: Period) -> Counted:
    session = db.session()
    atoms, guests, visitors, credentials = Atoms(), 0, 0, []
    for house in asked.houses:
        begins = year_begins_in(session, house.id)
        atoms = atoms + count(session, house, period, begins, asked.now)
        days = Days(session, house, period, begins, asked.now)
        with counted_whole():
            guests, visitors = guests + len(guests_in(days)), visitors + len(visitors_in(days))
        credentials += list(_credentials(house, asked))
    inside = Inside(guests, visitors, tuple(credentials))
    return Counted(atoms, period, EVERYTHING, asked.days_begun, inside, _sources(asked.houses), _windows(asked.houses))


def _credentials(house: House, asked: Asked) -> Iterable[tuple[str, int, int]]:
    for role in gaps_of(db.session(), house, asked.now).roles:
        for need in role.needs:
            words = _("%(what)s: %(role)s", what=need.versions.name, role=role_words(role.role))
            yield (f"{house.name}, {words}" if asked.together else words), need.holds, need.people


def _to_tell(asked: Asked, period: Period, shared: Sequence[Shared]) -> Counted:
    """What every one of the houses tells of the period; of all together, no more than each tells of itself."""
    told = frozenset.intersection(*(each.tells(period) for each in shared))
    atoms = total(each.atoms(period) for each in shared)
    return Counted(
        atoms,
        period,
        Telling(everything=False, told=told),
        asked.days_begun,
        None,
        _sources(asked.houses),
        _windows(asked.houses),
    )


def _sources(houses: Iterable[House]) -> dict[str, str]:
    return {mark: words for house in houses for mark, (words, _shown) in known_sources(db.session(), house.id).items()}


def _windows(houses: Iterable[House]) -> tuple[str, ...]:
    return tuple(step.window for house in houses for step in plan_now(db.session(), house.id).on)


def _months(asked: Asked, period: Period, shared: Sequence[Shared]) -> Iterable[tuple[str, int, int, bool]]:
    """Of each month in it: nights slept, nights open, and whether the first is told."""
    for first in [first for first in months_in(period) if period.holds(month_of(first))][-MOST_BARS:]:
        atoms, told = _month(asked, month_of(first), shared)
        yield month_words(first), atoms.numbers["night.slept"], atoms.numbers["night.open"], told


def _month(asked: Asked, month: Period, shared: Sequence[Shared]) -> tuple[Atoms, bool]:
    session = db.session()
    if asked.inside:
        days = [Days(session, each, month, year_begins_in(session, each.id), asked.now) for each in asked.houses]
        return total(beds.count(each) for each in days), True
    return total(each.atoms(month) for each in shared), all("bed-nights" in each.tells(month) for each in shared)


def _shared(asked: Asked) -> list[Shared]:
    found = (shared_by(db.session(), house.id) for house in asked.houses)
    return [each for each in found if each is not None]


def _charts(counted: Counted, by_month: list[tuple[str, int, int, bool]]) -> Iterable[Chart]:
    bars = [_occupancy(*each) for each in by_month if each[2]]
    if len(bars) > 1 and any(bar.value is not None for bar in bars):
        yield chart("occupancy", _("Occupancy by month"), bars, _percent, most=100)
    kinds = counted.atoms.kinds("contact.")
    if sum(kinds.values()):
        found = [Bar(kind_words(kind), kinds.get(kind, 0), str(kinds.get(kind, 0))) for kind in ContactKind]
        yield chart("contacts", _("Contacts by kind"), found, _whole)
    reasons = counted.atoms.kinds("no-bed.")
    if sum(reasons.values()):
        found = [Bar(reason_words(each), reasons.get(each, 0), str(reasons.get(each, 0))) for each in NoBed]
        yield chart("no-bed", _("Why we could not offer a bed"), found, _whole)


def _occupancy(month: str, slept: int, free: int, told: bool) -> Bar:
    if not told:
        return Bar(month, None, _("not told"))
    words = _(
        "%(slept)s of %(free)s bed-nights, %(share)s",
        slept=slept,
        free=free,
        share=format_percent(slept / free, "#,##0.0 %"),
    )
    return Bar(month, 100 * slept / free, words)


def _percent(value: float) -> str:
    return str(format_percent(value / 100, "#,##0 %"))


def _whole(value: float) -> str:
    return str(round(value))
