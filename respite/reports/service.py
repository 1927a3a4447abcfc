"""A house begins to tell its figures, its months are closed, and a total is released to a funder."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import db, transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.reports import events
from respite.reports.counting import count
from respite.reports.errors import AlreadyShared, NotClosed, TellsOfOthers
from respite.reports.models import FigureMonth, FigureRelease, FigureSharing
from respite.reports.policy.families import FAMILIES
from respite.reports.policy.periods import Period, month_after, month_of
from respite.reports.policy.telling import may_release
from respite.reports.queries import by_month, releases_of, shared_by, sharing_of

#: What is written down late is still counted for so long after a month is over.
CLOSED_AFTER = timedelta(days=7)
LONGEST_FUNDER = 80


def begin_sharing(actor: Actor, house_id: uuid.UUID, *, year_begins: int, now: datetime) -> FigureSharing:
    """From now on the house tells its figures: each month is closed a week after it is over. There is no way back from
    the month in which the year begins. Raises AlreadyShared."""
    if not 1 <= year_begins <= 12:
        raise Invalid(fields={"year_begins": _("Please choose a month.")})
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        if sharing_of(session, house_id) is not None:
            raise AlreadyShared
        row = FigureSharing(house_id=house_id, year_begins=year_begins, began_at=now, made_by=actor.ref)
        session.add(row)
        session.flush()
        record(
            session,
            house_id,
            events.SHARING_BEGAN,
            subject=house_id,
            actor=actor,
            at=now,
            year_begins=year_begins,
        )
        _close(session, actor, session.get_one(House, house_id), row.year_begins, now)
    return row


def close_months(now: datetime) -> int:
    """Close what is over, of each house that tells its figures; how many months."""
    houses = list(db.session.scalars(sa.select(FigureSharing.house_id).order_by(FigureSharing.house_id)))
    db.session.rollback()
    return sum(_close_of(house_id, now) for house_id in houses)


def _close_of(house_id: uuid.UUID, now: datetime) -> int:
    with transaction() as session:
        lock_house(session, CLOCK, house_id, May.SET_RULES)
        sharing = sharing_of(session, house_id)
        if sharing is None:
            return 0
        return _close(session, CLOCK, session.get_one(House, house_id), sharing.year_begins, now)


def _close(session: Session, actor: Actor, house: House, year_begins: int, now: datetime) -> int:
    last = session.scalar(sa.select(sa.func.max(FigureMonth.month)).where(FigureMonth.house_id == house.id))
    number = 0
    for first in _to_close(house, last, now):
        atoms = count(session, house, month_of(first), year_begins, now)
        session.add(FigureMonth(house_id=house.id, month=first, body=atoms.as_body(), closed_at=now))
        session.flush()
        record(session, house.id, events.MONTH_CLOSED, subject=house.id, actor=actor, at=now, month=first)
        number += 1
    return number


def _to_close(house: House, last: date | None, now: datetime) -> Iterator[date]:
    opened = local(house.made_at, house.timezone).date().replace(day=1)
    first = opened if last is None else month_after(last)
    today = local(now, house.timezone).date()
    while month_after(first) + CLOSED_AFTER <= today:
        yield first
        first = month_after(first)


def release(
    actor: Actor, house_id: uuid.UUID, *, what: str, period: Period, funder: str, now: datetime
) -> FigureRelease:
    """A director tells a funder one total. It is refused where the funder, or two who compare notes, could work out
    another small count from it, from all that is told and from all that was released before.

    Raises NotClosed, TellsOfOthers, Invalid.
    """
    funder = " ".join(funder.split())
    wrong = {}
    if not 1 <= len(funder) <= LONGEST_FUNDER:
        wrong["funder"] = _("Please name the funder, in up to %(most)s letters.", most=LONGEST_FUNDER)
    if what not in FAMILIES or not FAMILIES[what].is_total:
        wrong["what"] = _("Please choose a total.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.RELEASE_FIGURES)
        shared = shared_by(session, house_id)
        if shared is None or period not in shared.periods:
            raise NotClosed
        rows = releases_of(session, house_id)
        same = next((row for row in rows if _is(row, what, period) and row.funder == funder), None)
        if same is not None:
            return same
        family = FAMILIES[what]
        before = {Period(row.first, row.until) for row in rows if row.what == what}
        counts, years_only = by_month(family, shared.months)[0], family.years_only
        if not may_release(counts, shared.year_begins, before, period, years_only=years_only):
            raise TellsOfOthers
        row = FigureRelease(
            house_id=house_id,
            what=what,
            first=period.first,
            until=period.until,
            number=sum(family.of(shared.atoms(period))),
            funder=funder,
            made_at=now,
            made_by=actor.ref,
        )
        session.add(row)
        session.flush()
        record(
            session,
            house_id,
            events.TOTAL_RELEASED,
            subject=row.id,
            actor=actor,
            at=now,
            what=what,
            first_day=period.first,
            until=period.until,
        )
    return row


def _is(row: FigureRelease, what: str, period: Period) -> bool:
    return row.what == what and Period(row.first, row.until) == period
