"""What is kept about a guest, and who looked: on their page, on paper and in a file; whole, and nobody else's."""

from __future__ import annotations

import html
import json
import uuid
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.audit.service import lock_stream, note_look
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.facts import Reading, all_told, told_of
from respite.followup.caring.models import CaringPlan, CaringText
from respite.guest_page.models import PlanKind
from respite.guest_page.service.links import give_link
from respite.guest_page.service.plan import add_part, change_part, tick_step
from respite.guests.models import QUESTIONS, AskKind, Guest, GuestAsk, ReadHow, ReadWay, Topic
from respite.guests.policy.bed_fit import Says
from respite.guests.policy.offers import How
from respite.guests.policy.stay_states import EndKind
from respite.guests.policy.together import IfGone
from respite.guests.policy.transfers import Goes
from respite.guests.service import texting
from respite.guests.service.agreements import keep_read_inside, write_version
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import settle_in, welcome
from respite.guests.service.asks import answer_ask, ask_inside
from respite.guests.service.conversation import Talk, write_conversation
from respite.guests.service.kept_from import keep_from
from respite.guests.service.leaving import Ending, add_account, leave
from respite.guests.service.notes import leave_line, make_note
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Known, Named
from respite.guests.service.promised import promise_guest
from respite.guests.service.rule_answers import answer_rule
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest, choose_for_wall, wish_check_in
from respite.guests.service.together import Wished, keep_parting, keep_wishes
from respite.guests.service.transfers import hear_for_outside
from respite.guests.service.visits import begin_visit, end_visit
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.houses.policy.bed_rules import RuleKind, RuleWords
from respite.houses.queries import beds_of
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.opening import open_house
from respite.messaging.models import NumberStop
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes, correspondent_of
from respite.messaging.service.ground import number_mark
from respite.moments.service.accounts import tell_together
from respite.moments.service.telling import begin as begin_moment
from respite.promises.policy import When
from respite.promises.service.acts import Wanted
from respite.resources.connections.policy import Category, Who, Why
from respite.resources.connections.policy import State as CameOf
from respite.resources.connections.service.telling import Offered, Word, offer, say
from respite.resources.disclosures.policy import How as HowTold
from respite.resources.disclosures.policy import mark_of
from respite.resources.disclosures.service import Wanted as Wanting
from respite.resources.disclosures.service import agree_here, end_here, tell, write_down
from respite.staffing.models import ClinicalPage, CompanyWish
from tests.guest_pages import OwnPage, has_a_page
from tests.inboxes import asked_to_read, ours, writes
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

HOUR = timedelta(hours=1)
NAME, PHONE = "Quillwort", "+13035550142"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, chairs=2, now=SUNDAY
    )


@pytest.fixture
def dana(juniper: House, person: MakePerson) -> Actor:
    return Actor(
        ActorKind.PERSON, person("dana@example.org", {juniper.id: Role.COORDINATOR}), {juniper.id: Role.COORDINATOR}
    )


@pytest.fixture
def everything(juniper: House, dana: Actor) -> OwnPage:
    return whole_guest(juniper, dana)


