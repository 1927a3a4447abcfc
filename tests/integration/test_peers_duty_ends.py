"""Stepping back, coming back, leaving the house, a lost phone: what ends at once, and what nobody is told."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import Membership, SignIn
from respite.accounts.roles import Role
from respite.accounts.service import people
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.errors import NotFound
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.houses.models import House
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.purposes import PEER_PURPOSES, Purpose
from respite.messaging.service.writing import write
from respite.staffing.models import CalendarFeed, Roster, RosterSeat, Shift
from respite.staffing.queries.shifts import asked_to_read, here_now, people_for_shifts
from respite.staffing.service import duty_ends, feeds
from respite.staffing.service.texting import reachable
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import person_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBER = "+13035550171"
OWN = "/me/details/juniper-house"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def sam(juniper: House, person: MakePerson) -> uuid.UUID:
    made = person("sam@example.org", {juniper.id: Role.PEER}, "Sam")
    person_at(juniper, NUMBER, kind=CorrespondentKind.PEER, subject_id=made, consents=PEER_PURPOSES)
    return made


@pytest.fixture
def dana(juniper: House, person: MakePerson) -> Actor:
    made = person("lead@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return Actor(ActorKind.PERSON, made, {juniper.id: Role.COORDINATOR})


@pytest.fixture
def browser(app: Flask, sam: uuid.UUID) -> Browser:
    return Browser(app, "sam@example.org")


@pytest.fixture
def lead(app: Flask, dana: Actor) -> Browser:
    return Browser(app, "lead@example.org")


def shift(
    house: House, person_id: uuid.UUID, begins: int = 24, *, came: bool = False, kind: str = "floor"
) -> uuid.UUID:
    """A shift of eight hours, so many hours from now."""
    with transaction() as session:
        row = Shift(
            house_id=house.id,
            person_id=person_id,
            kind=kind,
            starts_at=SUNDAY + begins * HOUR,
            ends_at=SUNDAY + (begins + 8) * HOUR,
            published_at=SUNDAY - DAY,
            came_at=SUNDAY + begins * HOUR if came else None,
        )
        session.add(row)
    return row.id


def waiting(house: House, sam: uuid.UUID, purpose: Purpose = Purpose.DUTY) -> uuid.UUID:
    with transaction() as session:
        person = session.scalars(sa.select(Correspondent).where(Correspondent.subject_id == sam)).one()
        return write(
            session,
            house.id,
            number=NUMBER,
            purpose=purpose,
            words="The kettle is on.",
            dedupe_key=uuid.uuid4().hex,
            made_by="clock",
            correspondent_id=person.id,
            now=SUNDAY + HOUR,
        ).id


def fresh(model: type, row_id: uuid.UUID) -> object:
    db.session.rollback()
    return db.session.get_one(model, row_id)


def test_two_taps_and_the_first_says_how_many_shifts_it_concerns(
    juniper: House, sam: uuid.UUID, browser: Browser
) -> None:
    mine = [shift(juniper, sam, 24), shift(juniper, sam, 72, kind="on-call")]
    text = waiting(juniper, sam)
    asked = browser.get(f"{OWN}/step-back")
    assert "2 shifts are coming" in asked.text
    answer = browser.fill(f"{OWN}/step-back")
    assert "2 shifts are open for somebody else." in browser.follow(answer).text
    assert all(fresh(Shift, each).person_id is None for each in mine)  # type: ignore[attr-defined]
    assert fresh(Message, text).state == "canceled"  # type: ignore[attr-defined]
    assert not reachable(db.session(), juniper.id, sam, Purpose.DUTY)
    assert sam not in {each.id for each in people_for_shifts(db.session(), juniper.id)}


def test_nothing_of_the_house_but_ones_own_pages(juniper: House, sam: uuid.UUID, browser: Browser) -> None:
    stay = welcome_new(
        Actor(ActorKind.COMMAND, uuid.UUID(int=0)), juniper.id, who=Named("Quetzal"), nights=2, now=SUNDAY
    )
    names = ("board", "board/parts", "beds", "waiting", "shifts", "texts", "settings", "colleagues", "lost-phone")
    pages = [*(f"/houses/juniper-house/{name}" for name in names), f"/stays/{stay.id}"]
    assert all(browser.get(page).status_code == 200 for page in pages)
    browser.fill(f"{OWN}/step-back")
    assert [page for page in pages if browser.get(page).status_code != 404] == []
    assert "No duty and no guests for now at Juniper House." in browser.get("/me").text
    for page in (OWN, "/me", "/", "/me/calendar", "/me/account"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "Quetzal" not in answer.text


def test_who_is_here_goes_now_and_that_they_were_here_stays(juniper: House, sam: uuid.UUID, browser: Browser) -> None:
    here = shift(juniper, sam, -2, came=True)
    browser.fill(f"{OWN}/step-back")
    row = fresh(Shift, here)
    assert (row.person_id, row.came_at, row.went_at) == (sam, SUNDAY - 2 * HOUR, SUNDAY)  # type: ignore[attr-defined]
    assert here_now(db.session(), juniper.id, SUNDAY) == []
    assert asked_to_read(db.session(), juniper.id, 0, SUNDAY) == []


def test_colleagues_read_that_and_nothing_else(juniper: House, sam: uuid.UUID, browser: Browser, lead: Browser) -> None:
    browser.fill(f"{OWN}/step-back")
    for page in ("/houses/juniper-house/colleagues", "/houses/juniper-house/people"):
        assert "not on duty for now" in lead.get(page).text
    db.session.rollback()
    event = db.session.scalars(sa.select(Event).where(Event.kind == "account.person.stepped-back")).one()
    assert event.data == "{}"


def test_ones_own_word_is_taken_back_by_oneself(
    juniper: House, sam: uuid.UUID, browser: Browser, lead: Browser
) -> None:
    browser.fill(f"{OWN}/step-back")
    page = f"/houses/juniper-house/people/{sam}"
    assert "their own word" in lead.get(page).text
    refused = lead.follow(lead.post(f"{page}/come-back"))
    assert "Whoever said it takes it back" in refused.text
    assert role_of(sam) == Role.STEPPED_BACK
    back = browser.fill(OWN, f"{OWN}/come-back")
    assert "Good to have you here" in browser.follow(back).text
    assert role_of(sam) == Role.PEER
    assert browser.get("/houses/juniper-house/board").status_code == 200
    assert reachable(db.session(), juniper.id, sam, Purpose.DUTY)


def test_a_leads_word_is_for_those_who_lead(juniper: House, sam: uuid.UUID, browser: Browser, lead: Browser) -> None:
    page = f"/houses/juniper-house/people/{sam}"
    put = lead.fill(f"{page}/step-back")
    assert browser.get("/houses/juniper-house/board").status_code == 404
    assert "Somebody who leads the house put it so" in browser.get(OWN).text
    browser.post(f"{OWN}/come-back")
    assert role_of(sam) == Role.STEPPED_BACK
    undo(lead, put)
    assert role_of(sam) == Role.PEER


def test_the_last_lead_may_step_back_and_comes_back_by_themselves(juniper: House, dana: Actor, lead: Browser) -> None:
    assert lead.fill(f"{OWN}/step-back").status_code == 303
    assert lead.get("/houses/juniper-house/people").status_code == 404
    lead.fill(OWN, f"{OWN}/come-back")
    assert lead.get("/houses/juniper-house/people").status_code == 200


def test_another_role_or_a_return_brings_no_guests_back(juniper: House, sam: uuid.UUID, dana: Actor) -> None:
    duty_ends.step_back(Actor(ActorKind.PERSON, sam, {}), juniper.id, sam, now=SUNDAY)
    people.change_role(dana, juniper.id, sam, role=Role.COORDINATOR, now=SUNDAY)
    assert role_of(sam) == Role.STEPPED_BACK
    before = people.end_membership(dana, juniper.id, sam, now=SUNDAY)
    people.take_back(dana, juniper.id, sam, role=before, now=SUNDAY)
    assert role_of(sam) == Role.STEPPED_BACK
    duty_ends.come_back(Actor(ActorKind.PERSON, sam, {}), juniper.id, sam, now=SUNDAY)
    assert role_of(sam) == Role.COORDINATOR


def test_a_peer_puts_nobody_else_back(juniper: House, sam: uuid.UUID, dana: Actor) -> None:
    with pytest.raises(NotFound):
        duty_ends.step_back(Actor(ActorKind.PERSON, sam, {}), juniper.id, dana.id, now=SUNDAY)


def test_leaving_ends_sessions_texts_shifts_drafts_and_the_calendar(
    juniper: House, sam: uuid.UUID, dana: Actor, browser: Browser, lead: Browser
) -> None:
    coming, text, seat = shift(juniper, sam), waiting(juniper, sam), draft_seat(juniper, sam)
    feeds.make_feed(Actor(ActorKind.PERSON, sam, {}), now=SUNDAY)
    assert browser.get("/houses/juniper-house/board").status_code == 200
    lead.post(f"/houses/juniper-house/people/{sam}/end")
    assert browser.get("/houses/juniper-house/board").status_code in (302, 303, 401)
    assert fresh(Shift, coming).person_id is None  # type: ignore[attr-defined]
    assert fresh(Message, text).state == "canceled"  # type: ignore[attr-defined]
    assert fresh(RosterSeat, seat).person_id is None  # type: ignore[attr-defined]
    assert db.session.scalars(sa.select(CalendarFeed.ended_at)).one() is not None
    person = db.session.scalars(sa.select(Correspondent).where(Correspondent.subject_id == sam)).one()
    assert (person.number, person.number_index) == (None, None)
    assert not reachable(db.session(), juniper.id, sam, Purpose.SHIFTS)


def test_a_lost_phone_in_two_taps_by_any_peer(
    app: Flask, juniper: House, sam: uuid.UUID, browser: Browser, person: MakePerson
) -> None:
    text = waiting(juniper, sam)
    feeds.make_feed(Actor(ActorKind.PERSON, sam, {}), now=SUNDAY)
    person("mei@example.org", {juniper.id: Role.PEER}, "Mei")
    mei, page = Browser(app, "mei@example.org"), "/houses/juniper-house/lost-phone"
    answer = mei.send(mei.form(page, f"{page}/{sam}"))
    assert "opens nothing here any more" in mei.follow(answer).text
    assert browser.get(OWN).status_code in (302, 303, 401)
    assert mei.get("/houses/juniper-house/board").status_code == 200
    assert fresh(Message, text).state == "canceled"  # type: ignore[attr-defined]
    assert not reachable(db.session(), juniper.id, sam, Purpose.DUTY)
    assert db.session.scalars(sa.select(CalendarFeed.ended_at)).one() is not None
    again = Browser(app, "sam@example.org")
    assert "reported lost" in again.get(OWN).text
    form = again.form(OWN, f"{OWN}/phone")
    assert again.send(form).status_code == 303
    db.session.rollback()
    assert reachable(db.session(), juniper.id, sam, Purpose.DUTY)


def test_ones_own_lost_phone_leaves_the_device_it_is_said_from(app: Flask, sam: uuid.UUID, browser: Browser) -> None:
    phone, page = Browser(app, "sam@example.org"), "/houses/juniper-house/lost-phone"
    browser.send(browser.form(page, f"{page}/{sam}"))
    assert browser.get(OWN).status_code == 200
    assert phone.get(OWN).status_code in (302, 303, 401)
    db.session.rollback()
    assert db.session.scalar(sa.select(Correspondent.number_bad)) == LOST


def test_a_lost_phone_of_another_house_is_nobodys_here(
    juniper: House, aspen: House, sam: uuid.UUID, actor_in: object
) -> None:
    stranger = actor_in(aspen.id, Role.PEER, "Ty")
    with pytest.raises(NotFound):
        duty_ends.lose_phone(stranger, aspen.id, sam, now=SUNDAY)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn).where(SignIn.ended_at.is_not(None))) == 0


def role_of(person_id: uuid.UUID) -> str:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Membership.role).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    ).one()


def draft_seat(house: House, person_id: uuid.UUID) -> uuid.UUID:
    open_shift = shift(house, person_id, 200)
    with transaction() as session:
        session.get_one(Shift, open_shift).person_id = None
        roster = Roster(
            house_id=house.id,
            first_day=SUNDAY.date() + DAY,
            until=SUNDAY.date() + 8 * DAY,
            state="draft",
            made_at=SUNDAY,
            made_by="clock",
        )
        session.add(roster)
        session.flush()
        seat = RosterSeat(house_id=house.id, roster_id=roster.id, shift_id=open_shift, person_id=person_id, how="set")
        session.add(seat)
    return seat.id


def undo(browser: Browser, answer: TestResponse) -> None:
    form = next(each for each in forms_of(browser.follow(answer)) if "Undo" in each.buttons)
    assert browser.send(form).status_code == 303
