"""Times and days as people say them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from respite.core.times import clock_words, day_words, short_day

DENVER = "America/Denver"
SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("at", "english", "spanish"),
    [
        (datetime(2026, 11, 22, 21, 32, tzinfo=UTC), "2:32 pm", "14:32"),
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), "3 pm", "15:00"),
        (datetime(2026, 11, 22, 7, 5, tzinfo=UTC), "12:05 am", "0:05"),
        (datetime(2026, 11, 22, 19, 0, tzinfo=UTC), "12 pm", "12:00"),
    ],
)
def test_a_time_of_day(app: Flask, at: datetime, english: str, spanish: str) -> None:
    with force_locale("en"):
        assert clock_words(at, DENVER) == english
    with force_locale("es"):
        assert clock_words(at, DENVER) == spanish


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2026, 11, 22), "Sunday", "domingo"),
        (date(2026, 11, 28), "Saturday", "sábado"),
        (date(2026, 11, 29), "Sunday 29", "domingo 29"),
        (date(2026, 12, 20), "20 December", "20 de diciembre"),
        (date(2027, 2, 6), "6 February 2027", "6 de febrero de 2027"),
        (date(2026, 11, 20), "20 November", "20 de noviembre"),
    ],
)
def test_a_day(app: Flask, day: date, english: str, spanish: str) -> None:
    with force_locale("en"):
        assert day_words(day, SUNDAY) == english
    with force_locale("es"):
        assert day_words(day, SUNDAY) == spanish


def test_a_day_in_three_letters(app: Flask) -> None:
    with force_locale("en"):
        assert short_day(SUNDAY) == "Sun"
    with force_locale("es"):
        assert short_day(SUNDAY) == "dom"
