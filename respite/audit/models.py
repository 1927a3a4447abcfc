"""The event log's tables. Rows of `event` and `access_log` are never changed; the database refuses it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key

INSTALLATION = uuid.UUID(int=0)
FIRST_HASH = bytes(32)


class Stream(Base):
    """One per house and one for the installation: its last version and hash. Locked first by every act."""

    __tablename__ = "stream"

    id: Mapped[uuid.UUID] = key()
    last_version: Mapped[int] = kept(Kept.WORKING, default=0)
    last_hash: Mapped[bytes] = kept(Kept.WORKING, default=FIRST_HASH)


class Event(Base):
    """Something that happened. `version` is dense per stream; `at` is when it happened, `recorded_at` when written."""

    __tablename__ = "event"

    stream: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("stream.id"), primary_key=True)
    version: Mapped[int] = kept(Kept.WORKING, primary_key=True)
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(80), index=True)
    subject: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)
    actor: Mapped[str | None] = kept(Kept.KEY, sa.String(60))
    because_of: Mapped[str | None] = kept(Kept.KEY, sa.String(80))
    at: Mapped[datetime] = kept(Kept.WORKING)
    recorded_at: Mapped[datetime] = kept(Kept.WORKING)
    data: Mapped[str] = kept(Kept.WORKING, sa.Text)
    parts: Mapped[str] = kept(Kept.WORKING, sa.Text)
    hash: Mapped[bytes] = kept(Kept.WORKING)


class AccessLog(Base):
    """Who looked at what about whom, and when."""

    __tablename__ = "access_log"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)
    actor: Mapped[str] = kept(Kept.KEY, sa.String(60))
    subject: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)
    what: Mapped[str] = kept(Kept.WORKING, sa.String(40))
    at: Mapped[datetime] = kept(Kept.WORKING)
