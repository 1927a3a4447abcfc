"""A house with somebody behind some of its doors, and the means to look at it."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken, Display, Membership, Person
from respite.accounts.roles import Role
from respite.accounts.sessions import begin
from respite.core.clock import machine_now
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.guests.models import Stay
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.models import Bed, House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from respite.staffing.models import Shift
from tests.places import SUNDAY

TONIGHT = date(2026, 11, 22)
DOORS = ("Willow", "Aspen", "Sage", "Cedar", "Lark", "Fern")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def juniper(doors: tuple[str, ...] = DOORS, chairs: int = 4, name: str = "Juniper House") -> House:
    return open_house(
        COMMAND, name=name, kind="both", timezone="America/Denver", beds=list(doors), chairs=chairs, now=SUNDAY - DAY
    )


def bed(house: House, name: str) -> Bed:
    return next(one for one in beds_of(db.session(), house.id) if one.name == name)


def saved(house: House, door: str, guest: str = "Jo", nights: int = 3, **more: object) -> Stay:
    return save_bed(
        COMMAND,
        house.id,
        who=Named(guest),
        nights=nights,
        bed_id=bed(house, door).id,
        **({"now": SUNDAY} | more),  # type: ignore[arg-type]
    )


def here(house: House, door: str, guest: str = "Sam", nights: int = 4, now: datetime = SUNDAY) -> Stay:
    return welcome_new(COMMAND, house.id, who=Named(guest), nights=nights, bed_id=bed(house, door).id, now=now)


def on_shift(house: House, name: str, kind: str, begin: timedelta, end: timedelta) -> None:
    """Somebody who works in the house and is on from `begin` to `end` after SUNDAY."""
    with transaction() as session:
        person = Person(email=f"{uuid.uuid4().hex}@example.org", name=name, made_at=SUNDAY)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, house_id=house.id, role=Role.PEER, began_at=SUNDAY))
        session.add(
            Shift(
                house_id=house.id,
                person_id=person.id,
                kind=kind,
                starts_at=SUNDAY + begin,
                ends_at=SUNDAY + end,
                published_at=SUNDAY,
            )
        )


def session_of(house: House | None, role: Role | None = None, name: str = "Dana", language: str = "en") -> str:
    """The cookie of somebody who is signed in, with a role in the house where one is given."""
    with transaction() as session:
        person = Person(email=f"{uuid.uuid4().hex}@example.org", name=name, language=language, made_at=SUNDAY)
        session.add(person)
        session.flush()
        if house is not None and role is not None:
            session.add(Membership(person_id=person.id, house_id=house.id, role=role, began_at=SUNDAY))
        return begin(session, person.id, device="a test", tablet_id=None)


def screen_of(house: House, face: str = "doors", language: str = "en") -> str:
    """The cookie of a screen that is paired with the house."""
    token = uuid.uuid4().hex
    with transaction() as session:
        person = Person(email=f"{uuid.uuid4().hex}@example.org", name="Dana", made_at=SUNDAY)
        session.add(person)
        session.flush()
        session.add(
            Display(
                house_id=house.id,
                name="Hall",
                face=face,
                language=language,
                token_hash=digest(token),
                paired_by=person.id,
                paired_at=machine_now(),
                rolled_at=machine_now(),
            )
        )
    return token


def browser(app: Flask, *, session: str | None = None, screen: str | None = None) -> FlaskClient:
    """A browser that brings these cookies."""
    client = app.test_client()
    if session:
        client.set_cookie("sid", session)
    if screen:
        client.set_cookie("display", screen)
    return client


def token_for(house: House, role: Role = Role.PEER) -> str:
    """An API token of the house."""
    token = uuid.uuid4().hex
    with transaction() as session:
        session.add(ApiToken(house_id=house.id, role=role, name="test", token_hash=digest(token), made_at=SUNDAY))
    return token
