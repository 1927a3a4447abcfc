"""What can happen with figures."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

SHARING_BEGAN = declare("figure.sharing.began", UNTOLD, year_begins="count")
MONTH_CLOSED = declare("figure.month.closed", UNTOLD, month="date")
TOTAL_RELEASED = declare("figure.total.released", UNTOLD, what="word", first_day="date", until="date")
