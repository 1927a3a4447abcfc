"""What an overnight page sends: each entry once, however late and by whom, refused in words; forms without scripts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.crypto import CannotOpen
from respite.core.db import db, transaction
from respite.core.letterbox import slot, take_out
from respite.guests.models import Contact, Stay, Visit
from respite.guests.service.arriving import welcome
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.overnight import service
from respite.overnight.models import NightEntry
from respite.promises.models import Promise
from respite.staffing.models import CallIn
from tests.boards import bed, here, juniper, saved
from tests.letters import letter, put_in
from tests.pages import Browser
from tests.people import Machine, MakePerson, sign_in
from tests.places import SUNDAY

NIGHT = "/houses/juniper-house/night"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@dataclass
class Tablet:
    """Somebody's overnight page: what it sends, and what it hears."""

    browser: FlaskClient
    person: uuid.UUID
    box: Any
    last: dict[str, str] = field(default_factory=dict)

    def sends(self, kind: str, at: datetime, key: uuid.UUID | None = None, **fields: str) -> dict[str, Any]:
        key = key or uuid.uuid4()
        by = fields.pop("person", str(self.person))
        clock = fields.pop("clock", "")
        self.last = {
            "entry": str(key), "kind": kind, "at": at.isoformat(), "clock": clock, "person": by,
            "box": self.box.key_id, "sealed": letter(self.box, fields, key),
        }  # fmt: skip
        return self.again()

    def again(self, **changed: str) -> dict[str, Any]:
        answer = self.posts(**changed)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json or {}
        return found

    def posts(self, **changed: str) -> TestResponse:
        return self.browser.post(f"{NIGHT}/entries", data={**self.last, **changed})


@pytest.fixture
def tablet(app: Flask, house: House, person: MakePerson) -> Tablet:
    return tablet_of(app, house, person, "ana@example.org", "Ana")


def tablet_of(app: Flask, house: House, person: MakePerson, email: str, name: str) -> Tablet:
    someone = person(email, {house.id: Role.PEER}, name)
    browser = app.test_client()
    sign_in(browser, email)
    return Tablet(browser, someone, slot(f"night {house.id}"))


def rows(model: Any) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(model)))


def test_a_night_arrives_in_order_with_its_times_and_each_once(
    house: House, tablet: Tablet, clock: StillClock, machine: Machine
) -> None:
    sage, sam = saved(house, "Sage", "Jo", minutes=1440), here(house, "Willow", "Sam")
    clock.at = SUNDAY + 9 * HOUR
    sent = [
        ("called", SUNDAY + HOUR, {"call": "warmline"}),
        ("arrived", SUNDAY + 2 * HOUR, {"place": f"stay:{sage.id}"}),
        ("arrived", SUNDAY + 3 * HOUR, {"place": f"bed:{bed(house, 'Fern').id}", "name": "Kit", "nights": "2"}),
        ("promise", SUNDAY + 4 * HOUR, {
            "words": "a ride at eight", "by": "tonight", "by_clock": "19:00", "owner": "me", "for": str(sam.id),
        }),
        ("called", SUNDAY + 5 * HOUR, {"call": "asks-to-stay", "clock": "18:40"}),
    ]  # fmt: skip
    again = []
    for kind, at, fields in sent:
        assert tablet.sends(kind, at, **fields)["state"] == "taken", kind
        again.append(dict(tablet.last))
    for each in again:  # the answers were lost on the way, all of them
        tablet.last = each
        assert tablet.again()["said"] == "That stands in the house's book already."

    first, later = sorted(rows(Contact), key=lambda row: row.at)
    assert (first.kind, first.at) == ("warmline", SUNDAY + HOUR)
    assert (later.kind, later.at) == ("asks-to-stay", SUNDAY + 4 * HOUR + timedelta(minutes=8))  # 18:40 in Denver
    arrived = {row.guest.name: row.arrived_at for row in rows(Stay)}
    assert arrived == {"Jo": SUNDAY + 2 * HOUR, "Kit": SUNDAY + 3 * HOUR, "Sam": SUNDAY}
    (promise,) = rows(Promise)
    # Said at half past six in the evening for seven; by now that is over, and it is open and late, not refused.
    assert (promise.made_at, promise.state) == (SUNDAY + 4 * HOUR, "open")
    assert promise.due_at is not None
    assert SUNDAY + 4 * HOUR < promise.due_at < clock.at
    assert (promise.subject_id, promise.owner_id) == (sam.guest_id, tablet.person)
    told = [event.kind for event in rows(Event) if event.actor == f"person:{tablet.person}"]
    at = {event.kind: event.at for event in rows(Event)}
    assert told.count("guest.contact.noted") == 2
    assert told.count("guest.stay.began") == 2
    assert at["promise.word.given"] == SUNDAY + 4 * HOUR
    assert len(rows(NightEntry)) == 5

    # Weeks later the same tablet is found in a drawer: what it still holds comes no second time.
    machine.goes(29 * DAY)
    clock.at = SUNDAY + 29 * DAY
    service.forget_old()
    sign_in(tablet.browser, "ana@example.org")
    for each in again:
        tablet.last = each
        assert tablet.again()["state"] == "taken"
    machine.goes(40 * DAY)
    clock.at = SUNDAY + 69 * DAY
    assert service.forget_old() == 5
    sign_in(tablet.browser, "ana@example.org")
    for each in again:
        tablet.last = each
        assert tablet.again()["rule"] == "too-long-ago"
    assert (len(rows(Contact)), len(rows(Stay)), len(rows(Promise))) == (2, 3, 1)


