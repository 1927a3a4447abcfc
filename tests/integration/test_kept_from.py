"""Whom a guest keeps their page from finds nothing of them anywhere, and cannot tell that they were named."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, g

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import KeptFrom
from respite.accounts.roles import Role
from respite.accounts.unseen import settled
from respite.audit.models import Event
from respite.audit.service import lock_stream
from respite.core.clock import StillClock
from respite.core.db import Base, Kept, db, transaction
from respite.core.errors import Invalid
from respite.core.facts import all_told, told_of
from respite.guest_page.service.links import give_link
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import AskKind, Guest, GuestAsk, LeftLine, Stay
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.asks import ask_inside, take_ask
from respite.guests.service.bed_fit import Fit
from respite.guests.service.callbacks import promise_callback
from respite.guests.service.kept_from import keep_from
from respite.guests.service.people import Known, Named, Nameless
from respite.guests.service.promised import promise_guest
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest, wish_check_in
from respite.guests.service.texting import give_consent
from respite.guests.service.waiting import add_waiting
from respite.houses.models import Bed, House
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from respite.messaging.models import Thread
from respite.messaging.service import inbox
from respite.messaging.service.reading import raise_soon
from respite.promises.models import Promise
from respite.promises.policy import Way
from respite.promises.service.acts import Wanted, give, hand
from respite.staffing.models import ClinicalPage
from respite.staffing.service import paging
from tests.guest_pages import OwnPage, has_a_page, statements
from tests.inboxes import writes
from tests.integration.test_guest_page_kept import NAME, reading_of, whole_guest
from tests.kept_from import ELSEWHERE, Fresh, addresses
from tests.people import MakePerson
from tests.places import SUNDAY

HOUR = timedelta(hours=1)
#: The other test opens these, too, one by one.
NOT_OF_GUESTS = re.compile(r"/(settings|shifts|rosters?|peers|credentials|people|me|account)(/|$)")
DESK = "/houses/juniper-house/board"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


# -- what it looks like ----------------------------------------------------------------------------------------------


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=8, chairs=2, now=SUNDAY
    )


@pytest.fixture
def dana(juniper: House, person: MakePerson) -> Actor:
    return someone(juniper, person, "dana")


@pytest.fixture
def ray(juniper: House, person: MakePerson) -> Actor:
    return someone(juniper, person, "ray")


def someone(house: House, person: MakePerson, name: str, role: Role = Role.COORDINATOR) -> Actor:
    made = person(f"{name}@example.org", {house.id: role}, name=name.capitalize())
    return Actor(ActorKind.PERSON, made, {house.id: role})


def opened(app: Flask, page: OwnPage) -> Fresh:
    browser = Fresh(app)
    assert browser.post(page.path).status_code == 303
    return browser


def keeps_from(page: OwnPage, person: Actor) -> None:
    keep_from(Actor(ActorKind.GUEST, page.guest_id), page.guest_id, person.id, now=SUNDAY)


def stay_addresses(app: Flask, stay_id: uuid.UUID) -> list[str]:
    return [path for path in addresses(app, {"stay_id": str(stay_id)}) if str(stay_id) in path]


def plain(text: str, *differs: object) -> str:
    """A page without what differs between two stays that are alike."""
    for each in differs:
        text = text.replace(str(each), "…")
    return re.sub(
        r'value="[\w.-]{20,}"|nonce-[\w-]+|nonce="[^"]*"|data-version="\d+"|name="version" value="\d+"', "", text
    )


def test_it_looks_like_a_stay_of_somebody_who_gave_no_name(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    change_rules(COMMAND, juniper.id, {"nameless_stays": True}, number_seen=None, now=SUNDAY)
    page = has_a_page(juniper, "Quillwort")
    nobody = welcome_new(COMMAND, juniper.id, who=Nameless(), nights=2, now=SUNDAY)
    keeps_from(page, ray)
    doors = {stay.id: stay for stay in db.session.scalars(sa.select(Stay)).all()}
    beds = {each: (doors[each].bed_id, db.session.get_one(Bed, doors[each].bed_id).name) for each in doors}
    browser = Fresh(app, "ray@example.org")
    pairs = zip(stay_addresses(app, page.stay_id), stay_addresses(app, nobody.id), strict=True)
    differ = []
    for one, other in pairs:
        this, that = browser.get(one), browser.get(other)
        # Which other doors there are differs from door to door.
        same = (
            this.status_code != 200
            or one.endswith(("/move", "/swap"))
            or plain(this.text, page.stay_id, *beds[page.stay_id]) == plain(that.text, nobody.id, *beds[nobody.id])
        )
        if this.status_code != that.status_code or not same:
            differ.append((one, this.status_code, that.status_code))
    assert differ == []
    desk = browser.get(DESK).text
    assert "Quillwort" not in desk


# -- every page that another reads -----------------------------------------------------------------------------------


def reached(browser: Fresh, *begin: str) -> dict[str, str]:
    """Every page about guests that links lead to, with what stands on it."""
    pages: dict[str, str] = {}
    ahead = list(begin)
    while ahead and len(pages) < 80:
        path = ahead.pop(0)
        answer = browser.get(path)
        pages[path] = html.unescape(answer.text) if answer.status_code == 200 else ""
        for link in re.findall(r'<a [^>]*href="(/[^"#?]*)', answer.text):
            if not link.startswith(ELSEWHERE) and not NOT_OF_GUESTS.search(link) and link not in (*pages, *ahead):
                ahead.append(link)
    return pages


def test_nothing_that_is_kept_about_them_is_found(
    app: Flask, juniper: House, dana: Actor, ray: Actor, clock: StillClock
) -> None:
    everything = whole_guest(juniper, dana)
    clock.advance(HOUR)
    keeps_from(everything, ray)
    here = welcome_new(
        dana, juniper.id, who=Known(everything.guest_id), nights=1, fit=Fit(all_the_same=True), now=SUNDAY + 3 * HOUR
    )
    wish_check_in(dana, here.id, "when the kettle sings", now=SUNDAY + 3 * HOUR)
    with app.test_request_context():
        reading = reading_of(juniper, everything)
        said = {
            words
            for about in all_told()
            for row in about.rows(reading)
            for fact in about.facts
            if fact.column.endswith("_sealed") and len(words := told_of(row, fact, reading) or "") > 3
            if "STOP" not in words  # of a template, which stands among the words for texts
        }
    said -= {"The blue cup is best."}  # it stands on the wall, for everybody, and names nobody
    begin = (DESK, f"/stays/{everything.stay_id}", f"/stays/{here.id}")
    read = reached(Fresh(app, "dana@example.org"), *begin)
    shown = {words for words in said if any(words in page for page in read.values())}
    assert {NAME, "at eight, with tea", "Please water the fern.", "I came home well."} - shown == {"at eight, with tea"}
    assert "when the kettle sings" in read[begin[2]]
    named = Fresh(app, "ray@example.org")
    pages = {path: html.unescape(named.get(path).text) for path in read}
    print(len(read), sorted(read))
    found = {path: words for path, page in pages.items() if (words := [each for each in said if each in page])}
    assert found == {}
    assert "when the kettle sings" not in pages[begin[2]]


def test_every_table_with_words_of_a_guest_is_settled(app: Flask) -> None:
    """A new table says in its feature's `unseen.py` how its rows are about a guest, or here why none is shown."""
    nobodys = {
        "activity": "who leads something stands in a calendar that is read by everybody",
        "draft": "read by whoever wrote it, in the form in which they wrote it",
        "hard_moment": "what happened in the house, joined to no guest",
        "moment_fact": "what happened in the house, joined to no guest",
        "moment_fact_earlier": "what happened in the house, joined to no guest",
        "nameless_idea": "joined to nobody",
        "once_named": "ids beside a wish that is settled",
        "parting_answer": "joined to nobody",
        "peer": "about somebody who works here",
        "provider_event": "read by no page",
        "sim_text": "the phones of the demo",
        "someone_else": "ids beside a wish that is settled",
        "undoable": "read by nobody but Undo",
    }
    done = {model.__tablename__ for model in settled()}
    about = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(each.info["kept"] == Kept.GUEST_WORDS or each.name == "guest_id" for each in table.columns)
    }
    assert sorted(about - done - set(nobodys)) == []
    assert done.isdisjoint(nobodys)


