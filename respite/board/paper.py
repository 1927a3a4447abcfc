"""A sheet for a night without the line: doors, promises, whom to call, and room to write.

Names of guests stand on it only where the house chose that; otherwise a promise names nobody either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from unicodedata import normalize

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.board.rows import Board
from respite.board.views import at_the_desk, blueprint
from respite.board.words import Words
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.phones import shown as phone_shown
from respite.core.times import moment_words
from respite.guests.queries import names_of_who_left
from respite.handoff.service import evening
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.promises.views.shown import Place, lines
from respite.staffing.queries.phone_order import phone_order
from respite.staffing.views.phone_words import call_when

TONIGHT = timedelta(hours=18)  # an evening, the night and the morning after
LATELY = timedelta(days=60)  # whoever left since then may stand in the words of a promise
ROWS = 14  # to write on
SHORTEST_PART = 3  # letters of a name that is more than an initial or a "de"


@blueprint.get("/houses/<slug>/board/paper")
@for_house(May.KEEP_BEDS)
def paper(house: House) -> ResponseReturnValue:
    now, session = house_now(), db.session()
    names = rules_now(session, house.id).names_on_paper
    calls = phone_order(session, house.id, now, now + TONIGHT)
    known = names_of_who_left(session, house.id, now - LATELY)
    board, sight = at_the_desk(house)
    end_read()
    names = names and sight.guests
    place = Place(board.house.zone, board.house.night_turns_at, now)
    promised = lines(board.promises, place, None)  # whoever reads paper is not "you"
    known |= names_on(board)
    return render_template(
        "board/paper.html",
        house=board.house,
        board=board,
        words=Words(board),
        names=names,
        promises=[(each, each.said if names else unnamed(each.said, known)) for each in promised],
        calls=[(each, call_when(each, board.house.zone, now), phone_shown(each.phone or "")) for each in calls],
        rows=ROWS,
        print_now=request.args.get("print") == "now",
        printed_at=moment_words(now, board.house.zone, now),
        back=url_for("board.desk", slug=board.house.slug),
    )


@blueprint.post("/houses/<slug>/board/paper/printed")
@for_house(May.KEEP_BEDS)
def paper_printed(house: House) -> ResponseReturnValue:
    """One tap at the desk: the sheet opens with the browser's print dialog, and the desk says no more of it."""
    house_id, sheet, undo = house.id, url_for("board.paper", slug=house.slug), "board.paper_not_printed"
    way_back = url_for(undo, slug=house.slug)

    def act() -> Answer:
        evening.printed(acting(), house_id, now=house_now())
        return done(f"{sheet}?print=now", _("The sheet for tonight was opened to be printed."), way_back)

    return act_form(acting(), act)


@blueprint.post("/houses/<slug>/board/paper/not-printed")
@for_house(May.KEEP_BEDS)
def paper_not_printed(house: House) -> ResponseReturnValue:
    house_id, home = house.id, url_for("board.desk", slug=house.slug)

    def act() -> Answer:
        evening.not_printed(acting(), house_id, now=house_now())
        return done(home, _("The desk says again that it can be printed."))

    return act_form(acting(), act)


def names_on(board: Board) -> set[str]:
    """The names of everybody whom the board knows."""
    found = {door.guest_label for door in board.doors} | {door.awaited_name for door in board.doors}
    found |= {seat.guest_label for seat in board.chairs} | {row.name for row in board.waiting}
    return {name for name in found | {promise.for_whom for promise in board.promises} if name}


def unnamed(text: str, names: Iterable[str]) -> str:
    """The words without these names, nor a first or a last name by itself; long ones first, so that no part is left.

    Whoever writes in a hurry leaves the accents out: "Maria" is María's name too.
    """
    whole, text = {_plain(name) for name in names}, normalize("NFC", text)
    parts = {part for name in whole for part in name.split() if len(part) >= SHORTEST_PART}
    for name in sorted(whole | parts, key=len, reverse=True):
        found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", _plain(text), flags=re.IGNORECASE)
        for each in reversed(list(found)):
            text = f"{text[: each.start()]}…{text[each.end() :]}"
    return text


def _plain(text: str) -> str:
    """The same letters without their accents, each where it was."""
    return "".join(normalize("NFD", letter)[0] for letter in normalize("NFC", text))
