"""Paired screens: a token in a cookie that lasts ninety days and is renewed daily, through any restart.

The token before stays good until the new one was used, and ten minutes longer: a browser that loses its
power may wake up with the cookie it had before.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from flask import Response, g
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from respite.accounts import cookies
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Display
from respite.accounts.roles import Role
from respite.core import clock
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.core.errors import Busy

ROLLED_EVERY = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=1)
BOTH_GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Screen:
    """A paired screen as it stood when it was read."""

    id: uuid.UUID
    house_id: uuid.UUID
    name: str
    face: str
    language: str
    seen_at: datetime | None
    rolled_at: datetime
    by_previous: bool

    @property
    def mark(self) -> str:
        return f"display:{self.id}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.DISPLAY, self.id, {self.house_id: Role.DISPLAY})


def of_request() -> Screen | None:
    """The screen whose cookie came with the request; none when it was taken off or never paired."""
    token = cookies.read(cookies.Cookie.DISPLAY)
    return by_token(token) if token else None


def by_token(token: str) -> Screen | None:
    found = digest(token)
    row = db.session.scalar(
        sa.select(Display).where(sa.or_(Display.token_hash == found, Display.previous_token_hash == found))
    )
    if row is None or row.revoked_at is not None:
        return None
    return plain(row, by_previous=row.token_hash != found)


def plain(row: Display, *, by_previous: bool = False) -> Screen:
    return Screen(
        row.id, row.house_id, row.name, row.face, row.language, row.seen_at, row.rolled_at, by_previous=by_previous
    )


def note_seen(screen: Screen) -> None:
    """The screen gave a sign; written at most once a minute. The first sign with a new token retires the old one."""
    now = clock.machine_now()
    if screen.seen_at is not None and now - screen.seen_at < SEEN_EVERY:
        return
    changes: dict[str, object] = {"seen_at": now}
    if not screen.by_previous and now - screen.rolled_at > BOTH_GOOD_FOR:
        changes["previous_token_hash"] = None
    try:
        with transaction() as session:
            session.execute(sa.update(Display).where(Display.id == screen.id).values(**changes))
    except (Busy, OperationalError):  # in turn, or the disk is full: looking goes on
        return  # the next sign is as good


def keep_cookie(response: Response) -> Response:
    """Renew the screen's token with a page of the wall, once a day or when the last new one never arrived."""
    screen: Screen | None = g.get("screen")
    now = clock.machine_now()
    if screen is None or not (screen.by_previous or now - screen.rolled_at > ROLLED_EVERY):
        return response
    came_with = cookies.read(cookies.Cookie.DISPLAY)
    if came_with is None:
        return response
    token = new_token()
    try:
        with transaction() as session:
            if not give_token(session, screen.id, token, previous=digest(came_with)):
                return response
    except (Busy, OperationalError):
        return response  # the one it has stays good, and the next page renews it
    cookies.put(response, cookies.Cookie.DISPLAY, token)
    return response


def give_token(session: Session, display_id: uuid.UUID, token: str, *, previous: bytes | None = None) -> bool:
    """Another token for a screen that was not taken off. Its version stays: nobody's open form is about that."""
    given = session.execute(
        sa.update(Display)
        .where(Display.id == display_id, Display.revoked_at.is_(None))
        .values(token_hash=digest(token), previous_token_hash=previous, rolled_at=clock.machine_now())
    )
    return cast("sa.CursorResult[tuple[()]]", given).rowcount == 1
