"""Stays: a saved bed, then a guest in the house, then what was. Words by or about a guest are sealed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to
from respite.guests.models.people import Guest


class Stay(Versioned, Base):
    """A saved bed, then a guest in the house, then a stay that ended.

    The nights are in `bed_night`; `first_night` and `until` (the leaving day, not a night of the stay) say
    what was agreed. `occupies_bed_id` says who is behind the door now, whatever was agreed.
    """

    __tablename__ = "stay"
    __table_args__ = (sa.CheckConstraint("first_night <= until", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID | None] = to("guest.id")  # none: a stay without a name
    bed_id: Mapped[uuid.UUID | None] = to("bed.id")  # none: displaced, needs a person
    occupies_bed_id: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("bed.id"), unique=True)
    rules_id: Mapped[uuid.UUID] = to("house_rules.id", index=False)
    state: Mapped[str] = kept(Kept.GUEST, sa.String(10), index=True)  # policy.stay_states.StayState
    first_night: Mapped[date] = kept(Kept.GUEST)
    until: Mapped[date] = kept(Kept.GUEST)
    extensions: Mapped[int] = kept(Kept.GUEST, default=0)

    saved_at: Mapped[datetime] = kept(Kept.GUEST)
    saved_until: Mapped[datetime | None] = kept(Kept.GUEST)  # none: confirmed, or here
    confirmed_at: Mapped[datetime | None] = kept(Kept.GUEST)
    # A peer said they called before the clock ran out; until then no automatic offer takes the bed.
    call_made_at: Mapped[datetime | None] = kept(Kept.GUEST)
    coming_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)  # "by bus about 4"

    arrived_at: Mapped[datetime | None] = kept(Kept.GUEST)
    # Present state only; no history of anybody's movements is kept.
    out_since: Mapped[datetime | None] = kept(Kept.GUEST)
    back_about: Mapped[datetime | None] = kept(Kept.GUEST)
    check_in_wish_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    lockbox: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))
    lockbox_key_out: Mapped[bool] = kept(Kept.GUEST, default=False)
    agreement_at: Mapped[datetime | None] = kept(Kept.GUEST)
    settled_in_at: Mapped[datetime | None] = kept(Kept.GUEST)  # "when you have slept" was gone through

    left_at: Mapped[datetime | None] = kept(Kept.GUEST)
    ended_how: Mapped[str | None] = kept(Kept.GUEST, sa.String(30))  # policy.stay_states.EndKind
    asked_to_leave_rule: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))
    decided_by: Mapped[uuid.UUID | None] = kept(Kept.KEY, sa.ForeignKey("person.id"))
    how_to_ask_again_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    may_return_on: Mapped[date | None] = kept(Kept.GUEST)
    who_called: Mapped[str | None] = kept(Kept.GUEST, sa.String(10))  # house, guest, other
    guest_chose: Mapped[bool | None] = kept(Kept.GUEST)
    own_account_sealed: Mapped[bytes | None] = kept(Kept.GUEST_WORDS)
    follow_up_wanted: Mapped[bool | None] = kept(Kept.GUEST)

    coming = Sealed("coming_sealed")
    check_in_wish = Sealed("check_in_wish_sealed")
    how_to_ask_again = Sealed("how_to_ask_again_sealed")
    own_account = Sealed("own_account_sealed")

    guest: Mapped[Guest | None] = relationship(lazy="joined")
    companions: Mapped[list[Companion]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Companion.kind"
    )


class CompanionKind(StrEnum):
    CHILD = "child"
    SUPPORT_PERSON = "support-person"
    ANIMAL = "animal"


class Companion(Base):
    """Who came with the guest, by kind and number: counted in the roll-call, never a record of a person."""

    __tablename__ = "companion"
    __table_args__ = (
        sa.UniqueConstraint("stay_id", "kind"),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name="a_few"),
    )

    id: Mapped[uuid.UUID] = key()
    stay_id: Mapped[uuid.UUID] = to("stay.id")
    kind: Mapped[str] = kept(Kept.GUEST, sa.String(15))
    number: Mapped[int] = kept(Kept.GUEST)


class Note(Base):
    """What the guest asked to pass on. The guest can see it."""

    __tablename__ = "note"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    stay_id: Mapped[uuid.UUID] = to("stay.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.GUEST)
    passed_on_at: Mapped[datetime | None] = kept(Kept.GUEST)

    words = Sealed("words_sealed")
