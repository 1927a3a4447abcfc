"""Reads of what a house tells others."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.reports.models import FigureMonth, FigureRelease, FigureSharing
from respite.reports.policy.atoms import Atoms, total
from respite.reports.policy.families import Family, families_in
from respite.reports.policy.periods import Period, whole_periods
from respite.reports.policy.telling import ByMonth, told

#: In which month a year begins where the house has not said.
JANUARY = 1


@dataclass(frozen=True, slots=True)
class Shared:
    """What a house has closed so far, and for which periods each count of people is told."""

    year_begins: int
    months: Mapping[date, Atoms] = field(default_factory=dict)
    told: Mapping[str, frozenset[Period]] = field(default_factory=dict)

    @property
    def periods(self) -> list[Period]:
        return whole_periods(self.months, self.year_begins)

    def atoms(self, period: Period) -> Atoms:
        return total(atoms for first, atoms in self.months.items() if period.first <= first < period.until)

    def tells(self, period: Period) -> frozenset[str]:
        return frozenset(name for name, periods in self.told.items() if period in periods)


def sharing_of(session: Session, house_id: uuid.UUID) -> FigureSharing | None:
    return session.scalar(sa.select(FigureSharing).where(FigureSharing.house_id == house_id))


def year_begins_in(session: Session, house_id: uuid.UUID) -> int:
    sharing = sharing_of(session, house_id)
    return sharing.year_begins if sharing is not None else JANUARY


def closed_months(session: Session, house_id: uuid.UUID) -> dict[date, Atoms]:
    rows = session.execute(
        sa.select(FigureMonth.month, FigureMonth.body)
        .where(FigureMonth.house_id == house_id)
        .order_by(FigureMonth.month)
    )
    return {month: Atoms.from_body(body) for month, body in rows}


def releases_of(session: Session, house_id: uuid.UUID) -> Sequence[FigureRelease]:
    return session.scalars(
        sa.select(FigureRelease)
        .where(FigureRelease.house_id == house_id)
        .order_by(FigureRelease.made_at.desc(), FigureRelease.id)
    ).all()


def shared_by(session: Session, house_id: uuid.UUID) -> Shared | None:
    """None for a house that does not tell its figures."""
    sharing = sharing_of(session, house_id)
    if sharing is None:
        return None
    months = closed_months(session, house_id)
    if not months:
        return Shared(sharing.year_begins)
    released: dict[str, set[Period]] = defaultdict(set)
    for row in releases_of(session, house_id):
        released[row.what].add(Period(row.first, row.until))
    return Shared(sharing.year_begins, months, decided(months, sharing.year_begins, released))


def decided(
    months: Mapping[date, Atoms], year_begins: int, released: Mapping[str, Collection[Period]]
) -> dict[str, frozenset[Period]]:
    """For which periods each count of people is told. A count stands before its parts."""
    found: dict[str, frozenset[Period]] = {}
    families = families_in(months.values())
    for name, family in families.items():
        adds_up = len(family.parts) > 1 or family.rests
        periods = told(
            by_month(family, months),
            year_begins,
            released.get(name, ()),
            years_only=family.years_only,
            within=found[family.whole] if family.whole is not None else None,
            rests=by_month(family, months, of=Family.rests_of),
            whole=by_month(families[family.whole], months)[0] if family.whole is not None and adds_up else None,
        )
        found[name] = frozenset(periods)
    return found


def by_month(
    family: Family, months: Mapping[date, Atoms], of: Callable[[Family, Atoms], tuple[int, ...]] = Family.of
) -> list[ByMonth]:
    """Each part of a family, by month."""
    found = {first: of(family, atoms) for first, atoms in months.items()}
    return [{first: parts[n] for first, parts in found.items()} for n in range(len(next(iter(found.values()))))]
