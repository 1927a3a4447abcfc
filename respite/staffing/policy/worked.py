"""Minutes really worked and planned: values in, values out.

A minute is counted where a clock without seconds shows it, so that the sums of any two neighbouring stretches are the
sum of the whole. Minutes are those that pass: the night on which clocks go back has one hour more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from respite.staffing.policy.shifts import LONGEST_STAYING

MINUTE = timedelta(minutes=1)


def present(
    ends_at: datetime,
    came_at: datetime | None,
    went_at: datetime | None,
    stays_on_at: datetime | None,
    now: datetime,
) -> tuple[datetime, datetime] | None:
    """From when until when somebody said that they were there; none where they did not say so.

    Until they went, which may be after the end of the shift where they stayed on; else until its end, or now. Who
    stays on until somebody relieves them is there until then.
    """
    if came_at is None or came_at >= now:
        return None
    until = ends_at if stays_on_at is None else ends_at + LONGEST_STAYING
    end = min(went_at if went_at is not None else until, now)
    return (came_at, end) if came_at < end else None


def minutes_inside(span: tuple[datetime, datetime] | None, begin: datetime, end: datetime) -> int:
    """The minutes of a span that lie in the time from `begin`, before `end`."""
    if span is None:
        return 0
    inside = _whole(min(span[1], end)) - _whole(max(span[0], begin))
    return max(0, inside // MINUTE)


def _whole(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
