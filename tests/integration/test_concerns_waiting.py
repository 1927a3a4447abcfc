"""What somebody who only waits told with their name outlasts their place on the list: until they read the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.concerns.models import Concern
from respite.concerns.service import READ_WITHIN, Told, answer_concern, tell_inside
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.guests.models import Guest
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked, add_waiting, end_waiting
from respite.houses.models import House
from tests.places import SUNDAY
from tests.texts_in import rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def pat(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Pat")


@pytest.fixture
def quinn(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Quinn")


def test_whom_it_is_about_does_not_have_it_forgotten(juniper: House, pat: Actor, quinn: Actor) -> None:
    robin = add_waiting(quinn, juniper.id, who=Named("Robin"), asked=Asked(), now=SUNDAY)
    with transaction() as session:
        told = Told("They laughed at me.", _id(pat), about=[_id(quinn)])
        tell_inside(session, juniper.id, robin.guest_id, told, SUNDAY)
    end_waiting(quinn, robin.id, "taken-off", now=SUNDAY)
    sweep(SUNDAY + HOUR)
    assert [row.words for row in rows(Concern)] == ["They laughed at me."]
    answer_concern(pat, rows(Concern)[0].id, "I am sorry.", now=SUNDAY + HOUR)
    sweep(SUNDAY + DAY)
    assert [guest.name for guest in rows(Guest)] == ["Robin"]
    for days in (2, 3):
        sweep(SUNDAY + READ_WITHIN + days * DAY)
    assert rows(Guest) == []
    assert db.session.scalars(sa.select(Concern.words_sealed)).all() == [None]


def _id(person: Actor) -> uuid.UUID:
    assert person.id is not None
    return person.id
