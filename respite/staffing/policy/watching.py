"""What is done around a shift, and when: reminders before it, and who is asked while nobody has come.

Values in, values out. A reminder that came too late to be of use is left out. A step of the ladder never is: one that
is behind its time is done now, and the next follows after a breath, so that a house that was cut off for an hour asks
one after another and not everybody at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from respite.staffing.policy.duty import Duty

#: Between two steps of a ladder that is behind its time, at most.
BREATH = timedelta(minutes=5)


class Step(StrEnum):
    REMIND = "remind"  # the day before
    REMIND_AGAIN = "remind-again"
    ASK_ON_WAY = "ask-on-way"
    ASK_PEER = "ask-peer"  # not here yet; and whoever is on is asked to stay
    ASK_ON_CALL = "ask-on-call"
    ASK_SECOND = "ask-second"
    ASK_LEAD = "ask-lead"


REMINDERS = (Step.REMIND, Step.REMIND_AGAIN, Step.ASK_ON_WAY)
LADDER = (Step.ASK_PEER, Step.ASK_ON_CALL, Step.ASK_SECOND, Step.ASK_LEAD)
#: What people answer stands in the same record as what was done.
COMES, PASSES, LOOKS_AFTER, STAYS, CANNOT_STAY = "comes", "passes", "looks-after", "stays", "cannot-stay"


@dataclass(frozen=True, slots=True)
class Planned:
    step: Step
    at: datetime
    useless_at: datetime | None = None  # none: it is never left out


def reminders(starts_at: datetime, duty: Duty, *, on_floor: bool) -> tuple[Planned, ...]:
    """Whoever is on call is reminded too; on their way and here are only said in the house."""
    again, way = _before(starts_at, duty.remind_again_before), _before(starts_at, duty.on_way_before)
    planned = [
        Planned(Step.REMIND, _before(starts_at, duty.remind_before), again),
        Planned(Step.REMIND_AGAIN, again, way if on_floor else starts_at),
    ]
    if on_floor:
        planned.append(Planned(Step.ASK_ON_WAY, way, _after(starts_at, max(duty.ask_peer_after, 1))))
    # No minutes before, no such reminder.
    return tuple(each for each in planned if each.at < (each.useless_at or each.at) and each.at < starts_at)


def ladder(starts_at: datetime, duty: Duty) -> tuple[Planned, ...]:
    """Who is asked after the begin, while nobody said that they came. No minutes after: they are not asked."""
    return tuple(Planned(step, _after(starts_at, after)) for step, after in _rungs(duty))


def ladder_of_open(starts_at: datetime, duty: Duty) -> tuple[Planned, ...]:
    """A shift that nobody has: nobody can be waited for, so those on call are asked before it begins."""
    rungs = [(step, after) for step, after in _rungs(duty) if step != Step.ASK_PEER]
    begins = _before(starts_at, duty.on_way_before + (rungs[0][1] if rungs else 0))
    return tuple(Planned(step, _after(begins, after)) for step, after in rungs)


def _rungs(duty: Duty) -> list[tuple[Step, int]]:
    minutes = (duty.ask_peer_after, duty.ask_on_call_after, duty.ask_second_after, duty.ask_lead_after)
    return [(step, after) for step, after in zip(LADDER, minutes, strict=True) if after]


def next_step(
    plan: Sequence[Planned],
    done: Mapping[Step, datetime],
    now: datetime,
    *,
    since: datetime,
    not_before: datetime | None = None,
) -> Planned | None:
    """The next step that is not done, with the time at which it is. None: nothing is left.

    Reminders of before `since` are over. `not_before` is how long somebody who is on their way is waited for.
    """
    last: Planned | None = None
    for each in plan:
        if each.step in done:
            last = each if each.useless_at is None else None
        elif each.useless_at is not None:
            if since <= each.at and now < each.useless_at:
                return each
        else:
            return Planned(each.step, max(_earliest(each, last, done, now), not_before or each.at))
    return None


def _earliest(each: Planned, last: Planned | None, done: Mapping[Step, datetime], now: datetime) -> datetime:
    """Its own time, and a breath after the one before it. One that was done by a clock that has gone back since, and so
    after now, keeps nobody waiting."""
    if last is None or done[last.step] > now:
        return each.at
    return max(each.at, done[last.step] + min(BREATH, each.at - last.at))


def waits_until(on_way_at: datetime | None, duty: Duty) -> datetime | None:
    """How long somebody who said that they are on their way is waited for. Said again, it is not longer."""
    return None if on_way_at is None else _after(on_way_at, duty.on_way_gives)


def done_at(rows: Sequence[tuple[str, datetime]]) -> dict[Step, datetime]:
    """When each step was done, from a record that also holds answers."""
    return {Step(word): at for word, at in _known(rows)}


def _known(rows: Sequence[tuple[str, datetime]]) -> Iterator[tuple[str, datetime]]:
    words = set(Step)
    return ((word, at) for word, at in rows if word in words)


def _before(at: datetime, minutes: int) -> datetime:
    return at - timedelta(minutes=minutes)


def _after(at: datetime, minutes: int) -> datetime:
    return at + timedelta(minutes=minutes)
