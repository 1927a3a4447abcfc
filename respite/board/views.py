"""The desk and the wall, whole or part by part."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts import displays
from respite.accounts.access import signed_in
from respite.accounts.acting import acting
from respite.accounts.actor import ActorKind
from respite.accounts.roles import May
from respite.accounts.views.waiting_screen import pairing_or_display
from respite.board.drawing import context, drawn, pages, part_names
from respite.board.queries import board_of, lead_board_of
from respite.board.rows import Board
from respite.board.sight import Sight, at_desk, on_wall
from respite.board.words import Words
from respite.concerns.reading import waits_for
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import NotFound
from respite.houses.access import for_house
from respite.houses.life_line import build, life_line
from respite.houses.models import House
from respite.houses.queries import houses_of

blueprint = Blueprint("board", __name__)
MOST_NAMES = 200
#: Set by the wall's own script when it is hidden for visitors; it lasts an hour.
FACE_COOKIE = "face"


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """The person's house; or which one, for somebody with several."""
    actor = acting()
    houses = [house for house in houses_of(actor) if actor.may(May.SEE_BOARD, house.id)]
    end_read()
    if len(houses) == 1:
        return redirect(url_for("board.desk", slug=houses[0].slug))
    return render_template("board/houses.html", houses=houses)


@blueprint.get("/houses/<slug>/board")
@for_house(May.SEE_BOARD)
def desk(house: House) -> ResponseReturnValue:
    house_id = house.id
    board, sight = at_the_desk(house)
    told_me = waits_for(db.session(), acting(), house_id)
    end_read()
    return render_template(
        "board/desk.html",
        told_me=told_me,
        **context(board, sight),
        **_live(board, url_for("board.desk_parts", slug=board.house.slug)),
    )


@blueprint.get("/houses/<slug>/board/parts")
@for_house(May.SEE_BOARD)
def desk_parts(house: House) -> ResponseReturnValue:
    """Parts of the desk by name, each drawn as the page draws it; all of them where none is named."""
    return _parts(*at_the_desk(house))


def at_the_desk(house: House) -> tuple[Board, Sight]:
    """The board as whoever acts sees it at the desk. Raises NotFound for a screen, which has a page of its own."""
    actor = acting()
    if actor.kind != ActorKind.PERSON:
        raise NotFound  # nothing about guests is drawn on it
    sight = at_desk(actor, house.id)
    board = (lead_board_of if sight.may(May.KEEP_SHIFTS) else board_of)(house, house_now())
    g.house = board.house  # values: the row would be read again while the page is drawn
    return board, sight


def _parts(board: Board, sight: Sight) -> ResponseReturnValue:
    asked = request.args.get("names")
    names = part_names(board, sight) if asked is None else asked.split(",")[:MOST_NAMES]
    return jsonify(
        version=board.version,
        parts=drawn(board, sight, names),
        names=part_names(board, sight),
        now=house_now().isoformat(),
        next=board.next_change_at.isoformat(),
        quiet=board.house.quiet,
        build=build(),
    )


@blueprint.get("/wall")
def wall() -> ResponseReturnValue:
    """A paired screen's board. One that is not paired gets its pairing page, never a sign-in."""
    screen = pairing_or_display()
    if isinstance(screen, Response):
        return screen
    board, sight = _on_screen(screen)
    shown = pages(board.doors) if sight.doors else []
    return render_template(
        "board/wall.html",
        **context(board, sight)
        | _live(board, url_for("board.wall_parts"), screen=True)
        | {
            "theme": "night" if board.house.quiet else "day",
            "clock": Words(board).wall_clock(house_now()),
            "face": _face(sight),
            "pages": shown,
            "page_shown": _page_shown(len(shown)),
            "refresh": _refresh(len(shown), _face(sight)),
        },
    )


@blueprint.get("/wall/parts")
def wall_parts() -> ResponseReturnValue:
    screen: displays.Screen | None = g.get("screen")
    if screen is None:
        raise NotFound
    return _parts(*_on_screen(screen))


def _on_screen(screen: displays.Screen) -> tuple[Board, Sight]:
    """What a paired screen may show."""
    return board_of(db.session.get_one(House, screen.house_id), house_now()), on_wall(screen.face)


def _face(sight: Sight) -> str:
    """Which face a screen shows: the one asked for, or the one that was turned to within the hour."""
    if not sight.doors:
        return "house"
    wanted = request.args.get("face") or request.cookies.get(FACE_COOKIE)
    return "house" if wanted == "house" else "doors"


def _page_shown(count: int) -> int:
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 and 1 <= int(asked) <= count else 1


def _refresh(pages_of_doors: int, face: str) -> str:
    """What a screen without scripts does every half minute: look again, at the next page where there are several."""
    if pages_of_doors < 2:
        return "30"
    return f"30;url={url_for('board.wall', page=_page_shown(pages_of_doors) % pages_of_doors + 1, face=face)}"


def _live(board: Board, parts_url: str, *, screen: bool = False) -> dict[str, Any]:
    house = board.house
    return {"live": life_line(house.slug, house.zone, board.version, board.next_change_at, parts_url, screen=screen)}
