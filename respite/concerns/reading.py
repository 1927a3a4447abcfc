"""Who may read what a guest told: the person they chose, and, when no answer came in time or that person is not there
any more, those who lead the house. Never somebody it is about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import RIGHTS, May, Role
from respite.concerns.models import Concern, ConcernAbout, OutsideOffice
from respite.core.errors import NotFound

ANSWERS, LEADS = May.KEEP_BEDS, May.MANAGE_PEOPLE


def _with(right: May) -> list[Role]:
    return [role for role in Role if right in RIGHTS[role]]


def _is_there(person: Any, right: May) -> sa.Exists:
    """Whether a person works in the concern's house now, with the right."""
    member = sa.orm.aliased(Membership)
    who = sa.orm.aliased(Person)
    return sa.exists().where(
        member.person_id == person,
        member.house_id == Concern.house_id,
        member.ended_at.is_(None),
        member.role.in_(_with(right)),
        who.id == member.person_id,
        who.deactivated_at.is_(None),
    )


def _is_about(person_id: uuid.UUID) -> sa.Exists:
    return sa.exists().where(ConcernAbout.concern_id == Concern.id, ConcernAbout.person_id == person_id)


def _may_read(person_id: uuid.UUID) -> sa.ColumnElement[bool]:
    me = sa.literal(person_id, sa.Uuid())
    chosen = sa.and_(Concern.to_person_id == person_id, _is_there(me, ANSWERS))
    left_alone = sa.or_(Concern.passed_on_at.is_not(None), sa.not_(_is_there(Concern.to_person_id, ANSWERS)))
    return sa.and_(
        Concern.words_sealed.is_not(None),
        sa.not_(_is_about(person_id)),
        sa.or_(chosen, sa.and_(_is_there(me, LEADS), left_alone)),
    )


def read_by(session: Session, actor: Actor) -> Sequence[Concern]:
    """All that this person may read, the open ones first."""
    if actor.kind != ActorKind.PERSON:
        return []
    mine = sa.select(Concern).where(_may_read(actor.id))
    return session.scalars(mine.order_by(Concern.answered_on.is_not(None), Concern.answer_by, Concern.id)).all()


def waits_for(session: Session, actor: Actor, house_id: uuid.UUID) -> int:
    """How many of a house wait for this person's answer."""
    if actor.kind != ActorKind.PERSON:
        return 0
    open_ones = (Concern.house_id == house_id, Concern.answered_on.is_(None), _may_read(actor.id))
    return session.scalar(sa.select(sa.func.count(Concern.id)).where(*open_ones)) or 0


def concern_for(session: Session, actor: Actor, concern_id: uuid.UUID) -> Concern:
    """The concern, for who may read it. Raises NotFound: for anybody else there is none."""
    mine = sa.select(Concern).where(Concern.id == concern_id, _may_read(actor.id))
    found = session.scalar(mine) if _is_person(actor) else None
    if found is None:
        raise NotFound
    return found


def _is_person(actor: Actor) -> bool:
    return actor.kind == ActorKind.PERSON


def people_to_choose(session: Session, house_id: uuid.UUID) -> tuple[list[Person], list[Person]]:
    """Who can be told, and whom it can be about: everybody who works here, by name."""
    rows = session.execute(
        sa.select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.house_id == house_id, Membership.ended_at.is_(None), Person.deactivated_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()
    everybody = list(dict.fromkeys(person for person, _role in rows))
    told = list(dict.fromkeys(person for person, role in rows if ANSWERS in RIGHTS[Role(role)]))
    return told, everybody


def own_concerns(session: Session, guest_id: uuid.UUID, link_from: uuid.UUID | None) -> Sequence[Concern]:
    """What a guest told, as a page shows it that was opened with a link from this person.

    Whoever gave a link saw its address and may open it, so what is about them is not there.
    """
    mine = sa.select(Concern).where(Concern.guest_id == guest_id)
    if link_from is not None:
        mine = mine.where(sa.not_(_is_about(link_from)))
    return session.scalars(mine.order_by(Concern.said_on.desc(), Concern.id)).all()


def office_of(session: Session, house_id: uuid.UUID) -> OutsideOffice | None:
    return session.scalar(sa.select(OutsideOffice).where(OutsideOffice.house_id == house_id))
