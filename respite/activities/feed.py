"""The calendar as an iCalendar file (RFC 5545): each day an event of its own, at the hour of the house on that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event, vDuration

from respite.activities.queries import On

LOOK_AGAIN = timedelta(hours=6)


def calendar_of(on: Sequence[On], name: str, host: str, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Respite//activities//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    for each in on:
        event = Event()
        event.add("uid", f"{each.activity_id}-{each.day:%Y%m%d}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.ends_at)
        event.add("summary", each.title)
        if each.place:
            event.add("location", each.place)
        if each.led_by:
            event.add("description", _("With %(name)s", name=each.led_by))
        event.add("status", "CANCELLED" if each.off else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
