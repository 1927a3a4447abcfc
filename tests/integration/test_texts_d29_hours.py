"""Scenarios 29-33 of docs/texting-scenarios.md: hours, zones, clocks that are wrong, numbers that change hands."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.messaging.models import Correspondent, Thread
from respite.messaging.policy.hours import on_day
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.messaging.thread_queries import thread_seen
from tests.texting import ARRIVED, Line
from tests.texting_world import until

pytestmark = pytest.mark.xdist_group("texts d29")

DENVER = ZoneInfo("America/Denver")
MINUTE = timedelta(minutes=1)


def denver(year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=DENVER).astimezone(UTC)


def today_at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The next such wall-clock time in Denver."""
    now = house_now().astimezone(DENVER)
    at = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return (at if at > now else at + timedelta(days=1)).astimezone(UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    "left, due, leaves",
    [
        # 24 hours later would be 11:00 by the wall clock.
        (denver(2027, 3, 13, 10), denver(2027, 3, 14, 10), denver(2027, 3, 14, 10)),
        # 02:30 does not exist on the 14th: 03:30, and then their hours.
        (denver(2027, 3, 13, 2, 30), denver(2027, 3, 14, 3, 30), denver(2027, 3, 14, 9)),
        # 01:30 comes twice on 7 November: the first, and then their hours by the new clock.
        (denver(2027, 11, 6, 1, 30), datetime(2027, 11, 7, 7, 30, tzinfo=UTC), denver(2027, 11, 7, 9)),
        (denver(2027, 11, 6, 19), denver(2027, 11, 7, 19), denver(2027, 11, 7, 19)),
    ],
)
def test_a_day_later_is_the_same_time_on_the_wall_also_when_the_clocks_change(
    line: Line, left: datetime, due: datetime, leaves: datetime
) -> None:
    """Scenario 29: on the eve and over the night, each follow-up leaves once, in their hours, on the right day."""
    line.house_is(left)
    to = line.number("303")
    person = line.guest(to, Purpose.FOLLOW_UP)
    assert on_day(left, 1, "America/Denver") == due
    text = line.write(to, purpose=Purpose.FOLLOW_UP, correspondent_id=person, not_before=due)
    line.house_is(leaves - MINUTE)
    until(lambda: line.text(text).next_at == leaves, "it waits for the right instant")
    assert (line.text(text).state, line.posted(text)) == (State.SCHEDULED, 0)
    line.house_is(leaves)
    line.stands(text, *ARRIVED)
    line.skips(timedelta(days=1))
    assert (line.posted(text), line.taken(text)) == (1, 1)


def test_the_zone_we_were_told_decides_and_else_every_zone_that_may_be(line: Line) -> None:
    """Scenario 30: the house in Denver, a number of Los Angeles, a person who lives in New York or nobody knows."""
    line.house_is(today_at(8, 30))
    told, unknown = line.number("213"), line.number("213")
    new_york = line.guest(told, Purpose.CARING, timezone="America/New_York")
    somewhere = line.guest(unknown, Purpose.CARING, timezone=None)
    first = line.write(told, purpose=Purpose.CARING, correspondent_id=new_york)
    second = line.write(unknown, purpose=Purpose.CARING, correspondent_id=somewhere)
    line.stands(first, *ARRIVED)
    waits = until(lambda: (text := line.text(second)).reason == "their-hours" and text)
    assert waits.next_at == today_at(10), "nine in Los Angeles is ten in Denver"
    line.house_is(today_at(10))
    line.stands(second, *ARRIVED)
    assert (line.taken(first), line.taken(second)) == (1, 1)


def test_in_the_evening_it_ends_where_it_ends_first(line: Line) -> None:
    """Scenario 30, the other end of the day: 19:10 in Denver is after eight in New York, and early in Los Angeles."""
    line.house_is(today_at(19, 10))
    told, unknown = line.number("213"), line.number("213")
    new_york = line.guest(told, Purpose.CARING, timezone="America/New_York")
    somewhere = line.guest(unknown, Purpose.CARING, timezone=None)
    first = line.write(told, purpose=Purpose.CARING, correspondent_id=new_york)
    second = line.write(unknown, purpose=Purpose.CARING, correspondent_id=somewhere)
    line.stands(second, *ARRIVED)
    waits = until(lambda: (text := line.text(first)).reason == "their-hours" and text)
    assert (waits.next_at, line.posted(first)) == (today_at(7), 0), "nine in New York"
    line.house_is(today_at(7))
    line.stands(first, *ARRIVED)
    assert (line.taken(first), line.taken(second)) == (1, 1)


