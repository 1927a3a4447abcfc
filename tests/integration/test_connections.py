"""What is offered to a guest and what comes of it: said by whom and when, taken back, asked by text, forgotten."""

from __future__ import annotations

import html
import re
import uuid
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import lock_stream
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.models import Stay
from respite.guests.policy.stay_states import EndKind
from respite.guests.service import texting
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.messaging.models import Message, ReplyCode
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import Wishes
from respite.resources.connections.errors import CannotTakeBack, NotNext, OfferedAlready
from respite.resources.connections.figures import counted
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.places import places
from respite.resources.connections.policy import Category, DoesNotFollow, Said, State, Who, Why, in_order, stands
from respite.resources.connections.service.asking import ask_inside, open_connections
from respite.resources.connections.service.telling import Offered, Word, offer, say, steps_of, take_back
from respite.resources.connections.trust import Often, trust
from respite.resources.finding.index import refresh
from respite.resources.models import Organization, Service, Source
from respite.resources.policy import Trust
from tests.at_once import at_once
from tests.erasures import places_of
from tests.guest_pages import has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows, says

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "+13035550155"
OFFER = Offered(Category.FOOD, place="The quilt circle")


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def pat(juniper: House, person: MakePerson) -> Actor:
    return Actor(ActorKind.PERSON, person("pat@example.org", {juniper.id: Role.PEER}, "Pat"), {juniper.id: Role.PEER})


@pytest.fixture
def robin(app: Flask, juniper: House) -> uuid.UUID:
    return has_a_page(juniper, "Robin", PHONE).guest_id


def a_service(name: str = "Soup kitchen") -> uuid.UUID:
    with transaction() as session:
        source = Source(name=f"s-{uuid.uuid4().hex}")
        session.add(source)
        session.flush()
        made = {"source_id": source.id, "changed_at": SUNDAY}
        organisation = Organization(name="St Brigid", external_id=uuid.uuid4().hex, **made)
        session.add(organisation)
        session.flush()
        service = Service(
            name=name, organization_id=organisation.id, status="active", external_id=uuid.uuid4().hex, **made
        )
        session.add(service)
        session.flush()
        refresh(session, [service.id])
    return service.id


def now_is(connection_id: uuid.UUID) -> Connection:
    db.session.rollback()
    return db.session.get_one(Connection, connection_id, populate_existing=True)


def test_what_was_checked_in_the_evening_is_checked_today(app: Flask) -> None:
    """Half past six in Denver, when it is the next day by UTC."""
    service_id, evening = a_service(), SUNDAY.replace(day=24, hour=1, minute=30)
    with transaction() as session:
        session.get_one(Service, service_id).checked_at = evening
    today = evening.astimezone(ZoneInfo("America/Denver")).date()
    place = places(db.session(), [service_id], today)[service_id]
    assert (today < evening.date(), place.trust, place.checked) == (True, Trust.CHECKED, today)


# -- what is said ----------------------------------------------------------------------------------------------------


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_connection_stands_where_what_was_said_leads(
    juniper: House, pat: Actor, robin: uuid.UUID, data: st.DataObject
) -> None:
    """Said late or at once, taken back or not: the row is what the pure rules make of all that is kept."""
    row_id = offer(pat, robin, OFFER, at=SUNDAY - DAY, now=SUNDAY).id
    kept = [Said(State.OFFERED, Who.HOUSE, SUNDAY - DAY, 1)]
    for n in range(1, data.draw(st.integers(1, 8)) + 1):
        now, last = SUNDAY + n * MINUTE, max(each.number for each in kept)
        if len(kept) > 1 and data.draw(st.booleans()) and data.draw(st.booleans()):
            gone = data.draw(st.sampled_from(kept))
            step = next(each for each in steps_of(db.session(), row_id) if each.number == gone.number)
            rest = [each for each in kept if each is not gone]
            act = partial(take_back, pat, step.id, now=now)
            refusal: type[Exception] = CannotTakeBack
        else:
            state, who = data.draw(st.sampled_from(list(State))), data.draw(st.sampled_from(list(Who)))
            at = now - data.draw(st.integers(0, 3)) * MINUTE
            why = Why.FULL if state == State.NOT_A_FIT else None
            rest = [*kept, Said(state, who, at, last + 1)]
            act = partial(say, pat, row_id, Word(state, who, at, why), now=now)
            refusal = NotNext
        try:
            stands(rest)
        except DoesNotFollow:
            with pytest.raises(refusal):
                act()
        else:
            act()
            kept = rest
        row, found = now_is(row_id), stands(kept)
        assert found is not None
        assert (row.state, row.wanted, row.contact) == (found.state, found.wanted, found.contact)
        assert (row.guest_confirmed, row.service_confirmed) == (Who.GUEST in found.by, Who.SERVICE in found.by)
        assert row.since == in_order(kept)[-1].at


