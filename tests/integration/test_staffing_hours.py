"""Hours and cover as they really were: sums that hold over any cut, and no word about anybody's minutes."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Person
from respite.accounts.roles import Role
from respite.core.csv_cells import csv_file
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.houses.service.opening import open_house
from respite.staffing.models import NOBODY, Shift, ShiftStep
from respite.staffing.policy.patterns import Asked
from respite.staffing.policy.worked import MINUTE, minutes_inside, present
from respite.staffing.queries.cover import cover_between
from respite.staffing.queries.hours import hours_between, total, worked_by
from respite.staffing.service.patterns import make_patterns
from respite.staffing.views.hours_worked import lines
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
FALL = date(2026, 11, 1)  # the clocks of Denver go back in its night
LATER = datetime(2026, 12, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 10, 26, tzinfo=UTC)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=NOVEMBER)


@pytest.fixture
def sam(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id, Role.PEER, "Sam")


def was(
    house: House, person: Actor, starts_at: datetime, hours: float, came: int | None = 0, went: int | None = None
) -> Shift:
    """A shift that is over; `came` and `went` in minutes after its begin and its end."""
    ends_at = starts_at + timedelta(hours=hours)
    with transaction() as session:
        shift = Shift(
            house_id=house.id, person_id=person.id, kind="floor", starts_at=starts_at, ends_at=ends_at,
            published_at=NOVEMBER,
        )  # fmt: skip
        shift.came_at = None if came is None else starts_at + timedelta(minutes=came)
        shift.went_at = None if went is None else ends_at + timedelta(minutes=went)
        session.add(shift)
    return shift


def sums(house: House, first: date, until: date) -> tuple[int, int]:
    db.session.rollback()
    found = total(each.total for each in hours_between(db.session(), house, first, until, LATER))
    return found.planned, found.worked


#: Saturday the 31st, 11 pm in Denver; the night of the change.
ELEVEN = datetime(2026, 11, 1, 5, tzinfo=UTC)


def test_a_night_in_autumn_is_nine_hours_and_is_cut_at_midnight(house: House, sam: Actor) -> None:
    was(house, sam, ELEVEN, 9)
    (person,) = hours_between(db.session(), house, date(2026, 10, 25), date(2026, 11, 8), LATER)
    assert {day: (h.planned, h.worked) for day, h in person.days.items()} == {
        date(2026, 10, 31): (60, 60),
        FALL: (480, 480),
    }
    own = worked_by(db.session(), house, sam.id, date(2026, 10, 25), date(2026, 11, 8), LATER)
    assert own is not None
    assert own.total.worked == 540


def test_who_stayed_on_is_counted_until_they_went_and_who_said_nothing_is_planned_alone(
    house: House, sam: Actor
) -> None:
    was(house, sam, ELEVEN - timedelta(days=2), 8, came=-12, went=50)
    was(house, sam, ELEVEN - timedelta(days=4), 8, came=None)
    assert sums(house, date(2026, 10, 25), date(2026, 11, 8)) == (960, 480 + 12 + 50)


def test_the_sum_over_any_cut_is_the_sum_of_the_whole(house: House, sam: Actor, actor_in: ActorIn) -> None:
    ana = actor_in(house.id, Role.PEER, "Ana")
    for day in range(12):
        at = ELEVEN - timedelta(days=5) + timedelta(hours=19 * day)
        was(house, sam if day % 2 else ana, at, 9, came=day * 7 - 30, went=40 - day * 9)
    first, until = date(2026, 10, 24), date(2026, 11, 12)
    whole = sums(house, first, until)
    assert whole[1] > 0
    for cut in range(1, (until - first).days):
        middle = first + timedelta(days=cut)
        parts = sums(house, first, middle), sums(house, middle, until)
        assert tuple(a + b for a, b in zip(*parts, strict=True)) == whole


instants = st.integers(0, 3 * 86_400).map(lambda seconds: ELEVEN - timedelta(days=1) + timedelta(seconds=seconds))


@settings(max_examples=200)
@given(came=instants, went=instants, cuts=st.lists(instants, max_size=4))
def test_no_minute_is_lost_or_counted_twice_at_a_cut(came: datetime, went: datetime, cuts: list[datetime]) -> None:
    span = present(went, came, went, None, LATER)
    begin, end = ELEVEN - timedelta(days=2), ELEVEN + timedelta(days=4)
    edges = [begin, *sorted(cut.replace(second=0) for cut in cuts), end]
    pieces = [minutes_inside(span, a, b) for a, b in pairwise(edges)]
    assert sum(pieces) == minutes_inside(span, begin, end)
    assert sum(pieces) * MINUTE <= max(went - came + MINUTE, timedelta())


def test_the_file_sums_to_what_was_worked_and_holds_no_formula(
    app: Flask, house: House, sam: Actor, person: MakePerson
) -> None:
    was(house, sam, ELEVEN, 9, came=5, went=15)
    with transaction() as session:
        session.execute(sa.update(Person).where(Person.id == sam.id).values(name="=cmd|'/C calc'!A0"))
    person("lead@example.org", {house.id: Role.COORDINATOR})
    lead = app.test_client()
    sign_in(lead, "lead@example.org")
    answer = lead.get("/houses/juniper-house/hours.csv?from=2026-10-25&to=2026-11-07")
    assert answer.mimetype == "text/csv"
    head, *body = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert sum(int(row[3]) for row in body) == 540 - 5 + 15 == sums(house, date(2026, 10, 25), date(2026, 11, 8))[1]
    assert {row[0] for row in body} == {"'=cmd|'/C calc'!A0"}
    page = lead.get("/houses/juniper-house/hours?from=2026-10-25&to=2026-11-07").text
    assert "9:10" in page
    for word in ("late", "missed", "no-show"):
        assert word not in page.lower()
        assert all(word not in cell.lower() for cell in head)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|calc", " =1"])
def test_words_are_words_in_a_spreadsheet(words: str) -> None:
    (line,) = csv.reader(io.StringIO(csv_file([[words, -5]]).decode("utf-8-sig")))
    assert line == [f"'{words}", "-5"]


def test_the_lines_of_the_file_are_one_for_each_person_and_day(house: House, sam: Actor) -> None:
    was(house, sam, ELEVEN, 9)
    found = hours_between(db.session(), house, date(2026, 10, 25), date(2026, 11, 8), LATER)
    assert [row[1:] for row in lines(found)[1:]] == [("2026-10-31", 60, 60, 0), ("2026-11-01", 480, 480, 0)]


def test_cover_is_counted_from_who_came_and_gaps_have_their_minutes(
    house: House, sam: Actor, actor_in: ActorIn
) -> None:
    lead, ana = actor_in(house.id), actor_in(house.id, Role.PEER, "Ana")
    asked = [Asked(name=n, begins=time(b), ends=time(e), seats=1) for n, b, e in (("D", 7, 23), ("N", 23, 7))]
    make_patterns(lead, house.id, asked, first_day=date(2026, 10, 26), now=NOVEMBER)
    seven = datetime(2026, 10, 31, 13, tzinfo=UTC)
    was(house, ana, seven, 16, went=20)  # stays on for twenty minutes
    was(house, sam, ELEVEN, 9, came=50)  # and half an hour after that somebody comes
    found = cover_between(db.session(), house, date(2026, 10, 31), date(2026, 11, 2), LATER)
    assert found.minutes == 49 * 60
    gaps = [(each.begin, each.minutes) for each in found.breaches]
    midnight = day_begins(date(2026, 10, 31), house.timezone)
    assert gaps == [
        (midnight, 7 * 60),
        (ELEVEN + 20 * MINUTE, 30),
        (ELEVEN + timedelta(hours=9), 17 * 60),
    ]
    assert [each.step for each in found.breaches[1].done] == ["came"]
    assert found.short_minutes == 24 * 60 + 30


def test_a_step_for_which_there_was_nobody_to_ask_is_nothing_that_was_done(house: House, sam: Actor) -> None:
    make_patterns(
        COMMAND,
        house.id,
        [Asked(name="N", begins=time(23), ends=time(7), seats=1)],
        first_day=date(2026, 10, 26),
        now=NOVEMBER,
    )
    with transaction() as session:
        for n, (step, told) in enumerate((("ask-on-call", sam.id), ("ask-second", None))):
            session.add(
                ShiftStep(
                    house_id=house.id, about_id=uuid.uuid4(), holder_id=NOBODY, begins_at=ELEVEN, step=step, n=n,
                    told_id=told, how="call", at=ELEVEN + (n + 1) * 10 * MINUTE,
                )
            )  # fmt: skip
    found = cover_between(db.session(), house, date(2026, 10, 31), date(2026, 11, 1), LATER)
    assert [done.step for each in found.breaches for done in each.done] == ["ask-on-call"]


def test_two_shifts_of_one_person_at_once_are_one_person(house: House, sam: Actor) -> None:
    was(house, sam, ELEVEN, 9)
    was(house, sam, ELEVEN + timedelta(hours=1), 2)
    found = cover_between(db.session(), house, date(2026, 10, 31), date(2026, 11, 2), LATER)
    assert max(each.here for each in found.stretches) == 1


def test_what_is_not_over_is_not_told(house: House) -> None:
    assert cover_between(db.session(), house, date(2026, 12, 2), date(2026, 12, 3), LATER).stretches == ()
    assert SUNDAY < LATER
