"""Kind words on a guest's card, and on a peer's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from respite.accounts.acting import acting
from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.times import day_and_month
from respite.followup.caring import queries, service
from respite.followup.caring.models import CaringPlan
from respite.followup.caring.words import may_leave
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import StayState
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.views.own_pages import own_card_here


def section(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Once a stay is over and kind words are wanted: who writes, and the way to it for who was there."""
    if stay.state != StayState.LEFT or stay.guest is None or not acting().may(May.KEEP_BEDS, house.id):
        return None
    session = db.session()
    plan, wanted = queries.plan_of(session, stay.guest.id), queries.wanted_by(session, stay.guest) is not None
    if not wanted:
        return None
    writer = session.get(Person, plan.writer_id) if plan is not None and plan.writer_id else None
    open_to_me = writer is None or writer.id == acting().id
    may = open_to_me and service.may_write(session, acting(), stay.guest)
    return "followup/_kind_words_section.html", {
        "writer": writer.name if writer is not None else None,
        "mine": writer is not None and writer.id == acting().id,
        "next": _next(session, plan, house) if plan is not None else None,
        "page": url_for("caring.kind_words", guest_id=stay.guest.id, back=url_for("guests.stay_page", stay_id=stay.id))
        if may
        else None,
    }


def _card(session: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What this person writes, and to whom they could; nothing for who does neither."""
    written = [_written(session, actor, plan, guest, now) for plan, guest in queries.written_by(session, actor.id)]
    houses = [house_id for house_id in actor.roles if actor.may(May.KEEP_BEDS, house_id)]
    could = [
        (stay.guest_id, stay.guest.name)
        for stay in (queries.could_write_to(session, actor.id, houses, now) if houses else [])
        if stay.guest is not None
    ]
    return {"written": written, "could": could} if written or could else None


own_card_here("followup/_kind_words_mine.html", _card)


def _written(session: Session, actor: Actor, plan: CaringPlan, guest: Guest, now: datetime) -> dict[str, Any]:
    house = session.get_one(House, plan.house_id)
    waiting, person = queries.waiting_in(queries.texts_of(session, plan.id)), queries.wanted_by(session, guest)
    next_words = waiting[0].words if waiting else None
    if person is not None:
        next_words = may_leave(session, house.id, person, next_words, plan.discreet)
    # Who wrote reads first what came back, while they are on; else whoever is.
    thread = queries.unread_from(session, guest) if queries.is_on(session, actor.id, house.id, now) else None
    return {
        "plan_id": plan.id,
        "guest_id": guest.id,
        "name": guest.name,
        "next": _next(session, plan, house),
        "unwritten": bool(waiting) and not next_words,
        "thread": url_for("messaging.thread", slug=house.slug, thread_id=thread) if thread is not None else None,
    }


def _next(session: Session, plan: CaringPlan, house: House) -> str | None:
    waiting = queries.waiting_in(queries.texts_of(session, plan.id))
    return day_and_month(local(waiting[0].due_at, house.timezone).date()) if waiting else None
