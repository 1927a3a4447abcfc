"""A coordinator's answer to what needs a yes first, who is meant by a name, and how the house goes about it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.guests import events
from respite.guests.errors import YesAnswered
from respite.guests.models import ApartWish, Guest, OnceNamed, SomeoneElse, YesAsk, YesRules
from respite.guests.policy.apart import LONGEST_NOTE, MONTHS, Answer, IsIt, What
from respite.guests.service.apart_who import Comes, InTheWay, apart_of, may_be_meant
from respite.guests.service.ground import ground
from respite.guests.service.yes_first import PARTS, ask_now

KEPT_AFTER = timedelta(days=1)

#: A wish, and the other of its two.
Pair = tuple[uuid.UUID, uuid.UUID]


def answer_ask(
    actor: Actor,
    ask_id: uuid.UUID,
    answer: Answer,
    *,
    note: str | None = None,
    is_it: Mapping[Pair, IsIt] | None = None,
    seen: Collection[uuid.UUID] | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> YesAsk:
    """Yes, over the wishes that stand in the way now, or not now.

    `is_it` says of a wish and the other of its two whether the name is who was meant. `seen` are the wishes that were
    read: where one stands that was not, nothing is answered. Raises YesAnswered, StaleVersion, Invalid.
    """
    words = (note or "").strip() or None
    if words is not None and len(words) > LONGEST_NOTE:
        raise Invalid(fields={"note": _("Please keep this to %(most)s letters.", most=LONGEST_NOTE)})
    with transaction() as session:
        ask = locked_row(session, actor, YesAsk, ask_id, May.DECIDE_STAYS, version_seen)
        if ask.answer is not None:
            raise YesAnswered
        standing = wishes_in_the_way(session, ask, now)
        if seen is not None and any(each.wish.id not in seen for each in standing):
            raise StaleVersion
        _say_who_it_is(session, ask, standing, is_it or {})
        ask.answer, ask.answered_by, ask.answered_at, ask.note = answer, actor.ref, now, words
        ask.for_wishes = sorted({str(each.wish.id) for each in standing}) if answer == Answer.YES else []
        session.flush()
        record(
            session,
            ask.house_id,
            events.YES_ANSWERED,
            subject=ask.id,
            actor=actor,
            at=now,
            parts=PARTS,
            answer=answer,
        )
    return ask


def wishes_in_the_way(session: Session, ask: YesAsk, now: datetime) -> list[InTheWay]:
    """What stands between them now, each wish with the other of its two."""
    return wishes_by_ask(session, ask.house_id, [ask], now)[ask.id]


def wishes_by_ask(
    session: Session, house_id: uuid.UUID, asks: Collection[YesAsk], now: datetime
) -> dict[uuid.UUID, list[InTheWay]]:
    """The same for several of one house, read at once."""
    if not asks:
        return {}
    here, about = ground(session, house_id, at=None, now=now), _who_they_are_about(session, house_id, asks)
    apart = apart_of(session, here, [guest for guests in about.values() for guest in guests])
    found: dict[uuid.UUID, list[InTheWay]] = {}
    for ask in asks:
        once: dict[Pair, InTheWay] = {}
        for guest in about[ask.id]:
            for each in apart.in_the_way(Comes(What(ask.what), guest, ask.first, ask.until)):
                once[each.wish.id, each.other.id] = each
        found[ask.id] = list(once.values())
    return found


def _who_they_are_about(
    session: Session, house_id: uuid.UUID, asks: Collection[YesAsk]
) -> dict[uuid.UUID, list[Guest]]:
    """The guest; of somebody new, who was not kept, a stand-in that bears the name and is no row."""
    ids = {ask.guest_id for ask in asks if ask.guest_id is not None}
    marks = {ask.name_index for ask in asks if ask.guest_id is None and ask.name_index is not None}
    either = sa.or_(Guest.id.in_(ids), Guest.name_index.in_(marks))
    rows = list(session.scalars(sa.select(Guest).where(Guest.house_id == house_id, either).order_by(Guest.id)))
    found: dict[uuid.UUID, list[Guest]] = {}
    for ask in asks:
        if ask.guest_id is not None:
            found[ask.id] = [guest for guest in rows if guest.id == ask.guest_id]
        elif ask.name is not None:
            stand_in = Guest(house_id=house_id)
            stand_in.name, stand_in.name_index = ask.name, ask.name_index or b""
            found[ask.id] = [stand_in, *(guest for guest in rows if guest.name_index == ask.name_index)]
        else:
            found[ask.id] = []
    return found


def change_yes_rules(
    actor: Actor, house_id: uuid.UUID, *, everything: bool, months: int, version_seen: int | None = None, now: datetime
) -> YesRules:
    """Whether each bed and chair needs a yes just now, and how long a wish counts. Raises StaleVersion, Invalid."""
    least, most = MONTHS
    if not least <= months <= most:
        sentence = _("This must be a whole number from %(least)s to %(most)s.", least=least, most=most)
        raise Invalid(fields={"months": sentence})
    with transaction() as session:
        lock_house(session, actor, house_id, May.DECIDE_STAYS)
        row = rules_row(session, house_id)
        if version_seen is not None and version_seen != (row.version if row else 0):
            raise StaleVersion
        if row is None:
            row = YesRules(house_id=house_id)
            session.add(row)
        row.everything, row.apart_months = everything, months
        session.flush()
        record(
            session,
            house_id,
            events.YES_RULES_CHANGED,
            subject=house_id,
            actor=actor,
            at=now,
            everything=everything,
            months=months,
        )
    return row


def rules_row(session: Session, house_id: uuid.UUID) -> YesRules | None:
    return session.scalar(sa.select(YesRules).where(YesRules.house_id == house_id))


def asks_of(session: Session, house_id: uuid.UUID) -> list[YesAsk]:
    """What was asked, the open ones first."""
    rows = session.scalars(sa.select(YesAsk).where(YesAsk.house_id == house_id).order_by(YesAsk.asked_at.desc()))
    return sorted(rows, key=lambda ask: ask.answer is not None)


def forget_old() -> int:
    """What was asked about days that are over is let go, with its names; returns how many."""
    with transaction() as session:
        last = house_now().date() - KEPT_AFTER
        gone = list(session.scalars(sa.select(YesAsk).where(YesAsk.until < last)))
        for row in gone:
            session.delete(row)
        return len(gone)


def who_is_known(session: Session, house_id: uuid.UUID) -> list[ApartWish]:
    """The wishes of which somebody said whom they mean, or whom not."""
    said = sa.or_(ApartWish.other_guest_id.is_not(None), ApartWish.id.in_(sa.select(SomeoneElse.wish_id)))
    rows = sa.select(ApartWish).where(ApartWish.house_id == house_id, said).order_by(ApartWish.at, ApartWish.id)
    return list(session.scalars(rows))


def not_known_after_all(actor: Actor, wish_id: uuid.UUID, *, now: datetime) -> ApartWish:
    """Who was said to be meant, or not to be, was somebody else: it counts again for everybody of that name."""
    with transaction() as session:
        wish = locked_row(session, actor, ApartWish, wish_id, May.DECIDE_STAYS)
        known, others = wish.other_guest_id, _said_to_be_others(session, wish)
        wish.other_guest_id = None
        session.execute(sa.delete(SomeoneElse).where(SomeoneElse.wish_id == wish.id))
        if known is not None:  # not the one, so not by a name that they had either
            session.execute(sa.delete(OnceNamed).where(OnceNamed.wish_id == wish.id, OnceNamed.guest_id == known))
        session.flush()
        record(session, wish.house_id, events.APART_ASKED_AGAIN, subject=wish.id, actor=actor, at=now)
        here = ground(session, wish.house_id, at=None, now=now)
        for guest in may_be_meant(session, wish):
            if guest.id in others if known is None else guest.id != known:
                ask_now(session, actor, here, guest, [wish.id])
    return wish


def _said_to_be_others(session: Session, wish: ApartWish) -> Collection[uuid.UUID]:
    return session.scalars(sa.select(SomeoneElse.guest_id).where(SomeoneElse.wish_id == wish.id)).all()


def _say_who_it_is(session: Session, ask: YesAsk, standing: list[InTheWay], is_it: Mapping[Pair, IsIt]) -> None:
    """The guest whom a wish means is known from now on, or known not to be this one."""
    said = [
        (each.wish, each.meant.id if each.meant is not None else ask.guest_id, is_it.get((each.wish.id, each.other.id)))
        for each in standing
        if each.wish.other_guest_id is None
    ]
    for wish, meant, answer in said:
        if answer is None or meant is None:
            continue
        if answer is IsIt.OTHER:
            session.add(SomeoneElse(wish_id=wish.id, guest_id=meant))
        elif wish.other_guest_id is None:
            wish.other_guest_id = meant
        else:
            raise Invalid(_("One name can mean one person only."))
    session.flush()
