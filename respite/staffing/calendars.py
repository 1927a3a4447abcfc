"""A person's shifts as an iCalendar file (RFC 5545). It names the house as its texts do, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from icalendar import Calendar, Event, vDuration

from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import OnShift

BEHIND, AHEAD = timedelta(days=31), timedelta(days=92)
LOOK_AGAIN = timedelta(hours=1)


def calendar_of(shifts: Sequence[OnShift], names: Mapping[UUID, str], host: str, now: datetime) -> bytes:
    """One event for each shift; `names` are the houses'. A calendar that follows it drops what is no longer in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Respite//shifts//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My shifts"))
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    for shift in shifts:
        calendar.add_component(_event(shift, names.get(shift.house_id, ""), host, now))
    return bytes(calendar.to_ical())


def _event(shift: OnShift, name: str, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{shift.shift_id}@{host}")
    event.add("sequence", shift.version)
    event.add("dtstamp", now)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    said = _("%(house)s, on call") if shift.kind == ShiftKind.ON_CALL else _("%(house)s, shift")
    event.add("summary", said % {"house": name})
    if shift.kind == ShiftKind.ON_CALL:
        event.add("transp", "TRANSPARENT")
    return event
