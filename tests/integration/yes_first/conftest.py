"""A house on both databases; in it a peer, a coordinator, and a guest who would not want to meet Bo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.guests.models import Stay
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.places import SUNDAY


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, chairs=3, now=SUNDAY
    )


@pytest.fixture
def peer(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def dana(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR, "Dana")


@pytest.fixture
def ana(juniper: House, peer: Actor) -> Stay:
    """Ana is here for two nights, and would not want to meet Bo."""
    stay = welcome_new(peer, juniper.id, who=Named("Ana"), nights=2, now=SUNDAY)
    assert stay.guest_id is not None
    say_apart(peer, stay.guest_id, "Bo", now=SUNDAY)
    return stay
