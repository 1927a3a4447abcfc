"""The short numbers by which a text answers a question."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class ReplyCode(Base):
    """ "Y42" answers the question whose code is 42. Of those that count, no two in an installation are the same."""

    __tablename__ = "reply_code"
    __table_args__ = (
        sa.Index(
            "uq_reply_code_live",
            "number",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    number: Mapped[int] = kept(Kept.WORKING, index=True)
    kind: Mapped[str] = kept(Kept.WORKING, sa.String(20))  # of the question
    subject_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)  # what it is about
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)