# -- how it is said --------------------------------------------------------------------------------------------------


def test_a_guest_names_and_takes_off(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    page = has_a_page(juniper, "Quillwort")
    theirs, named = opened(app, page), Fresh(app, "ray@example.org")
    assert "Quillwort" in named.get(DESK).text
    said = theirs.follow(theirs.fill(page.at("kept-from"), person=ray.id))
    assert "Kept." in said.text
    assert "Take Ray off" in said.text
    assert theirs.fill(page.at("kept-from"), person=ray.id).status_code == 303  # twice is once
    assert "Quillwort" not in named.get(DESK).text
    assert "Quillwort" in Fresh(app, "dana@example.org").get(DESK).text
    assert "Ray" in theirs.get(page.at("kept")).text
    refused = theirs.fill(page.at("kept-from"), person=dana.id)
    assert refused.status_code == 409
    assert "One of us must be able to open your page" in refused.text
    row = db.session.scalars(sa.select(KeptFrom.id)).one()
    theirs.send(theirs.form(page.at("kept-from"), page.at("kept-from", str(row), "off")))
    assert "Quillwort" in named.get(DESK).text


def test_of_two_colleagues_of_one_name_both_can_be_named(
    app: Flask, juniper: House, dana: Actor, ray: Actor, person: MakePerson
) -> None:
    other = person("ray-too@example.org", {juniper.id: Role.PEER}, name="Ray")
    page = has_a_page(juniper, "Quillwort")
    theirs = opened(app, page)
    for each in (ray.id, other):
        assert f'value="{each}"' in theirs.get(page.at("kept-from")).text
        assert theirs.fill(page.at("kept-from"), person=each).status_code == 303


def test_nothing_says_who_is_named(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    page = has_a_page(juniper, "Quillwort")
    keeps_from(page, ray)
    last = db.session.scalars(sa.select(Event).order_by(Event.version.desc())).first()
    assert last is not None
    assert (last.kind, last.data) == ("guest.guest.changed", "{}")
    assert str(ray.id) not in f"{last.subject} {last.actor} {last.parts}"
    browser = Fresh(app, "dana@example.org")
    before = browser.get(f"/stays/{page.stay_id}").text
    assert f'value="{ray.id}"' in before  # still to choose from, and so tells nothing


def test_a_peer_writes_it_down(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    page = has_a_page(juniper, "Quillwort")
    browser = Fresh(app, "dana@example.org")
    form = browser.form(f"/stays/{page.stay_id}", f"/guests/{page.guest_id}/kept-from")
    assert browser.send(form, person=ray.id).status_code == 303
    assert "Quillwort" not in Fresh(app, "ray@example.org").get(DESK).text
    assert "Take Ray off" in opened(app, page).get(page.at("kept-from")).text
    assert browser.send(form, person=dana.id, key=None).status_code == 422  # nobody names themselves


def test_a_page_opened_with_their_link_does_not_say_that_they_are_named(
    app: Flask, juniper: House, dana: Actor, ray: Actor
) -> None:
    page = has_a_page(juniper, "Quillwort")
    give_link(ray, page.guest_id, "from-ray", now=SUNDAY)
    page.token = "from-ray"
    theirs = opened(app, page)
    said = theirs.follow(theirs.fill(page.at("kept-from"), person=ray.id))
    assert "does not show here" in said.text
    assert "Take Ray off" not in said.text
    assert not re.search(r"must not open your page.*Ray", theirs.get(page.at("kept")).text, re.S)
    row = db.session.scalars(sa.select(KeptFrom.id)).one()
    assert theirs.post(page.at("kept-from", str(row), "off"), {"key": "k"}).status_code in (400, 404)
    assert db.session.get(KeptFrom, row) is not None


def test_what_they_had_taken_on_is_whoevers_is_on(juniper: House, ray: Actor, dana: Actor) -> None:
    page = has_a_page(juniper, "Quillwort", phone="303 555 0177")
    promise = promise_guest(ray, page.stay_id, Wanted("A ride", owner_id=ray.id), now=SUNDAY)
    thread, _text = writes(juniper.id, "+13035550177", "hello", SUNDAY)
    with transaction() as session:
        session.get_one(Thread, thread).assigned_to = ray.id
    keeps_from(page, ray)
    db.session.remove()
    assert db.session.get_one(Promise, promise.id).owner_id is None
    assert db.session.get_one(Thread, thread).assigned_to is None


def test_nothing_of_the_guest_is_handed_to_them_later_and_no_refusal_says_why(
    juniper: House, ray: Actor, dana: Actor, person: MakePerson
) -> None:
    page = has_a_page(juniper, "Quillwort", phone="303 555 0177")
    waits = add_waiting(COMMAND, juniper.id, who=Named("Fennel", "+13035550188"), now=SUNDAY)
    assert waits.guest_id is not None
    promise = promise_guest(dana, page.stay_id, Wanted("A ride", owner_id=dana.id), now=SUNDAY)
    callback = promise_callback(dana, waits.id, Way.CALL, now=SUNDAY)
    thread, _text = writes(juniper.id, "+13035550177", "hello", SUNDAY)
    for guest_id in (page.guest_id, waits.guest_id):
        keep_from(Actor(ActorKind.GUEST, guest_id), guest_id, ray.id, now=SUNDAY)
    stepped_back = someone(juniper, person, "sol", Role.STEPPED_BACK)
    said = set()
    for to in (ray.id, stepped_back.id):
        for refused in (
            lambda to: hand(dana, promise.id, to, now=SUNDAY),
            lambda to: hand(dana, callback.id, to, now=SUNDAY),
            lambda to: promise_guest(dana, page.stay_id, Wanted("Soup", owner_id=to), now=SUNDAY),
        ):
            with pytest.raises(Invalid) as wrong:
                refused(to)
            said.add(str((wrong.value.fields or {})["owner"]))
    assert said == {"This cannot go to them just now. Please choose somebody else, or whoever is on."}
    for act in (inbox.assign, inbox.pass_on):
        for to in (ray.id, stepped_back.id):
            with pytest.raises(Invalid) as wrong:
                act(dana, thread, to, SUNDAY)
            assert "This cannot go to them just now." in str((wrong.value.fields or {})["to"])
    change_guest(dana, page.guest_id, name="Quillwort", pronouns=None, phone="303 555 0189", now=SUNDAY + HOUR)
    with pytest.raises(Invalid):  # their number once is theirs still
        inbox.assign(dana, thread, ray.id, SUNDAY)
    house_one = give(dana, juniper.id, Wanted("Lamp oil", owner_id=ray.id), now=SUNDAY)
    assert hand(dana, house_one.id, None, now=SUNDAY)[1] == ray.id


def test_who_keeps_it_from_everybody_who_decides_is_told_what_waits_for_that(
    app: Flask, juniper: House, dana: Actor, ray: Actor, person: MakePerson
) -> None:
    someone(juniper, person, "mei", Role.PEER)
    page = has_a_page(juniper, "Quillwort")
    theirs = opened(app, page)
    keeps_from(page, dana)
    told = "What they decide, such as to forget you, waits until you take one of their names off."
    assert told not in theirs.get(page.at("kept-from")).text
    keeps_from(page, ray)
    assert told in theirs.get(page.at("kept-from")).text


def test_who_is_named_is_not_asked_to_read_their_text(juniper: House, ray: Actor, dana: Actor) -> None:
    page = has_a_page(juniper, "Quillwort", phone="303 555 0177")
    thread, _text = writes(juniper.id, "+13035550177", "hello", SUNDAY)
    keeps_from(page, ray)
    with transaction() as session:
        lock_stream(session, juniper.id)
        alert = raise_soon(session, juniper.id, "words", SUNDAY, thread_id=thread)
        assert alert.asked_person_id == dana.id


@pytest.mark.parametrize("agreed", [True, False], ids=["agreed", "only-wrote"])
def test_a_new_number_does_not_open_what_came_from_the_one_before(
    app: Flask, juniper: House, dana: Actor, ray: Actor, agreed: bool
) -> None:
    house_id = juniper.id
    page = has_a_page(juniper, "Quillwort", phone="303 555 0177")
    if agreed:
        give_consent(dana, page.guest_id, "follow-up", number="+13035550177", method="in-person", now=SUNDAY)
    thread, _text = writes(house_id, "+13035550177", "quetzals at dusk", SUNDAY)
    keeps_from(page, ray)
    change_guest(dana, page.guest_id, name="Quillwort", pronouns=None, phone="303 555 0188", now=SUNDAY + HOUR)
    path = f"/houses/juniper-house/texts/{thread}"
    assert "quetzals at dusk" in Fresh(app, "dana@example.org").get(path).text
    assert Fresh(app, "ray@example.org").get(path).status_code == 404
    with transaction() as session:
        lock_stream(session, house_id)
        assert raise_soon(session, house_id, "words", SUNDAY, thread_id=thread).asked_person_id == dana.id


def test_nor_is_somebody_clinical_whom_they_named(juniper: House, dana: Actor, person: MakePerson) -> None:
    page = has_a_page(juniper, "Quillwort")
    anna, bill = (someone(juniper, person, name, Role.CLINICAL_ON_CALL) for name in ("anna", "bill"))
    keeps_from(page, anna)
    row = paging.page(dana, juniper.id, words="About sleep.", stay_id=page.stay_id, guest_asked="yes", now=SUNDAY)
    assert [paging.open_to(db.session(), row, each.id) for each in (anna, bill)] == [False, True]


def test_what_they_have_of_the_guest_is_anothers_at_once(
    juniper: House, dana: Actor, ray: Actor, person: MakePerson
) -> None:
    page = has_a_page(juniper, "Quillwort")
    anna, bill = (someone(juniper, person, name, Role.CLINICAL_ON_CALL) for name in ("anna", "bill"))
    row = paging.page(dana, juniper.id, words="About sleep.", stay_id=page.stay_id, guest_asked="yes", now=SUNDAY)
    paging.acknowledge(anna, row.id, now=SUNDAY)
    with transaction() as session:
        lock_stream(session, juniper.id)
        guest = session.get_one(Guest, page.guest_id)
        ask_inside(session, Actor(ActorKind.GUEST, guest.id), guest, AskKind.REQUEST, "A lamp?", SUNDAY)
        ask = session.scalars(sa.select(GuestAsk.id)).one()
    take_ask(ray, ask, now=SUNDAY)
    for each in (anna, ray):
        keeps_from(page, each)
    db.session.remove()
    assert db.session.get_one(GuestAsk, ask).taken_by is None
    row = db.session.get_one(ClinicalPage, row.id)
    assert [paging.open_to(db.session(), row, each.id) for each in (anna, bill)] == [False, True]


def test_an_act_of_whom_it_is_kept_from_leaves_the_guest_as_they_were(
    app: Flask, juniper: House, dana: Actor, ray: Actor
) -> None:
    """They may see to a door; behind it everything is still known."""
    page = has_a_page(juniper, "Quillwort")
    keeps_from(page, ray)
    browser = Fresh(app, "ray@example.org")
    path = f"/stays/{page.stay_id}"
    assert browser.fill(path, f"{path}/companions", with_child="2").status_code == 303
    assert browser.fill(f"{path}/leaving", kind="planned").status_code == 303
    db.session.remove()
    stay = db.session.get_one(Stay, page.stay_id)
    assert stay.guest_id == page.guest_id
    assert stay.guest is not None
    assert stay.guest.name == "Quillwort"
    assert sum(each.number for each in stay.companions) == 2


def test_their_act_takes_no_words_of_the_guest_away(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    """What stands there is not shown to them, so an empty form of theirs says nothing of it."""
    page = has_a_page(juniper, "Quillwort")
    wish_check_in(dana, page.stay_id, "when the kettle sings", now=SUNDAY)
    keeps_from(page, ray)
    browser, path = Fresh(app, "ray@example.org"), f"/stays/{page.stay_id}"
    assert browser.fill(path, f"{path}/check-in").status_code == 303
    assert browser.fill(path, f"{path}/line", words="The porch is quiet at six.").status_code == 303
    db.session.remove()
    assert db.session.get_one(Stay, page.stay_id).check_in_wish == "when the kettle sings"
    assert db.session.scalars(sa.select(LeftLine.guest_id)).all() == [page.guest_id]


def test_behind_their_act_all_guests_count(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    """Whom a guest would not want to meet is asked about, also where whoever saves the bed is shown neither."""
    page = has_a_page(juniper, "Quillwort")
    say_apart(dana, page.guest_id, "Bo", now=SUNDAY)
    keeps_from(page, ray)
    with app.test_request_context():
        g.actor = replace(ray, kept_from=frozenset({page.guest_id}))
        assert db.session.get(Guest, page.guest_id) is None
        with pytest.raises(CoordinatorFirst):
            save_bed(g.actor, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY)


def test_nobody_else_reads_more_for_it(app: Flask, juniper: House, dana: Actor, ray: Actor) -> None:
    page = has_a_page(juniper, "Quillwort")
    browsers = [Fresh(app, f"{name}@example.org") for name in ("dana", "ray")]

    def asked() -> list[int]:
        counts = []
        for browser in browsers:
            browser.get(DESK)
            with statements() as seen:
                browser.get(DESK)
            counts.append(len(seen))
        return counts

    before = asked()
    keeps_from(page, ray)
    assert asked() == [before[0], before[1] + 1]