def whole_guest(juniper: House, dana: Actor) -> OwnPage:
    """A guest about whom every table keeps something."""
    stay = save_bed(
        dana,
        juniper.id,
        who=Named(NAME, phone=PHONE, pronouns="ze"),
        nights=2,
        coming="by the slow bus",
        companions={"child": 1, "animal": 2},
        now=SUNDAY,
    )
    stay = welcome(dana, stay.id, now=SUNDAY)
    assert stay.guest_id is not None
    guest_id, stay_id = stay.guest_id, stay.id
    settle_in(dana, stay_id, agreed=True, lockbox="B77", lockbox_key_out=True, now=SUNDAY)
    change_guest(dana, guest_id, name=NAME, pronouns="xe", phone=PHONE, now=SUNDAY)
    choose_for_wall(dana, guest_id, "initial", None, now=SUNDAY)
    wish_check_in(dana, stay_id, "at eight, with tea", now=SUNDAY)
    make_note(dana, stay_id, "Please water the fern.", now=SUNDAY)
    promise_guest(dana, stay_id, Wanted("A ride to the station", when=When(SUNDAY + HOUR)), now=SUNDAY)
    leave_line(dana, juniper.id, "The blue cup is best.", guest_id=guest_id, now=SUNDAY)
    write_conversation(dana, guest_id, Talk({question: f"Of {question}." for question in QUESTIONS}), now=SUNDAY)
    _texts(juniper, dana, guest_id)
    _company(juniper, dana, guest_id, stay_id)
    keep_wishes(dana, stay_id, Wished("a soft knock", IfGone.WORDS, "send my scarf on"), now=SUNDAY)
    keep_parting(dana, stay_id, people="my aunt Lo", places="the quilt circle", now=SUNDAY)
    keep_wishes(dana, stay_id, Wished("A walk each day.", IfGone.WORDS, "Leave my coat."), now=SUNDAY)
    _bed_rule(juniper, dana, guest_id)
    ending = Ending(EndKind.ASKED_TO_LEAVE, "4", how_to_ask_again="Call on Monday.", may_return_on=date(2026, 12, 1))
    leave(dana, stay_id, ending=ending, follow_up=False, now=SUNDAY + HOUR)
    keep_parting(dana, stay_id, people="My sister.", places="The library.", now=SUNDAY + HOUR)
    add_account(dana, stay_id, "I saw it another way.", now=SUNDAY + HOUR)
    visit = begin_visit(dana, juniper.id, who=Known(guest_id), now=SUNDAY + HOUR)
    end_visit(dana, visit.id, now=SUNDAY + 2 * HOUR)
    asked = Asked(wish="a quiet room", nights=3, reach="call", answer_from=time(9), answer_until=time(12))
    waiting = add_waiting(dana, juniper.id, who=Known(guest_id), asked=asked, now=SUNDAY + HOUR)
    bed = beds_of(db.session(), juniper.id)[3]
    offer_bed(dana, juniper.id, bed_id=bed.id, waiting_id=waiting.id, how=How.CALL, nights=1, now=SUNDAY + HOUR)
    hear_for_outside(dana, waiting.id, [Goes.HOURS], said_yes=True, now=SUNDAY + HOUR)
    add_bed_rule(dana, juniper.id, RuleWords(RuleKind.AGE, least_age=18), now=SUNDAY + HOUR)
    answer_rule(dana, guest_id, 2, Says.NO, changes_on=date(2026, 12, 9), now=SUNDAY + 2 * HOUR)
    say_apart(dana, guest_id, "Quentin", now=SUNDAY + HOUR)
    moment = begin_moment(dana, juniper.id, now=SUNDAY)
    tell_together(dana, moment.id, guest_id, "The clatter woke me.", now=SUNDAY + HOUR)
    ray = Person(email=f"ray-{uuid.uuid4().hex}@example.org", name="Ray Quill", password_hash=None, made_at=SUNDAY)
    with transaction() as session:
        session.add(ray)
        session.flush()
        session.add(Membership(person_id=ray.id, house_id=juniper.id, role=Role.PEER, began_at=SUNDAY))
    keep_from(dana, guest_id, ray.id, now=SUNDAY + HOUR)
    link = give_link(dana, guest_id, "everything", now=SUNDAY + HOUR)
    guest = Actor(ActorKind.GUEST, guest_id, by=link.id)
    step = add_part(guest, PlanKind.STEP, "Call the library.", shared=True, now=SUNDAY + HOUR)
    change_part(guest, step.id, "Walk to the library.", now=SUNDAY + HOUR)
    tick_step(guest, step.id, True, now=SUNDAY + HOUR)
    _connections(dana, guest_id)
    _asks(guest_id)
    return OwnPage(guest_id, stay_id, "everything")


def _connections(dana: Actor, guest_id: uuid.UUID) -> None:
    offered = Offered(Category.FOOD, place="The soup table")
    row = offer(dana, guest_id, offered, wanted=True, now=SUNDAY)
    say(dana, row.id, Word(CameOf.NOT_A_FIT, Who.GUEST, SUNDAY, Why.FULL, "No chair was left."), now=SUNDAY + HOUR)
    words = Wanting("The soup table", "a chair", "Ze likes soup.", date(2026, 11, 22))
    told = write_down(dana, guest_id, words, now=SUNDAY)
    agree_here(dana, told.id, mark_of("Ze likes soup."), now=SUNDAY)
    tell(dana, told.id, HowTold.PHONE, mark_of("Ze likes soup."), now=SUNDAY)
    end_here(dana, told.id, now=SUNDAY + HOUR)


