"""Who was put on although a rule spoke against it: by whom, and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.queries import names_of
from respite.staffing.models import Override, Shift


@dataclass(frozen=True, slots=True)
class Overruled:
    rules: tuple[str, ...]  # names of roster.reasons.Rule
    why: str
    by: str  # in words
    at: datetime


def overruled(session: Session, shift_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Overruled]:
    """What was decided about whoever has each of these shifts."""
    return _found(
        session,
        sa.select(Override)
        .join(Shift, Shift.id == Override.shift_id)
        .where(
            Override.shift_id.in_(list(shift_ids)),
            Override.roster_id.is_(None),
            Override.person_id == Shift.person_id,
        ),
    )


def overruled_in(session: Session, roster_id: uuid.UUID) -> dict[uuid.UUID, Overruled]:
    """What was decided in a draft, by shift."""
    return _found(session, sa.select(Override).where(Override.roster_id == roster_id))


def _found(session: Session, asked: sa.Select[Override]) -> dict[uuid.UUID, Overruled]:
    rows = session.scalars(asked.order_by(Override.shift_id, Override.at)).all()
    names = names_of(session, {row.by for row in rows})
    return {
        shift_id: _as_one([Overruled(tuple(row.rules), row.why, names.get(row.by, ""), row.at) for row in several])
        for shift_id, several in groupby(rows, lambda row: row.shift_id)
    }


def _as_one(decisions: list[Overruled]) -> Overruled:
    """A rule that came between the draft and its publishing was decided about apart, perhaps by somebody else."""
    return Overruled(
        rules=tuple(dict.fromkeys(rule for each in decisions for rule in each.rules)),
        why=" · ".join(dict.fromkeys(each.why for each in decisions)),
        by=", ".join(dict.fromkeys(each.by for each in decisions)),
        at=decisions[-1].at,
    )
