"""A guest has died: nothing leaves from then on, nobody waits for them, and peers hear it from a person."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import KeptFrom
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import Due, sweep
from respite.core.errors import NotFound
from respite.followup.models import FollowUp
from respite.guest_page.models import GuestLink
from respite.guests.models import BedOffer, Farewell, Guest, Stay, Waiting
from respite.guests.policy.offers import How
from respite.guests.policy.stay_states import StayState
from respite.guests.policy.transfers import Goes
from respite.guests.service.died import say_died, say_lives
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.offering import offer_bed
from respite.guests.service.people import Known, Named
from respite.guests.service.promised import GUEST
from respite.guests.service.saving import save_bed
from respite.guests.service.texting import give_consent
from respite.guests.service.transfers import send_on
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import BedNight, House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from respite.messaging.models import Correspondent, Message
from respite.messaging.models.people import PersonState
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending
from respite.messaging.service.writing import write
from respite.moments.farewells.models import PersonToTell
from respite.promises.models import Promise
from respite.promises.service.acts import Wanted, give
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.policy import Category, Who
from respite.resources.connections.policy import State as Step
from respite.resources.connections.service.telling import Offered, Word, offer, say
from respite.resources.disclosures.errors import AgreementOver
from respite.resources.disclosures.models import Disclosure
from respite.resources.disclosures.policy import How as Told
from respite.resources.disclosures.policy import mark_of
from respite.resources.disclosures.service import Wanted as Words
from respite.resources.disclosures.service import agree_here, tell, write_down
from respite.staffing.models import Shift
from tests.erasures import places_of
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import may_be_texted

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NUMBER = "+13035550142"
PEOPLE = {
    "pat": Role.PEER,  # was on shift while Robin was here
    "quinn": Role.PEER,  # holds a promise to Robin
    "sam": Role.PEER,  # was on shift, and Robin keeps their page from them
    "lou": Role.PEER,  # never met Robin
    "sue": Role.SUPERVISOR,  # was on shift
    "dana": Role.COORDINATOR,
    "vic": Role.VOLUNTEER,
}


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, now=SUNDAY)


@pytest.fixture
def ids(juniper: House, person: MakePerson) -> dict[str, uuid.UUID]:
    return {name: person(f"{name}@example.org", {juniper.id: role}, name.title()) for name, role in PEOPLE.items()}


def acts(ids: dict[str, uuid.UUID], house: House, name: str) -> Actor:
    return Actor(ActorKind.PERSON, ids[name], {house.id: PEOPLE[name]})


def on_shift(house: House, person_id: uuid.UUID, begins: datetime) -> None:
    with transaction() as session:
        session.add(
            Shift(
                house_id=house.id,
                person_id=person_id,
                kind="floor",
                starts_at=begins,
                ends_at=begins + 8 * HOUR,
                published_at=begins - DAY,
            )
        )


@pytest.fixture
def robin(juniper: House, ids: dict[str, uuid.UUID]) -> OwnPage:
    """Robin stayed an hour and left; a bed is saved for them later, one is offered, promised, and texts wait."""
    page = has_a_page(juniper, "Robin", NUMBER)
    for name in ("pat", "sam", "sue"):
        on_shift(juniper, ids[name], SUNDAY - HOUR)
    on_shift(juniper, ids["lou"], SUNDAY + 3 * HOUR)
    leave(COMMAND, page.stay_id, now=SUNDAY + HOUR)
    dana = acts(ids, juniper, "dana")
    later = SUNDAY.date() + 20 * DAY
    save_bed(dana, juniper.id, who=Known(page.guest_id), first_night=later, nights=2, now=SUNDAY + HOUR)
    with transaction() as session:
        may_be_texted(session.get_one(Guest, page.guest_id), SUNDAY)
    waiting = add_waiting(dana, juniper.id, who=Known(page.guest_id), asked=Asked(nights=1), now=SUNDAY + HOUR)
    bed = beds_of(db.session(), juniper.id)[3].id
    offer_bed(dana, juniper.id, bed_id=bed, waiting_id=waiting.id, how=How.TEXT, now=SUNDAY + HOUR)
    give(dana, juniper.id, Wanted("We look for the book.", subject=(GUEST, page.guest_id), owner_id=ids["quinn"]),
         now=SUNDAY + HOUR)  # fmt: skip
    with transaction() as session:
        sam = KeptFrom(house_id=juniper.id, guest_id=page.guest_id, person_id=ids["sam"], made_by="x", at=SUNDAY)
        session.add(sam)
        person = session.scalars(sa.select(Correspondent)).one()
        for n, purpose in enumerate((Purpose.CARING, Purpose.FOLLOW_UP, Purpose.ANSWER, Purpose.AUTOMATIC)):
            write(session, juniper.id, number=NUMBER, purpose=purpose, dedupe_key=f"a{n}", made_by="x",
                  words="We think of you.", not_before=SUNDAY + n * DAY + 2 * HOUR, correspondent_id=person.id,
                  now=SUNDAY)  # fmt: skip
    return page


def waiting_texts() -> list[Message]:
    return rows(Message, Message.next_at.is_not(None))


def untold() -> set[uuid.UUID]:
    return {row.person_id for row in rows(PersonToTell, PersonToTell.told_at.is_(None))}


def test_nothing_leaves_and_nobody_waits_from_then_on(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    assert len(waiting_texts()) == 5
    opened = robin.opened(app)
    before = len(rows(Message))
    clock.at = now = SUNDAY + 2 * HOUR
    say_died(acts(ids, juniper, "dana"), robin.guest_id, now=now)
    say_died(acts(ids, juniper, "lou"), robin.guest_id, now=now + MINUTE)  # said twice, it is once
    assert waiting_texts() == []
    assert rows(BedOffer, BedOffer.ended_at.is_(None)) == []
    assert rows(Waiting, Waiting.ended_at.is_(None)) == []
    assert rows(Promise, Promise.state == "open") == []
    assert {each.state for each in rows(Stay)} == {StayState.LEFT, StayState.LET_GO, StayState.NOT_TAKEN}
    assert rows(BedNight, BedNight.night >= SUNDAY.date()) == []
    assert opened.get(robin.at("agreements")).status_code == 404
    for step in range(24):  # 90 days of what is due, and of the outbox
        clock.at = at = now + step * 4 * DAY
        sweep(at)
        sending.pump(lambda at=at: at, hands=1)  # type: ignore[misc]
    assert len(rows(Message)) == before, "nobody is texted of it either"
    assert {each.state for each in rows(Message)} == {State.CANCELED}
    told = rows(Event, Event.kind.like("guest.death.%"))
    assert [(each.kind, each.data) for each in told] == [("guest.death.said", "{}")]


def test_a_text_of_any_kind_that_is_written_afterwards_does_not_leave(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage
) -> None:
    say_died(acts(ids, juniper, "pat"), robin.guest_id, now=SUNDAY + 2 * HOUR)
    with transaction() as session:
        person = session.scalars(sa.select(Correspondent)).one()
        for purpose in (Purpose.CARING, Purpose.STAY, Purpose.ANSWER):
            write(session, juniper.id, number=NUMBER, purpose=purpose, dedupe_key=purpose, made_by="x",
                  words="We think of you.", correspondent_id=person.id, now=SUNDAY + 2 * HOUR)  # fmt: skip
    sending.pump(lambda: SUNDAY + 3 * HOUR, hands=1)
    assert {each.reason for each in rows(Message, Message.state == State.SUPPRESSED)} == {"person-died"}
    assert waiting_texts() == []


def test_a_mistake_puts_back_what_was_let_go(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    dana, texts = acts(ids, juniper, "dana"), {each.dedupe_key for each in waiting_texts()}
    nights = len(rows(BedNight, BedNight.night >= SUNDAY.date() + 2 * DAY))
    say_died(dana, robin.guest_id, now=SUNDAY + 2 * HOUR)
    clock.at = SUNDAY + 2 * HOUR
    assert say_lives(dana, robin.guest_id, now=SUNDAY + 2 * HOUR)
    offered = {each for each in texts if each.startswith("bed-offer")}
    assert {each.dedupe_key for each in waiting_texts()} == texts - offered, "a bed is offered anew by a person"
    assert rows(Correspondent)[0].state == PersonState.OPEN
    assert len(rows(BedNight, BedNight.night >= SUNDAY.date() + 2 * DAY)) == nights
    assert len(rows(Waiting, Waiting.ended_at.is_(None))) == 1
    assert [each.owner_id for each in rows(Promise, Promise.state == "open")] == [ids["quinn"]]
    assert rows(GuestLink)[0].ended_at is None
    assert rows(Farewell) == rows(PersonToTell) == []
    assert rows(Due, Due.kind == "moment.farewell.over") == []


def test_somebody_else_takes_it_back_in_words_and_what_was_let_go_stays_so(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage
) -> None:
    say_died(acts(ids, juniper, "dana"), robin.guest_id, now=SUNDAY + 2 * HOUR)
    assert not say_lives(acts(ids, juniper, "lou"), robin.guest_id, now=SUNDAY + 2 * HOUR)
    assert rows(Correspondent)[0].state == PersonState.OPEN
    assert rows(Promise, Promise.state == "open") == rows(Farewell) == []
    with pytest.raises(NotFound):
        say_lives(acts(ids, juniper, "lou"), robin.guest_id, now=SUNDAY + 2 * HOUR)


def test_those_who_knew_them_hear_it_from_a_person(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage
) -> None:
    browsers = {name: Browser(app, f"{name}@example.org") for name in ("pat", "lou", "sue", "dana", "vic")}
    card, desk, listed = f"/stays/{robin.stay_id}", "/houses/juniper-house/board", "/houses/juniper-house/in-person"
    said = f"/guests/{robin.guest_id}/died"
    for name in ("vic",):
        assert browsers[name].get(said).status_code == browsers[name].post(said).status_code == 404
    page = browsers["lou"].get(said).text
    for line in ("5 texts that wait are called back.", "1 saved bed is free again.", "1 promise is let go."):
        assert line in page
    browsers["lou"].fill(said)
    assert untold() == {ids["pat"], ids["quinn"], ids["sue"]}, "not who says it, who was not there, or is kept from it"

    for name in ("pat", "sue"):
        for path in (card, desk, f"/guests/{robin.guest_id}/texts", "/houses/juniper-house/handoff", "/me"):
            assert "died" not in browsers[name].get(path).text, (name, path)
        assert browsers[name].get(said).status_code == 404
    assert "Please speak with Lou before you write or call." in browsers["pat"].get(card).text
    assert "3 people to tell something in person" in browsers["dana"].get(desk).text
    assert "to tell something in person" not in browsers["pat"].get(desk).text
    assert "Robin" not in browsers["pat"].get(listed).text
    sues = browsers["sue"].get(listed).text
    assert "Lou has something to tell you, in person." in sues
    assert "Robin" not in sues

    row = rows(PersonToTell, PersonToTell.person_id == ids["pat"])[0].id
    for name, status in (("pat", 404), ("sue", 404), ("vic", 404), ("dana", 303)):
        assert browsers[name].post(f"/in-person/{row}/told", {"key": name}).status_code == status, name
    assert "Robin has died" in browsers["pat"].get(card).text
    mine = browsers["pat"].get("/me").text
    assert "You knew Robin." in mine
    assert "Robin" not in browsers["sue"].get("/me").text
    hers = next(each for each in forms_of(browsers["sue"].get(listed)) if each.action.endswith("/heard"))
    assert browsers["sue"].send(hers).status_code == 303
    assert untold() == {ids["quinn"]}
    assert "told by Dana" in browsers["sue"].get(listed).text
    assert "1 person to tell" in browsers["sue"].get(card).text


def test_time_together_is_between_two_people(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    pat, dana, sue = (Browser(app, f"{name}@example.org") for name in ("pat", "dana", "sue"))
    say_died(acts(ids, juniper, "dana"), robin.guest_id, now=SUNDAY + 2 * HOUR)
    row = rows(PersonToTell, PersonToTell.person_id == ids["pat"])[0].id
    time = f"/me/time-together/{row}"
    assert pat.post(f"{time}/no", {"key": "early"}).status_code == 404, "offered once they are told"
    dana.post(f"/in-person/{row}/told", {"key": "told"})
    asks = next(each for each in forms_of(pat.get("/me")) if each.action == f"{time}/yes")
    pat.send(asks, whom=ids["sue"])
    assert "Pat would like" not in dana.get("/me").text
    assert "Robin" not in sue.get("/me").text, "who is asked hears it from a person first, too"
    sues = rows(PersonToTell, PersonToTell.person_id == ids["sue"])[0].id
    dana.post(f"/in-person/{sues}/told", {"key": "told-sue"})
    assert "Pat would like some time with you" in sue.get("/me").text
    assert dana.post(f"{time}/had", {"key": "x"}).status_code == 404
    assert sue.post(f"{time}/had", {"key": "y"}).status_code == 303
    assert "Pat would like" not in sue.get("/me").text
    assert "You knew Robin" not in pat.get("/me").text
    no = next(each for each in forms_of(sue.get("/me")) if each.action == f"/me/time-together/{sues}/no")
    after = sue.follow(sue.send(no))
    assert "You knew Robin" not in after.text.partition("<main")[2].partition("Nobody sees it")[2]
    sue.send(next(each for each in forms_of(after) if each.action.endswith("/after-all")))
    assert "You knew Robin" in sue.get("/me").text
    assert rows(Event, Event.subject == sues) == [], "no word of it in the log"
    clock.at = SUNDAY + 33 * DAY
    sweep(SUNDAY + 33 * DAY)
    assert rows(PersonToTell) == []
    assert "Nothing is to be told." in dana.get("/houses/juniper-house/in-person").text


def test_who_only_waited_is_known_until_all_are_told_and_then_forgotten(
    juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    dana = acts(ids, juniper, "dana")
    row = add_waiting(dana, juniper.id, who=Named("Ash", NUMBER), asked=Asked(), now=SUNDAY)
    assert row.guest_id is not None
    guest_id = row.guest_id
    give(dana, juniper.id, Wanted("We send the map.", subject=(GUEST, guest_id), owner_id=ids["quinn"]), now=SUNDAY)
    say_died(dana, guest_id, now=SUNDAY)
    clock.at = SUNDAY + DAY
    sweep(SUNDAY + DAY)
    assert len(rows(Guest)) == 1
    clock.at = SUNDAY + 31 * DAY
    sweep(SUNDAY + 31 * DAY)
    sweep(SUNDAY + 31 * DAY + HOUR)
    assert rows(Guest) == rows(Farewell) == []
    assert places_of(["Ash"]) == set()


def test_erasing_takes_it_away_too(juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage) -> None:
    say_died(acts(ids, juniper, "dana"), robin.guest_id, now=SUNDAY + 2 * HOUR)
    erase_guest(acts(ids, juniper, "dana"), robin.guest_id, now=SUNDAY + 3 * HOUR)
    assert rows(Farewell) == rows(PersonToTell) == rows(Due, Due.subject == robin.guest_id) == []
    assert places_of(["Robin", str(robin.guest_id)]) <= {"event.subject", "access_log.subject"}


def test_what_was_under_way_ends_without_why_and_nobody_outside_is_told_more(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    dana, page = acts(ids, juniper, "dana"), has_a_page(juniper, "Robin", NUMBER)
    found = [offer(dana, page.guest_id, Offered(Category.FOOD, place=f"Place {n}"), wanted=n > 0, now=SUNDAY).id
             for n in range(3)]  # fmt: skip
    say(dana, found[2], Word(Step.CONNECTED, Who.GUEST), now=SUNDAY)
    today = SUNDAY.date()
    agreed = write_down(dana, page.guest_id, Words("Ms Zebra", "a seat", "A seat.", today, once=False), now=SUNDAY)
    agree_here(dana, agreed.id, mark_of("A seat."), now=SUNDAY)
    asked = write_down(dana, page.guest_id, Words("Ms Yak", "a seat", "A chair.", today), now=SUNDAY)

    def how_they_stand() -> tuple[dict[uuid.UUID, str], int, list[datetime | None]]:
        return (
            {row.id: row.state for row in rows(Connection)},
            len(rows(ConnectionStep)),
            [row.ended_at for row in rows(Disclosure)],
        )

    before = how_they_stand()
    clock.at = now = SUNDAY + HOUR
    say_died(dana, page.guest_id, now=now)
    ended = how_they_stand()
    assert [ended[0][each] for each in found] == [Step.ENDED, Step.ENDED, Step.CONNECTED]
    assert {(row.why, row.words) for row in rows(ConnectionStep, ConnectionStep.state == Step.ENDED)} == {(None, None)}
    assert ended[2] == [now, now]
    with pytest.raises(AgreementOver):
        tell(dana, agreed.id, Told.PHONE, mark_of("A seat."), now=now)
    lous = Browser(app, "lou@example.org").get(f"/connections/{found[0]}").text
    assert "Ended" in lous
    assert "died" not in lous
    assert say_lives(dana, page.guest_id, now=now)
    assert how_they_stand() == before
    assert tell(dana, agreed.id, Told.PHONE, mark_of("A seat."), now=now).disclosure_id == agreed.id
    say_died(dana, page.guest_id, now=now + MINUTE)
    with pytest.raises(AgreementOver):
        agree_here(dana, asked.id, mark_of("A chair."), now=now + MINUTE)
    assert say_lives(dana, page.guest_id, now=now + 2 * MINUTE)
    say(dana, found[0], Word(Step.WANTED, Who.GUEST), now=now + 3 * MINUTE)
    assert rows(Connection, Connection.id == found[0])[0].state == Step.WANTED


def test_a_house_to_which_their_request_went_is_named_so_that_somebody_calls(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage
) -> None:
    aspen = open_house(COMMAND, name="Aspen House", kind="both", timezone="America/Denver", beds=2, now=SUNDAY)
    dana, waiting = acts(ids, juniper, "dana"), rows(Waiting)[0]
    page = f"/guests/{robin.guest_id}/died"
    assert "Aspen" not in Browser(app, "dana@example.org").get(page).text
    send_on(dana, waiting.id, aspen.id, [Goes.REACH], said_yes=True, now=SUNDAY + HOUR)
    there = rows(Waiting, Waiting.house_id == aspen.id)[0]
    says_so = "Their request was with Aspen House, too."
    assert says_so in Browser(app, "dana@example.org").get(page).text
    say_died(dana, robin.guest_id, now=SUNDAY + 2 * HOUR)
    browser = Browser(app, "dana@example.org")
    assert says_so in browser.get(page).text
    assert says_so in browser.get("/houses/juniper-house/in-person").text
    assert rows(Waiting, Waiting.id == there.id)[0].ended_at is None, "that house says it for itself"


def test_what_would_follow_the_stay_ends_and_comes_again_after_a_mistake(
    juniper: House, ids: dict[str, uuid.UUID], clock: StillClock
) -> None:
    dana, page = acts(ids, juniper, "dana"), has_a_page(juniper, "Robin", NUMBER)
    give_consent(dana, page.guest_id, Purpose.FOLLOW_UP, NUMBER, "in-person", now=SUNDAY)
    leave(dana, page.stay_id, follow_up=True, now=SUNDAY + HOUR)
    planned = {row.window: row.planned_at for row in rows(FollowUp, FollowUp.state == "planned")}
    assert planned
    clock.at = SUNDAY + 2 * HOUR
    say_died(dana, page.guest_id, now=clock.at)
    assert rows(FollowUp, FollowUp.state == "planned") == rows(Due, Due.kind.like("followup.%")) == []
    assert say_lives(dana, page.guest_id, now=clock.at)
    assert {row.window: row.planned_at for row in rows(FollowUp, FollowUp.state == "planned")} == planned
