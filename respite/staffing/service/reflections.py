"""What somebody writes about a boundary: for themselves, and for the one supervisor they choose.

Nothing of it goes into the event log, and no right of a house opens it: it is reached through its author, or through
the supervisor it was shared with, while it is shared and while they are a supervisor there.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.staffing.models import Reflection

#: Leaving may have been a slip that is undone; after that, what somebody wrote for themselves goes with them.
KEPT_AFTER_LEAVING = timedelta(days=1)


def write_reflection(
    actor: Actor,
    *,
    words: str,
    wants_to_talk: bool = False,
    share_with: tuple[uuid.UUID, uuid.UUID] | None = None,
    now: datetime,
) -> Reflection:
    """Kept for its author alone, or shared at once with (house, supervisor). Raises Invalid."""
    with transaction() as session:
        _lock(session, actor)
        found = Reflection(person_id=actor.id, wants_to_talk=wants_to_talk, written_at=now)
        found.words = words
        _share(session, found, share_with, now)
        session.add(found)
    return found


def change_reflection(
    actor: Actor,
    reflection_id: uuid.UUID,
    *,
    words: str,
    wants_to_talk: bool,
    share_with: tuple[uuid.UUID, uuid.UUID] | None,
    version_seen: int | None = None,
    now: datetime,
) -> Reflection:
    """Other words, another supervisor, or nobody any more. Raises StaleVersion, Invalid, NotFound."""
    with transaction() as session:
        found = _own(session, actor, reflection_id)
        if version_seen is not None and version_seen != found.version:
            raise StaleVersion
        found.words, found.wants_to_talk = words, wants_to_talk
        _share(session, found, share_with, now)
    return found


def take_back(actor: Actor, reflection_id: uuid.UUID, *, now: datetime) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Its author's alone again. Returns (house, supervisor) it was shared with, for Undo."""
    with transaction() as session:
        found = _own(session, actor, reflection_id)
        before = (found.house_id, found.supervisor_id) if found.house_id and found.supervisor_id else None
        _share(session, found, None, now)
    return before


def share_again(actor: Actor, reflection_id: uuid.UUID, share_with: tuple[uuid.UUID, uuid.UUID], now: datetime) -> None:
    """Undo of `take_back`."""
    with transaction() as session:
        _share(session, _own(session, actor, reflection_id), share_with, now)


def delete_reflection(actor: Actor, reflection_id: uuid.UUID) -> None:
    """Gone for good: nobody keeps a copy, so there is no Undo."""
    with transaction() as session:
        session.delete(_own(session, actor, reflection_id))


def open_reflection(actor: Actor, reflection_id: uuid.UUID, *, now: datetime) -> Reflection:
    """For its author or the supervisor it is shared with, whose first look is noted for the author. Raises NotFound."""
    with transaction() as session:
        found = _reached(session, actor, reflection_id)
        if found.supervisor_id == actor.id and found.opened_at is None:
            _note(session, found, opened_at=now)
    return found


def talked(actor: Actor, reflection_id: uuid.UUID, *, now: datetime, after_all: bool = True) -> None:
    """The supervisor says that the two have talked, or takes it back."""
    with transaction() as session:
        found = _reached(session, actor, reflection_id)
        if found.supervisor_id != actor.id:
            raise NotFound
        _note(session, found, talked_at=now if after_all else None)


def supervisors_for(session: Session, person_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """(house, person, name) of the supervisors in the houses where somebody works, by name; not they themselves."""
    theirs = sa.select(Membership.house_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    rows = session.execute(
        sa.select(Membership.house_id, Person.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.house_id.in_(theirs),
            Membership.role == Role.SUPERVISOR,
            Membership.ended_at.is_(None),
            Membership.person_id != person_id,
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name, Person.id, Membership.house_id)
    )
    return [(house_id, supervisor_id, name) for house_id, supervisor_id, name in rows]


def own_reflections(session: Session, person_id: uuid.UUID) -> Sequence[Reflection]:
    return session.scalars(
        sa.select(Reflection).where(Reflection.person_id == person_id).order_by(Reflection.written_at.desc())
    ).all()


def shared_with(session: Session, person_id: uuid.UUID) -> list[tuple[Reflection, str]]:
    """What is shared with somebody who is a supervisor there still, with its author's name; unopened first."""
    rows = session.execute(
        sa.select(Reflection, Person.name)
        .join(Person, Person.id == Reflection.person_id)
        .where(Reflection.supervisor_id == person_id, _supervises())
        .order_by(Reflection.opened_at.is_not(None), Reflection.shared_at.desc())
    )
    return [(found, name) for found, name in rows]


def forget_of_those_who_left() -> int:
    """Reflections of people who have worked nowhere here for a day are deleted; returns how many."""
    now, gone = house_now(), 0
    with transaction() as session:
        works = sa.exists().where(
            Membership.person_id == Reflection.person_id,
            sa.or_(Membership.ended_at.is_(None), Membership.ended_at > now - KEPT_AFTER_LEAVING),
        )
        for found in session.scalars(sa.select(Reflection).where(~works)):
            session.delete(found)
            gone += 1
    return gone


def _supervises() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Membership.person_id == Reflection.supervisor_id,
        Membership.house_id == Reflection.house_id,
        Membership.role == Role.SUPERVISOR,
        Membership.ended_at.is_(None),
    )


def _reached(session: Session, actor: Actor, reflection_id: uuid.UUID) -> Reflection:
    if actor.kind != ActorKind.PERSON:
        raise NotFound
    found = session.scalar(
        sa.select(Reflection)
        .where(
            Reflection.id == reflection_id,
            sa.or_(Reflection.person_id == actor.id, sa.and_(Reflection.supervisor_id == actor.id, _supervises())),
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _note(session: Session, found: Reflection, **when: datetime | None) -> None:
    """What the supervisor did is no other version of the words, which their author may be changing just now."""
    session.execute(sa.update(Reflection).where(Reflection.id == found.id).values(**when))


def _own(session: Session, actor: Actor, reflection_id: uuid.UUID) -> Reflection:
    _lock(session, actor)
    found = session.get(Reflection, reflection_id, with_for_update=True)
    if found is None or found.person_id != actor.id:
        raise NotFound
    return found


def _lock(session: Session, actor: Actor) -> None:
    if actor.kind != ActorKind.PERSON:
        raise NotFound
    session.get_one(Person, actor.id, with_for_update=True)


def _share(session: Session, found: Reflection, whom: tuple[uuid.UUID, uuid.UUID] | None, now: datetime) -> None:
    if whom == (found.house_id, found.supervisor_id):
        return
    if whom is not None and whom not in {(h, s) for h, s, _name in supervisors_for(session, found.person_id)}:
        raise Invalid(fields={"share_with": _("Please choose one of the answers shown.")})
    found.house_id, found.supervisor_id = whom or (None, None)
    found.shared_at = now if whom is not None else None
    found.opened_at = found.talked_at = None