def _asks(guest_id: uuid.UUID) -> None:
    house_id = db.session.get_one(Guest, guest_id).house_id
    text = write_version(COMMAND, house_id, Topic.COMMUNITY, {"en": "Be kind."}, now=SUNDAY)
    with transaction() as session:
        guest = session.get_one(Guest, guest_id)
        lock_stream(session, guest.house_id)
        keep_read_inside(session, COMMAND, guest, text.id, ReadHow.AGREED, ReadWay.TOGETHER, SUNDAY)
    with transaction() as session:
        guest = session.get_one(Guest, guest_id)
        lock_stream(session, guest.house_id)
        for kind, words in ((AskKind.FORGET, None), (AskKind.REQUEST, "A lamp by the window.")):
            ask_inside(session, COMMAND, guest, kind, words, SUNDAY)
    for ask in db.session.scalars(sa.select(GuestAsk.id)).all():
        answer_ask(COMMAND, ask, "It stands there now.", now=SUNDAY)


def _bed_rule(house: House, dana: Actor, guest_id: uuid.UUID) -> None:
    rule = add_bed_rule(dana, house.id, RuleWords(RuleKind.AGE, least_age=18), now=SUNDAY)
    answer_rule(dana, guest_id, rule.number, Says.YES, now=SUNDAY)


def _texts(house: House, dana: Actor, guest_id: uuid.UUID) -> None:
    texting.give_consent(dana, guest_id, Purpose.CARING, PHONE, "in-person", now=SUNDAY)
    texting.take_consent_back(dana, guest_id, Purpose.CARING, now=SUNDAY)
    wishes = Wishes(True, "en", SUNDAY.time(), SUNDAY.time(), "America/Denver", "the fern", may_be_shared=True)
    texting.change_wishes(dana, guest_id, wishes, now=SUNDAY)
    thread, _text = writes(house.id, PHONE, "I came home well.", SUNDAY)
    asked_to_read(house.id, thread, SUNDAY)
    person = correspondent_of(db.session(), house.id, guest_id)
    assert person is not None
    person_id = person.id
    db.session.rollback()
    ours(
        house.id, PHONE, "Good to hear from you.", SUNDAY, "needs-human",
        thread_id=thread, reason="unclear", correspondent_id=person_id,
    )  # fmt: skip
    with transaction() as session:
        session.add(
            NumberStop(
                number_index=number_mark(PHONE), source="asked", said_at=SUNDAY, heard_at=SUNDAY, ended_at=SUNDAY,
                ended_how="person",
            )
        )  # fmt: skip


def _company(house: House, dana: Actor, guest_id: uuid.UUID, stay_id: uuid.UUID) -> None:
    with transaction() as session:
        session.add(CompanyWish(house_id=house.id, guest_id=guest_id, person_id=dana.id, how="with"))
        page = ClinicalPage(
            house_id=house.id, stay_id=stay_id, guest_id=guest_id, guest_asked="yes", asked_by=dana.ref, asked_at=SUNDAY
        )
        page.words = "A question about sleep."
        session.add(page)
        plan = CaringPlan(house_id=house.id, guest_id=guest_id, writer_id=dana.id, discreet=True, began_at=SUNDAY)
        session.add(plan)
        session.flush()
        session.add(
            CaringText(house_id=house.id, plan_id=plan.id, guest_id=guest_id, place=0, due_at=SUNDAY, state="waits")
        )


def reading_of(house: House, page: OwnPage) -> Reading:
    return Reading(db.session(), house.timezone, SUNDAY + HOUR, house.id, page.guest_id)


# -- whole -----------------------------------------------------------------------------------------------------------


def test_each_table_that_keeps_something_is_told_row_by_row(
    app: Flask, juniper: House, everything: OwnPage, clock: StillClock
) -> None:
    clock.advance(HOUR)
    with app.test_request_context():
        reading = reading_of(juniper, everything)
        empty = [about.model.__tablename__ for about in all_told() if not list(about.rows(reading))]
        words = {
            words
            for about in all_told()
            for row in about.rows(reading)
            for fact in about.facts
            if (words := told_of(row, fact, reading))
        }
    assert empty == [], "this guest has a row in every table; add one here when a feature tells of another"
    browser = everything.opened(app)
    for path in (everything.at("kept"), everything.at("record")):
        text = html.unescape(browser.get(path).text)
        assert [each for each in words if each not in text] == []
    file = json.loads(browser.get(everything.at("record.json")).text)
    assert {said["words"] for kept in file["kept"] for row in kept["rows"] for said in row} == words


