"""Patterns, the rules of duty, gaps and what follows from them: their pages, due rows and what they hear."""

from __future__ import annotations

from respite.staffing.service import horizons, rolling, shifts
from respite.staffing.views import cover, duty_rules, hours_worked, patterns

#: Importing them puts their pages on the one blueprint, and says who handles their due rows.
PARTS = (cover, duty_rules, hours_worked, patterns, rolling)


def wire_patterns() -> None:
    if horizons.look_soon not in shifts.shift_moved:
        shifts.shift_moved.append(horizons.look_soon)
    if horizons.look_soon_without not in shifts.shift_goes:
        shifts.shift_goes.append(horizons.look_soon_without)
