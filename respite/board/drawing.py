"""Drawing: every part of the board is one partial, drawn alike for a whole page and for one part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from flask import current_app

from respite.accounts.roles import May
from respite.board.acts import address, door_acts, notice_acts, seat_acts
from respite.board.rows import Board, Door
from respite.board.sight import Sight
from respite.board.words import Words
from respite.promises.policy import LONGEST_WORDS
from respite.promises.views.fields import day_options
from respite.promises.views.shown import Place, lines
from respite.staffing.views.gap_words import GapLines, gap_lines
from respite.staffing.views.gaps import roster_page

DOORS_A_PAGE = 8
MOST_WAITING = 6
MOST_PROMISES = 8
MOST_GAPS = 4
TEMPLATES = {
    "watch": "board/_watch.html",
    "gaps": "board/_gaps.html",
    "summary": "board/_summary.html",
    "notices": "board/_notices.html",
    "moments": "board/_moments.html",
    "texts": "board/_texts.html",
    "people": "board/_people.html",
    "chairs": "board/_chairs.html",
    "promises": "board/_promises.html",
    "asks": "board/_asks.html",
    "waiting": "board/_waiting.html",
    "house-face": "board/_house_face.html",
}
DESK = ("watch", "gaps", "summary", "notices", "moments", "texts", "people", "promises", "asks", "chairs", "waiting")
#: Parts that are words about guests from end to end.
ABOUT_GUESTS = frozenset({"waiting", "promises", "asks"})
WALL = ("people", "chairs", "house-face")


def part_names(board: Board, sight: Sight) -> list[str]:
    """The parts that this viewer's page is made of."""
    names = [name for name in (WALL if sight.wall else DESK) if name != "chairs" or board.house.has_chairs]
    if not sight.guests:
        names = [name for name in names if name not in ABOUT_GUESTS]
    if not sight.may(May.SEE_SHIFTS) and "watch" in names:
        names.remove("watch")
    if not sight.may(May.KEEP_SHIFTS) and "gaps" in names:
        names.remove("gaps")
    if not sight.may(May.KEEP_TEXTS) and "texts" in names:
        names.remove("texts")
    if not sight.may(May.KEEP_BEDS) and "moments" in names:
        names.remove("moments")
    if sight.doors:
        names += [f"door-{door.id}" for door in board.doors]
    return names


def context(board: Board, sight: Sight) -> dict[str, Any]:
    """What the partials draw from."""
    return {
        "board": board,
        "house": board.house,
        "sight": sight,
        "words": Words(board),
        "door_acts": partial(door_acts, board, sight=sight),
        "seat_acts": partial(seat_acts, board, sight=sight),
        "notice_acts": partial(notice_acts, board, sight=sight),
        "waiting_page": _page("guests.waiting_page", board),
        "contacts_page": _page("guests.contacts", board) if sight.may(May.KEEP_BEDS) else None,
        "texts_page": _page("messaging.inbox", board) if sight.may(May.KEEP_TEXTS) else None,
        "moments_page": _page("moments.index", board) if sight.may(May.KEEP_BEDS) else None,
        "farewells_page": _page("moments.farewells", board) if sight.may(May.DECIDE_STAYS) else None,
        "hard_page": _page("moments.new", board) if sight.may(May.KEEP_BEDS) else None,
        "roll_call_page": _page("guests.roll_call", board) if sight.may(May.ENTER) else None,
        "most_waiting": MOST_WAITING,
        "asks_page": _page("guests.asks_page", board) if sight.may(May.KEEP_BEDS) else None,
        **_promises(board, sight),
        "gap_lines": _gap_lines(board, sight),
        "roster_page": roster_page(board.house.slug),
    }


def _promises(board: Board, sight: Sight) -> dict[str, Any]:
    """The promises for the desk, and what the form of one line offers; nothing of them anywhere else."""
    if not sight.guests:
        return {"promise_lines": [], "promises_page": None}
    place = Place(board.house.zone, board.house.night_turns_at, board.as_of)
    return {
        "promise_lines": lines(board.promises[:MOST_PROMISES], place, sight.person_id),
        "more_promises": max(0, len(board.promises) - MOST_PROMISES),
        "promises_page": _page("promises.page", board) if sight.may(May.KEEP_BEDS) else None,
        "promise_days": day_options(place),
        "longest_promise": LONGEST_WORDS,
    }


def _gap_lines(board: Board, sight: Sight) -> GapLines:
    if sight.wall or not sight.may(May.KEEP_SHIFTS):
        return GapLines([], 0)
    return gap_lines(board.gaps.gaps, board.house.zone, board.as_of, board.gaps.names, MOST_GAPS)


def _page(endpoint: str, board: Board) -> str | None:
    found = address(endpoint, {"slug": board.house.slug})
    return found[0] if found else None


def drawn(board: Board, sight: Sight, names: Iterable[str]) -> dict[str, str]:
    """The HTML of each named part; a name that is not on this viewer's page is left out."""
    known = part_names(board, sight)
    values = context(board, sight)
    current_app.update_template_context(values)
    html: dict[str, str] = {}
    for name in names:
        if name in known and name not in html:
            door = _door_named(board, name)
            template = current_app.jinja_env.get_template(TEMPLATES.get(name, "board/_door.html"))
            html[name] = template.render(values | {"door": door})
    return html


def _door_named(board: Board, name: str) -> Door | None:
    return next((door for door in board.doors if name == f"door-{door.id}"), None)


def pages(doors: Sequence[Door]) -> list[list[Door]]:
    """Doors on pages of at most eight, spread evenly, so that no page shows one lonely door."""
    count = max(1, -(-len(doors) // DOORS_A_PAGE))
    size, longer = divmod(len(doors), count)
    starts = [page * size + min(page, longer) for page in range(count + 1)]
    return [list(doors[begin:end]) for begin, end in pairwise(starts)]
