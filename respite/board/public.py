"""For anybody: houses that share how many beds are free, as cards and as HSDS. A house that does not is like none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from respite.board.hsds import organizations
from respite.board.sharing import PER_ADDRESS, Told, house_that_shares, houses_that_share, told_of
from respite.board.sharing_words import kind_words, way_in_words
from respite.core.clock import house_now
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn
from respite.core.times import moment_words

shared = Blueprint("shared_beds", __name__)


@shared.get("/free-beds")
@limiter.limit(PER_ADDRESS)
def every_house() -> ResponseReturnValue:
    now = house_now()
    return _drawn([told_of(house, now) for house in houses_that_share()], now)


@shared.get("/free-beds/<slug>")
@limiter.limit(PER_ADDRESS)
def house(slug: str) -> ResponseReturnValue:
    now = house_now()
    return _drawn([told_of(house_that_shares(slug), now)], now)


@shared.get("/free-beds.json")
@limiter.limit(PER_ADDRESS)
def hsds() -> Response:
    now = house_now()
    return jsonify(organizations([told_of(house, now) for house in houses_that_share()]))


def _drawn(told: list[Told], now: datetime) -> str:
    return drawn("board/free_beds.html", cards=[_card(each, now) for each in told], way_in=way_in_words())


def _card(told: Told, now: datetime) -> dict[str, Any]:
    return {
        "name": told.name,
        "kind": kind_words(told.kind),
        "tel": told.phone,
        "phone": phone_shown(told.phone) if told.phone else None,
        "lines": list(dict.fromkeys(room.words for room in told.rooms)),
        "known": any(room.free is not None for room in told.rooms),
        "as_of": moment_words(told.as_of, told.timezone, now),
    }
