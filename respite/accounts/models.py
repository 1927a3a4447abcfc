"""People who sign in, what they may do where, and what they sign in with."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class Person(Versioned, Base):
    """Someone who works here and signs in. Not a guest."""

    __tablename__ = "person"

    id: Mapped[uuid.UUID] = key()
    email: Mapped[str] = kept(Kept.STAFF, sa.String(254), unique=True)
    name: Mapped[str] = kept(Kept.STAFF, sa.String(80))
    password_hash: Mapped[str | None] = kept(Kept.SECRET, sa.String(200))
    language: Mapped[str] = kept(Kept.STAFF, sa.String(5), default="en")
    deactivated_at: Mapped[datetime | None] = kept(Kept.WORKING)
    made_at: Mapped[datetime] = kept(Kept.WORKING)

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", lazy="selectin")


class Membership(Base):
    """What a person is in a house. One that ended stays, so that old acts keep their sense."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.Index(
            "uq_membership_person_house_live",
            "person_id",
            "house_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID] = to("person.id")
    house_id: Mapped[uuid.UUID] = to("house.id")
    role: Mapped[str] = kept(Kept.STAFF, sa.String(20))
    # Of somebody who stepped back: what they are when they are back, and at whose word it is.
    role_before: Mapped[str | None] = kept(Kept.STAFF, sa.String(20))
    stepped_back_by: Mapped[uuid.UUID | None] = kept(Kept.KEY)
    began_at: Mapped[datetime] = kept(Kept.WORKING)
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)

    person: Mapped[Person] = relationship(back_populates="memberships")


class Tablet(Base):
    """A device that several people of a house share; known by a token in a cookie of its own."""

    __tablename__ = "tablet"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    made_by: Mapped[uuid.UUID] = to("person.id", index=False)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    revoked_at: Mapped[datetime | None] = kept(Kept.WORKING)


class SignIn(Base):
    """A server-side session. The cookie holds an opaque token; only its digest is stored.

    On a shared tablet the sign-in carries a PIN: the PIN opens nothing but this row, which a full sign-in
    began on that device.
    """

    __tablename__ = "sign_in"

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID] = to("person.id")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    tablet_id: Mapped[uuid.UUID | None] = to("tablet.id")
    pin_hash: Mapped[str | None] = kept(Kept.SECRET, sa.String(200))
    pin_tries: Mapped[int] = kept(Kept.WORKING, default=0)
    device: Mapped[str] = kept(Kept.STAFF, sa.String(80), default="")
    began_at: Mapped[datetime] = kept(Kept.WORKING)
    seen_at: Mapped[datetime] = kept(Kept.WORKING)
    locked_at: Mapped[datetime | None] = kept(Kept.WORKING)
    ended_at: Mapped[datetime | None] = kept(Kept.WORKING)


class SignInTry(Base):
    """How often an account was tried from a network lately; kept here so that a restart clears nothing."""

    __tablename__ = "sign_in_try"

    id: Mapped[uuid.UUID] = key()
    account: Mapped[bytes] = kept(Kept.STAFF, index=True)
    network: Mapped[bytes] = kept(Kept.STAFF, index=True)
    at: Mapped[datetime] = kept(Kept.WORKING, index=True)


class Display(Versioned, Base):
    """A paired wall screen: reads one house's board and nothing else."""

    __tablename__ = "display"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    face: Mapped[str] = kept(Kept.HOUSE, sa.String(10))
    language: Mapped[str] = kept(Kept.HOUSE, sa.String(5), default="en")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    previous_token_hash: Mapped[bytes | None] = kept(Kept.SECRET, unique=True)
    paired_by: Mapped[uuid.UUID] = to("person.id", index=False)
    paired_at: Mapped[datetime] = kept(Kept.WORKING)
    rolled_at: Mapped[datetime] = kept(Kept.WORKING)
    seen_at: Mapped[datetime | None] = kept(Kept.WORKING)
    revoked_at: Mapped[datetime | None] = kept(Kept.WORKING)


class Pairing(Base):
    """A screen that waits to be paired: it shows eight letters and keeps a secret of its own."""

    __tablename__ = "pairing"

    id: Mapped[uuid.UUID] = key()
    code_hash: Mapped[bytes] = kept(Kept.SECRET, index=True)
    secret_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    began_at: Mapped[datetime] = kept(Kept.WORKING)
    display_id: Mapped[uuid.UUID | None] = to("display.id")


class ApiToken(Base):
    """A bearer token bound to one house and one role; shown once, stored as a digest."""

    __tablename__ = "api_token"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    role: Mapped[str] = kept(Kept.STAFF, sa.String(20))
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(60))
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    made_by: Mapped[uuid.UUID | None] = to("person.id", index=False)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    used_at: Mapped[datetime | None] = kept(Kept.WORKING)
    revoked_at: Mapped[datetime | None] = kept(Kept.WORKING)


class Invitation(Base):
    """A link by which somebody chooses a password, once, within its time: first set-up, invited, or lost."""

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID | None] = to("person.id")
    token_hash: Mapped[bytes] = kept(Kept.SECRET, unique=True)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    until: Mapped[datetime] = kept(Kept.WORKING)
    used_at: Mapped[datetime | None] = kept(Kept.WORKING)


class Draft(Base):
    """What somebody was writing when the screen locked, sealed, for a day: one per person, page and form."""

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("person_id", "path", "form"),)

    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID] = to("person.id")
    path: Mapped[str] = kept(Kept.KEY, sa.String(300))
    form: Mapped[str] = kept(Kept.WORKING, sa.String(40))
    words_sealed: Mapped[bytes] = kept(Kept.GUEST_WORDS)
    saved_at: Mapped[datetime] = kept(Kept.WORKING, index=True)

    words = Sealed("words_sealed")


class KeptFrom(Base):
    """A guest does not want this person to read of them. No event names either of the two."""

    __tablename__ = "kept_from"
    __table_args__ = (sa.UniqueConstraint("guest_id", "person_id"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    guest_id: Mapped[uuid.UUID] = to("guest.id")
    person_id: Mapped[uuid.UUID] = to("person.id", kind=Kept.GUEST)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
    at: Mapped[datetime] = kept(Kept.GUEST)


class Answered(Base):
    """An act that was answered: the same key brings the same answer for 24 hours instead of a second act."""

    __tablename__ = "answered"
    __table_args__ = (sa.UniqueConstraint("actor", "key_hash"),)

    id: Mapped[uuid.UUID] = key()
    actor: Mapped[str] = kept(Kept.KEY, sa.String(60))
    key_hash: Mapped[bytes] = kept(Kept.SECRET)
    route: Mapped[str] = kept(Kept.WORKING, sa.String(200))
    body_hash: Mapped[bytes] = kept(Kept.SECRET)
    answer_sealed: Mapped[bytes | None] = kept(Kept.SECRET)
    at: Mapped[datetime] = kept(Kept.WORKING, index=True)
