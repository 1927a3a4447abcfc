"""The people of a house, as those who lead it see them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from respite.accounts.models import Invitation, Membership, Person, SignIn
from respite.accounts.roles import Role
from respite.core import clock
from respite.core.db import db


@dataclass(frozen=True, slots=True)
class Member:
    person_id: uuid.UUID
    name: str
    email: str
    role: Role
    seen_at: datetime | None
    joined: bool  # has chosen a password
    link_until: datetime | None
    stepped_back: bool = False  # `role` is what they are when they are back


def members_of(house_id: uuid.UUID) -> list[Member]:
    """The people of the house by name, with when they last gave a sign."""
    now = clock.machine_now()
    seen = (
        sa.select(sa.func.max(SignIn.seen_at)).where(SignIn.person_id == Person.id).correlate(Person).scalar_subquery()
    )
    link = (
        sa.select(sa.func.max(Invitation.until))
        .where(Invitation.person_id == Person.id, Invitation.used_at.is_(None), Invitation.until > now)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Person, Membership.role, Membership.role_before, seen, link)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.house_id == house_id, Membership.ended_at.is_(None))
        .order_by(sa.func.lower(Person.name), Person.id)
    )
    return [
        Member(
            each.id,
            each.name,
            each.email,
            Role(before or role),
            seen_at,
            each.password_hash is not None,
            until,
            stepped_back=role == Role.STEPPED_BACK,
        )
        for each, role, before, seen_at, until in rows
    ]
