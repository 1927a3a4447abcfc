"""The ladder of a shift under processes: killed in the middle of a step, two that both lead, a clock that jumps."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND
from respite.accounts.models import Membership, Person
from respite.accounts.rights import lock_house
from respite.accounts.roles import May, Role
from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction
from respite.messaging.models import Consent, Correspondent, Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.scheduler.models import Lease
from respite.staffing import events
from respite.staffing.models import Shift, ShiftStep
from respite.staffing.service.shifts import settle
from tests.servers import ROOT, Server
from tests.texting import Line
from tests.texting_world import until

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
RUNGS = {5: "ask-peer", 10: "ask-on-call", 20: "ask-second", 30: "ask-lead"}
LADDER = ("shift-not-here", "shift-come-in", "shift-lead")


def joins(line: Line, name: str, role: Role = Role.PEER) -> uuid.UUID:
    """Somebody who works in the house and may be texted about it."""
    now, number = house_now(), line.number()
    with transaction() as session:
        person = Person(email=f"{uuid.uuid4().hex}@example.org", name=name, password_hash=None, made_at=now)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, house_id=line.house_id, role=role, began_at=now))
        peer = Correspondent(
            house_id=line.house_id, kind=CorrespondentKind.PEER, subject_id=person.id, number_index=number_mark(number),
            made_at=now, timezone="America/Denver",
        )  # fmt: skip
        peer.name, peer.number = name, number
        session.add(peer)
        session.flush()
        at = {"house_id": line.house_id, "correspondent_id": peer.id, "number_index": peer.number_index}
        for purpose in (Purpose.SHIFTS, Purpose.DUTY):
            how = {"wording": 1, "method": "in-person", "given_at": now, "recorded_by": line.dana.ref}
            session.add(Consent(purpose=purpose, **at, **how))
    return person.id


def puts(line: Line, person_id: uuid.UUID, begin: datetime, kind: str = "floor", seat: int | None = None) -> uuid.UUID:
    now = house_now()
    with transaction() as session:
        lock_house(session, COMMAND, line.house_id, May.KEEP_SHIFTS)
        shift = Shift(
            house_id=line.house_id, person_id=person_id, kind=kind, seat=seat, starts_at=begin,
            ends_at=begin + timedelta(hours=9), published_at=now,
        )  # fmt: skip
        session.add(shift)
        settle(session, shift, None, events.SHIFT_SET, COMMAND, now)
    return shift.id


@pytest.fixture
def begin(line: Line) -> datetime:
    """Nobody of an earlier test is on any more; it begins in two minutes."""
    with transaction() as session:
        session.execute(sa.update(Shift).values(went_at=house_now()))
    return house_now().replace(microsecond=0) + 2 * MINUTE


@pytest.fixture
def shift(line: Line, begin: datetime) -> uuid.UUID:
    for name, seat in (("Cleo", 0), ("Dee", 1)):
        puts(line, joins(line, name), begin - timedelta(hours=1), "on-call", seat)
    joins(line, "Eli", Role.COORDINATOR)
    return puts(line, joins(line, "Ana"), begin)


def steps(line: Line, shift: uuid.UUID) -> Counter[str]:
    """How often each step of the ladder was done."""
    asked = sa.select(ShiftStep.step).where(ShiftStep.about_id == shift, ShiftStep.n == 0)
    return Counter(step for step in line.read(lambda: list(db.session.scalars(asked))) if step in RUNGS.values())


def arrived(line: Line, shift: uuid.UUID) -> list[int]:
    """How often Twilio took each text of the ladder."""
    mine = Message.dedupe_key.startswith(f"watch:{shift.hex}:")
    found = line.read(lambda: list(db.session.scalars(sa.select(Message).where(mine, Message.template.in_(LADDER)))))
    return [len(line.twilio.accepted(to=each.number, body=each.body)) for each in found]


def all_arrived(line: Line, shift: uuid.UUID) -> bool:
    """Whether each of the four rungs' texts, and of what was written besides, has left."""
    found = arrived(line, shift)
    return len(found) >= len(RUNGS) and 0 not in found


def test_a_leader_killed_at_any_moment_of_a_step_does_each_once(line: Line, begin: datetime, shift: uuid.UUID) -> None:
    luck = random.Random(4)
    for minutes, step in RUNGS.items():
        line.house_is(begin + minutes * MINUTE)
        time.sleep(luck.uniform(0, 1.5))
        line.server.kill()
        line.leases_end()
        line.server.start()
        until(lambda step=step: steps(line, shift)[step])  # type: ignore[misc]
    assert steps(line, shift) == dict.fromkeys(RUNGS.values(), 1)
    line.settles()
    until(lambda: (line.find_out(), all_arrived(line, shift))[1])
    assert set(arrived(line, shift)) == {1}


