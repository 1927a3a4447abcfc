"""What somebody was writing when the screen locked: kept sealed for a day, for them alone, and then gone."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa

from respite.accounts.models import Draft
from respite.core import clock
from respite.core.db import db, transaction
from respite.core.errors import Invalid

KEPT_FOR = timedelta(hours=24)
LONGEST_PATH = 300
LONGEST = 40_000  # letters of all fields together
MOST = 40  # drafts of one person; the oldest make room

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    id: uuid.UUID
    form: str
    fields: Fields


def keep(person_id: uuid.UUID, path: str, form: str, fields: Fields) -> uuid.UUID:
    """Keep what stands in a form of a page, in place of what was kept of it before. Raises Invalid."""
    words = json.dumps(fields)
    if not path.startswith("/") or len(path) > LONGEST_PATH or not 1 <= len(form) <= 40 or len(words) > LONGEST:
        raise Invalid
    now = clock.machine_now()
    with transaction() as session:
        session.execute(sa.delete(Draft).where(Draft.saved_at < now - KEPT_FOR))
        mine = list(session.scalars(sa.select(Draft).where(Draft.person_id == person_id).order_by(Draft.saved_at)))
        row = next((each for each in mine if (each.path, each.form) == (path, form)), None)
        if row is None:
            for oldest in mine[: max(0, len(mine) - MOST + 1)]:
                session.delete(oldest)
            row = Draft(person_id=person_id, path=path, form=form)
        row.saved_at, row.words = now, words
        session.add(row)
    return row.id


def of_page(person_id: uuid.UUID, path: str) -> list[Kept]:
    """What the person was writing on the page."""
    rows = db.session.scalars(
        sa.select(Draft).where(
            Draft.person_id == person_id, Draft.path == path, Draft.saved_at >= clock.machine_now() - KEPT_FOR
        )
    )
    return [Kept(row.id, row.form, json.loads(row.words or "{}")) for row in rows]


def forget(person_id: uuid.UUID, draft_id: uuid.UUID) -> None:
    """The form was sent, so its draft is over."""
    with transaction() as session:
        session.execute(sa.delete(Draft).where(Draft.id == draft_id, Draft.person_id == person_id))


def forget_old() -> int:
    """Let drafts older than a day go; returns how many."""
    with transaction() as session:
        gone = session.execute(sa.delete(Draft).where(Draft.saved_at < clock.machine_now() - KEPT_FOR))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount
