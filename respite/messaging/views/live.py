"""What keeps a page of texts true while it is open: the board's life line, and when to look again by itself.

Where a text stands is no event of the house's log, so a page looks by itself while something on it is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from respite.accounts.acting import acting
from respite.core.clock import house_now
from respite.core.db import finish_reading
from respite.houses.life_line import build, life_line
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, instant_of, local
from respite.messaging.gateway import is_set_up
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.views.paused import paused_for

LEAVING = (State.QUEUED, State.SENDING, State.UNKNOWN)
ON_ITS_WAY = (State.ACCEPTED, State.SENT)
AT_ONCE, SOON, IN_A_MINUTE = timedelta(seconds=4), timedelta(seconds=20), timedelta(minutes=1)
#: How long after it was taken a receipt usually comes.
RECEIPT_WITHIN = timedelta(minutes=10)


def next_look(
    zone: str, now: datetime, texts: Iterable[Message], *, ages: bool, at: Iterable[datetime | None]
) -> datetime:
    """When what is shown changes by itself: a text that is on its way, an age in minutes, an end, the day."""
    tomorrow = local(now, zone).date() + ONE_DAY
    looks = [instant_of(datetime.combine(tomorrow, time.min), zone), *(each for each in at if each is not None)]
    for text in texts:
        if text.state in LEAVING and (text.next_at or now) <= now + AT_ONCE:
            looks.append(now + AT_ONCE)
        elif text.next_at is not None:
            looks.append(text.next_at)
        elif text.state in ON_ITS_WAY and text.posted_at is not None and text.ended_at is None:
            looks.append(now + (SOON if text.posted_at > now - RECEIPT_WITHIN else IN_A_MINUTE))
    if ages:
        looks.append(now + IN_A_MINUTE)
    return min((each for each in looks if each > now), default=now + IN_A_MINUTE)


def lived(house: House, version: int, next_at: datetime, parts_url: str) -> dict[str, Any]:
    """The attributes of the page's root element."""
    return {"live": life_line(house.slug, house.timezone, version, next_at, parts_url)}


def line_values(session: Session, house: House) -> dict[str, Any]:
    """What `_line.html` is drawn from: whether texts can leave at all."""
    return {"paused": paused_for(session, house, acting(), house_now()), "set_up": is_set_up()}


def parts_of(
    templates: Mapping[str, str], values: Mapping[str, Any], version: int, next_at: datetime
) -> ResponseReturnValue:
    """Every part of a page, whichever were asked for: they are few, and one look at the rows serves them all."""
    finish_reading()
    return jsonify(
        version=version,
        parts={name: render_template(template, **values) for name, template in templates.items()},
        names=list(templates),
        now=house_now().isoformat(),
        next=next_at.isoformat(),
        quiet=False,
        build=build(),
    )