def test_what_cannot_be_is_said_in_words_and_goes_when_it_is_put_right(
    house: House, tablet: Tablet, clock: StillClock
) -> None:
    cedar, lark = saved(house, "Cedar", "Mo", minutes=1440), saved(house, "Lark", "Lee", minutes=60)
    here(house, "Aspen", "Sam")
    welcome(COMMAND, cedar.id, now=SUNDAY + HOUR)
    clock.at = SUNDAY + 5 * HOUR
    late = SUNDAY + 2 * HOUR

    def refused(kind: str, at: datetime = late, **fields: str) -> dict[str, Any]:
        told = tablet.sends(kind, at, **fields)
        assert told["state"] == "refused"
        return told

    told = refused("arrived", place=f"stay:{cedar.id}")
    assert (told["said"], told["page"]) == ("This guest is here already.", f"/stays/{cedar.id}")
    assert "is over" in refused("arrived", place=f"stay:{lark.id}")["said"]
    again = refused("arrived", place=f"bed:{bed(house, 'Sage').id}", name="Sam")
    assert (again["rule"], again["words"]) == ("been-here-before", "Sam")
    assert again["page"] == f"/beds/{bed(house, 'Sage').id}/arrival"
    taken = refused("arrived", place=f"bed:{bed(house, 'Aspen').id}", name="Kit")
    assert taken["rule"] == "bed-taken"
    assert refused("arrived", place="bed:nonsense")["said"] == "Please choose one of the answers shown."
    assert refused("called", clock.at + HOUR, call="warmline")["rule"] == "still-to-come"
    # The same entry, with the time put right by a person.
    assert tablet.again(at=clock.at.isoformat(), clock="19:00")["state"] == "taken"
    assert refused("promise", words="")["said"]
    assert refused("promise", words="x", by="tonight", by_clock="16:00")["said"].startswith("This time is over.")
    # A key never carries other words.
    key = uuid.uuid4()
    assert tablet.sends("promise", late, key, words="bread")["state"] == "taken"
    assert tablet.sends("promise", late, key, words="salt")["rule"] == "idempotency-key-reused"
    assert [row.words for row in rows(Promise)] == ["bread"]
    assert len(rows(NightEntry)) == 2


def test_what_is_put_aside_is_not_done_and_said_where_it_was_done_after_all(house: House, tablet: Tablet) -> None:
    told = tablet.sends("promise", SUNDAY, words="bread")
    assert told["state"] == "taken"  # and the answer was lost each time
    assert tablet.again(aside="yes")["said"] == "That stands in the house's book already."
    assert tablet.sends("promise", SUNDAY + HOUR, words="salt")["rule"] == "still-to-come"
    told = tablet.again(at=SUNDAY.isoformat(), aside="yes")
    assert (told["rule"], told["words"], told["page"]) == ("put-aside", "salt", "/houses/juniper-house/promises")
    assert [row.words for row in rows(Promise)] == ["bread"]
    assert tablet.again(at=SUNDAY.isoformat())["state"] == "taken"
    assert len(rows(NightEntry)) == 2


def test_only_the_house_opens_what_was_sealed_for_it(house: House, tablet: Tablet) -> None:
    box, key = slot("one"), uuid.uuid4()
    sealed = put_in(box, "bread", str(key))
    assert take_out("one", box.key_id, sealed, str(key)) == "bread"
    other = "A" if sealed[-5] != "A" else "B"
    for purpose, key_id, words, bound in (
        ("two", box.key_id, sealed, str(key)),
        ("one", "00000000", sealed, str(key)),
        ("one", box.key_id, sealed[:-5] + other + sealed[-4:], str(key)),
        ("one", box.key_id, sealed, str(uuid.uuid4())),
        ("one", box.key_id, "", str(key)),
        ("one", "no hex", sealed, str(key)),
        ("one", box.key_id, "nonsense ñ", str(key)),
    ):
        with pytest.raises(CannotOpen):
            take_out(purpose, key_id, words, bound)
    tablet.sends("called", SUNDAY, call="warmline")
    assert tablet.again(entry=str(uuid.uuid4()))["rule"] == "cannot-be-opened"
    assert tablet.posts(entry="", at="yesterday").status_code == 422
    assert tablet.posts(at="2026-11-22T10:00:00").status_code == 422  # no zone


