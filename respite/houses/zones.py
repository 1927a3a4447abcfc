"""Time zones as a house chooses one: those of the United States first, by their everyday names, then all."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

HOME = {
    "America/New_York": _l("Eastern"),
    "America/Chicago": _l("Central"),
    "America/Denver": _l("Mountain"),
    "America/Phoenix": _l("Arizona, without summer time"),
    "America/Los_Angeles": _l("Pacific"),
    "America/Anchorage": _l("Alaska"),
    "Pacific/Honolulu": _l("Hawaii"),
    "America/Puerto_Rico": _l("Puerto Rico"),
    "Pacific/Guam": _l("Guam"),
}
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def home_zones() -> list[tuple[str, str]]:
    """The zones most houses here are in: (zone, "Mountain (America/Denver)")."""
    return [(zone, _("%(name)s (%(zone)s)", name=name, zone=zone)) for zone, name in HOME.items()]


@lru_cache(maxsize=1)
def other_zones() -> tuple[str, ...]:
    return tuple(sorted(z for z in available_timezones() if z.startswith(_REGIONS) and z not in HOME))
