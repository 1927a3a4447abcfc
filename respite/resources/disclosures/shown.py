"""What may be told, and was, as pages show it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.times import day_and_month, moment_words
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.resources.disclosures.facts import HOW
from respite.resources.disclosures.models import Disclosure, DisclosureTold
from respite.resources.disclosures.policy import How, Standing, mark_of
from respite.resources.disclosures.service import standing_of


@dataclass(frozen=True, slots=True)
class Line:
    """One text for one recipient. `mark` says which text was read; `told` are the times that it was told."""

    id: uuid.UUID
    recipient: str
    purpose: str
    text: str
    mark: str
    until: str
    once: bool
    standing: Standing
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Told:
    id: uuid.UUID
    when: str
    how: str
    by: str
    on_paper: bool


def lines_of(session: Session, guest_id: uuid.UUID, house: House, now: datetime) -> list[Line]:
    """Of a guest, the newest first."""
    mine = sa.select(Disclosure).where(Disclosure.guest_id == guest_id)
    rows = session.scalars(mine.order_by(Disclosure.written_at.desc(), Disclosure.id)).all()
    return [line_of(session, row, house, now) for row in rows]


def line_of(session: Session, row: Disclosure, house: House, now: datetime) -> Line:
    theirs = sa.select(DisclosureTold).where(DisclosureTold.disclosure_id == row.id)
    told = session.scalars(theirs.order_by(DisclosureTold.at.desc(), DisclosureTold.id)).all()
    names = names_of(session, {each.made_by for each in told})
    return Line(
        id=row.id,
        recipient=row.recipient or "",
        purpose=row.purpose or "",
        text=row.text or "",
        mark=mark_of(row.text or ""),
        until=day_and_month(row.until, year=True),
        once=row.once,
        standing=standing_of(session, row, now),
        told=tuple(
            Told(
                each.id,
                moment_words(each.at, house.timezone, now),
                str(HOW[How(each.how)]),
                names.get(each.made_by, ""),
                each.how == How.PAPER,
            )
            for each in told
        ),
    )
