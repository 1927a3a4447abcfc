"""Credentials and training: what each asks as data, who holds what, and the hours behind it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.crypto import Sealed
from respite.core.db import Base, Kept, Versioned, kept, key, to


class CredentialRules(Versioned, Base):
    """What a house asks of a credential or a training of its own, for days from `since`, before `until`.

    The versions of one `slug` follow each other. `body` is `policy.credentials.RuleSet`, as it is stored.
    """

    __tablename__ = "credential_rules"
    __table_args__ = (
        sa.UniqueConstraint("house_id", "slug", "since"),
        sa.CheckConstraint("until IS NULL OR since <= until", name="ends_after_it_begins"),
    )

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    slug: Mapped[str] = kept(Kept.HOUSE, sa.String(40))
    kind: Mapped[str] = kept(Kept.HOUSE, sa.String(12))  # policy.credentials.Kind
    name: Mapped[str] = kept(Kept.HOUSE, sa.String(80))
    issuer: Mapped[str] = kept(Kept.HOUSE, sa.String(80), default="")
    issuer_until: Mapped[date | None] = kept(Kept.HOUSE)  # the last day on which it may certify, where it ends
    body: Mapped[dict[str, Any]] = kept(Kept.HOUSE, sa.JSON)
    since: Mapped[date] = kept(Kept.HOUSE)
    until: Mapped[date | None] = kept(Kept.HOUSE)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))


class Credential(Versioned, Base):
    """One term of a credential that somebody holds, or is on the way to: then it has no `issued_on`.

    It is valid from `issued_on` through `expires_on`; none: it does not run out. Renewing adds the next term.
    """

    __tablename__ = "credential"
    __table_args__ = (sa.CheckConstraint("expires_on IS NULL OR issued_on <= expires_on", name="ends_after_it_begins"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    slug: Mapped[str] = kept(Kept.STAFF, sa.String(40))
    number_sealed: Mapped[bytes | None] = kept(Kept.STAFF)
    issuer: Mapped[str] = kept(Kept.STAFF, sa.String(80), default="")
    exam_on: Mapped[date | None] = kept(Kept.STAFF)
    issued_on: Mapped[date | None] = kept(Kept.STAFF)
    expires_on: Mapped[date | None] = kept(Kept.STAFF, index=True)
    renews_id: Mapped[uuid.UUID | None] = to("credential.id")
    ended_on: Mapped[date | None] = kept(Kept.STAFF)  # given back, or not counted here any more: the first day without
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))

    number = Sealed("number_sealed")


class CredentialReminder(Base):
    """That somebody was reminded so many days before a term runs out; once for each day that it may run out on."""

    __tablename__ = "credential_reminder"
    __table_args__ = (sa.UniqueConstraint("credential_id", "expires_on", "days"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    credential_id: Mapped[uuid.UUID] = to("credential.id", ondelete="CASCADE")
    expires_on: Mapped[date] = kept(Kept.STAFF)
    days: Mapped[int] = kept(Kept.STAFF)
    at: Mapped[datetime] = kept(Kept.STAFF)
    texted: Mapped[bool] = kept(Kept.STAFF, default=False)


class Training(Versioned, Base):
    """Hours of learning, or of work elsewhere, that count for a credential or a training of the house."""

    __tablename__ = "training"
    __table_args__ = (sa.CheckConstraint("minutes > 0", name="takes_time"),)

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    person_id: Mapped[uuid.UUID] = to("person.id")
    slug: Mapped[str] = kept(Kept.STAFF, sa.String(40))  # of the rules it counts for
    sort: Mapped[str] = kept(Kept.STAFF, sa.String(10), default="learning")  # policy.credentials.Sort
    category: Mapped[str] = kept(Kept.STAFF, sa.String(60), default="")  # one of the rules' parts; none: general
    minutes: Mapped[int] = kept(Kept.STAFF)
    day: Mapped[date] = kept(Kept.STAFF)
    provider: Mapped[str] = kept(Kept.STAFF, sa.String(80), default="")
    in_group: Mapped[bool] = kept(Kept.STAFF, default=False)
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    made_by: Mapped[str] = kept(Kept.KEY, sa.String(60))
