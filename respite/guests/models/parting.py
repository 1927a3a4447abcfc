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

    The id is drawn when the question is handed over, and a house's rows are written anew in the order of ids with each
    answer (service/parting.py): not even the order in which they came in can be read from them.
    """

    __tablename__ = "parting_answer"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    quarter: Mapped[date] = kept(Kept.WORKING)  # its first day
    helpful: Mapped[str | None] = kept(Kept.WORKING, sa.String(10))  # policy.parting.Helpful; none: not said
    instead_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # where they might have gone otherwise

    instead = Sealed("instead_sealed")
