"""The roster's page, the table alone for a page that is open, and its sheet of paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.board.roster import Roster
from respite.board.roster_bars import Viewer, roster_of
from respite.board.roster_places import ON_PAPER, SOME, places_for
from respite.board.roster_words import RosterWords
from respite.board.views import blueprint
from respite.core.clock import house_now
from respite.core.forms import Form
from respite.houses.access import for_house
from respite.houses.life_line import build, life_line
from respite.houses.models import House

PART = "roster"
MONTH, FORTNIGHT = 30, 14
HALF = 15  # nights side by side on a sheet, so that names can be read


@blueprint.get("/houses/<slug>/beds")
@for_house(May.SEE_BOARD)
def beds(house: House) -> ResponseReturnValue:
    """Doors by nights. `from` is the first night, `nights` 30 or 14."""
    first, nights = _asked()
    roster = roster_of(house, first, nights, _viewer(house), house_now())
    parts_url = _address("board.beds_parts", roster.slug, first, nights)
    live = life_line(roster.slug, roster.zone, roster.version, roster.next_change_at, parts_url)
    return render_template(
        "board/beds.html",
        live=live | {"data-whole": True},
        some=SOME,
        **_context(house, roster),
        **_ways(roster, nights),
    )


@blueprint.get("/houses/<slug>/beds/parts")
@for_house(May.SEE_BOARD)
def beds_parts(house: House) -> ResponseReturnValue:
    """The table anew for a page that is open, as live.js takes it."""
    first, nights = _asked()
    roster = roster_of(house, first, nights, _viewer(house), house_now())
    return jsonify(
        version=roster.version,
        parts={PART: render_template("board/_beds_table.html", **_context(house, roster))},
        names=[PART],
        now=house_now().isoformat(),
        next=roster.next_change_at.isoformat(),
        quiet=False,
        build=build(),
    )


def _asked() -> tuple[date | None, int]:
    """The first night that was asked for, none meaning tonight, and how many. Raises Invalid."""
    asked = Form(request.args)
    first = asked.day("from", needed=False)
    nights = FORTNIGHT if asked.choice("nights", ("14", "30"), needed=False) == "14" else MONTH
    asked.done()
    return first, nights


@blueprint.get("/houses/<slug>/beds/print")
@for_house(May.SEE_BOARD)
def beds_print(house: House) -> ResponseReturnValue:
    """The same nights as a sheet, fifteen side by side."""
    first, _nights = _asked()
    viewer, now = _viewer(house), house_now()
    upper = roster_of(house, first, HALF, viewer, now)
    lower = roster_of(house, upper.nights[-1] + timedelta(days=1), HALF, viewer, now)
    words = RosterWords(upper)
    return render_template(
        "board/beds_print.html",
        house=house,
        places=ON_PAPER,
        sheets=[(upper, words), (lower, RosterWords(lower))],
        printed_at=words.printed_at(),
        back=_address("board.beds", house.slug, first, MONTH),
    )


def _viewer(house: House) -> Viewer:
    actor = acting()
    role = actor.role_in(house.id)
    return Viewer(names=actor.may(May.SEE_GUESTS, house.id), role=str(role) if role else None)


def _context(house: House, roster: Roster) -> dict[str, Any]:
    return {"house": house, "roster": roster, "words": RosterWords(roster), "places": places_for(acting(), house)}


def _ways(roster: Roster, nights: int) -> dict[str, Any]:
    """Where one can look from here: earlier, later, today, more or fewer nights, on paper."""
    first, slug = roster.nights[0], roster.slug

    def at(day: date, count: int = nights, endpoint: str = "board.beds") -> str:
        return _address(endpoint, slug, None if day == roster.tonight else day, count)

    return {
        "count": nights,
        "earlier": at(first - timedelta(days=nights)),
        "later": at(first + timedelta(days=nights)),
        "now": at(roster.tonight) if first != roster.tonight else None,
        "month": at(first, MONTH),
        "fortnight": at(first, FORTNIGHT),
        "paper": at(first, MONTH, "board.beds_print"),
    }


def _address(endpoint: str, slug: str, first: date | None, nights: int) -> str:
    wanted: dict[str, Any] = {
        "from": first.isoformat() if first else None,
        "nights": None if nights == MONTH else nights,
    }
    return url_for(endpoint, slug=slug, **wanted)