def test_a_colleague_sends_what_another_entered_and_both_are_known(
    app: Flask, house: House, tablet: Tablet, person: MakePerson, clock: StillClock
) -> None:
    luis = tablet_of(app, house, person, "luis@example.org", "Luis")
    clock.at = SUNDAY + HOUR
    sealed = {"words": "bread", "owner": "me"}
    tablet.sends("called", SUNDAY, call="warmline", person="")  # while the screen rested
    assert luis.sends("promise", SUNDAY, **sealed, person=str(tablet.person))["state"] == "taken"
    assert [(row.entered_by, row.sent_by) for row in sorted(rows(NightEntry), key=lambda row: row.taken_at)] == [
        (None, tablet.person),
        (tablet.person, luis.person),
    ]
    assert [row.owner_id for row in rows(Promise)] == [tablet.person]  # "I will", said by her
    # What Ana typed is told to nobody else.
    assert luis.sends("promise", SUNDAY, words="x" * 141, person=str(tablet.person))["words"] is None
    # Her session ended, her work here too: nothing of hers is lost to the house.
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == tablet.person).values(ended_at=SUNDAY))
    assert tablet.browser.get(f"{NIGHT}/state").status_code == 404
    assert luis.sends("promise", SUNDAY, **sealed, person=str(tablet.person))["state"] == "taken"
    assert {row.owner_id for row in rows(Promise)} == {tablet.person, None}


def test_a_second_person_is_asked_from_now_and_once(house: House, tablet: Tablet, clock: StillClock) -> None:
    clock.at = SUNDAY + 6 * HOUR
    assert tablet.sends("second", clock.at)["state"] == "taken"
    assert tablet.again()["state"] == "taken"
    assert [(call.asked_at, call.asked_by) for call in rows(CallIn)] == [(clock.at, f"person:{tablet.person}")]


def test_without_scripts_the_forms_do_the_same(app: Flask, house: House, tablet: Tablet, clock: StillClock) -> None:
    sage = saved(house, "Sage", "Jo", minutes=1440)
    ana = Browser(app, "ana@example.org")
    forms = {form.fields["kind"]: form for form in [ana.form(NIGHT, f"{NIGHT}/entries", button) for button in BUTTONS]}
    assert set(forms) == {"called", "arrived", "second", "promise"}
    page = ana.follow(ana.send(forms["called"], call="warmline", clock="14:00")).text
    assert "Noted: A call to talk." in page
    assert "Jo" in page
    assert ana.send(forms["arrived"], place=f"stay:{sage.id}").status_code == 303
    assert ana.send(forms["arrived"], place=f"stay:{sage.id}").status_code == 303  # the same form, so the same act
    again = ana.form(NIGHT, f"{NIGHT}/entries", "Welcome")
    refused = ana.send(again, place=f"stay:{sage.id}")
    assert refused.status_code == 409
    assert "This guest is here already." in refused.text
    assert ana.send(forms["promise"], words="bread").status_code == 303
    assert ana.send(forms["second"]).status_code == 303
    assert rows(Contact)[0].at == SUNDAY - timedelta(minutes=32)
    assert (len(rows(Promise)), len(rows(CallIn)), len(rows(Visit))) == (1, 1, 0)


BUTTONS = ("A call to talk", "Welcome", "A second person is wanted", "Note it")


def test_the_copy_that_stays_on_a_device_has_names_only_where_the_house_has_them_on_paper(
    app: Flask, house: House, tablet: Tablet
) -> None:
    saved(house, "Sage", "Marigold", minutes=1440)
    here(house, "Willow", "Tansy")
    names = ("Marigold", "Tansy")

    def stand(path: str) -> list[str]:
        page = tablet.browser.get(path)
        assert page.status_code == 200
        assert 'data-theme="night"' in page.text
        return [name for name in names if name in page.text]

    assert stand(NIGHT) == list(names)
    assert stand(f"{NIGHT}?kept=yes") == []
    change_rules(COMMAND, house.id, {"names_on_paper": True}, number_seen=None, now=SUNDAY)
    assert stand(f"{NIGHT}?kept=yes") == list(names)
    tablet.browser.set_cookie("theme", "day")
    assert 'data-theme="day"' in tablet.browser.get(NIGHT).text
    worker = tablet.browser.get(f"{NIGHT}/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == NIGHT
    assert worker.mimetype == "text/javascript"
    assert f'href="{NIGHT}"' in tablet.browser.get("/houses/juniper-house/board").text
