"""What can happen with groups and activities."""

from __future__ import annotations

from respite.audit.kinds import TOLD, UNTOLD, declare

SET = declare("activity.group.set", UNTOLD)
ENDED = declare("activity.group.ended", UNTOLD, last_day="date")
DAY_OFF = declare("activity.day.off", TOLD, day="date")
DAY_ON = declare("activity.day.on-again", TOLD, day="date")
COUNTED = declare("activity.day.counted", UNTOLD, day="date", came="count")
CALENDAR_SHARED = declare("activity.calendar.shared", UNTOLD, on="flag")
