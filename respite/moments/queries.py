"""Reads of hard moments: by whoever keeps beds in the house, and what a guest reads of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.guests.models import Guest, Stay, Visit
from respite.moments.models import EarlierFact, HardMoment, MomentAccount, MomentFact, MomentRules
from respite.moments.policy import KEEP_YEARS, KNOWN

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact or an account, as they follow each other."""

    at: datetime
    fact: MomentFact | None = None
    account: MomentAccount | None = None
    guest: Guest | None = None
    earlier: list[EarlierFact] = field(default_factory=list)


def moments_of(session: Session, house_id: uuid.UUID) -> Sequence[HardMoment]:
    """The open ones first, then the latest."""
    mine = sa.select(HardMoment).where(HardMoment.house_id == house_id)
    return session.scalars(
        mine.order_by(HardMoment.put_away_at.is_not(None), HardMoment.began_at.desc(), HardMoment.id).limit(SHOWN)
    ).all()


def how_many_open(house_id: uuid.UUID) -> sa.ScalarSelect[int]:
    open_ones = (HardMoment.house_id == house_id, HardMoment.put_away_at.is_(None))
    return sa.select(sa.func.count(HardMoment.id)).where(*open_ones).scalar_subquery()


def story_of(session: Session, moment_id: uuid.UUID) -> list[Entry]:
    """Facts and finished accounts in time order; of what is said to be at one time, the guest's words come first."""
    earlier: dict[uuid.UUID, list[EarlierFact]] = {}
    of_moment = sa.select(MomentFact.id).where(MomentFact.moment_id == moment_id)
    for row in session.scalars(
        sa.select(EarlierFact).where(EarlierFact.fact_id.in_(of_moment)).order_by(EarlierFact.until, EarlierFact.id)
    ):
        earlier.setdefault(row.fact_id, []).append(row)
    facts = session.scalars(sa.select(MomentFact).where(MomentFact.moment_id == moment_id)).all()
    accounts = session.execute(
        sa.select(MomentAccount, Guest)
        .outerjoin(Guest, Guest.id == MomentAccount.guest_id)
        .where(MomentAccount.moment_id == moment_id, MomentAccount.finished_at.is_not(None))
    ).all()
    entries = [Entry(row.at, fact=row, earlier=earlier.get(row.id, [])) for row in facts]
    entries += [Entry(account.at, account=account, guest=guest) for account, guest in accounts]
    return sorted(entries, key=_in_order)


def _in_order(entry: Entry) -> tuple[datetime, bool, datetime]:
    row = entry.account or entry.fact
    assert row is not None
    return entry.at, entry.account is None, row.made_at if isinstance(row, MomentAccount) else row.told_at


def accounts_asked(session: Session, moment_id: uuid.UUID) -> dict[uuid.UUID, MomentAccount]:
    """By guest: who is asked, or has given one."""
    rows = session.scalars(sa.select(MomentAccount).where(MomentAccount.moment_id == moment_id))
    return {row.guest_id: row for row in rows if row.guest_id is not None}


def guests_around(session: Session, moment: HardMoment, now: datetime) -> Sequence[Guest]:
    """Whoever with a name was in the house at its begin, or came since: any of them may have something to say."""
    found: set[uuid.UUID] = set()
    for model in (Stay, Visit):
        rows = session.scalars(
            sa.select(model.guest_id).where(
                model.house_id == moment.house_id,
                model.guest_id.is_not(None),
                model.arrived_at <= now,
                sa.or_(model.left_at.is_(None), model.left_at >= moment.began_at),
            )
        )
        found |= {guest_id for guest_id in rows if guest_id is not None}
    guests = session.scalars(sa.select(Guest).where(Guest.id.in_(found))).unique().all()
    return sorted(guests, key=lambda guest: ((guest.name or "").casefold(), guest.id))


def accounts_of_guest(session: Session, guest_id: uuid.UUID) -> list[tuple[MomentAccount, HardMoment]]:
    rows = session.execute(
        sa.select(MomentAccount, HardMoment)
        .join(HardMoment, HardMoment.id == MomentAccount.moment_id)
        .where(MomentAccount.guest_id == guest_id)
        .order_by(HardMoment.began_at.desc(), MomentAccount.id)
    )
    return [(account, moment) for account, moment in rows]


def rules_of(session: Session, house_id: uuid.UUID) -> MomentRules:
    """The house's own, or those it begins with, which are no row yet (version 0)."""
    row = session.scalar(sa.select(MomentRules).where(MomentRules.house_id == house_id))
    if row is not None:
        return row
    return MomentRules(house_id=house_id, titles=list(KNOWN), keep_years=KEEP_YEARS, line_name="", version=0)
