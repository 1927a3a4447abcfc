"""Opening the page with its link, and knowing it again.

A link that opens nothing costs the same, whatever the reason.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.errors import TooManyTries
from respite.accounts.passwords import word_matches
from respite.accounts.throttle import begin_try, forget_tries, marks_of
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.guest_page.models import GuestLink, PageSession

UNUSED = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
SHORTEST_WORD, LONGEST_WORD = 4, 60


@dataclass(frozen=True, slots=True)
class Page:
    """A guest's page, open in this browser."""

    token: str
    session_id: uuid.UUID
    link_id: uuid.UUID
    guest_id: uuid.UUID
    house_id: uuid.UUID
    given_by: str  # who made the link, and saw its address
    until: datetime  # the link opens it
    seen_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.GUEST, self.guest_id, by=self.link_id)


def open_page(token: str, word: str = "", *, now: datetime) -> str | None:
    """What the browser keeps to be known again; none for a link that opens nothing, or not with this word.

    A wrong word costs what a link costs that never was, and is counted like one: five for an address, then a wait that
    doubles up to an hour, from wherever they come.
    """
    found = db.session.execute(sa.select(GuestLink.id, GuestLink.word_hash).where(*_opens(token, now))).one_or_none()
    link_id, word_hash = (found.id, found.word_hash) if found is not None else (None, None)
    db.session.rollback()
    tries = marks_of("page-word", token, "anywhere")
    if link_id is None or word_hash is not None:
        try:
            begin_try(tries)
        except TooManyTries:
            return None
        if not word_matches(word_hash, link_id, word[:LONGEST_WORD]):
            return None
    kept = new_token()
    with transaction() as session:
        same = (GuestLink.id == link_id, GuestLink.word_hash.is_not_distinct_from(word_hash))
        if session.scalar(sa.select(GuestLink.id).where(*_opens(token, now), *same).with_for_update()) is None:
            return None  # ended while this waited, or another word stands before it
        if word_hash is not None:
            forget_tries(session, tries)
        began = clock.machine_now()
        session.add(PageSession(link_id=link_id, token_hash=digest(kept), began_at=began, seen_at=began))
    return kept


def page_of(token: str, kept: str, *, now: datetime) -> Page | None:
    """The page of this link, where this browser opened it and it has not been left alone for long."""
    at = clock.machine_now()
    found = db.session.execute(
        sa.select(
            PageSession.id.label("session_id"),
            GuestLink.id.label("link_id"),
            GuestLink.guest_id,
            GuestLink.house_id,
            GuestLink.made_by.label("given_by"),
            GuestLink.until,
            PageSession.seen_at,
        )
        .join(GuestLink, GuestLink.id == PageSession.link_id)
        .where(PageSession.token_hash == digest(kept), *_opens(token, now), *_used(at))
    ).one_or_none()
    return None if found is None else Page(token, **found._mapping)


def note_seen(page: Page) -> None:
    """Somebody taps on, so that it stays open; written down at most every five minutes."""
    at = clock.machine_now()
    if at - page.seen_at > SEEN_EVERY:
        with transaction() as session:
            session.execute(sa.update(PageSession).where(PageSession.id == page.session_id).values(seen_at=at))


def shut(kept: str) -> None:
    """The page is left: what the browser kept opens nothing any more."""
    with transaction() as session:
        session.execute(sa.delete(PageSession).where(PageSession.token_hash == digest(kept)))


def forget_old() -> int:
    """Pages that were left open are let go; returns how many."""
    with transaction() as session:
        gone = session.execute(sa.delete(PageSession).where(sa.not_(sa.and_(*_used(clock.machine_now())))))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def _opens(token: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return GuestLink.token_hash == digest(token), GuestLink.ended_at.is_(None), GuestLink.until > now


def _used(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return PageSession.seen_at > at - UNUSED, PageSession.began_at > at - LONGEST
