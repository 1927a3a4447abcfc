"""Reads of the event log."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from respite.audit.models import INSTALLATION, Event, Stream
from respite.core.db import db


class EventLog:
    """The log as the relay reads it: on a connection of its own, only what was committed."""

    def heads(self) -> Mapping[str, int]:
        with db.engine.connect() as connection:
            rows = connection.execute(sa.select(Stream.id, Stream.last_version)).all()
        return {str(stream): version for stream, version in rows}

    def after(self, stream: str, version: int, most: int) -> Sequence[tuple[int, Sequence[str]]]:
        with db.engine.connect() as connection:
            rows = connection.execute(
                sa.select(Event.version, Event.parts)
                .where(Event.stream == uuid.UUID(stream), Event.version > version)
                .order_by(Event.version)
                .limit(most)
            ).all()
        return [(number, json.loads(parts)) for number, parts in rows]


def versions(house_id: uuid.UUID) -> tuple[int, int]:
    """The last version of a house's stream, and of the installation's."""
    rows = db.session.execute(
        sa.select(Stream.id, Stream.last_version).where(Stream.id.in_([house_id, INSTALLATION]))
    ).all()
    found = {row.id: row.last_version for row in rows}
    return found.get(house_id, 0), found.get(INSTALLATION, 0)
