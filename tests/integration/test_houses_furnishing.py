"""Doors and chairs are added, renamed, described, ordered and taken out; a house changes what it says of itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.visits import begin_visit
from respite.houses.errors import BedRetired, BedTaken, ChairRetired, NameTaken, StillInUse
from respite.houses.models import Bed, Chair, ClaimKind, House
from respite.houses.queries import beds_of, chairs_of, claims_between, gatherings_between, rules_now
from respite.houses.service import furnishing
from respite.houses.service.chairs import add_chair, bring_back_chair, rename_chair, retire_chair
from respite.houses.service.claims import claim
from respite.houses.service.details import change_house
from respite.houses.service.doors import close_bed, close_bed_again, make_ready, not_ready_after_all, open_bed_again
from respite.houses.service.furnishing import add_bed, bring_back_bed, change_bed, move_bed, retire_bed
from respite.houses.service.gatherings import change_gathering, set_gathering, take_off
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]
SUN, MON, WED = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 25)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, chairs=2, now=SUNDAY
    )


@pytest.fixture
def lead(house: House, actor_in: ActorIn) -> Actor:
    return actor_in(house.id)


@pytest.fixture
def willow(house: House) -> Bed:
    return beds_of(db.session(), house.id)[0]


@pytest.fixture
def somebody_in() -> Iterator[set[uuid.UUID]]:
    """Beds and chairs with somebody in them, as `guests` would answer."""
    taken: set[uuid.UUID] = set()
    furnishing.in_use.append(ask := lambda _session, one: one in taken)
    yield taken
    furnishing.in_use.remove(ask)


def names(house: House) -> list[str]:
    db.session.rollback()
    return [bed.name for bed in beds_of(db.session(), house.id)]


def last_event(house: House) -> Event:
    db.session.rollback()
    return db.session.scalars(sa.select(Event).where(Event.stream == house.id).order_by(Event.version.desc())).first()


def test_a_door_is_added_at_the_end_with_its_room_and_words(house: House, lead: Actor) -> None:
    bed = add_bed(lead, house.id, name="  Lark  ", tags=["Quiet", "quiet", " ground  floor "], now=SUNDAY)
    assert names(house) == ["Willow", "Aspen", "Sage", "Lark"]
    assert (bed.room.name, bed.tags) == ("Lark", ["quiet", "ground floor"])
    assert last_event(house).parts == '["layout"]'
    shared = add_bed(lead, house.id, name="Lark 2", room="Lark", now=SUNDAY)
    assert shared.room_id == bed.room_id
    assert list(broken_links()) == []


def test_two_doors_never_bear_one_name(house: House, lead: Actor, willow: Bed) -> None:
    with pytest.raises(NameTaken) as refused:
        add_bed(lead, house.id, name="WILLOW", now=SUNDAY)
    assert set(refused.value.fields) == {"name"}
    with pytest.raises(NameTaken):
        change_bed(lead, willow.id, name="aspen", now=SUNDAY)
    assert change_bed(lead, willow.id, name="willow", now=SUNDAY).name == "willow"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "Lark", "room": "x" * 41}, "room"),
        ({"name": "Lark", "tags": ["x" * 25]}, "tags"),
        ({"name": "Lark", "tags": list("abcdefg")}, "tags"),
    ],
)
def test_what_a_door_cannot_be_is_said_and_nothing_changes(
    house: House, lead: Actor, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_bed(lead, house.id, **changed, now=SUNDAY)
    assert set(refused.value.fields) == {field}
    assert names(house) == ["Willow", "Aspen", "Sage"]


def test_the_second_editor_of_a_door_is_told(lead: Actor, willow: Bed) -> None:
    seen = willow.version
    change_bed(lead, willow.id, name="Birch", version_seen=seen, now=SUNDAY)
    with pytest.raises(StaleVersion):
        change_bed(lead, willow.id, name="Fir", version_seen=seen, now=SUNDAY)


def test_doors_move_up_and_down_and_no_further_than_the_ends(house: House, lead: Actor, willow: Bed) -> None:
    move_bed(lead, willow.id, places=1, now=SUNDAY)
    assert names(house) == ["Aspen", "Willow", "Sage"]
    move_bed(lead, willow.id, places=9, now=SUNDAY)
    assert names(house) == ["Aspen", "Sage", "Willow"]
    move_bed(lead, willow.id, places=-9, now=SUNDAY)
    assert names(house) == ["Willow", "Aspen", "Sage"]


def test_a_door_that_is_saved_stays_in_the_house(house: House, lead: Actor, willow: Bed) -> None:
    with transaction() as session:
        claim(session, session.get_one(Bed, willow.id), [MON], ClaimKind.HELD, uuid.uuid4())
    with pytest.raises(StillInUse):
        retire_bed(lead, willow.id, now=SUNDAY)
    assert retire_bed(lead, willow.id, now=SUNDAY + timedelta(days=3)).retired_at is not None


def test_a_door_with_somebody_behind_it_stays_in_the_house(
    lead: Actor, willow: Bed, somebody_in: set[uuid.UUID]
) -> None:
    somebody_in.add(willow.id)
    with pytest.raises(StillInUse):
        retire_bed(lead, willow.id, now=SUNDAY)


def test_a_closed_door_can_be_taken_out_and_comes_back_closed(house: House, lead: Actor, willow: Bed) -> None:
    close_bed(lead, willow.id, first_night=SUN, until=WED, reason="", now=SUNDAY)
    retire_bed(lead, willow.id, now=SUNDAY)
    assert names(house) == ["Aspen", "Sage"]
    with pytest.raises(BedRetired):
        change_bed(lead, willow.id, name="Fir", now=SUNDAY)
    bring_back_bed(lead, willow.id, now=SUNDAY)
    assert names(house) == ["Willow", "Aspen", "Sage"]
    assert len(claims_between(db.session(), [willow.id], SUN, WED)) == 3


def test_a_door_that_was_taken_out_comes_back_by_its_name(house: House, lead: Actor, willow: Bed) -> None:
    retire_bed(lead, willow.id, now=SUNDAY)
    assert add_bed(lead, house.id, name="willow", now=SUNDAY).id == willow.id
    assert names(house) == ["Aspen", "Sage", "willow"]


def test_a_name_taken_meanwhile_keeps_a_retired_door_out(house: House, lead: Actor, willow: Bed) -> None:
    retire_bed(lead, willow.id, now=SUNDAY)
    aspen = beds_of(db.session(), house.id)[0]
    with pytest.raises(NameTaken):
        change_bed(lead, aspen.id, name="Willow", now=SUNDAY)


def test_chairs_get_the_next_number_and_leave_when_nobody_sits_there(
    house: House, lead: Actor, somebody_in: set[uuid.UUID]
) -> None:
    third = add_chair(lead, house.id, now=SUNDAY)
    assert [chair.name for chair in chairs_of(db.session(), house.id)] == ["1", "2", "3"]
    rename_chair(lead, third.id, name="By the window", version_seen=third.version, now=SUNDAY)
    with pytest.raises(NameTaken):
        rename_chair(lead, third.id, name="1", now=SUNDAY)
    somebody_in.add(third.id)
    with pytest.raises(StillInUse):
        retire_chair(lead, third.id, now=SUNDAY)
    somebody_in.clear()
    retire_chair(lead, third.id, now=SUNDAY)
    with pytest.raises(ChairRetired):
        retire_chair(lead, third.id, now=SUNDAY)
    assert bring_back_chair(lead, third.id, now=SUNDAY).retired_at is None


def test_a_peer_changes_no_furniture(house: House, willow: Bed, actor_in: ActorIn) -> None:
    peer = actor_in(house.id, Role.PEER)
    chair: Chair = chairs_of(db.session(), house.id)[0]
    for act in (
        lambda: add_bed(peer, house.id, name="Lark", now=SUNDAY),
        lambda: change_bed(peer, willow.id, name="Lark", now=SUNDAY),
        lambda: move_bed(peer, willow.id, places=1, now=SUNDAY),
        lambda: retire_bed(peer, willow.id, now=SUNDAY),
        lambda: add_chair(peer, house.id, now=SUNDAY),
        lambda: retire_chair(peer, chair.id, now=SUNDAY),
    ):
        with pytest.raises(NotFound):
            act()


def test_nobody_of_another_house_changes_a_door(willow: Bed, actor_in: ActorIn) -> None:
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    with pytest.raises(NotFound):
        change_bed(actor_in(other.id), willow.id, name="Lark", now=SUNDAY)


DETAILS: dict[str, Any] = {
    "name": "Juniper", "kind": "both", "timezone": "America/Chicago", "language": "es", "phone": "+13035550123",
    "shares_availability": True,
}  # fmt: skip


def test_a_house_changes_what_it_says_of_itself(house: House, lead: Actor) -> None:
    seen = house.version
    changed = change_house(lead, house.id, **DETAILS, version_seen=seen, now=SUNDAY)
    assert {name: getattr(changed, name) for name in DETAILS} == DETAILS
    assert changed.slug == "juniper-house"
    with pytest.raises(StaleVersion):
        change_house(lead, house.id, **DETAILS, version_seen=seen, now=SUNDAY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("kind", "hotel"),
        ("kind", "respite"),
        ("kind", "living-room"),
        ("timezone", "Mars"),
        ("language", "xx"),
    ],
)
def test_a_house_cannot_be_everything(house: House, lead: Actor, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_house(lead, house.id, **(DETAILS | {field: value}), now=SUNDAY)
    assert set(refused.value.fields) == {field}


def test_ready_is_taken_back_to_when_it_was(lead: Actor, willow: Bed, somebody_in: set[uuid.UUID]) -> None:
    since = SUNDAY - timedelta(hours=3)
    with transaction() as session:
        session.get_one(Bed, willow.id).getting_ready_since = since
    make_ready(lead, willow.id, now=SUNDAY)
    somebody_in.add(willow.id)
    with pytest.raises(StillInUse):
        not_ready_after_all(lead, willow.id, now=SUNDAY)
    somebody_in.clear()
    assert not_ready_after_all(lead, willow.id, now=SUNDAY).getting_ready_since == since


def test_an_opening_is_taken_back_unless_the_night_went_to_somebody(lead: Actor, willow: Bed) -> None:
    closure = close_bed(lead, willow.id, first_night=SUN, until=WED, reason="Paint", now=SUNDAY)
    open_bed_again(lead, closure.id, now=SUNDAY)
    assert close_bed_again(lead, closure.id, now=SUNDAY).opened_at is None
    assert len(claims_between(db.session(), [willow.id], SUN, WED)) == 3
    open_bed_again(lead, closure.id, now=SUNDAY)
    with transaction() as session:
        claim(session, session.get_one(Bed, willow.id), [MON], ClaimKind.STAY, uuid.uuid4())
    with pytest.raises(BedTaken):
        close_bed_again(lead, closure.id, now=SUNDAY)
    db.session.rollback()
    assert len(claims_between(db.session(), [willow.id], SUN, WED)) == 1


def test_rules_that_do_not_differ_make_no_version(house: House, lead: Actor) -> None:
    assert change_rules(lead, house.id, {"longest_stay": 7}, number_seen=1, now=SUNDAY).number == 1
    db.session.rollback()
    assert rules_now(db.session(), house.id).number == 1


# -- meals and activities ---------------------------------------------------------------------------------------

SUPPER: dict[str, Any] = {"kind": "meal", "title": "Supper", "day": SUN, "begins": time(18), "ends": time(19)}


def test_supper_for_three_days_stands_at_the_houses_hour(house: House, actor_in: ActorIn) -> None:
    peer = actor_in(house.id, Role.PEER)
    made = set_gathering(peer, house.id, **SUPPER, days=3, now=SUNDAY)
    assert len(made) == 3
    assert made[0].starts_at.isoformat() == "2026-11-23T01:00:00+00:00"
    assert last_event(house).parts == '["house-face"]'
    coming = gatherings_between(db.session(), house.id, SUNDAY, SUNDAY + timedelta(days=2))
    assert [each.id for each in coming] == [made[0].id, made[1].id]


def test_supper_changes_and_is_taken_off(house: House, lead: Actor) -> None:
    supper = set_gathering(lead, house.id, **SUPPER, now=SUNDAY)[0]
    seen = supper.version
    change_gathering(lead, supper.id, **(SUPPER | {"detail": "Soup"}), version_seen=seen, now=SUNDAY)
    with pytest.raises(StaleVersion):
        change_gathering(lead, supper.id, **SUPPER, version_seen=seen, now=SUNDAY)
    take_off(lead, supper.id, now=SUNDAY)
    with pytest.raises(NotFound):
        take_off(lead, supper.id, now=SUNDAY)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "rave"}, "kind"),
        ({"title": ""}, "title"),
        ({"detail": "x" * 81}, "detail"),
        ({"ends": time(17)}, "ends"),
        ({"ends": time(18)}, "ends"),
        ({"days": 15}, "days"),
    ],
)
def test_what_a_gathering_cannot_be_is_said(house: House, lead: Actor, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_gathering(lead, house.id, **(SUPPER | changed), now=SUNDAY)
    assert set(refused.value.fields) == {field}
    assert gatherings_between(db.session(), house.id, SUNDAY, SUNDAY + timedelta(days=30)) == []


# -- asked of the guests who are there ---------------------------------------------------------------------------


def test_a_door_behind_which_somebody_is_stays_in_the_house(house: House, lead: Actor, willow: Bed) -> None:
    welcome_new(lead, house.id, who=Named("Wren"), nights=0, bed_id=willow.id, now=SUNDAY)
    with pytest.raises(StillInUse):
        retire_bed(lead, willow.id, now=SUNDAY)


def test_a_door_whose_saved_time_ran_out_may_leave(house: House, lead: Actor, willow: Bed) -> None:
    save_bed(lead, house.id, who=Named("Wren"), nights=2, bed_id=willow.id, minutes=30, now=SUNDAY)
    assert retire_bed(lead, willow.id, now=SUNDAY + timedelta(hours=1)).retired_at is not None


def test_a_chair_with_a_visitor_stays_in_the_living_room(house: House, lead: Actor) -> None:
    chair = chairs_of(db.session(), house.id)[0]
    begin_visit(lead, house.id, who=Named("Wren"), chair_id=chair.id, now=SUNDAY)
    with pytest.raises(StillInUse):
        retire_chair(lead, chair.id, now=SUNDAY)
