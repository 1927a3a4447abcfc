"""Open shifts as pages: on offer, taken by a tap, given back, phoned for, and put on all the same."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.staffing.models import OfferAsked, Override, Shift, ShiftOffer
from respite.staffing.service import offers
from respite.staffing.service.shifts import put_on
from tests.offers import BOTH, HOUR
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

TODAY = date(2026, 11, 22)
OPEN = "/houses/juniper-house/shifts/open"


@pytest.fixture
def come(app: Flask, juniper: House, person: MakePerson) -> Callable[..., tuple[FlaskClient, uuid.UUID]]:
    """Somebody of the house, signed in: `come("Ana")`."""
    numbers = iter(range(100, 200))

    def make(name: str, role: Role = Role.PEER) -> tuple[FlaskClient, uuid.UUID]:
        email = f"{name.lower()}@example.org"
        person_id = person(email, {juniper.id: role}, name)
        person_at(
            juniper,
            f"+13035550{next(numbers)}",
            kind=CorrespondentKind.PEER,
            subject_id=person_id,
            consents=BOTH,
            hours_from=time(0),
            hours_until=time(0),
        )
        browser = app.test_client()
        sign_in(browser, email)
        return browser, person_id

    return make


def shift_of(juniper: House, person_id: uuid.UUID | None = None, begins: int = 16, days: int = 0) -> uuid.UUID:
    at = {"day": TODAY + timedelta(days=days), "begins": time(begins), "ends": time(22)}
    return put_on(COMMAND, juniper.id, person_id=person_id, kind="floor", **at, now=SUNDAY).id


def offered(shift_id: uuid.UUID) -> ShiftOffer:
    offer = offers.start(COMMAND, shift_id, now=SUNDAY)
    sweep(SUNDAY)
    return offer


def has(shift_id: uuid.UUID) -> uuid.UUID | None:
    return rows(Shift, Shift.id == shift_id)[0].person_id  # type: ignore[no-any-return]


def read(browser: FlaskClient, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


Come = Callable[..., tuple[FlaskClient, uuid.UUID]]


def test_who_was_asked_takes_it_with_one_tap(juniper: House, come: Come) -> None:
    browser, ana = come("Ana")
    shift = shift_of(juniper)
    offered(shift)
    assert "Can you take one of these? Sunday 22 November, 4 pm to 10 pm" in read(browser, "/me")
    assert browser.post(f"/shifts/{shift}/take", data={"back": "/me"}).location == "/me"
    assert has(shift) == ana
    said = read(browser, "/me")
    assert "Thank you. Sunday 22 November, 4 pm to 10 pm is yours." in said
    assert "Can you take one of these?" not in said


def test_it_is_passed_with_one_tap(juniper: House, come: Come) -> None:
    browser, _ana = come("Ana")
    offer = offered(shift_of(juniper))
    browser.post(f"/offers/{offer.id}/pass")
    assert [row.answer for row in rows(OfferAsked)] == ["no"]
    assert "Can you take one of these?" not in read(browser, "/me")


def test_i_cannot_come_and_can_after_all(juniper: House, come: Come) -> None:
    browser, ana = come("Ana")
    shift = shift_of(juniper, ana)
    assert "I can’t come" in read(browser, "/me")
    browser.post(f"/shifts/{shift}/cannot-come", data={"back": "/me"})
    assert has(shift) is None
    assert "You can’t come. Others are asked, and nobody has taken it yet." in read(browser, "/me")
    browser.post(f"/shifts/{shift}/can-come", data={"back": "/me"})
    assert has(shift) == ana
    other, _bo = come("Bo")
    assert other.post(f"/shifts/{shift}/cannot-come").status_code == 409
    assert has(shift) == ana


def test_who_is_late_reads_it_kindly(juniper: House, come: Come) -> None:
    first, ana = come("Ana")
    second, _bo = come("Bo")
    shift = shift_of(juniper)
    offered(shift)
    first.post(f"/shifts/{shift}/take")
    second.post(f"/shifts/{shift}/take")
    assert has(shift) == ana
    assert "That shift is filled. Thank you for being there." in read(second, "/me")


def test_what_is_weeks_ahead_waits_behind_a_button_unless_it_is_on_offer(juniper: House, come: Come) -> None:
    lead, _dana = come("Dana", Role.COORDINATOR)
    far = shift_of(juniper, days=20)
    assert "Every shift of these days has somebody. 1 more, further ahead" in read(lead, OPEN)
    assert "Nobody is asked for it." in read(lead, f"{OPEN}?far=on")
    lead.post(f"/shifts/{far}/offer")
    assert "The next are asked now." in read(lead, OPEN)
    assert "further ahead" not in read(lead, OPEN)


def test_whoever_keeps_shifts_offers_one_and_sees_where_it_stands(
    juniper: House,
    come: Come,
    clock: StillClock,
) -> None:
    lead, _dana = come("Dana", Role.COORDINATOR)
    browser, _ana = come("Ana")
    shift = shift_of(juniper)
    assert "Nobody is asked for it. I can take it Offer it" in read(lead, OPEN)
    lead.post(f"/shifts/{shift}/offer")
    assert "The next are asked now." in read(lead, OPEN)
    sweep(SUNDAY)
    said = read(lead, OPEN)
    assert "2 people were asked by text." in said
    assert "Asked Ana, Dana" in said
    assert "Somebody phones round from 2:47 pm on." in said
    assert "To phone" not in said
    part = lead.get(f"{OPEN}/parts?names=offers").get_json()
    assert "Ana, Dana" in part["parts"]["offers"]
    assert part["version"] > 0
    theirs = read(browser, OPEN)
    assert "I can take it" in theirs
    assert "Dana" not in theirs.split("Open shifts")[-1], "whom others asked is nobody else's to see"
    (offer,) = rows(ShiftOffer)
    lead.post(f"/offers/{offer.id}/stop")
    assert "Nobody is asked for it." in read(lead, OPEN)
    assert browser.post(f"/shifts/{shift}/offer").status_code == 404


def test_whoever_is_on_call_phones_round_once_nobody_took_it(
    juniper: House,
    come: Come,
    clock: StillClock,
) -> None:
    browser, nora = come("Nora")
    _other, ana = come("Ana")
    put_on(COMMAND, juniper.id, person_id=nora, kind="on-call", day=TODAY, begins=time(8), ends=time(8), now=SUNDAY)
    shift = shift_of(juniper)
    offer = offered(shift)
    said_yes = {"person": str(ana), "said": "yes"}
    assert browser.post(f"/offers/{offer.id}/phoned", data=said_yes).status_code == 404, "not before"
    clock.at = SUNDAY + HOUR
    sweep(clock.at)
    page = browser.get(OPEN).text
    assert 'href="tel:+13035550101"' in page
    assert browser.post(f"/offers/{offer.id}/phoned", data=said_yes).status_code == 303
    assert has(shift) == ana
    assert [text.template for text in rows(Message, Message.template == "shift-yours")] == ["shift-yours"]


def test_put_on_all_the_same_needs_a_reason_that_stands(juniper: House, come: Come) -> None:
    lead, _dana = come("Dana", Role.COORDINATOR)
    browser, ana = come("Ana")
    shift = shift_of(juniper)
    offer = offered(shift)
    put_on(COMMAND, juniper.id, person_id=ana, kind="floor", day=date(2026, 11, 23), begins=time(4), ends=time(9),
           now=SUNDAY)  # fmt: skip
    browser.post(f"/shifts/{shift}/take")
    assert has(shift) is None
    assert "Ana would take it, and a rule stands in the way" in read(lead, OPEN)
    refused = lead.post(f"/offers/{offer.id}/anyway", data={"person": str(ana), "why": " "})
    assert refused.status_code == 422
    assert "Please say why, in a few words." in refused.text
    lead.post(f"/offers/{offer.id}/anyway", data={"person": str(ana), "why": "Nobody else, and she offered twice."})
    assert has(shift) == ana
    (override,) = rows(Override)
    assert (override.rules, override.why) == (["rest"], "Nobody else, and she offered twice.")


def test_of_another_house_nothing_opens(
    juniper: House, aspen: House, come: Come, person: MakePerson, app: Flask
) -> None:
    person("zoe@example.org", {aspen.id: Role.DIRECTOR}, "Zoe")
    browser = app.test_client()
    sign_in(browser, "zoe@example.org")
    offer = offered(shift := shift_of(juniper))
    for path in (f"/shifts/{shift}/take", f"/shifts/{shift}/offer", f"/offers/{offer.id}/pass"):
        assert browser.post(path).status_code == 404
    assert browser.get(OPEN).status_code == 404
    db.session.rollback()
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OfferAsked)) == 0
