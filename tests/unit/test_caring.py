"""Kind words: what a peer may write, and when each comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.followup.caring.policy import FIRST_STEPS, STEPS, Part, at_on, counted_from, day_of, faults_in, part_of
from respite.messaging.policy.hours import Hours, is_open

GOOD = (
    "Hi Ana, the fig tree has leaves again and I thought of you. No reply needed.",
    "I am glad our paths crossed. You are good company.",
    "Hola Ana: hoy hice pan y me acordé de ti. Un abrazo. No hace falta contestar.",
    "Pensé en tu mamá y en tu música. ¡Qué bueno que existes!",
)
WRONG = (
    ("How are you?", "question"),
    ("¿Cómo estás", "question"),
    ("Look at example.com for more", "link"),
    ("Read https://juniper.example/g/x", "link"),
    ("All of us at the respite say hello", "programme-word"),
    ("Thinking of you since your stay", "programme-word"),
    ("I hope your anxiety is less", "health-word"),
    ("Espero que la ansiedad te deje dormir", "health-word"),
    ("Call 988 if you like", "health-word"),
    ("You should rest", "advice"),
    ("Make sure to eat", "advice"),
    ("I hope you're well", "advice"),
    ("Let me know", "advice"),
    ("Tienes que descansar", "advice"),
    ("No olvides comer", "advice"),
    ("Espero que estés bien", "advice"),
    ("Your appointment is soon", "appointment"),
    ("Te espero en la cita", "appointment"),
    ("See you at 555 0142", "number"),
    ("A sun for you \N{BLACK SUN WITH RAYS}", "odd-letters"),
    ("hello " * 90, "too-long"),
    ("", "empty"),
)


@pytest.mark.parametrize("words", GOOD)
def test_a_kind_word_may_leave(words: str) -> None:
    assert faults_in(words, f"{words} - Luz") == ()


@pytest.mark.parametrize(("words", "kind"), WRONG)
def test_why_words_may_not_leave(words: str, kind: str) -> None:
    assert kind in [fault.kind for fault in faults_in(words, f"{words} - Luz")]


def test_what_the_house_opens_counts_in_the_length() -> None:
    assert faults_in("Good day.", "Good day. " + "hello " * 90)[0].kind == "too-long"


def test_the_first_the_last_but_one_and_the_last_are_opened_by_the_house() -> None:
    assert [part_of(n, 9) for n in (0, 1, 6, 7, 8)] == [Part.FIRST, None, None, Part.NEARLY, Part.LAST]
    assert [part_of(n, 3) for n in range(3)] == [Part.FIRST, Part.NEARLY, Part.LAST]


@pytest.mark.parametrize(
    ("left", "step", "comes"),
    [
        (date(2026, 11, 22), "w1", date(2026, 11, 29)),
        (date(2026, 11, 30), "m3", date(2027, 2, 28)),
        (date(2026, 1, 31), "m1", date(2026, 2, 28)),
        (date(2026, 12, 31), "m12", date(2027, 12, 31)),
        (date(2027, 8, 31), "m6", date(2028, 2, 29)),
    ],
)
def test_weeks_and_months_are_those_of_the_calendar(left: date, step: str, comes: date) -> None:
    assert day_of(left, step) == comes


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_each_comes_after_the_one_before(left: date) -> None:
    days = [day_of(left, step) for step in STEPS]
    assert days == sorted(set(days))
    assert set(FIRST_STEPS) <= set(STEPS)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 1)])  # both odd nights of the year
@pytest.mark.parametrize(
    "hours", [Hours(time(9), time(20)), Hours(time(1), time(3)), Hours(time(22), time(2)), Hours(time(2), time(2, 30))]
)
def test_each_comes_in_their_hours_at_its_own_minute(day: date, hours: Hours) -> None:
    zones = ("America/Denver", "America/Chicago") if hours.start == time(9) else ("America/Denver",)
    found = [at_on(day, hours, zones, bytes([seed])) for seed in range(40)]
    assert all(is_open(at, hours, zones) for at in found)
    if hours.end != time(2, 30):
        assert len({at.minute for at in found}) > 8
    assert found == [at_on(day, hours, zones, bytes([seed])) for seed in range(40)]


def test_it_is_counted_from_the_leaving_or_from_today_where_that_is_long_ago() -> None:
    left = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
    assert counted_from(left, left + timedelta(days=3), "America/Denver") == date(2026, 11, 22)
    assert counted_from(left, left + timedelta(days=30), "America/Denver") == date(2026, 12, 22)
