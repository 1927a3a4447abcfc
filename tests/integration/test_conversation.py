"""The conversation before a stay: kept by version, as long as the house says, and first where it says so."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import AccessLog
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import ConversationFirst
from respite.guests.models import Conversation, Guest, Stay
from respite.guests.service.arriving import welcome_new
from respite.guests.service.conversation import Talk, months_after, write_conversation
from respite.guests.service.erasing import erase_guest
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import let_go, save_bed
from respite.guests.service.waiting import Asked, add_waiting, end_waiting
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

QUIET = "a quiet porch and nobody asking"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peer(juniper: House, actor_in) -> Actor:  # type: ignore[no-untyped-def]
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def guest_id(juniper: House, peer: Actor) -> uuid.UUID:
    waiting = add_waiting(peer, juniper.id, who=Named("Robin"), asked=Asked(), now=SUNDAY)
    assert waiting.guest_id is not None
    return waiting.guest_id


def versions(guest_id: uuid.UUID) -> list[Conversation]:
    db.session.rollback()
    found = sa.select(Conversation).where(Conversation.guest_id == guest_id).order_by(Conversation.number)
    return list(db.session.scalars(found))


def rule(house: House, **values: object) -> None:
    change_rules(COMMAND, house.id, values, number_seen=None, now=SUNDAY)


def test_each_change_is_a_version_and_the_older_words_stay(peer: Actor, guest_id: uuid.UUID) -> None:
    first = write_conversation(peer, guest_id, Talk({"helps": QUIET}), number_seen=0, now=SUNDAY)
    second = write_conversation(peer, guest_id, Talk({"good_day": "soup"}), number_seen=1, now=SUNDAY)
    assert [(each.number, each.helps, each.good_day) for each in versions(guest_id)] == [
        (1, QUIET, None),
        (2, None, "soup"),
    ]
    assert first.kept_until == second.kept_until == date(2027, 11, 22)
    assert QUIET.encode() not in (versions(guest_id)[0].helps_sealed or b"")
    with pytest.raises(StaleVersion):
        write_conversation(peer, guest_id, Talk(), number_seen=1, now=SUNDAY)
    with pytest.raises(Invalid) as wrong:
        write_conversation(peer, guest_id, Talk({"helps": "a" * 1001}), now=SUNDAY)
    assert set(wrong.value.fields) == {"helps"}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 22), 60, date(2031, 11, 22)),
    ],
)
def test_months_end_on_a_day_that_exists(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_only_who_keeps_beds_may_write_or_read(
    app: Flask,
    juniper: House,
    aspen: House,
    actor_in,
    guest_id: uuid.UUID,
    person: MakePerson,  # type: ignore[no-untyped-def]
) -> None:
    for house, role in ((juniper, Role.VOLUNTEER), (juniper, Role.CLINICAL_ON_CALL), (aspen, Role.COORDINATOR)):
        with pytest.raises(NotFound):
            write_conversation(actor_in(house.id, role), guest_id, Talk(), now=SUNDAY)
        email = f"{role}-{house.slug}@example.org"
        person(email, {house.id: role})
        assert Browser(app, email).get(f"/guests/{guest_id}/conversation").status_code == 404


def test_where_the_rule_says_so_it_comes_before_the_first_night(
    juniper: House, peer: Actor, guest_id: uuid.UUID
) -> None:
    rule(juniper, conversation_first=True)
    with pytest.raises(ConversationFirst):
        save_bed(peer, juniper.id, who=Known(guest_id), nights=2, now=SUNDAY)
    with pytest.raises(ConversationFirst):
        welcome_new(peer, juniper.id, who=Named("Nova"), nights=2, now=SUNDAY)
    stays = db.session.scalar(sa.select(sa.func.count()).select_from(Stay))
    assert stays == 0
    write_conversation(peer, guest_id, Talk(), now=SUNDAY)  # they talked, and wanted nothing written
    save_bed(peer, juniper.id, who=Known(guest_id), nights=2, now=SUNDAY)
    had_now = welcome_new(peer, juniper.id, who=Named("Nova"), nights=2, talk=Talk({"helps": QUIET}), now=SUNDAY)
    assert had_now.guest_id is not None
    assert versions(had_now.guest_id)[0].helps == QUIET


def test_its_time_is_over_when_read_and_the_clock_takes_it_away(
    juniper: House, peer: Actor, guest_id: uuid.UUID, clock: StillClock
) -> None:
    rule(juniper, conversation_first=True, conversation_months=1)
    written = write_conversation(peer, guest_id, Talk({"helps": QUIET}), now=SUNDAY)
    assert written.kept_until == date(2026, 12, 22)
    before, after = SUNDAY + timedelta(days=29), SUNDAY + timedelta(days=30)
    stay = save_bed(peer, juniper.id, who=Known(guest_id), nights=1, now=before)
    let_go(peer, stay.id, now=before)
    with pytest.raises(ConversationFirst):
        save_bed(peer, juniper.id, who=Known(guest_id), nights=1, now=after)  # no sweep has run
    assert versions(guest_id)
    clock.at = after
    sweep(after)
    assert versions(guest_id) == []


def test_it_keeps_its_guest_on_file_until_it_is_over(
    juniper: House, peer: Actor, guest_id: uuid.UUID, clock: StillClock
) -> None:
    rule(juniper, conversation_months=1)
    write_conversation(peer, guest_id, Talk({"helps": QUIET}), now=SUNDAY)
    waiting = db.session.scalars(sa.text("SELECT id FROM waiting")).one()
    end_waiting(peer, waiting if isinstance(waiting, uuid.UUID) else uuid.UUID(waiting), "taken-off", now=SUNDAY)
    for days, is_kept in ((1, True), (31, False)):
        for hours in (0, 2):  # what is over, then what it was the last reason for
            clock.at = SUNDAY + timedelta(days=days, hours=hours)
            sweep(clock.at)
        db.session.rollback()
        assert (db.session.get(Guest, guest_id) is not None) is is_kept


def test_erasing_takes_every_version(juniper: House, actor_in, peer: Actor, guest_id: uuid.UUID) -> None:  # type: ignore[no-untyped-def]
    write_conversation(peer, guest_id, Talk({"helps": QUIET}), now=SUNDAY)
    write_conversation(peer, guest_id, Talk({"helps": "tea"}), now=SUNDAY)
    erase_guest(actor_in(juniper.id), guest_id, now=SUNDAY)
    assert versions(guest_id) == []


def test_the_page_shows_keeps_and_notes_who_looked(
    app: Flask, juniper: House, guest_id: uuid.UUID, person: MakePerson
) -> None:
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    browser, address = Browser(app, "luis@example.org"), f"/guests/{guest_id}/conversation"
    assert address in browser.get("/houses/juniper-house/waiting").text
    browser.fill(address, helps=QUIET)
    browser.fill(address, helps="tea", good_day="soup", written="afterwards")
    page = browser.get(address).text
    for words in (QUIET, "tea", "soup", "Kept until 22 November 2027.", "Written after the talk", "Luis"):
        assert words in page
    looks = db.session.scalars(sa.select(AccessLog.what).where(AccessLog.subject == guest_id)).all()
    assert looks.count("conversation") == 3
    too_long = browser.fill(address, helps="a" * 1001)
    assert too_long.status_code == 422
    assert "a" * 1001 in too_long.text


def test_saving_a_bed_offers_to_have_it_now_and_nothing_typed_is_lost(
    app: Flask, juniper: House, person: MakePerson
) -> None:
    rule(juniper, conversation_first=True)
    person("luis@example.org", {juniper.id: Role.PEER})
    browser = Browser(app, "luis@example.org")
    refused = browser.fill("/houses/juniper-house/save", name="Robin", coming="by bus about 4")
    assert refused.status_code == 409
    assert "a conversation comes before the first night" in refused.text
    assert 'value="by bus about 4"' in refused.text
    assert "We had the conversation." in refused.text.partition('<details class="fold" open>')[2]
    saved = browser.fill("/houses/juniper-house/save", name="Robin", talked="yes", helps=QUIET)
    assert saved.status_code == 303
    assert db.session.scalars(sa.select(Conversation)).one().helps == QUIET
