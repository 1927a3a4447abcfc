"""Making the demo houses, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Person
from respite.accounts.service.own import change_own, give_password
from respite.accounts.service.people import invite
from respite.audit.models import Event
from respite.cli.demo import enebro, juniper
from respite.cli.demo.people import DOMAIN, ENEBRO, JUNIPER, PASSWORD, Someone
from respite.cli.demo.story import DAY, Moment, Story
from respite.core.db import db, joinable
from respite.houses.models import House
from respite.houses.service.opening import open_house


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo house: how it opens, who works there, and its story."""

    name: str
    zone: str
    language: str
    doors: tuple[str, ...]
    chairs: int
    opened_days_ago: int
    people: tuple[Someone, ...]
    tell: Callable[[Story], None]


def _demo(module: ModuleType, language: str, people: tuple[Someone, ...]) -> Demo:
    return Demo(
        name=module.NAME,
        zone=module.ZONE,
        language=language,
        doors=module.DOORS,
        chairs=module.CHAIRS,
        opened_days_ago=module.OPENED_DAYS_AGO,
        people=people,
        tell=module.tell,
    )


DEMOS = (_demo(juniper, "en", JUNIPER), _demo(enebro, "es", ENEBRO))


def missing() -> list[Demo]:
    """The demo houses that are not there yet."""
    there = set(db.session.scalars(sa.select(House.name)))
    db.session.rollback()
    return [demo for demo in DEMOS if demo.name not in there]


def made_at() -> datetime | None:
    """When the first demo house was made, by the machine's clock; None before."""
    first = sa.select(Event.recorded_at).join(House, House.id == Event.stream).where(House.name == DEMOS[0].name)
    found = db.session.scalar(first.order_by(Event.version).limit(1))
    db.session.rollback()
    return found


def make(demo: Demo, now: datetime) -> House:
    """Open the house some days ago, let its people in, and let its days pass until now: all of it, or nothing.

    Each act is its own use case. They share one transaction, so that a slow disk is asked once, not four hundred
    times, and no half a house is left where somebody stops it.
    """
    with joinable():
        return _made(demo, now)


def _made(demo: Demo, now: datetime) -> House:
    opened = _opened_at(demo, now)
    house = open_house(
        COMMAND,
        name=demo.name,
        kind="both",
        timezone=demo.zone,
        beds=demo.doors,
        chairs=demo.chairs,
        language=demo.language,
        now=opened,
    )
    story = Story(house, _let_in(house.id, demo.people, opened), now)
    demo.tell(story)
    story.happen()
    return house


def _opened_at(demo: Demo, now: datetime) -> datetime:
    noon = Moment(now, demo.zone, now.date())
    return Moment(now, demo.zone, noon.today - DAY).on(-demo.opened_days_ago, "09:00")


def _let_in(house_id: uuid.UUID, people: Iterable[Someone], now: datetime) -> dict[str, Actor]:
    actors: dict[str, Actor] = {}
    for someone in people:
        invited = invite(COMMAND, house_id, email=someone.email, name=someone.name, role=someone.role, now=now)
        actor = Actor(ActorKind.PERSON, invited.person_id, {house_id: someone.role})
        if db.session.get_one(Person, actor.id).language != someone.language:
            change_own(actor, name=someone.name, language=someone.language, now=now)
        actors[someone.name] = actor
    return actors


def let_everybody_sign_in() -> None:
    """The printed password, for each demo account that has none yet."""
    without = sa.select(Person.id).where(Person.email.endswith(f"@{DOMAIN}"), Person.password_hash.is_(None))
    for person_id in db.session.scalars(without).all():
        give_password(person_id, PASSWORD)
    db.session.rollback()
