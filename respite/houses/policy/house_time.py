"""What an instant means on the clock of a house, and back.

Instants are aware datetimes and come back in UTC; nights, shifts and quiet hours belong to the house's IANA
zone. Intervals are half-open: the night that turns at 06:00 no longer holds 06:00.

On the two odd nights of the year one rule serves every function here (`instant_of`), so that the end of one
thing is always the begin of the next, without a gap or an overlap:

* a wall time that the clocks jump over means the first instant after the jump;
* a wall time that comes twice means its first occurrence, unless the second is asked for.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


def local(instant: datetime, zone: str) -> datetime:
    """The instant as the house's wall clock shows it (aware, in the house's zone)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(ZoneInfo(zone))


def instant_of(wall: datetime, zone: str, *, fold: int = 0) -> datetime:
    """The instant, in UTC, at which the house's clock shows `wall` (a naive datetime).

    A skipped wall time gives the first instant after the jump, whatever the fold; of a repeated one `fold`
    takes the first (0) or the second (1).
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no time zone of its own")
    place = ZoneInfo(zone)
    instant = wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wall:
        return instant
    return _first_instant_after_jump(wall, place)


def span_of(day: date, begins: time, ends: time, zone: str) -> tuple[datetime, datetime]:
    """The instants, half-open, of what begins on `day` and ends at the next `ends` on the wall's clock.

    An end at or before the begin falls on the next day, as a night shift's does. Where the clocks jump over
    the whole of it, both instants are the same.
    """
    last_day = day if begins < ends else day + ONE_DAY
    return instant_of(datetime.combine(day, begins), zone), instant_of(datetime.combine(last_day, ends), zone)


def day_begins(day: date, zone: str) -> datetime:
    """The instant at which a calendar day begins in the house."""
    return instant_of(datetime.combine(day, time.min), zone)


def _first_instant_after_jump(skipped: datetime, place: ZoneInfo) -> datetime:
    # Read with the offset after the jump, a skipped time lies before the jump; with the one before it, after.
    before = skipped.replace(tzinfo=place, fold=1, microsecond=0).astimezone(UTC)
    after = skipped.replace(tzinfo=place, fold=0, microsecond=0).astimezone(UTC) + ONE_SECOND
    offset_before = before.astimezone(place).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + timedelta(seconds=(after - before) // ONE_SECOND // 2)
        if middle.astimezone(place).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after


def same_wall_time_days_later(instant: datetime, zone: str, days: int) -> datetime:
    """The instant at which the house's clock shows the same time, `days` calendar days later.

    Negative days go back. "24 hours after a stay" means this: 15:00 stays 15:00 when the clocks change.
    """
    here = local(instant, zone)
    wall = here.replace(tzinfo=None, fold=0) + timedelta(days=days)
    return instant_of(wall, zone, fold=here.fold)


def night_begins(night: date, zone: str, turns_at: time) -> datetime:
    """The instant from which `night` is tonight: the house's turning time on the date of its evening."""
    return instant_of(datetime.combine(night, turns_at), zone)


def night_turns(night: date, zone: str, turns_at: time) -> datetime:
    """The instant at which `night` ends and the next begins: the turning time on the morning after."""
    return night_begins(night + ONE_DAY, zone, turns_at)


def night_of(instant: datetime, zone: str, turns_at: time) -> date:
    """The night an instant belongs to, named by the date of its evening.

    Until the house's night turns (06:00), tonight is still yesterday's.
    """
    today = local(instant, zone).date()
    # Compared as instants, not as wall times: a repeated hour would fall back into the night just ended.
    for night in (today + ONE_DAY, today):
        if night_begins(night, zone, turns_at) <= instant:
            return night
    return today - ONE_DAY


def nights_between(first_night: date, leaving_day: date) -> tuple[date, ...]:
    """The nights from the first up to, and without, the day of leaving; none where that is the same day."""
    if leaving_day < first_night:
        raise ValueError("a stay cannot end before it begins")
    return tuple(first_night + timedelta(days=n) for n in range((leaving_day - first_night).days))


def census_instant(night: date, zone: str, census_hour: time, turns_at: time) -> datetime:
    """The instant at which the house counts who is here for `night`.

    A census hour after midnight (03:00, before the night turns) falls on the next date and still counts the
    night of its evening.
    """
    day = night if census_hour >= turns_at else night + ONE_DAY
    return instant_of(datetime.combine(day, census_hour), zone)


def quiet(instant: datetime, zone: str, quiet_from: time, quiet_until: time) -> bool:
    """Whether the house is in its quiet hours, which may cross midnight. The same time twice means: none."""
    return any(begin <= instant < end for begin, end in _quiet_spans(instant, zone, quiet_from, quiet_until))


def quiet_turns(instant: datetime, zone: str, quiet_from: time, quiet_until: time) -> datetime | None:
    """The next instant after `instant` at which quiet hours begin or end; None where a house has none."""
    edges = (
        edge
        for begin, end in _quiet_spans(instant, zone, quiet_from, quiet_until)
        if begin < end
        for edge in (begin, end)
        if edge > instant
    )
    return min(edges, default=None)


def _quiet_spans(instant: datetime, zone: str, quiet_from: time, quiet_until: time) -> list[tuple[datetime, datetime]]:
    if quiet_from == quiet_until:
        return []
    today = local(instant, zone).date()
    crosses_midnight = timedelta(days=1 if quiet_until < quiet_from else 0)
    return [
        (
            instant_of(datetime.combine(day, quiet_from), zone),
            instant_of(datetime.combine(day + crosses_midnight, quiet_until), zone),
        )
        for day in (today - ONE_DAY, today, today + ONE_DAY, today + 2 * ONE_DAY)
    ]


def part_of_day(instant: datetime, zone: str) -> PartOfDay:
    """Morning from 06:00, afternoon from 12:00, evening from 18:00, night from 22:00, house time."""
    hour = local(instant, zone).hour
    if hour < 6 or hour >= 22:
        return PartOfDay.NIGHT
    if hour < 12:
        return PartOfDay.MORNING
    if hour < 18:
        return PartOfDay.AFTERNOON
    return PartOfDay.EVENING


def was_at(day: date, at: time, zone: str, now: datetime) -> datetime:
    """When the house's clock showed `at` on that day; of an hour that came twice the later that is over."""
    wall = datetime.combine(day, at)
    later = instant_of(wall, zone, fold=1)
    return later if later <= now else instant_of(wall, zone)


def last_at(at: time, zone: str, now: datetime) -> datetime:
    """The last time, not after `now`, that the house's clock showed `at`."""
    today = local(now, zone).date()
    found = (was_at(today - n * ONE_DAY, at, zone, now) for n in range(2))
    return next(instant for instant in found if instant <= now)
