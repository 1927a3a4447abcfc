"""What can happen with groups and activities."""

from __future__ import annotations

from respite.audit.kinds import declare

SET = declare("activity.group.set")
ENDED = declare("activity.group.ended", last_day="date")
DAY_OFF = declare("activity.day.off", day="date")
DAY_ON = declare("activity.day.on-again", day="date")
COUNTED = declare("activity.day.counted", day="date", came="count")
CALENDAR_SHARED = declare("activity.calendar.shared", on="flag")
