"""What each role of a house needs, who is without it, and what runs out when; people by name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import Credential, CredentialReminder
from respite.staffing.policy.credentials import REMIND_DAYS, Kind
from respite.staffing.queries.credential_cards import stands_on
from respite.staffing.queries.credentials import Held, Versions, credentials_of, holdings_of, trainings_of, versions_of

SOON = timedelta(days=max(REMIND_DAYS))
NEW_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody without it; `ran_out` is the last day on which they had it."""

    person_id: uuid.UUID
    name: str
    ran_out: date | None
    under_way: bool


@dataclass(frozen=True, slots=True)
class RunsOut:
    person_id: uuid.UUID
    name: str
    last_day: date
    reminded: int | None  # so many days before, the last time
    texted: bool


@dataclass(frozen=True, slots=True)
class Need:
    versions: Versions
    lacking: tuple[Lacking, ...]
    runs_out: tuple[RunsOut, ...]
    people: int  # in the role
    holds: int


@dataclass(frozen=True, slots=True)
class RoleNeeds:
    role: Role
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who came lately and for whom nothing of what their role needs is written down yet."""

    person_id: uuid.UUID
    name: str
    role: Role
    since: date


@dataclass(frozen=True, slots=True)
class Gaps:
    roles: tuple[RoleNeeds, ...]
    newcomers: tuple[Newcomer, ...]
    issuers_over: tuple[Versions, ...]  # whose issuer may not certify any more

    @property
    def count(self) -> int:
        return sum(len(need.lacking) for each in self.roles for need in each.needs)


@dataclass(frozen=True, slots=True)
class _Member:
    person_id: uuid.UUID
    name: str
    role: Role
    since: date


def gaps_of(session: Session, house: House, now: datetime) -> Gaps:
    """The whole report for today, by the house's clock."""
    today = local(now, house.timezone).date()
    members = _members(session, house)
    ids = [member.person_id for member in members]
    held = holdings_of(session, house.id, ids)
    begun = {(each.person_id, each.slug) for each in credentials_of(session, house.id, ids) if each.ended_on is None}
    reminded = _reminded(session, house.id)
    begun |= {(each.person_id, each.slug) for each in trainings_of(session, house.id, ids)}
    asked = sorted(
        (each for each in versions_of(session, house.id).values() if each.asked_on(today)),
        key=lambda each: (each.name.casefold(), each.slug),
    )
    needs: dict[Role, list[Need]] = defaultdict(list)
    for versions in asked:
        rules = versions.on(today)
        for role in Role:
            if rules is not None and role in rules.needed_by:
                theirs = [member for member in members if member.role == role]
                needs[role].append(_need(versions, theirs, held, begun, reminded, today))
    return Gaps(
        roles=tuple(RoleNeeds(role, tuple(needs[role])) for role in Role if role in needs),
        newcomers=tuple(
            Newcomer(member.person_id, member.name, member.role, member.since)
            for member in members
            if member.role in needs
            and today - member.since <= NEW_FOR
            and not any((member.person_id, need.versions.slug) in begun for need in needs[member.role])
        ),
        issuers_over=tuple(
            each
            for each in asked
            if each.kind == Kind.CREDENTIAL
            and each.newest.issuer_until is not None
            and each.newest.issuer_until < today
        ),
    )


def _need(
    versions: Versions,
    members: list[_Member],
    held: dict[uuid.UUID, list[Held]],
    begun: set[tuple[uuid.UUID, str]],
    reminded: dict[tuple[uuid.UUID, str, date], CredentialReminder],
    today: date,
) -> Need:
    lacking, runs_out = [], []
    for member in members:
        holds, last_day = stands_on([each for each in held[member.person_id] if each.tag == versions.tag], today)
        if not holds:
            under_way = last_day is None and (member.person_id, versions.slug) in begun
            lacking.append(Lacking(member.person_id, member.name, last_day, under_way))
        elif last_day is not None and last_day - today <= SOON:
            last = reminded.get((member.person_id, versions.slug, last_day))
            days, texted = (last.days, last.texted) if last is not None else (None, False)
            runs_out.append(RunsOut(member.person_id, member.name, last_day, days, texted))
    return Need(versions, tuple(lacking), tuple(runs_out), len(members), len(members) - len(lacking))


def _reminded(session: Session, house_id: uuid.UUID) -> dict[tuple[uuid.UUID, str, date], CredentialReminder]:
    """The last reminder of each person, credential and last day."""
    rows = session.execute(
        sa.select(Credential.person_id, Credential.slug, CredentialReminder)
        .join(Credential, Credential.id == CredentialReminder.credential_id)
        .where(CredentialReminder.house_id == house_id)
        .order_by(CredentialReminder.days.desc())
    )
    return {(person_id, slug, reminder.expires_on): reminder for person_id, slug, reminder in rows}


def _members(session: Session, house: House) -> list[_Member]:
    """Who belongs to the house, by name. `since` is when they first came, whatever their role was then."""
    first = (
        sa.select(sa.func.min(Membership.began_at))
        .where(Membership.person_id == Person.id, Membership.house_id == house.id)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Person.id, Person.name, Membership.role, first)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.house_id == house.id, Membership.ended_at.is_(None), Person.deactivated_at.is_(None))
        .order_by(sa.func.lower(Person.name), Person.id)
    )
    return [_Member(i, name, Role(role), local(began, house.timezone).date()) for i, name, role, began in rows]