def test_their_own_words_stand_there_as_they_said_them(app: Flask, everything: OwnPage, clock: StillClock) -> None:
    clock.advance(HOUR)
    page = html.unescape(everything.opened(app).get(everything.at("kept")).text)
    for said in (
        NAME, "xe", "(303) 555-0142", "by the slow bus", "at eight, with tea", "Please water the fern.",
        "The blue cup is best.", "I saw it another way.", "Call on Monday.", "a quiet room", "I came home well.",
        "Good to hear from you.", "A question about sleep.", "the fern", "B77", "A ride to the station",
        "A lamp by the window.", "It stands there now.", "The clatter woke me.",
        "Of good_day.", "Of company.",
    ):  # fmt: skip
        assert said in page, said


def test_in_spanish_too(app: Flask, everything: OwnPage, clock: StillClock) -> None:
    clock.advance(HOUR)
    browser = everything.opened(app)
    browser.post(everything.at("shown-in"), {"language": "es"})
    page = browser.get(everything.at("kept"))
    assert '<html lang="es">' in page.text
    assert "Tus estancias" in page.text


def test_in_the_language_that_they_chose_for_texts(app: Flask, juniper: House, dana: Actor) -> None:
    robin = has_a_page(juniper, "Robin")
    wishes = Wishes(True, "es", SUNDAY.time(), SUNDAY.time())
    texting.change_wishes(dana, robin.guest_id, wishes, now=SUNDAY)
    assert "Hola, Robin" in robin.opened(app).get(robin.path).text


def test_texts_from_a_shared_phone_are_nobodys_to_read(
    app: Flask, juniper: House, everything: OwnPage, clock: StillClock, dana: Actor
) -> None:
    clock.advance(HOUR)
    other = has_a_page(juniper, "Ana", phone=PHONE)
    for page in (everything, other):
        text = page.opened(app).get(page.at("record")).text
        assert "I came home well." not in text
    assert "Good to hear from you." in everything.opened(app).get(everything.at("record")).text


def test_nothing_of_another_guest_is_there(app: Flask, juniper: House, everything: OwnPage, clock: StillClock) -> None:
    clock.advance(HOUR)
    robin = has_a_page(juniper, "Robin")
    for path in ("kept", "record", "record.json"):
        text = robin.opened(app).get(robin.at(path)).text
        for said in (NAME, "555-0142", "fern", "B77", "quiet room", "slow bus"):
            assert said not in text


# -- who looked ------------------------------------------------------------------------------------------------------


def test_who_looked_stands_there_by_name_and_time(app: Flask, juniper: House, dana: Actor, clock: StillClock) -> None:
    robin = has_a_page(juniper, "Robin")
    browser = robin.opened(app)
    assert "Nobody looked so far." in browser.get(robin.at("kept")).text
    Browser(app, "dana@example.org").get(f"/stays/{robin.stay_id}")
    note_look(juniper.id, COMMAND, robin.guest_id, "texts", clock.now())
    text = browser.get(robin.at("kept")).text
    assert "Dana looked at what is written about your stay" in text
    assert "the command line looked at your texts" in text
    assert "2:32 pm" in text
    file = json.loads(browser.get(robin.at("record.json")).text)
    assert {look["who"] for look in file["looked"]} == {"Dana", "the command line"}


# -- nobody else's ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["kept", "record", "record.json"])
def test_without_the_page_open_there_is_nothing(app: Flask, juniper: House, path: str) -> None:
    robin, ana = has_a_page(juniper, "Robin"), has_a_page(juniper, "Ana")
    browser = robin.opened(app)
    answers = [
        Browser(app).get(robin.at(path)),
        browser.get(ana.at(path)),
        browser.get(f"/g/guess/{path}"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert [answer for answer in answers if "Robin" in answer.text or "Ana" in answer.text] == []
    assert "<title>My page</title>" in answers[0].text


def test_the_file_has_a_name_that_says_nothing_and_is_kept_nowhere(app: Flask, juniper: House) -> None:
    robin = has_a_page(juniper, "Robin")
    file = robin.opened(app).get(robin.at("record.json"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-page.json"'
    assert file.headers["Cache-Control"] == "no-store"
    told = json.loads(file.text)
    assert told["house"] == "Juniper House"
    name = next(
        said for kept in told["kept"] for row in kept["rows"] for said in row if said["column"] == "name_sealed"
    )
    assert name == {"column": "name_sealed", "label": "Name", "words": "Robin", "value": "Robin"}