def test_in_the_last_minutes_a_text_is_worth_carrying_only_until_their_hours_end(line: Line) -> None:
    """Scenario 31: two seconds before nine it waits for the morning; ten minutes before, Twilio is told so."""
    late, later = line.number(), line.number()
    hours = {"hours_from": time(9), "hours_until": time(21)}
    line.house_is(today_at(20, 50))
    soon = line.guest(late, Purpose.FOLLOW_UP, **hours)
    none = line.guest(later, Purpose.FOLLOW_UP, **hours)
    # Twilio's queue is slower than that.
    line.twilio.fails(to=late, plan=[{"after": 3600, "status": "sent"}])
    text = line.write(late, purpose=Purpose.FOLLOW_UP, correspondent_id=soon)
    line.stands(text, *ARRIVED)
    assert line.twilio.accepted(to=late)[0]["validity"] <= (today_at(21) - house_now()).total_seconds() + 5
    line.house_is(today_at(20, 59, 58))
    last = line.write(later, purpose=Purpose.FOLLOW_UP, correspondent_id=none)
    waits = until(lambda: (text := line.text(last)).reason == "their-hours" and text)
    assert waits.next_at == today_at(9)
    line.twilio.moves(700)  # 30036: it was not carried in time
    again = line.stands(text, State.QUEUED, State.SCHEDULED)
    assert again.error_code == 30036
    line.house_is(today_at(21, 31))
    until(lambda: line.text(text).reason == "their-hours")
    line.house_is(today_at(9))
    for each in (text, last):
        line.stands(each, *ARRIVED)
    assert line.twilio.accepted(to=late)[0]["status"] == "failed"
    assert (line.posted(text), line.posted(last)) == (2, 1), "the one that was not carried once more, and only once"


def test_a_number_that_changed_hands_is_not_texted(line: Line) -> None:
    """Scenario 33: between the writing and the sending they have a new number; consent was for the old one."""
    old, new = line.number(), line.number()
    person = line.guest(old, Purpose.FOLLOW_UP)
    due = house_now() + timedelta(hours=1)
    text = line.write(old, purpose=Purpose.FOLLOW_UP, correspondent_id=person, not_before=due)
    with transaction() as session:
        row = session.get_one(Correspondent, person)
        row.number, row.number_index = new, number_mark(new)
    line.house_is(due)
    ended = line.stands(text, State.CANCELED)
    assert (ended.reason, line.posted(text)) == ("number-changed", 0)
    at_new = line.write(new, purpose=Purpose.FOLLOW_UP, correspondent_id=person)
    assert line.stands(at_new, State.SUPPRESSED).reason == "no-consent"
    assert line.twilio.posts(to=new) == []


def test_two_who_share_a_phone_are_asked_each_for_themselves(line: Line) -> None:
    """Scenario 33: consent follows the person and the number, not the phone."""
    shared = line.number()
    sam, alex = line.guest(shared, Purpose.CARING), line.guest(shared)
    hers = line.write(shared, purpose=Purpose.CARING, correspondent_id=sam)
    his = line.write(shared, purpose=Purpose.CARING, correspondent_id=alex)
    line.stands(hers, *ARRIVED)
    assert line.stands(his, State.SUPPRESSED).reason == "no-consent"
    assert (line.taken(hers), line.posted(his)) == (1, 0)


def test_what_comes_from_a_shared_phone_is_read_by_a_person_who_sees_both_names(line: Line) -> None:
    """Scenario 33: nobody guesses which of the two wrote."""
    shared = line.number()
    people = [line.guest(shared), line.guest(shared)]
    line.twilio.says(shared, line.words("It's me"))
    (thread,) = line.of_number(Thread, shared)
    assert (thread.assigned_to, thread.unseen_since is not None) == (None, True)
    seen = line.read(lambda: thread_seen(db.session(), line.dana, line.house_id, thread.id, house_now()))
    assert [each.id for each in seen.whose.people] == people
