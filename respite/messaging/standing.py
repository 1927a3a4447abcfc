"""How the line stands: what waits, what nobody knows of, what waits for a person. Counts and times alone, no words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.messaging.models import Attempt, Mark, Message, Pause
from respite.messaging.policy.states import State
from respite.messaging.service.ending import undecided
from respite.messaging.service.pausing import PROVIDER
from respite.messaging.service.sweeping import SWEPT
from respite.messaging.webhooks import HEARD as WEBHOOK
from respite.messaging.webhooks import REFUSED

COMPARED = "ledger"  # the mark of a comparison with the provider's own list
UNKNOWN_FOR = DUE_FOR = timedelta(minutes=10)
SWEPT_WITHIN = timedelta(minutes=30)
ALL = "all"

__all__ = ["ALL", "COMPARED", "REFUSED", "SWEPT", "WEBHOOK", "Standing", "marks", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    counts: Mapping[str, int]  # by state, in the order of a text's way
    waits_since: datetime | None  # house clock: the time of the oldest text that has not left, whatever it waits for
    due_since: datetime | None  # house clock: since when the oldest text is due that nobody has taken up
    unknown_since: datetime | None  # machine clock: the oldest try of which nobody knows
    undecided: int  # texts that a person has to decide about
    provider_paused: bool
    paused: Mapping[str, int]  # by purpose or ALL: how many pauses people made
    marks: Mapping[str, datetime]  # machine clock

    def due_too_long(self, now: datetime) -> bool:
        return self.due_since is not None and now - self.due_since > DUE_FOR

    def unknown_too_long(self, machine_now: datetime) -> bool:
        return self.unknown_since is not None and machine_now - self.unknown_since > UNKNOWN_FOR

    def swept_too_long_ago(self, machine_now: datetime) -> bool:
        swept = self.marks.get(SWEPT)
        return swept is not None and machine_now - swept > SWEPT_WITHIN

    def needs_person(self, machine_now: datetime) -> bool:
        """Whether somebody has to look: what waits for a decision, an alarm of the provider, a question left open."""
        return bool(self.undecided) or self.provider_paused or self.unknown_too_long(machine_now)


def standing(session: Session, now: datetime) -> Standing:
    """How texts stand in every house of the installation. `now` is the house clock."""
    by_state = sa.select(Message.state, sa.func.count()).group_by(Message.state)
    found = dict(session.execute(by_state).all())
    live = sa.select(Pause.why, Pause.purpose, sa.func.count()).where(Pause.ended_at.is_(None))
    pauses = session.execute(live.group_by(Pause.why, Pause.purpose)).all()
    # The last try of a text of which nobody knows; the oldest of them.
    last_try = sa.and_(Message.id == Attempt.message_id, Message.attempt_no == Attempt.n)
    tried = sa.select(sa.func.min(Attempt.started_at)).join(Message, last_try).where(Message.state == State.UNKNOWN)
    return Standing(
        counts={str(state): found[state] for state in State if state in found},
        waits_since=session.scalar(_earliest(Message.not_before, now).where(Message.next_at.isnot(None))),
        due_since=session.scalar(_earliest(Message.next_at, now)),
        unknown_since=session.scalar(tried),
        undecided=session.scalar(sa.select(sa.func.count()).select_from(Message).where(undecided())) or 0,
        provider_paused=any(why == PROVIDER for why, _purpose, _count in pauses),
        paused={purpose or ALL: count for why, purpose, count in sorted(pauses, key=_whole_first) if why != PROVIDER},
        marks=marks(session),
    )


def _earliest(at: Any, now: datetime) -> sa.Select[Any]:
    return sa.select(sa.func.min(at)).where(at <= now)


def _whole_first(pause: Sequence[Any]) -> str:
    """Whole houses first, then by purpose; databases disagree on where nothing is sorted."""
    return pause[1] or ""


def marks(session: Session) -> dict[str, datetime]:
    """When each thing of the line last went well, or was refused."""
    return dict(session.execute(sa.select(Mark.name, Mark.at)).all())
