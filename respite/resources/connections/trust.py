"""What came of connections with a place, so that its entry earns trust or loses it; from counts alone.

Connections of every house of the installation count, as they stood by what was written down before the month began:
what is said today, also of an earlier day, shows nobody what a guest said today. Nothing is said where fewer than three
people tried; in numbers only from eleven.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.unseen import counted_whole
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.policy import DoesNotFollow, Said, State, Who, Why, stands

LOOKS_BACK = timedelta(days=365)
#: People who tried: below the first nothing is said, below the second nothing in numbers.
LEAST_IN_WORDS, LEAST_IN_NUMBERS = 3, 11
#: So many people named a reason before it is said.
LEAST_FOR_A_REASON = 2
TRIED = (State.CONTACT, State.REACHED, State.CONNECTED, State.NOT_A_FIT)


class Often(StrEnum):
    """How often it came about, where a number could tell of somebody."""

    MOSTLY = "mostly"
    SOMETIMES = "sometimes"
    SELDOM = "seldom"


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """What may be shown. `tried` and `connected` only where enough people tried; `often` for those who work here."""

    tried: int | None = None
    connected: int | None = None
    often: Often | None = None
    reasons: Mapping[Why, int | None] = field(default_factory=dict)


def trust(
    session: Session, service_ids: Collection[uuid.UUID], now: datetime, *, in_the_house: bool
) -> dict[uuid.UUID, CameOfIt]:
    """What to show beside each of these services; those of which nothing may be said are not in it.

    `in_the_house`: whoever reads works in a house, and reads words where there are too few people for numbers.
    """
    until = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with counted_whole():
        rows = session.scalars(
            sa.select(Connection).where(Connection.service_id.in_(service_ids), Connection.offered_at < until)
        ).all()
        theirs = sa.select(ConnectionStep).where(ConnectionStep.connection_id.in_([row.id for row in rows]))
        steps: dict[uuid.UUID, list[ConnectionStep]] = defaultdict(list)
        for step in session.scalars(theirs.order_by(ConnectionStep.number)):
            steps[step.connection_id].append(step)
    by_service: dict[uuid.UUID, list[tuple[uuid.UUID | None, str, str | None]]] = defaultdict(list)
    for row in rows:
        stood = _stood(row, steps[row.id], until)
        if row.service_id is not None and stood is not None and until - LOOKS_BACK <= stood[2] < until:
            by_service[row.service_id].append((row.guest_id, stood[0], stood[1]))
    told = {service_id: came_of_it(each, in_the_house=in_the_house) for service_id, each in by_service.items()}
    return {service_id: each for service_id, each in told.items() if each is not None}


def _stood(
    row: Connection, steps: Sequence[ConnectionStep], until: datetime
) -> tuple[str, str | None, datetime] | None:
    """How it stood by what was written down before `until`, why, and since when; none where nobody had tried.

    What happened earlier and is written down since counts from the next month on, as it was told then.
    """
    if not steps:  # forgotten: the row is all that is left
        return (row.state, row.why, row.since) if row.state in TRIED else None
    known = [step for step in steps if step.told_at < until]
    try:
        found = stands(Said(State(each.state), Who(each.who), each.at, each.number) for each in known)
    except DoesNotFollow:  # of what was known then, something was taken back since
        return None
    if found is None or found.state not in TRIED:
        return None
    last = max(known, key=lambda each: (each.at, each.number))
    return found.state, last.why, last.at


def came_of_it(rows: Collection[tuple[uuid.UUID | None, str, str | None]], *, in_the_house: bool) -> CameOfIt | None:
    """The rule itself, over (guest, state, why). Those who were forgotten count as one person: it could be one."""
    people = len({guest for guest, _state, _why in rows})
    tried, connected = len(rows), sum(state == State.CONNECTED for _guest, state, _why in rows)
    said: dict[Why, set[uuid.UUID | None]] = defaultdict(set)
    many: Counter[Why] = Counter()
    for guest, _state, why in rows:
        if why is not None:
            said[Why(why)].add(guest)
            many[Why(why)] += 1
    if people >= LEAST_IN_NUMBERS:
        rest = people - len({guest for guest, state, _why in rows if state == State.CONNECTED})
        numbers: dict[Why, int | None] = {why: many[why] for why, who in said.items() if len(who) >= LEAST_IN_NUMBERS}
        # A few who did not, or a few who did, would be people of whom the rest tells.
        if min(rest, people - rest) >= LEAST_IN_NUMBERS or rest == 0:
            return CameOfIt(tried, connected, reasons=numbers)
    if people < LEAST_IN_WORDS or not in_the_house:
        return None
    words: dict[Why, int | None] = {why: None for why, who in said.items() if len(who) >= LEAST_FOR_A_REASON}
    return CameOfIt(often=_often(connected, tried), reasons=words)


def _often(connected: int, tried: int) -> Often:
    if 3 * connected >= 2 * tried:
        return Often.MOSTLY
    return Often.SOMETIMES if 3 * connected >= tried else Often.SELDOM
