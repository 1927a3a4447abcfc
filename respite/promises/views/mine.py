"""What somebody said they would do, in all their houses, for their own page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.promises.queries import own_promises
from respite.promises.subjects import subjects_of, with_names
from respite.promises.views.shown import Line, lines, place_of


def promises_of_me(session: Session, actor: Actor, houses: Collection[House], now: datetime) -> list[Line]:
    """The soonest first within each house; which house, where there are several."""
    mine = [house for house in houses if actor.may(May.KEEP_BEDS, house.id)]
    found = own_promises(session, actor.id, [house.id for house in mine])
    shown: list[Line] = []
    for house in mine:
        rows = [row for row in found if row.house_id == house.id]
        if not rows:
            continue
        place = place_of(house, rules_now(session, house.id).night_turns_at, now)
        named = with_names(rows, subjects_of(session, house.id, rows))
        where = house.name if len(mine) > 1 else None
        shown += [replace(line, house=where) for line in lines(named, place, actor.id)]
    return shown