def test_each_change_says_who_said_so_and_when_and_the_log_names_nobody(pat: Actor, robin: uuid.UUID) -> None:
    row = offer(pat, robin, OFFER, wanted=True, at=SUNDAY - HOUR, now=SUNDAY)
    say(pat, row.id, Word(State.NOT_A_FIT, Who.SERVICE, SUNDAY - MINUTE, Why.FULL, "Come in May."), now=SUNDAY)
    told = [(each.state, each.who, each.at, each.told_at, each.made_by) for each in steps_of(db.session(), row.id)]
    assert told == [
        ("offered", "house", SUNDAY - HOUR, SUNDAY, pat.ref),
        ("wanted", "guest", SUNDAY - HOUR, SUNDAY, pat.ref),
        ("not-a-fit", "service", SUNDAY - MINUTE, SUNDAY, pat.ref),
    ]
    events = rows(Event, Event.kind == "connection.step.said")
    assert len(events) == 3
    assert not any(word in each.data for each in events for word in ("quilt", "May", "Robin", str(robin)))
    assert places_of(["quilt circle"]) == {"connection.place_sealed"}
    assert places_of(["Come in May"]) == {"connection_step.words_sealed"}


def test_what_stands_against_it(juniper: House, aspen: House, pat: Actor, robin: uuid.UUID, person: MakePerson) -> None:
    soup = a_service()
    row = offer(pat, robin, Offered(Category.FOOD, soup), now=SUNDAY)
    with pytest.raises(OfferedAlready):
        offer(pat, robin, Offered(Category.FOOD, soup), now=SUNDAY)
    with pytest.raises(NotFound):
        offer(pat, robin, Offered(Category.FOOD, uuid.uuid4()), now=SUNDAY)
    for wrong in (Offered(Category.FOOD), Offered(Category.FOOD, place="x" * 121)):
        with pytest.raises(Invalid):
            offer(pat, robin, wrong, now=SUNDAY)
    with pytest.raises(NotNext):  # nobody is in touch with anybody for who did not want it
        say(pat, row.id, Word(State.CONTACT, Who.HOUSE), now=SUNDAY)
    say(pat, row.id, Word(State.WANTED, Who.GUEST), now=SUNDAY)
    with pytest.raises(NotNext):  # nor is it connected because the house says so
        say(pat, row.id, Word(State.CONNECTED, Who.HOUSE), now=SUNDAY)
    for word in (Word(State.CONTACT, Who.HOUSE, SUNDAY + HOUR), Word(State.NOT_A_FIT, Who.GUEST)):
        with pytest.raises(Invalid):
            say(pat, row.id, word, now=SUNDAY)
    with pytest.raises(StaleVersion):
        say(pat, row.id, Word(State.CONTACT, Who.HOUSE), version_seen=1, now=SUNDAY)
    others = {aspen.id: Role.DIRECTOR}
    stranger = Actor(ActorKind.PERSON, person("else@example.org", others), others)
    volunteer = {juniper.id: Role.VOLUNTEER}
    vic = Actor(ActorKind.PERSON, person("vic@example.org", volunteer), volunteer)
    for who in (stranger, vic):
        with pytest.raises(NotFound):
            say(who, row.id, Word(State.CONTACT, Who.HOUSE), now=SUNDAY)
        with pytest.raises(NotFound):
            offer(who, robin, OFFER, now=SUNDAY)
    step = say(pat, row.id, Word(State.CONTACT, Who.HOUSE), now=SUNDAY)
    for who, at in ((COMMAND, SUNDAY), (pat, SUNDAY + HOUR)):
        with pytest.raises(CannotTakeBack):
            take_back(who, step.id, now=at)


def test_two_who_say_it_at_once_say_it_once(app: Flask, juniper: House, pat: Actor, robin: uuid.UUID) -> None:
    row = offer(pat, robin, OFFER, wanted=True, now=SUNDAY)
    row_id, version = row.id, row.version
    words = [Word(State.CONTACT, Who.HOUSE), Word(State.DROPPED, Who.GUEST), Word(State.CONTACT, Who.HOUSE)]
    answers = at_once(app, *(lambda w=word: say(pat, row_id, w, version_seen=version, now=SUNDAY) for word in words))
    assert sorted(type(each).__name__ for each in answers) == ["ConnectionStep", "StaleVersion", "StaleVersion"]
    soup = a_service()
    answers = at_once(app, *[lambda: offer(pat, robin, Offered(Category.FOOD, soup), now=SUNDAY)] * 3)
    assert sorted(type(each).__name__ for each in answers) == ["Connection", "OfferedAlready", "OfferedAlready"]


# -- by text ---------------------------------------------------------------------------------------------------------


