"""Kind words: written beforehand by a peer who was there, one by one when each is due, and ended kindly."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.accounts.service.people import end_membership
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import Due, sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.followup.caring.errors import NotAskedFor, SomebodyWrites
from respite.followup.caring.models import CaringPlan, CaringText
from respite.followup.caring.policy import State, Why
from respite.followup.caring.service import TEXT_DUE, change_rules, write_words
from respite.guests.service.arriving import welcome_new
from respite.guests.service.died import say_died, say_lives
from respite.guests.service.erasing import erase_guest
from respite.guests.service.kept_from import keep_from
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known
from respite.guests.service.texting import change_wishes, give_consent, take_consent_back
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.policy.segments import count
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending
from respite.messaging.service.correspondents import Wishes
from respite.promises.models import Promise
from respite.staffing.models import Shift
from tests.erasures import places_of
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson, stands_back
from tests.places import SUNDAY
from tests.texts_in import rows, says

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NUMBER, ZONE = "+13035550142", ZoneInfo("America/Denver")
PEOPLE = {"pat": Role.PEER, "quinn": Role.PEER, "lou": Role.PEER, "dana": Role.COORDINATOR}
HELLO = "The fig tree has leaves again and I thought of you."
LEFT_AT = SUNDAY + HOUR


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=3, now=SUNDAY)


@pytest.fixture
def ids(juniper: House, person: MakePerson) -> dict[str, uuid.UUID]:
    return {name: person(f"{name}@example.org", {juniper.id: role}, name.title()) for name, role in PEOPLE.items()}


def acts(ids: dict[str, uuid.UUID], house: House, name: str) -> Actor:
    return Actor(ActorKind.PERSON, ids[name], {house.id: PEOPLE[name]})


@pytest.fixture
def robin(juniper: House, ids: dict[str, uuid.UUID]) -> OwnPage:
    """Robin stayed while Pat and Quinn were on, said yes to kind words, and left."""
    page = has_a_page(juniper, "Robin", NUMBER)
    give_consent(COMMAND, page.guest_id, Purpose.CARING, NUMBER, "in-person", now=SUNDAY)
    with transaction() as session:
        for name, begins in (("pat", SUNDAY - HOUR), ("quinn", SUNDAY - HOUR), ("lou", SUNDAY + 3 * HOUR)):
            session.add(Shift(house_id=juniper.id, person_id=ids[name], kind="floor", starts_at=begins,
                              ends_at=begins + 3 * HOUR, published_at=SUNDAY - DAY))  # fmt: skip
    leave(COMMAND, page.stay_id, now=LEFT_AT)
    return page


def begun(ids: dict[str, uuid.UUID], house: House, page: OwnPage, *places: int) -> CaringPlan:
    words = {n: f"{HELLO} {chr(65 + n)}." for n in places or range(9)}
    return write_words(acts(ids, house, "pat"), page.guest_id, words, now=LEFT_AT)


def year_passes(clock: StillClock, since: datetime = LEFT_AT) -> None:
    """From one thing that is due to the next, each at its own time; then whatever waits leaves."""
    until = since + 400 * DAY
    while True:
        at = db.session.scalar(sa.select(sa.func.min(Due.due_at)).where(Due.kind.like("caring.%")))
        db.session.rollback()
        if at is None or at > until:
            break
        clock.at = at
        sweep(at)
        sending.pump(lambda at=at: at, hands=1)  # type: ignore[misc]


def sent() -> list[Message]:
    return sorted(rows(Message, Message.purpose == Purpose.CARING, Message.posted_at.is_not(None)),
                  key=lambda each: each.posted_at or SUNDAY)  # fmt: skip


def states() -> list[str]:
    return [each.state for each in sorted(rows(CaringText), key=lambda each: each.place)]


def test_a_year_of_kind_words(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    year_passes(clock)
    texts = sent()
    assert len(texts) == 9
    local = [text.posted_at.astimezone(ZONE) for text in texts if text.posted_at]
    left = LEFT_AT.astimezone(ZONE).date()
    assert [(at.date().year - left.year) * 12 + at.date().month - left.month for at in local[1:]] == [
        1, 2, 3, 4, 6, 8, 10, 12
    ]  # fmt: skip
    assert {at.date().day for at in local[1:]} == {left.day}, "the same day of the month, winter and summer"
    assert (local[0].date() - left).days == 7
    assert all(9 <= at.hour < 20 for at in local)
    assert len({at.minute for at in local}) > 4
    bodies = [text.body or "" for text in texts]
    assert "We read texts 9a-9p, not around the clock. STOP ends texts." in bodies[0]
    assert "I'll write once more after this" in bodies[7]
    assert "last of my hellos" in bodies[8]
    assert bodies[3] == f"{HELLO} D. - Pat"
    assert all(HELLO in body and "Pat" in body for body in bodies)
    for body in bodies:
        assert "?" not in body
        assert "http" not in body
        assert count(body).segments <= 3
    (plan,) = rows(CaringPlan)
    assert (plan.ended_why, states()) == (Why.DONE, [State.LEFT] * 9)
    assert {row.words for row in rows(CaringText)} == {None}, "the outbox has them"


def test_in_spanish_signed_and_discreet_as_they_like_it(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    spanish = Wishes(True, "es", datetime(2026, 1, 1, 18).time(), datetime(2026, 1, 1, 20).time(), "America/Denver",
                     "tu amiga de la higuera")  # fmt: skip
    change_wishes(COMMAND, robin.guest_id, spanish, now=LEFT_AT)
    begun(ids, juniper, robin, 0, 1)
    own = robin.opened(app)
    assert "Pat" in own.get(robin.path).text
    page = own.get(robin.at("kind-words"))
    assert "Pat" in page.text
    own.fill(robin.at("kind-words"), discreet="yes")
    pat = acts(ids, juniper, "pat")
    with pytest.raises(Invalid) as refused:
        write_words(pat, robin.guest_id, {1: "Robin, en Juniper House te recordamos."}, now=LEFT_AT)
    assert set(refused.value.fields) == {"words-1"}
    year_passes(clock)
    bodies = [text.body or "" for text in sent()]
    assert len(bodies) == 4, "two that were written, and the two that end it in the house's words"
    for body in bodies:
        assert "tu amiga de la higuera" in body
        assert not {"Juniper", "Robin", "Pat"} & set(body.replace(".", " ").replace(":", " ").split())
    assert "STOP" in bodies[0]
    assert all(18 <= text.posted_at.astimezone(ZONE).hour < 20 for text in sent() if text.posted_at)
    assert states()[2:7] == [State.SKIPPED] * 5


def test_who_writes_was_there_and_writes_alone(juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage) -> None:
    for name in ("lou", "dana"):
        with pytest.raises(NotFound):
            write_words(acts(ids, juniper, name), robin.guest_id, {0: HELLO}, now=LEFT_AT)
    pat, quinn = acts(ids, juniper, "pat"), acts(ids, juniper, "quinn")
    for words in ({}, {0: ""}, {0: "How are you?"}, {0: HELLO, 4: "You should rest."}):
        with pytest.raises(Invalid):
            write_words(pat, robin.guest_id, words, now=LEFT_AT)
    assert rows(CaringPlan) == []
    plan = write_words(pat, robin.guest_id, {0: HELLO}, now=LEFT_AT)
    with pytest.raises(SomebodyWrites):
        write_words(quinn, robin.guest_id, {0: HELLO}, now=LEFT_AT)
    seen = plan.version
    write_words(pat, robin.guest_id, {0: f"{HELLO} B."}, version_seen=seen, now=LEFT_AT)
    with pytest.raises(StaleVersion):
        write_words(pat, robin.guest_id, {0: f"{HELLO} C."}, version_seen=seen, now=LEFT_AT)
    take_consent_back(COMMAND, robin.guest_id, Purpose.CARING, now=LEFT_AT)
    assert rows(CaringPlan)[0].ended_why == Why.ASKED, "at once"
    with pytest.raises(NotAskedFor):
        write_words(pat, robin.guest_id, {0: HELLO}, now=LEFT_AT)


def test_they_end_when_no_yes_stands_and_rest_while_they_are_here(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    first, second = sorted(rows(CaringText), key=lambda each: each.place)[:2]
    clock.at = first.due_at - HOUR
    again = welcome_new(COMMAND, juniper.id, who=Known(robin.guest_id), nights=3, now=clock.at)
    clock.at = first.due_at
    sweep(clock.at)
    assert (states()[0], sent()) == (State.SKIPPED, [])
    leave(COMMAND, again.id, now=clock.at + HOUR)
    clock.at = second.due_at
    sweep(clock.at)
    assert states()[1] == State.LEFT
    (body,) = [text.body or "" for text in rows(Message, Message.purpose == Purpose.CARING)]
    assert "We read texts 9a-9p, not around the clock. STOP ends texts." in body, "the first that comes says so"
    assert f"{HELLO} B." in body
    clock.at = second.due_at + MINUTE
    says("STOP", NUMBER, at=clock.at)
    sending.pump(lambda: second.due_at + HOUR, hands=1)
    year_passes(clock, second.due_at)
    assert sent() == []
    assert [plan.ended_why for plan in rows(CaringPlan)] == [Why.ASKED]
    assert State.WAITS not in states(), "what was to come is gone, words and all"


def test_what_was_missed_does_not_come_in_a_burst(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    texts = sorted(rows(CaringText), key=lambda each: each.place)
    clock.at = texts[2].due_at + DAY  # nobody looked for two months
    sweep(clock.at)
    sweep(clock.at)
    assert states()[:4] == [State.SKIPPED, State.SKIPPED, State.LEFT, State.WAITS]
    clock.at = texts[3].due_at + 10 * DAY
    sweep(clock.at)
    assert states()[3] == State.SKIPPED, "days late is no kindness"


@pytest.mark.parametrize("how", ["left", "stepped-back", "kept-from", "hands-back"])
def test_nothing_leaves_under_the_name_of_who_is_gone(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock, how: str
) -> None:
    plan = begun(ids, juniper, robin)
    first = min(rows(CaringText), key=lambda each: each.place)
    clock.at = first.due_at
    sweep(clock.at)  # the first one is in the outbox, and has not left
    match how:
        case "left":
            end_membership(acts(ids, juniper, "dana"), juniper.id, ids["pat"], now=clock.at)
        case "stepped-back":
            stands_back(juniper.id, ids["pat"])
        case "kept-from":
            keep_from(acts(ids, juniper, "dana"), robin.guest_id, ids["pat"], now=clock.at)
        case "hands-back":
            Browser(app, "pat@example.org").fill(
                f"/guests/{robin.guest_id}/kind-words", f"/kind-words/{plan.id}/hand-back"
            )
    sending.pump(lambda: first.due_at + MINUTE, hands=1)
    assert sent() == []
    assert {text.words for text in rows(CaringText)} == {None}
    (promise,) = rows(Promise)
    assert promise.subject_id == robin.guest_id
    assert "Pat" not in (promise.words or "")
    quinn = acts(ids, juniper, "quinn")
    write_words(quinn, robin.guest_id, {1: f"{HELLO} From Quinn."}, now=clock.at)
    year_passes(clock, clock.at)
    assert [(text.body or "").count("Pat") for text in sent()] == [0, 0, 0]
    assert "From Quinn. - Quinn" in (sent()[0].body or "")


def test_without_anybody_left_it_ends_and_nobody_signs(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    stands_back(juniper.id, ids["pat"])
    year_passes(clock)
    assert sent() == []
    assert rows(CaringPlan)[0].ended_why == Why.HOUSE


def test_who_has_died_hears_nothing_and_a_mistake_goes_on(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    dana = acts(ids, juniper, "dana")
    say_died(dana, robin.guest_id, now=LEFT_AT)
    assert rows(Due, Due.kind == TEXT_DUE) == []
    assert say_lives(dana, robin.guest_id, now=LEFT_AT + MINUTE)
    assert (len(rows(Due, Due.kind == TEXT_DUE)), rows(CaringPlan)[0].ended_at) == (1, None)
    say_died(dana, robin.guest_id, now=LEFT_AT + HOUR)
    year_passes(clock)
    assert sent() == rows(CaringText) == []


def test_a_mistake_that_is_seen_late_lets_a_peer_begin_anew(
    juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    begun(ids, juniper, robin)
    dana = acts(ids, juniper, "dana")
    say_died(dana, robin.guest_id, now=LEFT_AT)
    clock.at = LEFT_AT + HOUR
    sweep(clock.at)
    say_lives(dana, robin.guest_id, now=clock.at)
    plan = write_words(acts(ids, juniper, "quinn"), robin.guest_id, {0: HELLO}, now=clock.at)
    assert [each.id for each in rows(CaringPlan, CaringPlan.ended_at.is_(None))] == [plan.id]


def test_a_name_written_before_they_asked_for_none_does_not_leave(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    write_words(acts(ids, juniper, "pat"), robin.guest_id, {0: f"Robin, {HELLO}", 1: f"{HELLO} Robin!", 2: HELLO},
                now=LEFT_AT)  # fmt: skip
    robin.opened(app).fill(robin.at("kind-words"), discreet="yes")
    clock.at = LEFT_AT
    assert "not written yet" in Browser(app, "pat@example.org").get("/me").text
    year_passes(clock)
    bodies = [text.body or "" for text in sent()]
    assert not any("Robin" in body for body in bodies)
    assert [HELLO in body for body in bodies[:2]] == [False, True], "the house opens the first by itself"


def test_the_pages_of_who_writes(
    app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage, clock: StillClock
) -> None:
    pat, quinn, lou = (Browser(app, f"{name}@example.org") for name in ("pat", "quinn", "lou"))
    page, card = f"/guests/{robin.guest_id}/kind-words", f"/stays/{robin.stay_id}"
    clock.at = LEFT_AT
    assert lou.get(page).status_code == lou.post(page, {"words-0": HELLO}).status_code == 404
    assert "Write a few lines" not in lou.get(card).text
    assert "Robin would like a kind word now and then. You were there." in pat.get("/me").text
    assert "Robin would like a kind word" not in lou.get("/me").text
    assert "Write a few lines" in pat.get(card).text
    refused = pat.fill(page, **{"words-0": "How are you?", "words-1": HELLO})
    assert refused.status_code == 422
    assert "Please ask nothing" in refused.text
    assert HELLO in refused.text, "what was typed is there still"
    kept = pat.follow(pat.fill(page, **{"words-0": HELLO, "words-1": HELLO}))
    assert "As it leaves: 2 texts long" in kept.text
    assert f"{HELLO} - Pat" in kept.text.replace("&#39;", "'")
    assert "Pat writes to them." in quinn.get(card).text
    assert "Pat writes to them." in quinn.get(page).text
    assert "Robin would like a kind word" not in quinn.get("/me").text
    assert "To Robin" in pat.get("/me").text
    clock.at = SUNDAY + 90 * MINUTE  # Pat is on still
    says("that fig tree!", NUMBER, at=clock.at)
    assert "They wrote back" in pat.get("/me").text
    own = robin.opened(app)
    assert "From Pat." in own.get(robin.path).text
    own.fill(robin.at("kind-words"), robin.at("texts"))
    assert "From Pat." not in own.get(robin.path).text
    assert "Pat writes to them." not in quinn.get(card).text


def test_a_house_chooses_when_they_come(app: Flask, juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage) -> None:
    dana, page = Browser(app, "dana@example.org"), "/houses/juniper-house/settings/kind-words"
    with pytest.raises(Invalid):
        change_rules(acts(ids, juniper, "dana"), juniper.id, ["w1", "m1"], now=SUNDAY)
    assert dana.get(page).text.count("checked") == 9
    assert dana.fill(page, steps=None).status_code == 422
    change_rules(acts(ids, juniper, "dana"), juniper.id, ["m3", "w2", "m1"], now=SUNDAY)
    begun(ids, juniper, robin, 0, 1, 2)
    days = [(each.due_at.astimezone(ZONE).date() - LEFT_AT.astimezone(ZONE).date()).days
            for each in sorted(rows(CaringText), key=lambda each: each.place)]  # fmt: skip
    assert days == [14, 30, 92]
    assert Browser(app, "pat@example.org").get(page).status_code == 404


def test_erasing_takes_words_and_plan(juniper: House, ids: dict[str, uuid.UUID], robin: OwnPage) -> None:
    begun(ids, juniper, robin)
    erase_guest(acts(ids, juniper, "dana"), robin.guest_id, now=LEFT_AT + HOUR)
    assert rows(CaringPlan) == rows(CaringText) == rows(Due, Due.kind.like("caring.%")) == []
    assert places_of([HELLO]) == set()
