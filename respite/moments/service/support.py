"""A talk is offered to everybody who was on. Nothing of it goes into the event log, and a no leaves nothing behind:
only the one who is asked sees a yes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind, person_in
from respite.accounts.models import Membership, Person
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.due import DueRow, handles, set_due, take
from respite.core.errors import Invalid, NotFound
from respite.moments.models import HardMoment, MomentFact, SupportOffer
from respite.moments.policy import OFFERED_FOR
from respite.staffing.queries.shifts import live_between
from respite.staffing.service.reflections import supervisors_for

SUPPORT_OVER = "moment.support.over"
_AN_INSTANT = timedelta(seconds=1)


def offer_at_begin(session: Session, moment: HardMoment, teller: Actor) -> None:
    """To whoever was on, and to whoever tells it."""
    wanted = _on_at(session, moment.house_id, moment.began_at)
    if teller.kind == ActorKind.PERSON:
        wanted.add(teller.id)
    session.add_all(_offer(moment, person_id) for person_id in sorted(wanted))
    session.flush()


def offer_to_more(session: Session, moment: HardMoment, at: datetime, now: datetime) -> None:
    """Something happened then too: to whoever was on at that time and at none that was known before.

    Told from the shifts alone, so that nobody is asked again and no list of those who said no is needed.
    """
    asked = {person_in(moment.made_by)}
    for known in _known_times(session, moment):
        asked |= _on_at(session, moment.house_id, known)
    asked |= set(session.scalars(sa.select(SupportOffer.person_id).where(SupportOffer.moment_id == moment.id)))
    wanted = _on_at(session, moment.house_id, at) - asked
    if not wanted:
        return
    session.add_all(_offer(moment, person_id) for person_id in sorted(wanted))
    # They have as long as the first had, also where it was written down weeks later.
    set_due(session, SUPPORT_OVER, moment.id, offered_until(now), moment.house_id)


def offered_until(now: datetime) -> datetime:
    return now + OFFERED_FOR


def offers_to(session: Session, actor: Actor) -> list[tuple[SupportOffer, HardMoment]]:
    """What somebody is offered, or asked for, in the houses where they work."""
    return _with_moments(session, SupportOffer.person_id == actor.id)


def asked_of(session: Session, actor: Actor) -> list[tuple[SupportOffer, HardMoment]]:
    """Who would like to talk with this person."""
    return _with_moments(session, SupportOffer.asked_id == actor.id)


def people_to_talk_with(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> list[Person]:
    """Supervisors of the house first, then everybody else who keeps its beds, by name."""
    supervisors = {who for house, who, _name in supervisors_for(session, person_id) if house == house_id}
    others = [each for each in people_who_may(session, house_id, May.KEEP_BEDS) if each.id != person_id]
    return sorted(others, key=lambda each: each.id not in supervisors)


def ask_for_talk(actor: Actor, support_id: uuid.UUID, whom: uuid.UUID, *, now: datetime) -> None:
    """Yes, with this person. Raises NotFound, Invalid."""
    with transaction() as session:
        row = _own(session, actor, support_id)
        if whom not in {each.id for each in people_to_talk_with(session, row.house_id, actor.id)}:
            raise Invalid(fields={"whom": _("Please choose one of the answers shown.")})
        row.asked_id, row.asked_at, row.later = whom, now, False


def not_now(actor: Actor, support_id: uuid.UUID) -> None:
    """Later, or not this person after all: the offer stands as before, a little quieter."""
    with transaction() as session:
        row = _own(session, actor, support_id)
        row.asked_id = row.asked_at = None
        row.later = True


def no_thanks(actor: Actor, support_id: uuid.UUID) -> uuid.UUID:
    """No. The row goes; returns the moment's id, for Undo."""
    with transaction() as session:
        row = _own(session, actor, support_id)
        moment_id = row.moment_id
        session.delete(row)
    return moment_id


def after_all(actor: Actor, moment_id: uuid.UUID, *, now: datetime) -> None:
    """Undo of `no_thanks`. Raises NotFound for who was not on."""
    with transaction() as session:
        moment = session.get(HardMoment, moment_id)
        if moment is None or actor.kind != ActorKind.PERSON or not _was_there(session, moment, actor):
            raise NotFound
        mine = sa.select(SupportOffer.id).where(SupportOffer.moment_id == moment_id, SupportOffer.person_id == actor.id)
        if session.scalar(mine) is None and now < offered_until(moment.told_at):
            session.add(_offer(moment, actor.id))


def talked(actor: Actor, support_id: uuid.UUID) -> None:
    """Whoever was asked says that they have talked; nothing is kept of it. Raises NotFound."""
    with transaction() as session:
        row = session.get(SupportOffer, support_id, with_for_update=True)
        if row is None or actor.kind != ActorKind.PERSON or row.asked_id != actor.id:
            raise NotFound
        session.delete(row)


@handles(SUPPORT_OVER)
def end_offers(row: DueRow, now: datetime) -> None:
    """What nobody answered goes; who asked for a talk still has it to come."""
    with transaction() as session:
        if take(session, row):
            unanswered = sa.and_(SupportOffer.moment_id == row.subject, SupportOffer.asked_id.is_(None))
            session.execute(sa.delete(SupportOffer).where(unanswered))


def _offer(moment: HardMoment, person_id: uuid.UUID) -> SupportOffer:
    return SupportOffer(house_id=moment.house_id, moment_id=moment.id, person_id=person_id)


def _on_at(session: Session, house_id: uuid.UUID, at: datetime) -> set[uuid.UUID]:
    """Who was in the house on a shift, or on call."""
    on = live_between(session, house_id, at, at + _AN_INSTANT)
    return {each.person_id for each in on if each.person_id is not None and each.is_here(at)}


def _known_times(session: Session, moment: HardMoment) -> set[datetime]:
    return {moment.began_at, *session.scalars(sa.select(MomentFact.at).where(MomentFact.moment_id == moment.id))}


def _was_there(session: Session, moment: HardMoment, actor: Actor) -> bool:
    on = (_on_at(session, moment.house_id, at) for at in _known_times(session, moment))
    return moment.made_by == actor.ref or any(actor.id in each for each in on)


def _with_moments(session: Session, mine: sa.ColumnElement[bool]) -> list[tuple[SupportOffer, HardMoment]]:
    rows = session.execute(
        sa.select(SupportOffer, HardMoment)
        .join(HardMoment, HardMoment.id == SupportOffer.moment_id)
        .where(mine, _works_there(SupportOffer.person_id))
        .order_by(HardMoment.began_at, SupportOffer.id)
    )
    return [(offer, moment) for offer, moment in rows]


def _works_there(person: sa.orm.InstrumentedAttribute[uuid.UUID]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Membership.person_id == person,
        Membership.house_id == SupportOffer.house_id,
        Membership.ended_at.is_(None),
    )


def _own(session: Session, actor: Actor, support_id: uuid.UUID) -> SupportOffer:
    row = session.get(SupportOffer, support_id, with_for_update=True)
    if row is None or actor.kind != ActorKind.PERSON or row.person_id != actor.id:
        raise NotFound
    return row
