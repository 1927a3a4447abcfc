"""The log and the handoffs as they are read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.audit.kinds import all_kinds
from respite.audit.models import Event, Stream
from respite.handoff.models import Handoff, PaperPrinted
from respite.handoff.policy import FORGOTTEN_AFTER, Happened, without_undone

FIRST_LOOKS_BACK = timedelta(days=1)  # where no handoff was ever given
MOST_TOLD = 400


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits to be taken, the oldest first, and where the log begins that is told with it."""

    waiting: tuple[Handoff, ...]
    last: Handoff | None  # the newest, taken or not
    log_from: int

    @property
    def drafted_from(self) -> int:
        """Where the draft of the next begins."""
        return max(self.last.log_until, self.log_from) if self.last else self.log_from


def standing(session: Session, house_id: uuid.UUID, now: datetime) -> Standing:
    mine = sa.select(Handoff).where(Handoff.house_id == house_id).order_by(Handoff.log_until.desc()).limit(1)
    last = session.scalar(mine)
    untaken = sa.select(Handoff).where(Handoff.house_id == house_id, Handoff.taken_at.is_(None))
    waiting = session.scalars(untaken.order_by(Handoff.log_until)).all()
    if waiting:
        begins = waiting[0].log_from
    elif last is None:
        begins = _before(session, house_id, now - FIRST_LOOKS_BACK)
    elif last.given_at < now - FORGOTTEN_AFTER:
        begins = _before(session, house_id, now - FORGOTTEN_AFTER)
    else:
        begins = last.log_from
    return Standing(tuple(waiting), last, begins)


def _before(session: Session, house_id: uuid.UUID, since: datetime) -> int:
    """The last version of the log before the first that is not older; what is entered late hides nothing before it."""
    found = session.scalar(sa.select(sa.func.min(Event.version)).where(Event.stream == house_id, Event.at >= since))
    return version_now(session, house_id) if found is None else found - 1


def version_now(session: Session, house_id: uuid.UUID) -> int:
    return session.scalar(sa.select(Stream.last_version).where(Stream.id == house_id)) or 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a log tells, in the order in which it was written; `cut` where there is more before it than is shown."""

    events: list[Happened]
    cut: bool


def told_log(session: Session, house_id: uuid.UUID, after: int, until: int | None = None) -> Told:
    """What the log tells after a version, up to another: the newest MOST_TOLD of it."""
    told = [kind.name for kind in all_kinds().values() if kind.told]
    asked = sa.select(Event).where(Event.stream == house_id, Event.version > after, Event.kind.in_(told))
    if until is not None:
        asked = asked.where(Event.version <= until)
    rows = session.scalars(asked.order_by(Event.version.desc()).limit(MOST_TOLD + 1)).all()
    shown = [
        Happened(row.version, row.kind, row.subject, row.actor, row.at, json.loads(row.data))
        for row in reversed(rows[:MOST_TOLD])
    ]
    return Told(without_undone(shown, told), cut=len(rows) > MOST_TOLD)


def lately_given(session: Session, house_id: uuid.UUID) -> Sequence[Handoff]:
    """Every handoff that is kept still, the newest first."""
    return session.scalars(
        sa.select(Handoff).where(Handoff.house_id == house_id).order_by(Handoff.given_at.desc(), Handoff.id)
    ).all()


def given_and_not_taken(house_id: uuid.UUID) -> sa.ScalarSelect[datetime]:
    """When the newest handoff was given, where nobody has taken it; for the desk, as a part of its own query."""
    return (
        sa.select(sa.func.max(Handoff.given_at))
        .where(Handoff.house_id == house_id, Handoff.taken_at.is_(None))
        .scalar_subquery()
    )


def paper_printed_for(house_id: uuid.UUID) -> sa.ScalarSelect[date]:
    """The night for which the sheet was printed last; for the desk, as a part of its own query."""
    return sa.select(PaperPrinted.night).where(PaperPrinted.house_id == house_id).scalar_subquery()


#: Whatever is said of a promise or of a stay: what the lists of the handoff show, and the log may not tell.
_OF_THE_LISTS = ("promise.word.", "guest.stay.", "guest.save.", "guest.bed.saved")


def touched_since(session: Session, house_id: uuid.UUID, version: int | None) -> set[uuid.UUID]:
    """Promises and stays of which something was said since a version of the log; nothing where none is given."""
    if version is None:
        return set()
    kinds = sa.or_(*(Event.kind.startswith(begins) for begins in _OF_THE_LISTS))
    asked = sa.select(Event.subject).where(Event.stream == house_id, Event.version > version, kinds)
    return {subject for subject in session.scalars(asked) if subject is not None}
