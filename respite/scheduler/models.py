"""Who leads: one row that a process keeps renewing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept


class Lease(Base):
    """Held by one process until an instant of the machine's clock. It saves work; nothing depends on it."""

    __tablename__ = "lease"

    name: Mapped[str] = kept(Kept.KEY, sa.String(40), primary_key=True)
    holder: Mapped[str] = kept(Kept.WORKING, sa.String(60))
    until: Mapped[datetime] = kept(Kept.WORKING)
