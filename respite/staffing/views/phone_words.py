"""When somebody can be called, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from respite.core.times import moment_words
from respite.staffing.queries.phone_order import Call


def call_when(call: Call, zone: str, now: datetime) -> str:
    if call.starts_at is None or call.ends_at is None:
        return _("leads the house")
    begin = moment_words(max(call.starts_at, now), zone, now)
    return _("on call %(begin)s to %(end)s", begin=begin, end=moment_words(call.ends_at, zone, now))
