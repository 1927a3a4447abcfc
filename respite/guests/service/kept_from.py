"""Whom a guest does not want to read of them: said, taken off again, forgotten. What follows is `accounts.unseen`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import KeptFrom, Person
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.guests.errors import NobodyLeftToOpen
from respite.guests.models import Guest, Waiting
from respite.guests.service.apart import locked_guest
from respite.guests.service.asks import let_taker_go
from respite.guests.service.promised import GUEST, WAITING
from respite.guests.service.staying import tell_guest_changed
from respite.messaging.service.correspondents import correspondent_of
from respite.messaging.service.inbox import let_thread_go
from respite.promises.service.ends import let_owner_go

#: Called with (session, guest id, person id, now) when a guest names somebody; a feature in which people of the house
#: take something on for a guest adds what gives it to others.
also_hand_over: list[Callable[[Session, uuid.UUID, uuid.UUID, datetime], None]] = []


def keep_from(actor: Actor, guest_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime) -> None:
    """From now on the person sees nothing of the guest but a door and its state. Said twice, it is once.

    What they had taken on for the guest is whoever's is on. The event does not say whom it is about. Raises NotFound,
    NobodyLeftToOpen.
    """
    with transaction() as session:
        guest = locked_guest(session, actor, guest_id)
        if person_id not in {person.id for person in could_be_named(session, guest.house_id)}:
            raise NotFound
        mine = {row.person_id for row in rows_told(session, guest.id, None)}
        if person_id in mine:
            return
        openers = {person.id for person in people_who_may(session, guest.house_id, May.KEEP_BEDS)}
        if person_id in openers and not openers - mine - {person_id}:
            raise NobodyLeftToOpen
        session.add(
            KeptFrom(house_id=guest.house_id, guest_id=guest.id, person_id=person_id, made_by=actor.ref, at=now)
        )
        session.flush()
        _hand_over(session, guest, person_id, now)
        tell_guest_changed(session, guest, actor, now)


def keep_along(session: Session, guest_id: uuid.UUID, there: Guest, now: datetime) -> None:
    """A guest's request goes to another house: whom they keep theirs from may work there, too."""
    known = set(session.scalars(sa.select(KeptFrom.person_id).where(KeptFrom.guest_id == there.id)))
    for row in rows_told(session, guest_id, None):
        if row.person_id not in known:
            session.add(
                KeptFrom(
                    house_id=there.house_id, guest_id=there.id, person_id=row.person_id, made_by=row.made_by, at=now
                )
            )
    session.flush()


def take_off(actor: Actor, kept_from_id: uuid.UUID, link_from: uuid.UUID | None, *, now: datetime) -> None:
    """They may read of the guest again. For the guest alone: to whoever works here there is no such list.

    Raises NotFound for what their page does not show.
    """
    with transaction() as session:
        row = session.get(KeptFrom, kept_from_id)
        if row is None or row.guest_id != actor.id or row.person_id == link_from:
            raise NotFound
        guest = locked_guest(session, actor, row.guest_id)
        row = session.get(KeptFrom, kept_from_id, populate_existing=True)
        if row is None:
            raise NotFound
        session.delete(row)
        session.flush()
        tell_guest_changed(session, guest, actor, now)


def could_be_named(session: Session, house_id: uuid.UUID) -> Sequence[Person]:
    """Who may come to read of a guest here: whoever keeps beds, and whoever clinical is asked about them."""
    found = [*people_who_may(session, house_id, May.KEEP_BEDS), *people_who_may(session, house_id, May.ANSWER_PAGES)]
    return sorted(dict.fromkeys(found), key=lambda person: (person.name, person.id))


def named_by(session: Session, guest_id: uuid.UUID, link_from: uuid.UUID | None) -> list[tuple[uuid.UUID, str]]:
    """A guest's own list, by name, as a page shows it that was opened with a link from this person.

    Whoever gave a link saw its address and may open it, so that they are named does not stand there.
    """
    named = sa.select(KeptFrom.id, Person.name).join(Person, Person.id == KeptFrom.person_id)
    rows = session.execute(named.where(_told(guest_id, link_from)).order_by(Person.name, KeptFrom.id))
    return [(row_id, name) for row_id, name in rows]


def rows_told(session: Session, guest_id: uuid.UUID, link_from: uuid.UUID | None) -> Sequence[KeptFrom]:
    """The rows of the same list."""
    return session.scalars(sa.select(KeptFrom).where(_told(guest_id, link_from)).order_by(KeptFrom.at)).all()


def somebody_may(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID, right: May) -> bool:
    """Whether anybody with that right here now can read of the guest; those who were left may have gone since."""
    named = session.scalars(sa.select(KeptFrom.person_id).where(KeptFrom.guest_id == guest_id)).all()
    return any(person.id not in named for person in people_who_may(session, house_id, right))


def _told(guest_id: uuid.UUID, link_from: uuid.UUID | None) -> sa.ColumnElement[bool]:
    mine = KeptFrom.guest_id == guest_id
    return mine if link_from is None else sa.and_(mine, KeptFrom.person_id != link_from)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: nobody is named by them any more."""
    session.execute(sa.delete(KeptFrom).where(KeptFrom.guest_id == guest_id))


def _hand_over(session: Session, guest: Guest, person_id: uuid.UUID, now: datetime) -> None:
    """Nobody waits for something that its owner does not see any more."""
    waits = session.scalars(sa.select(Waiting.id).where(Waiting.guest_id == guest.id)).all()
    let_owner_go(session, guest.house_id, GUEST, [guest.id], person_id)
    let_owner_go(session, guest.house_id, WAITING, waits, person_id)
    let_taker_go(session, guest.id, person_id)
    person = correspondent_of(session, guest.house_id, guest.id)
    if person is not None and person.number_index is not None:
        let_thread_go(session, guest.house_id, person.number_index, person_id)
    for hand_over in also_hand_over:
        hand_over(session, guest.id, person_id, now)
