"""Kind words to a guest: who writes them, when each comes, and the words that wait. Words are sealed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class CaringPlan(Versioned, Base):
    """What is to come to one guest. Without a writer it waits for somebody who was there to take over."""

    __tablename__ = "caring_plan"
    __table_args__ = (
        sa.Index(
            "uq_caring_plan_live",
            "guest_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_for_a_reason"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    writer_id: Mapped[uuid.UUID | None] = to("person.id")
    discreet: Mapped[bool] = kept(Kept.GUEST, default=False)  # without their name and the house's
    began_at: Mapped[datetime] = kept(Kept.GUEST)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_why: Mapped[str | None] = kept(Kept.GUEST, sa.String(12))  # policy.Why


class CaringText(Base):
    """One of them. Its words are the peer's and wait here until they leave; then the outbox has them."""

    __tablename__ = "caring_text"
    __table_args__ = (sa.UniqueConstraint("plan_id", "place"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    plan_id: Mapped[uuid.UUID] = to("caring_plan.id", ondelete="CASCADE")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    place: Mapped[int] = kept(Kept.WORKING)
    due_at: Mapped[datetime] = kept(Kept.GUEST)
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    state: Mapped[str] = kept(Kept.GUEST, sa.String(8), default="waits")  # policy.State
    done_at: Mapped[datetime | None] = kept(Kept.GUEST)

    words = Sealed("words_sealed")


class CaringRules(Versioned, Base):
    """When a house sends them, as steps after somebody left: "w1" a week, "m2" two months."""

    __tablename__ = "caring_rules"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = kept(Kept.KEY, sa.ForeignKey("house.id"), unique=True)
    steps: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON, default=list)
