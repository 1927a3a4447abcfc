"""Somebody clinical who is on call is asked for: what they are asked, and nothing else of anybody."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class ClinicalPage(Versioned, Base):
    """One page to the clinical on-call. `guest_asked` says whether the guest said yes before, or was told since a life
    is at risk. The words are what the guest, or the house, passes on; they go with the guest's record, and a week after
    the end. There is no field for what anybody thinks of a person.
    """

    __tablename__ = "clinical_page"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    stay_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)  # whom it is about; none: about nobody in a bed
    guest_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, index=True)
    guest_asked: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # yes, told; none: about no guest
    words_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    asked_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    asked_at: Mapped[datetime] = kept(Kept.GUEST)
    acknowledged_by: Mapped[uuid.UUID | None] = to("person.id")
    acknowledged_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST, index=True)

    words = Sealed("words_sealed")
