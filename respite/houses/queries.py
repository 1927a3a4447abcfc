"""Reads about a house that every feature needs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.core.db import db
from respite.houses.models import Bed, BedNight, Chair, Closure, Gathering, House, HouseRules
from respite.houses.policy.house_time import night_of

# What `opening.slug_of` makes. Anything else is no address of a house, and PostgreSQL would choke on some of it.
_SLUG = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


def house_by_slug(session: Session, slug: str) -> House | None:
    if not _SLUG.fullmatch(slug):
        return None
    return session.scalar(sa.select(House).where(House.slug == slug))


def rules_now(session: Session, house_id: uuid.UUID) -> HouseRules:
    """The rules in force: the newest version."""
    rules = session.scalar(
        sa.select(HouseRules).where(HouseRules.house_id == house_id).order_by(HouseRules.number.desc()).limit(1)
    )
    if rules is None:
        raise LookupError(f"house {house_id} has no rules")
    return rules


def tonight(house: House, rules: HouseRules, now: datetime) -> date:
    """The night it is in the house; until the night turns (06:00) still yesterday's."""
    return night_of(now, house.timezone, rules.night_turns_at)


def beds_of(session: Session, house_id: uuid.UUID) -> list[Bed]:
    """The doors in use, in the house's order."""
    found = session.scalars(
        sa.select(Bed).where(Bed.house_id == house_id, Bed.retired_at.is_(None)).order_by(Bed.position, Bed.name)
    )
    return list(found.unique())


def chairs_of(session: Session, house_id: uuid.UUID) -> list[Chair]:
    found = session.scalars(
        sa.select(Chair)
        .where(Chair.house_id == house_id, Chair.retired_at.is_(None))
        .order_by(Chair.position, Chair.name)
    )
    return list(found)


def claims_between(session: Session, bed_ids: Iterable[uuid.UUID], first: date, until: date) -> list[BedNight]:
    """Claims on the beds for nights from `first`, before `until`."""
    found = session.scalars(
        sa.select(BedNight)
        .where(BedNight.bed_id.in_(list(bed_ids)), BedNight.night >= first, BedNight.night < until)
        .order_by(BedNight.bed_id, BedNight.night)
    )
    return list(found)


def houses_of(actor: Actor) -> list[House]:
    """The houses the actor has a role in, by name."""
    if not actor.roles:
        return []
    return list(db.session.scalars(sa.select(House).where(House.id.in_(list(actor.roles))).order_by(House.name)))


def retired_beds(session: Session, house_id: uuid.UUID) -> list[Bed]:
    found = session.scalars(
        sa.select(Bed).where(Bed.house_id == house_id, Bed.retired_at.is_not(None)).order_by(Bed.retired_at.desc())
    )
    return list(found.unique())


def retired_chairs(session: Session, house_id: uuid.UUID) -> list[Chair]:
    found = session.scalars(
        sa.select(Chair)
        .where(Chair.house_id == house_id, Chair.retired_at.is_not(None))
        .order_by(Chair.retired_at.desc())
    )
    return list(found)


def closures_from(session: Session, house_id: uuid.UUID, tonight_is: date) -> list[Closure]:
    """Closures that are not over and were not opened again, the next first."""
    found = session.scalars(
        sa.select(Closure)
        .where(Closure.house_id == house_id, Closure.opened_at.is_(None), Closure.until > tonight_is)
        .order_by(Closure.first_night, Closure.until)
    )
    return list(found)


def gatherings_between(session: Session, house_id: uuid.UUID, begin: datetime, end: datetime) -> list[Gathering]:
    """Meals and activities that touch the time from `begin`, before `end`, in their order."""
    found = session.scalars(
        sa.select(Gathering)
        .where(Gathering.house_id == house_id, Gathering.ends_at > begin, Gathering.starts_at < end)
        .order_by(Gathering.starts_at, Gathering.title)
    )
    return list(found)


def rules_history(session: Session, house_id: uuid.UUID) -> list[HouseRules]:
    """Every version of the house's rules, the newest first."""
    found = session.scalars(
        sa.select(HouseRules).where(HouseRules.house_id == house_id).order_by(HouseRules.number.desc())
    )
    return list(found)


def names_of(session: Session, refs: Iterable[str | None]) -> dict[str, str]:
    """Who acted, in words, for each `kind:id` of the event log: a person by name, anything else by what it is."""
    wanted = {ref for ref in refs if ref}
    people = {ref.partition(":")[2]: ref for ref in wanted if ref.startswith(f"{ActorKind.PERSON}:")}
    names = {ref: _WHAT[ref.partition(":")[0]] for ref in wanted if ref not in people.values()}
    ids = [uuid.UUID(person) for person in people]
    for person in session.scalars(sa.select(Person).where(Person.id.in_(ids))).unique():
        names[people[str(person.id)]] = person.name
    return {ref: str(name) for ref, name in names.items()}


_WHAT: dict[str, Any] = {
    ActorKind.DISPLAY: _l("a screen"),
    ActorKind.TOKEN: _l("another program"),
    ActorKind.CLOCK: _l("the clock"),
    ActorKind.COMMAND: _l("the command line"),
    ActorKind.GUEST: _l("the guest"),
}


def house_by_id(house_id: uuid.UUID) -> House:
    """A house whose row's guard was passed."""
    return db.session.get_one(House, house_id)


def house_names_of(session: Session, person_id: uuid.UUID) -> list[str]:
    """The names of a person's houses: words that somebody would try first as their password."""
    found = session.scalars(
        sa.select(House.name)
        .join(Membership, Membership.house_id == House.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    )
    return list(found)
