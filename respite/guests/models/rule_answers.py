"""What somebody answered to the house's rules about whom it can offer a bed."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class RuleAnswer(Base):
    """Yes or no to a rule, with its number and version, and never why. No row: not asked.

    `changes_on` is the day from which a no is a yes, where they would like to be told then.
    """

    __tablename__ = "rule_answer"
    __table_args__ = (sa.UniqueConstraint("guest_id", "number"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    number: Mapped[int] = kept(Kept.GUEST)
    edition: Mapped[int] = kept(Kept.GUEST)
    answer: Mapped[str] = kept(Kept.GUEST, sa.String(5))  # policy.bed_fit.Says: yes, no
    changes_on: Mapped[date | None] = kept(Kept.GUEST)
    at: Mapped[datetime] = kept(Kept.GUEST)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
