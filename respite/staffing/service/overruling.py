"""Somebody is put on although rules of the house speak against it: only with a reason, which stands beside the shift.

The judge is asked after the shift was written, so that what it says is of the shift as it is to stand; a refusal takes
the writing back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.errors import RulesAgainst
from respite.staffing.models import Override, Shift
from respite.staffing.roster.reasons import Reason
from respite.staffing.service.fitting import against

LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class Anyway:
    """Why somebody is put on all the same. `read` marks the reasons that were read; none: whatever they are."""

    why: str = ""
    read: str | None = None


def must_fit(session: Session, shift: Shift, anyway: Anyway, actor: Actor, now: datetime) -> None:
    """Ask the judge about whoever was just put on a shift, inside the caller's transaction.

    Where rules speak against it, `anyway` stands beside the shift. What is over is written down as it was, and not
    judged. Raises RulesAgainst without a reason, or where others speak against it than those that were read.
    """
    session.flush()
    session.execute(sa.delete(Override).where(Override.shift_id == shift.id))
    if shift.person_id is None or shift.ends_at <= now:
        return
    house = session.get_one(House, shift.house_id)
    reasons = against(session, house, shift.person_id, shift.id, now)
    if not reasons:
        return
    refusal = RulesAgainst(reasons, local(shift.starts_at, house.timezone).date())
    if not anyway.why.strip() or anyway.read not in (None, refusal.mark):
        raise refusal
    write_down(session, shift, reasons, anyway.why, actor, now)


def write_down(
    session: Session, shift: Shift, reasons: Sequence[Reason], why: str, actor: Actor, now: datetime
) -> None:
    """Who decided that whoever has a shift has it although these rules speak against it, and why."""
    session.add(
        Override(
            house_id=shift.house_id,
            shift_id=shift.id,
            person_id=shift.person_id,
            rules=rules_of(reasons),
            why=why.strip()[:LONGEST_WHY],
            by=actor.ref,
            at=now,
        )
    )
    session.flush()


def keep_in_step(session: Session, shift: Shift, now: datetime) -> None:
    """The shift has other hands or hours: what was decided of somebody else goes, and each rule that speaks no more.

    A rule that nobody decided about is not added to what somebody did.
    """
    for row in session.scalars(sa.select(Override).where(Override.shift_id == shift.id)).all():
        if row.person_id != shift.person_id:
            session.delete(row)
        elif shift.ends_at > now:
            house = session.get_one(House, shift.house_id)
            still = set(rules_of(against(session, house, row.person_id, shift.id, now))) & set(row.rules)
            if still:
                row.rules = sorted(still)
            else:
                session.delete(row)


def rules_of(reasons: Sequence[Reason]) -> list[str]:
    """The names of the rules, each once."""
    return sorted({str(each.rule) for each in reasons})
