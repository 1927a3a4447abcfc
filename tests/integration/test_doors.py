"""Doors that close, open again and get ready; nights are claimed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.errors import BedNotReady, BedTaken, NotClosed
from respite.houses.models import Bed, House
from respite.houses.queries import beds_of, claims_between, rules_now
from respite.houses.service.doors import close_bed, make_ready, open_bed_again
from respite.houses.service.opening import open_house, slug_of
from respite.houses.service.rules import change_rules
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
SUN, TUE, WED = date(2026, 11, 22), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def bed(house: House) -> Bed:
    return beds_of(db.session(), house.id)[0]


def test_a_house_opens_with_named_doors_and_its_first_rules(house: House) -> None:
    assert [bed.name for bed in beds_of(db.session(), house.id)] == ["Willow", "Aspen", "Sage"]
    assert rules_now(db.session(), house.id).number == 1
    assert house.slug == "juniper-house"
    assert slug_of("Bar House") == "bar-house"


def test_two_houses_of_one_name_have_two_addresses(house: House) -> None:
    other = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", now=SUNDAY)
    assert other.slug == "juniper-house-2"


def test_a_closure_claims_its_nights_and_lets_them_go(bed: Bed, actor_in: ActorIn) -> None:
    actor = actor_in(bed.house_id)
    closure = close_bed(actor, bed.id, first_night=SUN, until=WED, reason="Window", now=SUNDAY)
    assert [c.night for c in claims_between(db.session(), [bed.id], SUN, WED)] == [SUN, date(2026, 11, 23), TUE]
    with pytest.raises(BedTaken):
        close_bed(actor, bed.id, first_night=TUE, until=WED, reason="", now=SUNDAY)
    open_bed_again(actor, closure.id, now=SUNDAY)
    assert claims_between(db.session(), [bed.id], SUN, WED) == []
    with pytest.raises(NotClosed):
        open_bed_again(actor, closure.id, now=SUNDAY)
    assert list(broken_links()) == []


def test_a_closure_that_ends_before_it_starts_says_so(bed: Bed, actor_in: ActorIn) -> None:
    with pytest.raises(Invalid) as refused:
        close_bed(actor_in(bed.house_id), bed.id, first_night=WED, until=SUN, reason="", now=SUNDAY)
    assert set(refused.value.fields) == {"until"}


def test_a_peer_cannot_close_a_door(bed: Bed, actor_in: ActorIn) -> None:
    with pytest.raises(NotFound):
        close_bed(actor_in(bed.house_id, Role.PEER), bed.id, first_night=SUN, until=WED, reason="", now=SUNDAY)


def test_ready_is_one_tap_and_only_one(bed: Bed, actor_in: ActorIn) -> None:
    with transaction() as session:
        session.get_one(Bed, bed.id).getting_ready_since = SUNDAY
    actor = actor_in(bed.house_id, Role.PEER)
    assert make_ready(actor, bed.id, now=SUNDAY).getting_ready_since is None
    with pytest.raises(BedNotReady):
        make_ready(actor, bed.id, now=SUNDAY)


def test_rules_change_by_a_new_version(house: House, actor_in: ActorIn) -> None:
    before = rules_now(db.session(), house.id)
    after = change_rules(actor_in(house.id), house.id, {"longest_stay": 28}, number_seen=1, now=SUNDAY)
    assert (after.number, after.longest_stay, before.longest_stay) == (2, 28, 7)
    with pytest.raises(Invalid) as refused:
        change_rules(actor_in(house.id), house.id, {"longest_stay": 0, "animal": "perhaps"}, number_seen=2, now=SUNDAY)
    assert set(refused.value.fields) == {"longest_stay", "animal"}
