"""What a guest agreed may be told to whom, and each time that it was told."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Disclosure(Versioned, Base):
    """One text for one recipient and one purpose, written together. It never changes: other words are another one."""

    __tablename__ = "disclosure"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    recipient_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    purpose_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    text_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)  # whole, with the notice where one goes with it
    part_two: Mapped[bool] = kept(Kept.WORKING)  # whether the notice does
    until: Mapped[date] = kept(Kept.GUEST)  # the last day
    once: Mapped[bool] = kept(Kept.GUEST)
    written_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    written_at: Mapped[datetime] = kept(Kept.GUEST)
    agreed_at: Mapped[datetime | None] = kept(Kept.GUEST)
    agreed_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # policy.AgreedHow
    ended_at: Mapped[datetime | None] = kept(Kept.GUEST)  # the guest said no, or no more

    recipient = Sealed("recipient_sealed")
    purpose = Sealed("purpose_sealed")
    text = Sealed("text_sealed")


class DisclosureTold(Base):
    """The ledger: that it was told, when, how and by whom, with the words and to whom.

    When the guest is forgotten, the row stays without them, without words and without whom it was told.
    """

    __tablename__ = "disclosure_told"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")
    disclosure_id: Mapped[uuid.UUID | None] = to("disclosure.id")
    at: Mapped[datetime] = kept(Kept.GUEST)
    told_at: Mapped[datetime] = kept(Kept.GUEST)
    how: Mapped[str] = kept(Kept.GUEST, sa.String(10))  # policy.How
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    recipient_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    text_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)

    recipient = Sealed("recipient_sealed")
    text = Sealed("text_sealed")