def test_two_that_both_lead_do_each_step_once(
    line: Line, begin: datetime, shift: uuid.UUID, key_file: Path, tmp_path: Path
) -> None:
    other: Server = line.also(tmp_path, key_file).start()
    try:
        for minutes, step in RUNGS.items():
            line.leases_end()  # whoever led does not know it yet, and the other takes the lead
            line.house_is(begin + minutes * MINUTE)
            until(lambda step=step: steps(line, shift)[step])  # type: ignore[misc]
        assert steps(line, shift) == dict.fromkeys(RUNGS.values(), 1)
        until(lambda: all_arrived(line, shift))
        assert set(arrived(line, shift)) == {1}
    finally:
        other.stop()
        line.leases_end()


def test_after_an_outage_of_two_hours_nobody_is_left_out_and_not_all_are_asked_at_once(
    line: Line, begin: datetime, shift: uuid.UUID
) -> None:
    line.server.kill()
    line.leases_end()
    line.house_is(begin + 120 * MINUTE)
    line.server.start()
    until(lambda: steps(line, shift)["ask-peer"])
    assert sum(steps(line, shift).values()) == 1
    for rung in list(RUNGS.values())[1:]:
        line.skips(5 * MINUTE)
        until(lambda rung=rung: steps(line, shift)[rung])  # type: ignore[misc]
    assert steps(line, shift) == dict.fromkeys(RUNGS.values(), 1)


# -- a machine whose clock jumps -------------------------------------------------------------------------------------

HOUR = timedelta(hours=1)


@pytest.fixture
def wrong_by(line: Line, tmp_path: Path) -> Iterator[Callable[[timedelta], None]]:
    """Let the machine's clock be wrong by so much from now on, under the server that runs."""
    told = tmp_path / "wrong-by"

    def be(wrong: timedelta) -> None:
        told.with_suffix(".new").write_text(str(wrong.total_seconds()))
        told.with_suffix(".new").replace(told)

    be(timedelta())
    with line.another_world(PYTHONPATH=f"{ROOT / 'tests' / 'machine_clock'}:{ROOT}", WRONG_BY_SECONDS=str(told)):
        yield be


@pytest.mark.parametrize("jump", [HOUR, -HOUR, -24 * HOUR], ids=["an hour ahead", "an hour back", "a day back"])
def test_a_clock_that_jumps_in_the_middle_of_the_ladder_repeats_nothing_and_leaves_nobody_out(
    line: Line, wrong_by: Callable[[timedelta], None], begin: datetime, shift: uuid.UUID, jump: timedelta
) -> None:
    """After the first step and after the second, and it is put right each time."""
    rungs = list(RUNGS.items())
    for place, (minutes, step) in enumerate(rungs):
        line.house_is(begin + minutes * MINUTE)
        until(lambda step=step: steps(line, shift)[step], f"{step} by a clock that is right", 90)  # type: ignore[misc]
        if place > 1:
            continue
        wrong_by(jump)
        until(lambda: leads_by_a_clock_wrong_by(line, jump), "the server goes by the wrong clock")
        if jump > timedelta():
            following = rungs[place + 1][1]
            until(lambda step=following: steps(line, shift)[step], "what is due by a clock ahead")  # type: ignore[misc]
        wrong_by(timedelta())
        until(lambda: leads_by_a_clock_wrong_by(line, timedelta()), "the server goes by the right clock again")
    assert steps(line, shift) == dict.fromkeys(RUNGS.values(), 1)
    if jump > timedelta():  # what was written by a clock ahead may wait until that time has come
        line.house_is(begin + max(RUNGS) * MINUTE + jump + HOUR)
    until(lambda: all_arrived(line, shift), "each text arrives", 90)
    assert set(arrived(line, shift)) == {1}


def leads_by_a_clock_wrong_by(line: Line, wrong: timedelta) -> bool:
    """Whether the server has taken the lead, or renewed it, by a clock that is wrong by so much."""
    ends = line.read(lambda: db.session.scalar(sa.select(Lease.until)))
    return ends is not None and abs(ends - machine_now() - wrong) < MINUTE
