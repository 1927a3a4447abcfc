"""A promise in two taps from a text and from a call: to a guest, to a number, to nobody by name."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.models import KeptFrom
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.guests.models import Stay
from respite.guests.service.people import Named
from respite.guests.service.promised import forget
from respite.guests.service.saving import save_bed
from respite.guests.service.texting import correspondent_id_of
from respite.guests.service.waiting import add_waiting
from respite.houses.models import House
from respite.promises.models import Promise
from tests.boards import HOUR, bed, juniper
from tests.inboxes import MINUTE, STRANGER, writes
from tests.pages import Browser, forms_in
from tests.people import MakePerson
from tests.places import SUNDAY

HOME = "/houses/juniper-house"
SAM = "+13035550142"


@pytest.fixture
def house(app: Flask) -> House:
    return juniper(("Willow", "Aspen"))


@pytest.fixture
def dana(app: Flask, house: House, person: MakePerson) -> Browser:
    person("dana@example.org", {house.id: Role.PEER})
    return Browser(app, "dana@example.org")


@pytest.fixture
def stay(house: House) -> Stay:
    return save_bed(COMMAND, house.id, who=Named("Sam", SAM), nights=3, bed_id=bed(house, "Willow").id, now=SUNDAY)


def is_known(guest_id: uuid.UUID) -> None:
    """Texting knows the guest by their number, as when they said yes to a text."""
    correspondent_id_of(COMMAND, guest_id, now=SUNDAY)


def all_of_them() -> list[Promise]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Promise).execution_options(populate_existing=True).order_by(Promise.made_at))
    )


def texts_of(house: House, number: str) -> str:
    thread_id, _text = writes(house.id, number, "Could you call me?", SUNDAY - MINUTE)
    return f"{HOME}/texts/{thread_id}"


def taps(dana: Browser, page: str, way: str) -> Promise:
    form = next(
        f for f in forms_in(dana.get(page).text, page) if f.action == f"{page}/promise" and f.fields["way"] == way
    )
    assert dana.send(form).location == page
    return all_of_them()[-1]


def test_one_tap_says_that_a_guest_is_called_back_and_two_say_anything_else(
    dana: Browser, house: House, stay: Stay, clock: StillClock
) -> None:
    assert stay.guest_id is not None
    is_known(stay.guest_id)
    page = texts_of(house, SAM)
    called = taps(dana, page, "call")
    assert (called.subject_kind, called.subject_id, called.kind, called.way) == (
        "guest",
        stay.guest_id,
        "callback",
        "call",
    )
    assert called.by_day
    shown = dana.get(page).text
    assert "Call them back" in shown
    assert [f.fields["way"] for f in forms_in(shown, page) if f.action == f"{page}/promise"] == ["text"]
    assert (
        "Call Sam back" in dana.get(f"/stays/{stay.id}").text or "Call them back" in dana.get(f"/stays/{stay.id}").text
    )
    twice = dana.post(f"{page}/promise", {"way": "call"})
    assert "Somebody has said already that they will." in dana.follow(twice).text
    assert f"{page}/promise?back=" in shown
    refused = dana.fill(f"{page}/promise?back={page}", f"{page}/promise", words="x" * 141)
    assert refused.status_code == 422
    assert "x" * 141 in refused.text
    kept = dana.fill(f"{page}/promise?back={page}", f"{page}/promise", words="Find the blue scarf", owner="")
    assert kept.location == page
    assert "Sam" not in dana.follow(kept).text.split('role="status"')[1][:300]
    scarf = all_of_them()[-1]
    assert (scarf.subject_id, scarf.words, scarf.owner_id) == (stay.guest_id, "Find the blue scarf", None)
    clock.at = SUNDAY + 9 * HOUR  # in the night, and nobody is called in the night: the next day is meant
    assert taps(dana, page, "text").due_at > SUNDAY + 24 * HOUR  # type: ignore[operator]


def test_to_a_number_that_nobody_is_known_by_and_then_to_the_guest_whose_it_becomes(
    dana: Browser, house: House
) -> None:
    page = texts_of(house, STRANGER)
    promise = taps(dana, page, "call")
    assert (promise.subject_kind, str(promise.subject_id)) == ("thread", page.rpartition("/")[2])
    one = dana.get(f"/promises/{promise.id}").text
    assert "Call (303) 555-0177 back" in one
    assert f'href="{page}"' in one
    stay = save_bed(
        COMMAND, house.id, who=Named("Robin", STRANGER), nights=2, bed_id=bed(house, "Aspen").id, now=SUNDAY
    )
    assert stay.guest_id is not None
    is_known(stay.guest_id)
    (theirs,) = all_of_them()
    assert (theirs.subject_kind, theirs.subject_id) == ("guest", stay.guest_id)
    assert "Call Robin back" in dana.get(f"/promises/{promise.id}").text
    with transaction() as session:
        forget(session, stay.guest_id)
    assert all_of_them() == []


def test_of_two_who_share_a_phone_it_is_said_to_whom(dana: Browser, house: House, stay: Stay) -> None:
    other = save_bed(COMMAND, house.id, who=Named("Alex", SAM), nights=2, bed_id=bed(house, "Aspen").id, now=SUNDAY)
    for one in (stay, other):
        assert one.guest_id is not None
        is_known(one.guest_id)
    page = texts_of(house, SAM)
    assert 'name="way"' not in dana.get(page).text
    unsaid = dana.fill(f"{page}/promise", words="A ride")
    assert unsaid.status_code == 422
    assert "Please say to whom of them." in unsaid.text
    assert dana.fill(f"{page}/promise", words="A ride", whom=str(uuid.uuid4())).status_code == 422
    dana.fill(f"{page}/promise", words="A ride", whom=str(other.guest_id))
    assert [row.subject_id for row in all_of_them()] == [other.guest_id]
    assert "for Alex" in dana.get(page).text


def test_who_waits_is_called_back_beside_their_place_on_the_list(dana: Browser, house: House) -> None:
    row = add_waiting(COMMAND, house.id, who=Named("Kim", STRANGER), now=SUNDAY)
    assert row.guest_id is not None
    is_known(row.guest_id)
    promise = taps(dana, texts_of(house, STRANGER), "call")
    assert (promise.subject_kind, promise.subject_id) == ("waiting", row.id)
    assert "Call them back" in dana.get(f"{HOME}/waiting").text


def test_whom_a_guest_keeps_it_from_finds_no_thread_to_promise_on(
    app: Flask, dana: Browser, house: House, stay: Stay, person: MakePerson
) -> None:
    guest_id = stay.guest_id
    assert guest_id is not None
    is_known(guest_id)
    page = texts_of(house, SAM)
    mei = person("mei@example.org", {house.id: Role.PEER}, "Mei")
    with transaction() as session:
        session.add(KeptFrom(house_id=house.id, guest_id=guest_id, person_id=mei, made_by="test", at=SUNDAY))
    assert Browser(app, "mei@example.org").get(f"{page}/promise").status_code == 404
    assert Browser(app, "mei@example.org").post(f"{page}/promise", {"way": "call"}).status_code == 404
    assert dana.get(f"{page}/promise").status_code == 200
    assert all_of_them() == []


def test_a_call_is_a_promise_in_two_taps(dana: Browser, house: House) -> None:
    listed = f"{HOME}/contacts"
    dana.fill(listed, kind="warmline")
    assert f"{HOME}/promises/new?back={listed}" in dana.get(listed).text
    refused = dana.fill(f"{HOME}/promises/new?back={listed}", words="")
    assert refused.status_code == 422
    kept = dana.fill(f"{HOME}/promises/new?back={listed}", words="Call the pharmacy", at="16:00")
    assert kept.location == listed
    assert "Call the pharmacy" in dana.get(f"{HOME}/promises").text
    assert all_of_them()[0].subject_id is None
    assert dana.fill(f"{HOME}/promises/new?back=//elsewhere.example", words="Again").location == f"{HOME}/promises"
