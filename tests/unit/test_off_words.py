"""Days off in a text: read, said to be unclear, or left to people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.staffing.policy.off_words import Days, Unclear, asks_for_days_off, days_off

TODAY = date(2026, 11, 22)


def december(first: int, last: int | None = None) -> Days:
    return Days(date(2026, 12, first), date(2026, 12, last or first))


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("OFF 12/24", december(24)),
        ("off 12/24-12/26", december(24, 26)),
        ("Off: 12/24 - 12/26 please", december(24, 26)),
        ("off 12/24 to 12/26", december(24, 26)),
        ("OFF 12/24–26", december(24, 26)),
        ("day off 12/24.", december(24)),
        ("days off 12/4-5", december(4, 5)),
        ("OFF 24/12", december(24)),  # no month has that number, so it is the day
        ("LIBRE 24/12", december(24)),
        ("libre 4/12", december(4)),
        ("off 4/12", Days(date(2027, 4, 12), date(2027, 4, 12))),
        ("Libre 24-26/12", december(24, 26)),
        ("días libres 24/12 al 26/12, por favor", december(24, 26)),
        ("LIBRE 12/24", december(24)),
        ("off 12/30-1/2", Days(date(2026, 12, 30), date(2027, 1, 2))),
        ("off 1/3", Days(date(2027, 1, 3), date(2027, 1, 3))),
        ("off 11/22", Days(TODAY, TODAY)),
        ("off 11/20", Days(date(2026, 11, 20), date(2026, 11, 20))),  # over, and not next year's
        ("off 9/1", Days(date(2027, 9, 1), date(2027, 9, 1))),
        ("off 12/24/2027", Days(date(2027, 12, 24), date(2027, 12, 24))),
        ("off 12/24/27-12/26/27", Days(date(2027, 12, 24), date(2027, 12, 26))),
        ("off 1/1/2020", Days(date(2020, 1, 1), date(2020, 1, 1))),
    ],
)
def test_days_are_read(body: str, days: Days) -> None:
    assert days_off(body, TODAY) == days
    assert asks_for_days_off(body)


@pytest.mark.parametrize(
    "body",
    [
        "OFF 12",
        "off 12-24",
        "off 2/30",
        "off 13/32",
        "off 12/26-12/24",
        "off 12/24-12/24/2020",
        "off 12/24-26-28",
        "off 12.24",
        "off 0/0",
        "off 12/24/0000",
        "libre 31/2",
    ],
)
def test_days_that_cannot_be_read_are_unclear(body: str) -> None:
    assert days_off(body, TODAY) == Unclear()
    assert asks_for_days_off(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "off",
        "OFF duty at 5",
        "off 12/24 if anybody can cover",
        "can I have 12/24 off?",
        "I get off 12/24",
        "off to bed",
        "libre",
        "12/24",
        "turn off 12/24",
        "Y42",
    ],
)
def test_anything_else_is_for_people(body: str) -> None:
    assert days_off(body, TODAY) is None
    assert not asks_for_days_off(body)


@given(st.text(), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_no_text_breaks_it(body: str, today: date) -> None:
    days_off(body, today)


@given(st.from_regex(r"(off|libre) [0-9/ -]{1,24}", fullmatch=True), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_days_come_in_order(body: str, today: date) -> None:
    found = days_off(body, today)
    assert not isinstance(found, Days) or found.first <= found.last
