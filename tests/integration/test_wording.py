"""What one may also say: beside a note and never in its way; the list is the house's; the mirror names nobody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.handoff.models import LogEntry
from respite.handoff.service.entries import take_off, write_entry
from respite.handoff.service.giving import Given, give
from respite.houses.models import House
from respite.moments.models import MomentFact
from respite.moments.service.lines import add_fact, correct_fact, take_fact_back
from respite.moments.service.telling import begin
from respite.promises.service import acts as promises
from respite.wording.changing import Wanted, change_hint
from respite.wording.counting import forget_marks
from respite.wording.hints import SHIPPED, hints_of
from respite.wording.mirror import Figures, Month, months_of
from respite.wording.models import HintEdition, WordingCount, WordingMark, WordingMonth
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

DAY, NEXT_MONTH = timedelta(days=1), SUNDAY + timedelta(days=20)
LIST, PAGE, HANDOFF = (f"/houses/juniper-house/{each}" for each in ("settings/wording", "wording", "handoff"))


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peers(juniper: House, actor_in: Callable[..., Actor]) -> list[Actor]:
    return [actor_in(juniper.id, Role.PEER, f"Peer {number}") for number in range(6)]


@pytest.fixture
def lead(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR, "Lead")


def writes(house: House, actor: Actor, words: str = "Soup is in the fridge", now: datetime = SUNDAY) -> LogEntry:
    return write_entry(actor, house.id, words, now=now)


def a_month(house: House, peers: list[Actor], notes: int = 50, now: datetime = SUNDAY) -> None:
    for number in range(notes):
        writes(house, peers[number % len(peers)], "A patient came, and the patient sang" if number < 4 else "Soup", now)


def mirror(house: House, now: datetime = NEXT_MONTH) -> list[Month]:
    db.session.rollback()
    return months_of(db.session(), house.id, now)


def counted() -> tuple[int, int, dict[str, int]]:
    (month,) = rows(WordingMonth)
    return month.notes, month.with_words, {each.entry: each.notes for each in rows(WordingCount) if each.notes}


def test_what_staff_wrote_is_counted_and_what_is_taken_off_is_not(juniper: House, peers: list[Actor]) -> None:
    ana = peers[0]
    entry = writes(juniper, ana, "The patient refused. A patient!")
    give(ana, juniper.id, Given("The client said “discharged”", feelings="a case"), last_seen=None, now=SUNDAY)
    promise = promises.give(ana, juniper.id, promises.Wanted(words="Ask the patient in Cedar"), now=SUNDAY)
    writes(juniper, COMMAND, "A patient")  # type: ignore[arg-type]
    assert counted() == (3, 3, {"en-patient": 2, "en-refused": 1, "en-client": 1})
    promises.take_back(ana, promise.id, version_seen=1, now=SUNDAY)
    take_off(ana, entry.id, now=SUNDAY)
    assert counted() == (1, 1, {"en-client": 1})


def test_a_fact_of_a_hard_moment_is_a_note_too_and_counts_as_it_was_first_written(
    app: Flask, juniper: House, peers: list[Actor]
) -> None:
    with app.test_request_context():
        moment = begin(peers[0], juniper.id, now=SUNDAY)
        first = add_fact(peers[0], moment.id, "The patient shouted", now=SUNDAY)
        add_fact(peers[0], moment.id, "The guest said “I am a case”", now=SUNDAY)
        assert counted() == (2, 1, {"en-patient": 1})
        take_fact_back(peers[0], first.id, now=SUNDAY)
        kept = add_fact(peers[0], moment.id, "A client shouted", now=SUNDAY)
        correct_fact(peers[0], kept.id, "A guest shouted", at=SUNDAY, now=SUNDAY)
    assert counted() == (2, 1, {"en-client": 1})


def test_a_note_is_uncounted_by_the_list_it_was_counted_by(juniper: House, peers: list[Actor], lead: Actor) -> None:
    entry = writes(juniper, peers[0], "The patient has meds")
    later = SUNDAY + timedelta(minutes=5)
    for wanted in (Wanted("patient", "guest", offered=False, entry="en-patient"), Wanted("meds", "own things")):
        change_hint(lead, juniper.id, wanted, now=later)
    writes(juniper, peers[0], "meds", later)
    take_off(peers[0], entry.id, now=later)
    notes, with_words, entries = counted()
    assert (notes, with_words, list(entries.values())) == (1, 1, [1])
    assert "en-patient" not in entries


def test_the_mirror_tells_only_enough_notes_of_enough_people(juniper: House, peers: list[Actor]) -> None:
    a_month(juniper, peers[:4], 60)
    assert mirror(juniper) == [Month(SUNDAY.date().replace(day=1), None)]
    writes(juniper, peers[4])
    assert mirror(juniper)[0].figures == Figures(61, 4, (("patient", 4),))
    assert mirror(juniper, SUNDAY + DAY) == [], "a month that runs is not told"


def test_forty_nine_notes_are_too_few(juniper: House, peers: list[Actor]) -> None:
    a_month(juniper, peers, 49)
    assert mirror(juniper)[0].figures is None


def test_marks_say_no_more_than_that_somebody_wrote_and_go(juniper: House, peers: list[Actor]) -> None:
    for _time in range(3):
        for peer in peers[:4]:
            writes(juniper, peer, "A patient")
    marks = rows(WordingMark)
    assert len({each.mark for each in marks}) == len(marks) == 4
    assert not any(peer.id.bytes in each.mark for each in marks for peer in peers)
    writes(juniper, peers[4])
    assert rows(WordingMark) == [], "with the fifth every mark goes"
    writes(juniper, peers[0])
    assert rows(WordingMark) == []
    next_month = SUNDAY + timedelta(days=12)
    writes(juniper, peers[0], now=next_month)
    assert forget_marks(next_month) == 0
    assert forget_marks(next_month + timedelta(days=40)) == 1, "a month is over, five or not"
    assert [each.by_five for each in sorted(rows(WordingMonth), key=lambda each: each.month)] == [True, False]


def test_a_month_that_is_over_does_not_move(juniper: House, peers: list[Actor], app: Flask) -> None:
    late = datetime.fromisoformat("2026-11-30T23:50:00-07:00")
    assert juniper.timezone == "America/Denver"
    entry = writes(juniper, peers[0], "A patient", late)
    take_off(peers[0], entry.id, now=late + timedelta(minutes=20))
    assert counted() == (1, 1, {"en-patient": 1})
    (month,) = rows(WordingMonth)
    assert month.month.month == 11, "by the house's clock"


def test_no_column_of_a_count_can_name_anybody() -> None:
    for model in (WordingMonth, WordingCount, WordingMark):
        assert not [
            each.name for each in model.__table__.columns if re.search("person|by$|actor|day|shift|note_", each.name)
        ]
        names = {key.target_fullname for key in model.__table__.foreign_keys}
        assert names == {"house.id"}


# -- the list ---------------------------------------------------------------------------------------------------


def test_the_list_is_the_houses(juniper: House, aspen: House, lead: Actor) -> None:
    change_hint(lead, juniper.id, Wanted("patient", "neighbour", entry="en-patient"), now=SUNDAY)
    with pytest.raises(StaleVersion):
        change_hint(lead, juniper.id, Wanted("patient", "x", entry="en-patient"), version_seen=0, now=SUNDAY)
    change_hint(
        lead, juniper.id, Wanted("patient", "y", entry="en-patient", offered=False), version_seen=1, now=SUNDAY + DAY
    )
    own = change_hint(lead, juniper.id, Wanted("Meds", "own things"), now=SUNDAY)
    says = {each.entry: each.say for each in hints_of(db.session(), juniper.id)}
    assert ("en-patient" in says, says[own.entry]) == (False, "own things")
    then = {each.entry: each.say for each in hints_of(db.session(), juniper.id, SUNDAY)}
    assert then["en-patient"] == "neighbour"
    assert {each.entry: each.say for each in hints_of(db.session(), aspen.id)} == {
        entry: hint.say for entry, hint in SHIPPED.items()
    }


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("", "x"), "words"),
        (Wanted("a(b", "x"), "words"),
        (Wanted("x" * 121, "x"), "words"),
        (Wanted(",".join(letter * 19 for letter in "bcdfgh"), "x"), "words"),  # kept with a space after each comma
        (Wanted("PATIENT", "x"), "words"),
        (Wanted("meds", " "), "say"),
        (Wanted("meds", "x" * 121), "say"),
        (Wanted("meds", "x", language="fr"), "language"),
    ],
)
def test_a_word_that_cannot_be_is_said_by_field(juniper: House, lead: Actor, wanted: Wanted, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_hint(lead, juniper.id, wanted, now=SUNDAY)
    assert list(refused.value.fields) == [field]
    assert rows(HintEdition) == []


def test_the_list_is_kept_by_who_sets_rules_and_only_in_their_house(
    juniper: House, aspen: House, lead: Actor, peers: list[Actor]
) -> None:
    own = change_hint(lead, juniper.id, Wanted("meds", "own things"), now=SUNDAY)
    for actor, house, entry in (
        (peers[0], juniper, None),
        (lead, aspen, None),
        (lead, juniper, "own-" + str(uuid.uuid4())),
        (lead, juniper, own.entry + "x"),
    ):
        with pytest.raises(NotFound):
            change_hint(actor, house.id, Wanted("snacks", "food", entry=entry), now=SUNDAY)


# -- pages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser_of(app: Flask, juniper: House, person: MakePerson) -> Callable[[Role], Browser]:
    def make(role: Role) -> Browser:
        person(f"{role}@example.org", {juniper.id: role}, role.title())
        return Browser(app, f"{role}@example.org")

    return make


def said(page: str) -> str:
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S)).split())


def test_without_scripts_it_is_said_after_the_act(juniper: House, browser_of: Callable[[Role], Browser]) -> None:
    ana = browser_of(Role.PEER)
    sent = ana.post(f"{HANDOFF}/entries", {"entry": "The Patient is “discharged”"})
    assert sent.status_code == 303
    told = said(ana.follow(sent).text)
    assert "It stands in the log. One may also say: guest, person (instead of “patient”)." in told
    assert "left, went home" not in told
    assert [each.words for each in rows(LogEntry)] == ["The Patient is “discharged”"], "nothing is rewritten"
    quiet = said(ana.follow(ana.post(f"{HANDOFF}/entries", {"entry": "A patient", "hinted": "yes"})).text)
    assert "It stands in the log. Undo" in quiet, "who read it beside the field is not told again"
    given = said(ana.follow(ana.post(f"{HANDOFF}/give", {"words": "El paciente rechazó la cena"})).text)
    assert "huésped, persona (instead of “paciente”); prefirió que no, eligió otra cosa (instead of “rechazó”)" in given
    noted = ana.post("/houses/juniper-house/promises", {"words": "Call the client", "owner": "me"})
    assert "One may also say: guest, person (instead of “client”)." in said(ana.follow(noted).text)
    moment = ana.post("/houses/juniper-house/moments/new").location
    told = said(ana.follow(ana.post(f"{moment}/facts", {"words": "The patient sang"})).text)
    assert "Written down. One may also say: guest, person (instead of “patient”)." in told
    for path in (HANDOFF, "/houses/juniper-house/promises", moment, f"/moment-facts/{rows(MomentFact)[0].id}"):
        assert 'id="wording-list"' in ana.get(path).text


def test_a_house_changes_a_word_adds_one_and_takes_it_back(
    juniper: House, browser_of: Callable[[Role], Browser]
) -> None:
    lead = browser_of(Role.COORDINATOR)
    changed = lead.fill(f"{LIST}?change=en-patient", LIST, say="neighbour")
    assert changed.status_code == 303
    page = lead.follow(changed)
    assert "neighbour · changed" in said(page.text)
    assert lead.send(next(each for each in forms_of(page) if "Undo" in each.buttons)).status_code == 303
    assert "guest, person · changed" in said(lead.get(LIST).text)
    added = lead.fill(LIST, LIST, words="meds", say="own things", language="en")
    assert added.status_code == 303
    assert "meds own things · our own" in said(lead.get(LIST).text)
    refused = lead.fill(LIST, LIST, words="meds", say="their own things", language="en")
    assert refused.status_code == 422
    assert "The list has “meds” already." in said(refused.text)
    assert "their own things" in refused.text, "what was typed stays"
    off = lead.fill(f"{LIST}?change=en-patient", LIST, offered=None)
    assert off.status_code == 303
    assert "not offered" in said(lead.get(LIST).text)


def test_the_mirror_as_page_and_file(
    juniper: House, peers: list[Actor], clock: StillClock, browser_of: Callable[[Role], Browser]
) -> None:
    reader = browser_of(Role.BOARD_READER)
    a_month(juniper, peers, 55)
    writes(juniper, peers[0], "A patient", SUNDAY + timedelta(days=12))
    clock.at = SUNDAY + timedelta(days=60)
    page = said(reader.get(PAGE).text)
    assert "A word of the list in 4 of 55 notes, most often: patient (4)" in page
    assert "December 2026 too few to say" in page
    assert "The weather of the house, and no score of anybody." in page
    assert not [peer for peer in range(6) if f"Peer {peer}" in page]
    lines = reader.get(f"{PAGE}.csv").text.lstrip("\ufeff").splitlines()
    assert lines == [
        "Month,Notes,Notes with a word of the list,patient",
        "2026-12,too few to say,,",
        "2026-11,55,4,4",
    ]
    peer = browser_of(Role.PEER)
    assert [peer.get(each).status_code for each in (PAGE, f"{PAGE}.csv", LIST)] == [404, 404, 404]
    assert reader.get(LIST).status_code == 404
