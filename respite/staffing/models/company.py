"""With whom a guest would like to sit, as it stands now."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, kept, key, to


class CompanyWish(Base):
    """A guest asked for a peer, or not to be with one. Present state alone: nothing says since when, or who wrote it.

    The guest is an opaque id here. Of one "not with" the peer it names is never told, by any page, count or event.
    """

    __tablename__ = "company_wish"
    __table_args__ = (sa.UniqueConstraint("guest_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = kept(Kept.KEY, index=True)
    person_id: Mapped[uuid.UUID] = to("person.id")
    how: Mapped[str] = kept(Kept.GUEST, sa.String(5))  # policy.company.How
