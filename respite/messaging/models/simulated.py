"""The phones of the simulator: demo mode's own provider, with a ledger as a real one keeps."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, kept, key


class SimText(Base):
    """A text on a simulated phone, to it or from it."""

    __tablename__ = "sim_text"

    id: Mapped[uuid.UUID] = key()
    sid: Mapped[str] = kept(Kept.GUEST, sa.String(40), unique=True)
    number_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    number_index: Mapped[bytes] = kept(Kept.SECRET, index=True)
    to_phone: Mapped[bool] = kept(Kept.GUEST)
    body_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    at: Mapped[datetime] = kept(Kept.GUEST, index=True)  # house clock

    number = Sealed("number_sealed")
    body = Sealed("body_sealed")
