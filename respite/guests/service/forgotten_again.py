"""Whoever was forgotten stays so: the list beside the backups is asked who of them is here again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from respite.core import forgotten
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.forgotten import note_forgotten
from respite.core.pressing import press_soon
from respite.guests.models import Guest
from respite.guests.service.erasing import erase_again

AT_ONCE = 500  # ids in one question


def stays_forgotten(session: Session, guest_id: uuid.UUID) -> None:
    """A guest goes, by whatever way: it stands in the list before the commit, and nothing lies about in the file."""
    note_forgotten(session, Guest.__tablename__, guest_id)
    press_soon(session, house_now())


def forget_again(ids: Iterable[uuid.UUID], *, now: datetime) -> int:
    """Erase each of these guests who is here; returns how many were."""
    return sum(erase_again(guest_id, now=now) for guest_id in _here_of(sorted(ids)))


def _here_of(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        found += db.session.scalars(sa.select(Guest.id).where(Guest.id.in_(some)))
    end_read()
    return found


def look_at_the_list() -> int:
    """What a backup that was put in place by hand brought back goes within a minute of the start; returns how many.

    The list is read when it has changed since this process read it.
    """
    file = forgotten.list_file()
    try:
        at = file.stat()
    except FileNotFoundError:
        return 0
    mark = (at.st_mtime_ns, at.st_size)
    if current_app.extensions.get("respite.forgotten-read") == mark:
        return 0
    gone = forget_again(forgotten.read(file).ids.get(Guest.__tablename__, ()), now=house_now())
    current_app.extensions["respite.forgotten-read"] = mark
    return gone
