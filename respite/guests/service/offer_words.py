"""What a text about an offered bed says of the time, in the language of whoever gets it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from babel.dates import format_date, format_time

from respite.houses.models import House
from respite.houses.policy.house_time import local


def answer_by(at: datetime, house: House, language: str, said_at: datetime) -> str:
    """A time of the house's clock: "7:40 pm", "tomorrow 10 am", "Friday 10 am"; "las 19:40", "mañana a las 10:00"."""
    return said_time(at, house.timezone, language, said_at)


def said_time(at: datetime, zone: str, language: str, said_at: datetime) -> str:
    """`answer_by` on the clock of a zone."""
    here, there = local(at, zone), local(said_at, zone)
    days = (here.date() - there.date()) // timedelta(days=1)
    if language == "es":
        clock = f"{'la' if here.hour == 1 else 'las'} {here:%-H:%M}"
        day = {0: "", 1: "mañana a "}.get(days, f"el {format_date(here, 'EEEE', locale='es')} a ")
        return day + clock
    clock = _clock(here.time())
    day = {0: "", 1: "tomorrow "}.get(days, f"{format_date(here, 'EEEE', locale='en')} ")
    return day + clock


def _clock(at: time) -> str:
    return format_time(at, "h:mm a" if at.minute else "h a", locale="en").lower()
