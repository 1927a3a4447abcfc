"""What a coordinator has to say yes to first: two who are not to meet, or everything while the house wants it so.

A refusal says the same whatever the reason, so that nobody learns from it that there is somebody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import Acts, record
from respite.core.db import transaction, when_rolled_back
from respite.guests import events
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import ApartWish, Guest, OnceNamed, YesAsk, YesRules
from respite.guests.policy.apart import USUAL_MONTHS, Answer, What, covers
from respite.guests.service.apart_who import Comes, apart_of, in_chairs, live_stays
from respite.guests.service.ground import Ground, ground
from respite.guests.service.names import name_mark

PARTS = ("notices",)


def must_have_a_yes(session: Session, actor: Actor | None, here: Ground, comes: Comes) -> None:
    """Raises CoordinatorFirst where a coordinator has not said yes yet; they are asked when the act was given up."""
    if not needs_a_yes(session, actor, here, comes):
        return
    asked = _Asked.about(comes)
    when_rolled_back(session, lambda: _ask_once(here.house.id, asked, actor, here.at))
    raise CoordinatorFirst


def stands_apart(session: Session, here: Ground, comes: Comes) -> bool:
    """Whether the clock must not go on with this by itself; a coordinator is asked in its transaction."""
    if not needs_a_yes(session, None, here, comes):
        return False
    _ask(session, here.house.id, _Asked.about(comes), None, here.at)
    return True


def rules_of(session: Session, house_id: uuid.UUID) -> tuple[bool, int]:
    """Whether everything needs a yes now, and how many months a wish counts."""
    row = session.scalar(sa.select(YesRules).where(YesRules.house_id == house_id))
    return (row.everything, row.apart_months) if row is not None else (False, USUAL_MONTHS)


def ask_now(
    session: Session, actor: Acts, here: Ground, guest: Guest, over: Collection[uuid.UUID] | None = None
) -> None:
    """Since just now one of these wishes, or any, may mean two who are here already or have a bed saved: a coordinator
    hears of it."""
    stays = live_stays(session, [guest.id], here.at).get(guest.id, [])
    days = [(stay.first_night, max(stay.until, here.tonight)) for stay in stays]
    if in_chairs(session, [guest.id]):
        days.append((here.tonight, here.tonight))
    for first, until in days:
        ask_where_apart(session, actor, here, Comes(What.NOW, guest, first, until), over)


def ask_where_apart(
    session: Session, actor: Acts, here: Ground, comes: Comes, over: Collection[uuid.UUID] | None = None
) -> None:
    """A coordinator hears of what stands in the way, while whoever acts goes on and learns nothing of it."""
    wishes = _in_the_way(session, here, comes)
    if over is not None:
        wishes &= {str(wish_id) for wish_id in over}
    if _not_said_yes_over(wishes, _said_yes(session, here, comes)):
        _ask(session, here.house.id, _Asked.about(comes), actor, here.at)


def ask_by_new_name(session: Session, actor: Acts, guest: Guest, now: datetime) -> None:
    """They are called otherwise since just now, and may be meant by whoever named somebody of that name."""
    once = sa.select(OnceNamed.wish_id).where(OnceNamed.guest_id == guest.id)
    new = sa.select(ApartWish.id).where(
        ApartWish.house_id == guest.house_id,
        ApartWish.other_name_index == guest.name_index,
        ApartWish.id.not_in(once),
    )
    wishes = session.scalars(new).all()
    if wishes:
        ask_now(session, actor, ground(session, guest.house_id, at=None, now=now), guest, wishes)


def needs_a_yes(session: Session, actor: Actor | None, here: Ground, comes: Comes) -> bool:
    everything = rules_of(session, here.house.id)[0]
    coordinates = actor is not None and actor.may(May.DECIDE_STAYS, here.house.id)
    general = everything and not coordinates and comes.what in (What.BED, What.CHAIR)
    wishes = _in_the_way(session, here, comes)
    if not general and not wishes:
        return False
    said = _said_yes(session, here, comes)
    if general and not said:
        return True
    return bool(_not_said_yes_over(wishes, said))


def _in_the_way(session: Session, here: Ground, comes: Comes) -> set[str]:
    guests = [comes.guest] if comes.guest is not None else []
    return {str(each.wish.id) for each in apart_of(session, here, guests).in_the_way(comes)}


def _not_said_yes_over(wishes: set[str], said: Collection[YesAsk]) -> set[str]:
    return wishes - {wish for ask in said for wish in ask.for_wishes}


def _said_yes(session: Session, here: Ground, comes: Comes) -> list[YesAsk]:
    return [
        ask
        for ask in _asks_about(session, here.house.id, comes.guest)
        if ask.answer == Answer.YES and covers(comes.first, comes.until, ask.first, ask.until)
    ]


# -- asking ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about, apart from rows: the act that wanted it is given up, and a guest it made with it."""

    what: What
    guest_id: uuid.UUID | None
    name: str | None
    first: date
    until: date

    @staticmethod
    def about(comes: Comes) -> _Asked:
        guest = comes.guest
        return _Asked(comes.what, guest.id if guest else None, guest.name if guest else None, comes.first, comes.until)


def _ask_once(house_id: uuid.UUID, asked: _Asked, actor: Actor | None, at: datetime) -> None:
    with transaction() as session:
        lock_house(session, actor or CLOCK, house_id, May.KEEP_BEDS)
        _ask(session, house_id, asked, actor, at)


def _ask(session: Session, house_id: uuid.UUID, asked: _Asked, actor: Acts | None, at: datetime) -> None:
    """Asked twice before it is answered, it is asked once."""
    guest = session.get(Guest, asked.guest_id) if asked.guest_id is not None else None
    for ask in _asks_about(session, house_id, guest, asked.name):
        same = ask.what == asked.what and covers(asked.first, asked.until, ask.first, ask.until)
        if same and ask.answer is None:
            return
    row = YesAsk(
        house_id=house_id,
        guest_id=guest.id if guest is not None else None,
        name_index=name_mark(house_id, asked.name) if asked.name is not None else None,
        what=asked.what,
        first=asked.first,
        until=asked.until,
        asked_by=(actor or CLOCK).ref,
        asked_at=at,
        for_wishes=[],
    )
    row.name = asked.name
    session.add(row)
    session.flush()
    record(session, house_id, events.YES_ASKED, subject=row.id, actor=actor, at=at, parts=PARTS, what=row.what)


def _asks_about(session: Session, house_id: uuid.UUID, guest: Guest | None, name: str | None = None) -> list[YesAsk]:
    """What was asked about this guest; a guest who is new by this act goes by the name."""
    if guest is None and name is None:
        who: sa.ColumnElement[bool] = sa.and_(YesAsk.guest_id.is_(None), YesAsk.name_index.is_(None))
    else:
        mark = guest.name_index if guest is not None else name_mark(house_id, name or "")
        by_name = sa.and_(YesAsk.guest_id.is_(None), YesAsk.name_index == mark)
        who = by_name if guest is None else sa.or_(YesAsk.guest_id == guest.id, by_name)
    return list(session.scalars(sa.select(YesAsk).where(YesAsk.house_id == house_id, who).order_by(YesAsk.asked_at)))
