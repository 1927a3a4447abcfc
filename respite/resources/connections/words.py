"""Connections in the words that people read."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.resources.connections.policy import Category, State, Who, Why
from respite.resources.connections.trust import CameOfIt, Often

STATES: dict[str, Any] = {
    State.OFFERED: _l("offered"),
    State.WANTED: _l("wanted"),
    State.NOT_WANTED: _l("not wanted"),
    State.CONTACT: _l("contact made together"),
    State.REACHED: _l("reached"),
    State.CONNECTED: _l("connected"),
    State.NOT_A_FIT: _l("not a fit"),
    State.DROPPED: _l("not wanted any more"),
    State.ENDED: _l("ended"),
}
WHOSE: dict[str, Any] = {
    Who.GUEST: _l("the guest said so"),
    Who.SERVICE: _l("the place said so"),
    Who.HOUSE: _l("somebody of the house"),
}
WHY: dict[str, Any] = {
    Why.FULL: _l("it was full"),
    Why.FAR: _l("too far away"),
    Why.COST: _l("it costs too much"),
    Why.HOURS: _l("open at the wrong times"),
    Why.LANGUAGE: _l("not in their language"),
    Why.CLOSED: _l("it is not there any more"),
    Why.NOT_FOR_THEM: _l("it is for others"),
    Why.NOT_LIKED: _l("it did not feel right there"),
    Why.OTHER: _l("something else"),
}
CATEGORIES: dict[str, Any] = {
    Category.HOUSING: _l("A place to live"),
    Category.FOOD: _l("Food"),
    Category.MONEY: _l("Money and benefits"),
    Category.WORK: _l("Work"),
    Category.LEARNING: _l("School and learning"),
    Category.HEALTH: _l("Health care"),
    Category.PEERS: _l("Peers and groups"),
    Category.COMMUNITY: _l("Company and things to do"),
    Category.FAMILY: _l("Family and children"),
    Category.LEGAL: _l("Legal help"),
    Category.TRANSPORT: _l("Getting around"),
    Category.PAPERS: _l("Papers and phone"),
    Category.OTHER: _l("Something else"),
}
OFTEN: dict[str, Any] = {
    Often.MOSTLY: _l("Where guests tried it in the past year, it mostly came about."),
    Often.SOMETIMES: _l("Where guests tried it in the past year, it sometimes came about."),
    Often.SELDOM: _l("Where guests tried it in the past year, it seldom came about."),
}


def came_words(came: CameOfIt | None) -> list[str]:
    """What connections say of a place, a sentence each; none where nothing may be said."""
    if came is None:
        return []
    said = [str(OFTEN[came.often])] if came.often is not None else []
    if came.tried is not None:
        said.append(
            _(
                "In the past year guests tried it %(tried)s times, and it came about %(connected)s times.",
                tried=came.tried,
                connected=came.connected,
            )
        )
    reasons = [f"{WHY[why]} ({many})" if many is not None else str(WHY[why]) for why, many in came.reasons.items()]
    if reasons:
        said.append(_("What stood in the way: %(reasons)s", reasons="; ".join(sorted(reasons))))
    return said