def asked(pat: Actor, robin: uuid.UUID, house: House) -> tuple[uuid.UUID, int]:
    """Somebody who said yes to such texts, left the house, and is asked a day later."""
    wishes = Wishes(True, "es", time(10), time(19), "America/Denver")
    texting.change_wishes(COMMAND, robin, wishes, now=SUNDAY)
    texting.give_consent(COMMAND, robin, Purpose.CONNECTIONS, PHONE, "in-person", now=SUNDAY)
    row = offer(pat, robin, Offered(Category.PEERS, place="Depression clinic"), wanted=True, now=SUNDAY)
    stay = rows(Stay, Stay.guest_id == robin)[0]
    leave(COMMAND, stay.id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    return row.id, ask(house, row.id)


def ask(house: House, row_id: uuid.UUID) -> int:
    with transaction() as session:
        lock_stream(session, house.id)
        message = ask_inside(session, row_id, made_by=COMMAND.ref, now=SUNDAY)
        assert message is not None
        assert (message.purpose, message.template, message.language) == ("connections", "connection-asked", "es")
        assert message.body is not None
        assert not any(word in message.body for word in ("clinic", "Robin"))
    return rows(ReplyCode, ReplyCode.subject_id == row_id)[0].number


def answer_to(body: str, at: datetime = SUNDAY) -> str | None:
    text = says(body, PHONE, at=at)
    found = rows(Message, Message.dedupe_key.startswith(f"auto:{text.sid}:"))
    return found[0].template if found else None


def test_the_guests_own_yes_by_text_closes_the_loop(juniper: House, pat: Actor, robin: uuid.UUID) -> None:
    row_id, code = asked(pat, robin, juniper)
    assert [(each.id, each.name) for each in open_connections(db.session(), robin)] == [(row_id, "Depression clinic")]
    assert answer_to(f"N{code}") == "connection-no-hurry"
    assert now_is(row_id).state == State.WANTED
    code = ask(juniper, row_id)
    assert answer_to(f"Sí {code}") == "connection-glad"
    assert answer_to(f"Y{code}", SUNDAY + HOUR) == "connection-glad"  # said again, done once
    row = now_is(row_id)
    assert (row.state, row.guest_confirmed, row.service_confirmed) == (State.CONNECTED, True, False)
    last = steps_of(db.session(), row_id)[-1]
    assert (last.who, last.made_by) == ("guest", f"guest:{robin}")
    assert open_connections(db.session(), robin) == []
    say(pat, row_id, Word(State.CONNECTED, Who.SERVICE), now=SUNDAY + HOUR)
    assert now_is(row_id).service_confirmed


def test_a_yes_to_what_they_dropped_is_read_by_a_person(juniper: House, pat: Actor, robin: uuid.UUID) -> None:
    row_id, code = asked(pat, robin, juniper)
    say(pat, row_id, Word(State.DROPPED, Who.GUEST), now=SUNDAY)
    assert answer_to(f"Y{code}") is None
    assert now_is(row_id).state == State.DROPPED


def test_nobody_is_asked_without_their_yes(juniper: House, pat: Actor, robin: uuid.UUID) -> None:
    row = offer(pat, robin, OFFER, wanted=True, now=SUNDAY)
    row_id = row.id
    for purpose in (None, Purpose.FOLLOW_UP):
        if purpose is not None:
            texting.give_consent(COMMAND, robin, purpose, PHONE, "in-person", now=SUNDAY)
        with transaction() as session:
            lock_stream(session, juniper.id)
            assert ask_inside(session, row_id, made_by=COMMAND.ref, now=SUNDAY) is None


# -- on pages --------------------------------------------------------------------------------------------------------


def fields(page: str, action: str) -> dict[str, str]:
    """What the form with this address carries beside what is typed."""
    form = page[page.index(f'action="{action}"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))


def test_from_the_stays_page_to_the_guests_own_word(app: Flask, juniper: House, pat: Actor) -> None:
    page = has_a_page(juniper, "Robin")
    soup, staff = a_service("Soup kitchen"), Browser(app, "pat@example.org")
    new = f"/stays/{page.stay_id}/connections/new"
    assert new in staff.get(f"/stays/{page.stay_id}").text
    found = staff.get(f"{new}?q=sopu").text
    assert f"service={soup}" in found
    assert "not checked yet" in found
    assert "Nothing here fits" in staff.get(f"{new}?q=zither").text
    refused = staff.post(f"{new}?service={soup}", {"service": str(soup), "category": ""})
    assert (refused.status_code, "Please fill this in." in refused.text) == (422, True)
    sent = staff.post(new, {"service": str(soup), "category": "food"})
    assert sent.status_code == 303
    row_id = rows(Connection)[0].id
    own = page.opened(app)
    assert "Soup kitchen" in own.get(page.path).text
    here, say_it = page.at("connections"), page.at("connections", str(row_id))
    for said in ("wanted", "connected"):
        drawn = html.unescape(own.get(here).text)
        assert "Not checked yet" in drawn
        assert own.post(say_it, fields(drawn, say_it) | {"said": said}).status_code == 303
    assert now_is(row_id).guest_confirmed
    last = steps_of(db.session(), row_id)[-1].id
    assert own.post(page.at("connections", "steps", str(last), "back")).status_code == 303
    assert now_is(row_id).state == State.WANTED
    unfit = own.post(say_it, {"said": "not-a-fit", "version": str(now_is(row_id).version)})
    assert (unfit.status_code, now_is(row_id).state) == (422, State.WANTED)
    stale = own.post(say_it, {"said": "dropped", "version": "1"})
    assert (stale.status_code, now_is(row_id).state) == (412, State.WANTED)
    one = f"/connections/{row_id}"
    told = {"said": "not-a-fit:service", "why": "full", "words": "Come in May.", "version": str(now_is(row_id).version)}
    assert staff.post(one, told).status_code == 303
    text = html.unescape(staff.get(one).text)
    assert all(words in text for words in ("Not a fit", "the place said so: it was full", "Come in May.", "Pat"))
    other = has_a_page(juniper, "Ana")
    assert other.opened(app).post(other.at("connections", str(row_id)), {"said": "wanted"}).status_code == 404


# -- what is said of a place -----------------------------------------------------------------------------------------


def test_what_is_said_today_moves_nothing_that_is_said_of_a_place_today(juniper: House, pat: Actor) -> None:
    """Also not where it is written down late, or where what stood before goes on."""
    soup, before = a_service(), SUNDAY - 40 * DAY
    people = [
        add_waiting(COMMAND, juniper.id, who=Named(name), asked=Asked(), now=before).guest_id
        for name in ("Ash", "Birch", "Cedar", "Dogwood")
    ]
    offers = [offer(pat, each, Offered(Category.FOOD, soup), wanted=True, now=before) for each in people if each]
    for row in offers[:3]:
        say(pat, row.id, Word(State.CONNECTED, Who.GUEST), now=before + DAY)
    told = trust(db.session(), [soup], SUNDAY, in_the_house=True)
    assert told[soup].often == Often.MOSTLY
    for row in offers[:2]:
        say(pat, row.id, Word(State.NOT_A_FIT, Who.GUEST, None, Why.FULL), now=SUNDAY)
    say(pat, offers[3].id, Word(State.NOT_A_FIT, Who.GUEST, before + DAY, Why.FULL), now=SUNDAY)
    assert trust(db.session(), [soup], SUNDAY, in_the_house=True) == told
    next_month = trust(db.session(), [soup], SUNDAY + 31 * DAY, in_the_house=True)
    assert (next_month[soup].often, next_month[soup].reasons) == (Often.SELDOM, {Why.FULL: None})


# -- forgotten, and counted all the same -----------------------------------------------------------------------------


def test_a_guest_is_forgotten_and_the_figures_stay(juniper: House, pat: Actor) -> None:
    page = has_a_page(juniper, "Quillwort")
    soup = a_service()
    for offered, word in (
        (Offered(Category.FOOD, soup), Word(State.CONNECTED, Who.GUEST)),
        (
            Offered(Category.FOOD, place="Zanzibar larder"),
            Word(State.NOT_A_FIT, Who.GUEST, None, Why.FAR, "Lyre."),
        ),
    ):
        row = offer(pat, page.guest_id, offered, wanted=True, now=SUNDAY)
        say(pat, row.id, word, now=SUNDAY)
    spare = offer(pat, page.guest_id, Offered(Category.FOOD, place="Not wanted"), now=SUNDAY)
    say(pat, spare.id, Word(State.NOT_WANTED, Who.GUEST), now=SUNDAY)
    before = counted(db.session(), juniper.id, SUNDAY, SUNDAY + DAY)
    food = before[Category.FOOD]
    assert (food.offered, food.wanted, food.contact, food.connected, food.people) == (3, 2, 0, 1, 1)
    leave(COMMAND, page.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    erase_guest(COMMAND, page.guest_id, now=SUNDAY)
    assert counted(db.session(), juniper.id, SUNDAY, SUNDAY + DAY) == before
    assert places_of(["Zanzibar", "Lyre", "Quillwort"]) == set()
    assert {each.split(".")[0] for each in places_of([str(page.guest_id)])} <= {"event", "access_log", "due"}
    assert rows(ConnectionStep) == []
    with pytest.raises(NotFound):
        say(pat, spare.id, Word(State.WANTED, Who.GUEST), now=SUNDAY)
    assert counted(db.session(), juniper.id, SUNDAY + DAY, SUNDAY + 2 * DAY) == {}
    assert db.session.scalar(sa.select(sa.func.count(Connection.id))) == 3
