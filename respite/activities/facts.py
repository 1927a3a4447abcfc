"""Why nothing of the calendar stands in a guest's record: it is tied to nobody."""

from __future__ import annotations

from respite.core.facts import leave_out

leave_out({"activity.led_by_sealed": "how whoever leads wishes to be named on the calendar, tied to no guest's record"})
