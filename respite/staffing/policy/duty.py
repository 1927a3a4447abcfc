"""The rules of duty of a house: what binds, what is weighed, and who is asked when somebody is not here yet.

What every house begins with is from AHRQ's handbook and NIOSH on shift work (10 to 12 hours off, few nights in a row)
and from what the founding houses told; each is the house's own to change, from a day on.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Times are in minutes, costs in points; 0 days or nights in a row, or hours a week, mean: no such rule."""

    rest: int = 600  # between two shifts of one person
    week: int = 2400  # on the floor, Monday to Sunday
    days_in_a_row: int = 5
    nights_in_a_row: int = 3
    floor_least: int = 1  # people in the house at any time; a living room has two at least

    # Shifts that a pattern makes are open to everybody at once (1), or wait for their roster to be published (0).
    open_at_once: int = 0
    # A swap that no rule speaks against counts at once (0), or when whoever keeps the shifts has said yes too (1).
    swaps_looked_at: int = 0

    # What a roster is weighed by.
    open_costs: int = 1000  # a place that nobody has
    need_costs: int = 400  # nobody on a shift who holds what it needs
    wish_costs: int = 10
    short_hour_costs: int = 4  # each hour below what somebody wanted
    share_costs: int = 1  # each tenth of a night or weekend off one's share
    isolated_costs: int = 6
    change_costs: int = 30  # each day that differs from what is published

    # The evening before, and around the begin of a shift: minutes before and after.
    remind_before: int = 1440
    remind_again_before: int = 120
    on_way_before: int = 30
    ask_peer_after: int = 5
    ask_on_call_after: int = 10
    ask_second_after: int = 20
    ask_lead_after: int = 30
    on_way_gives: int = 30  # how long somebody who is on their way is waited for
    on_call_answers: int = 10  # how long each of those who are called in has, before the next is asked
    longest_extension: int = 240  # by which somebody makes their own shift longer

    # Open shifts.
    waves: int = 3
    wave_people: int = 3
    wave_minutes: int = 180
    all_at_once_before: int = 120
    phone_after: int = 15  # everybody was asked and nobody has it: somebody phones


NAMES = tuple(each.name for each in fields(Duty))

#: Rules that are on (1) or off (0).
SWITCHES = ("open_at_once", "swaps_looked_at")

_COUNTS = {
    "days_in_a_row": (0, 14),
    "nights_in_a_row": (0, 14),
    "floor_least": (0, 12),
    **dict.fromkeys(SWITCHES, (0, 1)),
    "waves": (1, 10),
    "wave_people": (1, 50),
}
#: (least, most) of each rule; times up to a week, points up to ten thousand.
LIMITS: dict[str, tuple[int, int]] = {name: _COUNTS.get(name, (0, 10_000)) for name in NAMES} | {
    "week": (0, 10_080),
    "rest": (0, 1_440),
}


def duty_of(choices: dict[str, int], living_room: bool = False) -> Duty:
    """The house's choices over what every house begins with. Names that are no rule are passed over."""
    known = {name: value for name, value in choices.items() if name in NAMES}
    if living_room:
        known["floor_least"] = max(2, known.get("floor_least", 2))
    return Duty(**known)
