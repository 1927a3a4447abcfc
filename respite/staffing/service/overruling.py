"""Somebody is put on although rules of the house speak against it: only with a reason, which stands beside the shift.

The judge is asked after the shift was written, so that what it says is of the shift as it is to stand; a refusal takes
the writing back. In a draft the reason waits with it until it is published.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.errors import Judged, RulesAgainst
from respite.staffing.models import Override, Roster, RosterSeat, Shift
from respite.staffing.roster.reasons import Reason, Rule
from respite.staffing.service.fitting import against

LONGEST_WHY = 200
ABOUT_OTHERS = (str(Rule.LEFT_WITHOUT),)  # the judge of one person knows nothing of it


@dataclass(frozen=True, slots=True)
class Anyway:
    """Why somebody is put on all the same. `read` marks the reasons that were read; none: whatever they are."""

    why: str = ""
    read: str | None = None


NOTHING_SAID = Anyway()


def must_fit(session: Session, shift: Shift, anyway: Anyway, actor: Actor, now: datetime) -> None:
    """Ask the judge about whoever was just put on a shift, inside the caller's transaction.

    Where rules speak against it, `anyway` stands beside the shift. What is over is written down as it was, and not
    judged. Raises RulesAgainst without a reason, or where others speak against it than those that were read.
    """
    all_must_fit(session, [(shift, shift.person_id)], anyway, actor, now)


def all_must_fit(
    session: Session,
    given: Sequence[tuple[Shift, uuid.UUID | None]],
    anyway: Anyway,
    actor: Actor,
    now: datetime,
    *,
    roster: Roster | None = None,
) -> None:
    """`must_fit` for several that were put on in one act, who have these shifts now; with `roster`, in its draft."""
    session.flush()
    session.execute(sa.delete(Override).where(Override.shift_id.in_([shift.id for shift, _who in given]), _of(roster)))
    judged = [found for shift, who in given if who is not None and (found := judge(session, shift, who, now, roster))]
    _only_with_a_reason(session, judged, anyway, actor, now, roster)


def published_must_fit(session: Session, shifts: Iterable[Shift], anyway: Anyway, actor: Actor, now: datetime) -> None:
    """`all_must_fit` for what a draft gives out: what was decided in it stands, and no more than that.

    A day off that was agreed since the draft was filled speaks here for the first time.
    """
    session.flush()
    judged = []
    for shift in shifts:
        found = judge(session, shift, shift.person_id, now) if shift.person_id is not None else None
        if found is not None:
            stands = _decided_about(session, found)
            reasons = tuple(
                each for each in found.reasons if stands.isdisjoint((each.rule, day) for day in _days(each))
            )
            judged += [replace(found, reasons=reasons)] if reasons else []
    _only_with_a_reason(session, judged, anyway, actor, now, None)


def _decided_about(session: Session, found: Judged) -> set[tuple[str, int]]:
    """The rules that were decided about this person, each with the day of its shift, counted as in the reasons."""
    zone = session.get_one(House, session.get_one(Shift, found.shift_id).house_id).timezone
    asked = (
        sa.select(Override.rules, Shift.starts_at)
        .join(Shift, Shift.id == Override.shift_id)
        .where(Override.person_id == found.person_id, Shift.person_id == found.person_id, _of(None))
    )
    return {
        (rule, (local(starts_at, zone).date() - found.day).days)
        for rules, starts_at in session.execute(asked)
        for rule in rules
    }


def _days(reason: Reason) -> set[int]:
    """The days of the shifts that break a rule together; who decided about one of them decided about it."""
    return {reason.day, *range(reason.day, reason.until), *([reason.other.day] if reason.other else [])}


def _only_with_a_reason(
    session: Session, judged: Sequence[Judged], anyway: Anyway, actor: Actor, now: datetime, roster: Roster | None
) -> None:
    if not judged:
        return
    refusal = RulesAgainst(judged)
    if not anyway.why.strip() or anyway.read not in (None, refusal.mark):
        raise refusal
    for each in judged:
        shift = session.get_one(Shift, each.shift_id)
        write_down(session, shift, each.reasons, anyway.why, actor, now, roster=roster, who=each.person_id)


def write_down(
    session: Session,
    shift: Shift,
    reasons: Sequence[Reason],
    why: str,
    actor: Actor,
    now: datetime,
    *,
    roster: Roster | None = None,
    who: uuid.UUID | None = None,
) -> None:
    """Who decided that whoever has a shift (or `who`, in the draft of `roster`) has it although these rules speak
    against it, and why."""
    session.add(
        Override(
            house_id=shift.house_id,
            shift_id=shift.id,
            person_id=who or shift.person_id,
            roster_id=roster.id if roster is not None else None,
            rules=rules_of(reasons),
            why=why.strip()[:LONGEST_WHY],
            by=actor.ref,
            at=now,
        )
    )
    session.flush()


def judge(
    session: Session, shift: Shift, person_id: uuid.UUID, now: datetime, roster: Roster | None = None
) -> Judged | None:
    """What speaks against somebody on a shift that is not over; None: nothing."""
    if shift.ends_at <= now:
        return None
    house = session.get_one(House, shift.house_id)
    reasons = against(session, house, person_id, shift.id, now, drafts=True if roster is not None else None)
    day = local(shift.starts_at, house.timezone).date()
    return Judged(shift.id, person_id, day, tuple(reasons)) if reasons else None


def keep_in_step(session: Session, shift: Shift, now: datetime) -> None:
    """The shift has other hands or hours: what was decided of somebody else goes, and each rule that speaks no more.

    A rule that nobody decided about is not added to what somebody did.
    """
    for row in session.scalars(sa.select(Override).where(Override.shift_id == shift.id, _of(None))).all():
        if row.person_id != shift.person_id:
            session.delete(row)
        elif shift.ends_at > now:
            found = judge(session, shift, row.person_id, now)
            still = {*rules_of(found.reasons if found else ()), *ABOUT_OTHERS}
            row.rules = [rule for rule in row.rules if rule in still]
            if not row.rules:
                session.delete(row)


def forget_moved(session: Session, roster: Roster) -> None:
    """What was decided in a draft about somebody who does not have that place in it any more goes."""
    has_it = sa.exists().where(
        RosterSeat.roster_id == roster.id,
        RosterSeat.shift_id == Override.shift_id,
        RosterSeat.person_id == Override.person_id,
    )
    session.execute(sa.delete(Override).where(_of(roster), ~has_it).execution_options(synchronize_session="fetch"))


def publish_overrides(session: Session, roster: Roster, now: datetime) -> None:
    """What was decided in a draft stands beside the shifts from now on."""
    forget_moved(session, roster)
    for row in session.scalars(sa.select(Override).where(_of(roster))).all():
        session.execute(sa.delete(Override).where(Override.shift_id == row.shift_id, _of(None)))
        row.roster_id = None
        session.flush()
        keep_in_step(session, session.get_one(Shift, row.shift_id), now)


def _of(roster: Roster | None) -> sa.ColumnElement[bool]:
    return Override.roster_id.is_(None) if roster is None else Override.roster_id == roster.id


def rules_of(reasons: Iterable[Reason]) -> list[str]:
    """The names of the rules, each once."""
    return sorted({str(each.rule) for each in reasons})
