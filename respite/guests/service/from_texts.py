"""What is promised to whoever wrote a text: to the guest whose number it is, or to a number that nobody is known by."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests.errors import CallbackPromised
from respite.guests.models import Guest, Waiting
from respite.guests.service.promised import GUEST, WAITING
from respite.houses.models import House
from respite.messaging.models import Correspondent, FormerNumber, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.queries import whose_numbers
from respite.messaging.views.words import name_of
from respite.promises.models import Promise
from respite.promises.policy import Kind, State
from respite.promises.queries import PromiseRow, promises_for, soonest_first
from respite.promises.service.acts import Wanted, give_in_own_words, give_inside
from respite.promises.subjects import Subject, Subjects, subjects_of, with_names

THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Wrote:
    """A guest whose number a thread is, or was."""

    guest_id: uuid.UUID
    name: str | None


def promise_who_wrote(
    actor: Actor, thread_id: uuid.UUID, wanted: Wanted, guest_id: uuid.UUID | None = None, *, now: datetime
) -> Promise:
    """We said to whoever wrote that we would. `guest_id` says whom, where several share the phone.

    Raises Invalid where that is not said, CallbackPromised where one of us calls or writes back already.
    """
    with transaction() as session:
        thread = locked_row(session, actor, Thread, thread_id, May.KEEP_BEDS)
        subject = _subject(session, thread, guest_id)
        if wanted.kind != Kind.CALLBACK:
            return give_in_own_words(session, actor, thread.house_id, replace(wanted, subject=subject), now)
        standing = promises_for(session, thread.house_id, subject[0], [subject[1]])
        if any((row.kind, row.state, row.way) == (Kind.CALLBACK, State.OPEN, wanted.way) for row in standing):
            raise CallbackPromised
        return give_inside(session, actor, thread.house_id, replace(wanted, subject=subject), now)


def _subject(session: Session, thread: Thread, guest_id: uuid.UUID | None) -> tuple[str, uuid.UUID]:
    known = [each.guest_id for each in who_wrote(session, thread)]
    if not known:
        return THREAD, thread.id
    if (guest_id is None and len(known) > 1) or (guest_id is not None and guest_id not in known):
        raise Invalid(fields={"whom": _("Please say to whom of them.")})
    found = guest_id or known[0]
    waits = session.scalar(sa.select(Waiting.id).where(Waiting.guest_id == found, Waiting.ended_at.is_(None)).limit(1))
    return (WAITING, waits) if waits is not None else (GUEST, found)


def who_wrote(session: Session, thread: Thread) -> Sequence[Wrote]:
    """The guests whose number it is; where it is nobody's any more, those whose it was."""
    guests = (Correspondent.house_id == thread.house_id, Correspondent.kind == CorrespondentKind.GUEST)
    people = sa.select(Correspondent).where(*guests).order_by(Correspondent.made_at, Correspondent.id)
    found = session.scalars(people.where(Correspondent.number_index == thread.number_index)).all()
    if not found:
        was = sa.select(FormerNumber.correspondent_id).where(FormerNumber.number_index == thread.number_index)
        found = session.scalars(people.where(Correspondent.id.in_(was))).all()
    kept = set(session.scalars(sa.select(Guest.id).where(Guest.id.in_([each.subject_id for each in found]))))
    return [Wrote(each.subject_id, each.name) for each in found if each.subject_id in kept]


def guests_of_thread(session: Session, thread_id: uuid.UUID) -> Collection[uuid.UUID]:
    thread = session.get(Thread, thread_id)
    return () if thread is None else [each.guest_id for each in who_wrote(session, thread)]


def promised_on(session: Session, thread: Thread) -> list[PromiseRow]:
    """What is promised to whoever wrote and is open, with the names where several share the phone."""
    guests = [each.guest_id for each in who_wrote(session, thread)]
    waits = session.scalars(sa.select(Waiting.id).where(Waiting.guest_id.in_(guests))).all() if guests else []
    found = [
        row
        for kind, ids in ((GUEST, guests), (WAITING, waits), (THREAD, [thread.id]))
        for row in promises_for(session, thread.house_id, kind, ids)
        if row.state == State.OPEN
    ]
    return soonest_first(with_names(found, subjects_of(session, thread.house_id, found)))


def is_theirs(session: Session, person: Correspondent) -> None:
    """A number has become a guest's: what was promised to the number is promised to them, and stands on their page."""
    if person.kind != CorrespondentKind.GUEST or person.number_index is None:
        return
    threads = sa.select(Thread.id).where(Thread.house_id == person.house_id, Thread.number_index == person.number_index)
    mine = sa.select(Promise).where(Promise.subject_kind == THREAD, Promise.subject_id.in_(threads))
    for row in session.scalars(mine).all():
        row.subject_kind, row.subject_id = GUEST, person.subject_id
    session.flush()


def threads_named(session: Session, house_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Subjects:
    """A thread as the inbox calls it, by its number where nobody is known by it; its page is where one answers."""
    threads = session.scalars(sa.select(Thread).where(Thread.house_id == house_id, Thread.id.in_(ids))).all()
    whose = whose_numbers(session, house_id, {thread.number_index: thread.number for thread in threads})
    slug = session.get_one(House, house_id).slug
    return {
        thread.id: Subject(
            name_of(whose[thread.number_index]), url_for("messaging.thread", slug=slug, thread_id=thread.id)
        )
        for thread in threads
    }
