"""The page itself, as its guest reads it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn
from respite.core.times import clock_words, day_and_month, day_words
from respite.guest_page.service.opening import Page
from respite.guest_page.service.word import has_word
from respite.guest_page.views.after import own_items
from respite.guest_page.views.connections import connections_of
from respite.guest_page.views.moments import moments_of
from respite.guest_page.views.summary import lines_of
from respite.guest_page.views.waiting import waits
from respite.guests.models import Guest, Stay
from respite.guests.policy.calculator import for_guest
from respite.guests.policy.stay_states import EndKind, StayState, hold_stands
from respite.guests.queries import doors_of
from respite.guests.said_queries import said_so_far
from respite.guests.service.ground import Ground, nights_used
from respite.guests.views.earlier import earlier_told
from respite.guests.views.longer import more_nights, more_words
from respite.guests.views.wording import for_a_guest, nights_words, until
from respite.houses.models import Bed, House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of, rules_now, tonight


def draw(page: Page) -> str:
    session, now = db.session(), house_now()
    guest, house = session.get_one(Guest, page.guest_id), session.get_one(House, page.house_id)
    rules = rules_now(session, house.id)
    here = Ground(house, rules, tonight(house, rules, now), now)
    stay, said = _stay(session, guest.id, now), said_so_far(session, guest.id)
    return drawn(
        "guest_page/page.html",
        token=page.token,
        guest=guest,
        place=house,
        place_phone=phone_shown(house.phone) if house.phone else None,
        stands=_stands(session, stay, here),
        waits=waits(session, guest.id, here),
        moments=moments_of(session, guest.id, house.timezone),
        nights=_nights(session, guest.id, stay, here),
        connections=connections_of(session, guest.id, house, now),
        yours=lines_of(page, guest),
        earlier=earlier_told(said.earlier, house, now, names_of(session, {was.changed_by for was in said.earlier})),
        follows=bool(own_items(page)),
        word=has_word(session, page),
        opens_until=day_and_month(local(page.until, house.timezone).date()),
    )


def _stay(session: Session, guest_id: uuid.UUID, now: datetime) -> Stay | None:
    """Where they are now, or else the next bed that is saved for them."""
    rows = session.scalars(
        sa.select(Stay)
        .where(Stay.guest_id == guest_id, Stay.state.in_((StayState.HERE, StayState.HELD)))
        .order_by(Stay.first_night)
    ).unique()
    standing = [stay for stay in rows if stay.state == StayState.HERE or hold_stands(stay.saved_until, now)]
    return next((stay for stay in standing if stay.state == StayState.HERE), standing[0] if standing else None)


def _stands(session: Session, stay: Stay | None, here: Ground) -> dict[str, Any] | None:
    """The door and its nights, in the words of the house."""
    if stay is None:
        return None
    bed = session.get(Bed, stay.bed_id) if stay.bed_id is not None else None
    day, nights = day_words(stay.until, here.tonight), nights_words((stay.until - stay.first_night).days)
    if stay.state == StayState.HERE:
        words = _("Your room until %(day)s. %(nights)s in all.", day=day, nights=nights)
    elif stay.first_night <= here.tonight:
        words = _("Tonight until %(day)s. %(nights)s in all.", day=day, nights=nights)
    else:
        first = day_words(stay.first_night, here.tonight)
        words = _("From %(first)s until %(day)s. %(nights)s in all.", first=first, day=day, nights=nights)
    saved = until(stay.saved_until, here.house, here.at) if stay.saved_until and stay.state == StayState.HELD else None
    return {
        "door": bed.name if bed is not None else None,
        "state": "here" if stay.state == StayState.HERE else "saved",
        "saved": saved,
        "words": words,
        "out": stay.out_since is not None,
        "back_about": clock_words(stay.back_about, here.house.timezone) if stay.back_about else None,
    }


def _nights(session: Session, guest_id: uuid.UUID, stay: Stay | None, here: Ground) -> list[str]:
    """What is open after this stay, or for another one; the house's own day where it named one."""
    doors = doors_of(session, here.house.id, here.tonight, here.at)
    if stay is not None:
        if stay.state != StayState.HERE:
            return []
        return more_words(more_nights(stay, here, doors, here.rules.extension_nights), here.tonight)
    last = session.scalar(
        sa.select(Stay).where(Stay.guest_id == guest_id, Stay.state == StayState.LEFT).order_by(Stay.left_at.desc())
    )
    if last is not None and last.ended_how == EndKind.ASKED_TO_LEAVE:
        day = last.may_return_on
        return [] if day is None else [_("You can come back from %(day)s.", day=day_and_month(day))]
    used = nights_used(session, guest_id, now=here.at)
    return [
        for_a_guest(for_guest(here.tonight, used, here.nights_rule, {d.id: d.taken() for d in doors}), here.tonight)
    ]
