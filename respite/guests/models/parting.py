"""What people said when they left, joined to nobody."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key, to


class PartingAnswer(Base):
    """ "Was this helpful?" It bears no hour, no stay and no hand, so that nobody can find out whose it is.

    The id is drawn when the question is handed over, and the table is kept in the order of ids: not even the order
    in which answers came in can be read from it.
    """

    __tablename__ = "parting_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    quarter: Mapped[date] = kept(Kept.WORKING)  # its first day
    helpful: Mapped[str | None] = kept(Kept.WORKING, sa.String(10))  # policy.parting.Helpful; none: not said
    instead_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # where they might have gone otherwise

    instead = Sealed("instead_sealed")
