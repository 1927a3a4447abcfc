"""Scenario 32 of docs/texting-scenarios.md: the machine's clock is wrong, or jumps, while the server runs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from respite.core.clock import house_now, machine_now
from respite.messaging.policy.states import State
from respite.messaging.service import checks, finding_out, sending, settling, statuses
from tests.servers import ROOT
from tests.texting import ARRIVED, Line
from tests.texting_world import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("texts d32")]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Wrong = Callable[[timedelta], None]


@pytest.fixture(scope="module")
def clock(served: Line) -> Path:
    """The file that says by how much the machine's clock is wrong; the server is started with it."""
    told = served.server.log.parent / "wrong-by"
    path = f"{ROOT / 'tests' / 'machine_clock'}:{ROOT}"
    served.server.environ = {**served.server.environ, "PYTHONPATH": path, "WRONG_BY_SECONDS": str(told)}
    told.write_text("0")
    return told


@pytest.fixture
def wrong_by(clock: Path, line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wrong]:
    """Let the machine's clock be wrong by so much from now on, for the server and for the jobs that a test runs."""
    by = timedelta()

    def be(wrong: timedelta) -> None:
        nonlocal by
        by = wrong
        fresh = clock.with_suffix(".new")
        fresh.write_text(str(wrong.total_seconds()))
        fresh.replace(clock)

    for module in (checks, finding_out, sending, settling, statuses):
        monkeypatch.setattr(module, "machine_now", lambda: machine_now() + by)
    yield be
    be(timedelta())


@pytest.mark.parametrize("began", ["before the server", "while it ran"])
def test_ahead_of_twilio_nothing_leaves_early(line: Line, wrong_by: Wrong, began: str) -> None:
    """Ten minutes ahead: what is due in five waits by Twilio's clock, what is due now leaves."""
    early = line.write(line.number(), not_before=house_now() + 5 * MINUTE)
    if began == "before the server":
        line.server.stop()
        wrong_by(10 * MINUTE)
        line.server.start()
    else:
        line.stands(line.write(line.number()), *ARRIVED)
        wrong_by(10 * MINUTE)
    now = line.write(line.number())
    line.stands(now, *ARRIVED)
    then = line.write(line.number())
    line.stands(then, *ARRIVED)
    assert (line.text(early).state, line.posted(early)) == (State.SCHEDULED, 0)
    line.skips(5 * MINUTE)
    line.stands(early, *ARRIVED)
    assert (line.posted(early), line.taken(early)) == (1, 1)


def test_three_hours_back_and_everything_goes_on(line: Line, wrong_by: Wrong) -> None:
    """No job waits until the clock has caught up with where it stood."""
    before = line.write(line.number())
    line.stands(before, *ARRIVED)
    wrong_by(-3 * HOUR)
    # The house's clock goes back with the machine's; what is written by it is due by it.
    after = line.write(line.number(), now=house_now() - 3 * HOUR)
    line.stands(after, *ARRIVED)
    assert (line.taken(before), line.taken(after)) == (1, 1)


def test_killed_just_before_the_clock_jumps_back_it_is_found_out_at_once(line: Line, wrong_by: Wrong) -> None:
    """A claim and a lead of the future are nobody's: neither texts nor people wait three hours for them."""
    line.twilio.control(callbacks={"on": False})
    to = line.number()
    line.twilio.fails(to=to, answer="hang", hang=60)
    text = line.write(to)
    until(lambda: line.taken(text))
    line.server.kill()
    wrong_by(-3 * HOUR)
    line.server.start()
    after = line.write(line.number(), now=house_now() - 3 * HOUR)
    line.stands(after, *ARRIVED)
    line.find_out()
    line.stands(text, *ARRIVED)
    assert (line.posted(text), line.taken(text)) == (1, 1)


@pytest.mark.parametrize("wrong", [10 * MINUTE, -3 * HOUR])
def test_handed_over_by_a_wrong_clock_and_put_right_after_it_is_adopted(
    line: Line, wrong_by: Wrong, wrong: timedelta
) -> None:
    """No double after the jump back: the listing goes back far enough, whatever our clock said."""
    line.twilio.control(callbacks={"on": False})
    wrong_by(wrong)
    to = line.number()
    line.twilio.fails(to=to, answer="reset", accept="now")
    text = line.write(to, now=house_now() + min(wrong, timedelta()))
    line.stands(text, State.UNKNOWN)
    wrong_by(timedelta())
    line.find_out()
    line.stands(text, *ARRIVED)
    line.settles()
    line.find_out()
    assert (line.posted(text), line.taken(text)) == (1, 1)
