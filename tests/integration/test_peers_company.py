"""Whom a guest would like to sit with: others see it, and nobody learns that a guest would rather not be with them."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.accounts.service import people
from respite.audit.models import Event
from respite.board.company import forget_those_who_left
from respite.core.db import db, transaction
from respite.guests.models import Stay
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.people import Named
from respite.houses.models import House
from respite.staffing.models import CompanyWish, Peer, PeerWord, Shift
from respite.staffing.policy.company import How, seen_by
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def sam(juniper: House, person: MakePerson) -> uuid.UUID:
    return person("sam@example.org", {juniper.id: Role.PEER}, "Sam")


@pytest.fixture
def mei(juniper: House, person: MakePerson) -> uuid.UUID:
    return person("mei@example.org", {juniper.id: Role.PEER}, "Mei")


@pytest.fixture
def sams(app: Flask, sam: uuid.UUID) -> Browser:
    return Browser(app, "sam@example.org")


@pytest.fixture
def meis(app: Flask, mei: uuid.UUID) -> Browser:
    return Browser(app, "mei@example.org")


@pytest.fixture
def stay(juniper: House, sam: uuid.UUID, mei: uuid.UUID) -> Stay:
    """Ida is here; Sam is on, and Mei comes next."""
    for who, begins in ((sam, -1), (mei, 6)):
        with transaction() as session:
            session.add(
                Shift(
                    house_id=juniper.id,
                    person_id=who,
                    kind="floor",
                    starts_at=SUNDAY + begins * HOUR,
                    ends_at=SUNDAY + (begins + 7) * HOUR,
                    published_at=SUNDAY,
                )
            )
    return welcome_new(COMMAND, juniper.id, who=Named("Ida"), nights=2, now=SUNDAY)


def says(browser: Browser, stay: Stay, person_id: uuid.UUID, how: str) -> None:
    answer = browser.post(f"/stays/{stay.id}/company", {"person": str(person_id), "how": how})
    assert answer.status_code == 303, answer.text[-500:]


def card(browser: Browser, stay: Stay) -> str:
    """The card's words about company, without what is new on every page."""
    page = browser.get(f"/stays/{stay.id}").text
    part = page[page.index('id="company"') :].partition("</section>")[0]
    return re.sub(r'name="(key|csrf_token)" value="[^"]*"', "", part)


def wishes() -> dict[uuid.UUID, str]:
    db.session.rollback()
    return {row.person_id: row.how for row in db.session.scalars(sa.select(CompanyWish))}


def shares(juniper: House, person_id: uuid.UUID, words: list[str]) -> None:
    with transaction() as session:
        made = [PeerWord(house_id=juniper.id, kind="share", name=word) for word in words]
        session.add_all(made)
        session.flush()
        peer = Peer(house_id=juniper.id, person_id=person_id, made_at=SUNDAY)
        peer.shares = [word.id for word in made]
        session.add(peer)


def test_who_is_on_and_next_and_what_they_share(juniper: House, mei: uuid.UUID, sams: Browser, stay: Stay) -> None:
    shares(juniper, mei, ["new mother", "veteran"])
    shown = card(sams, stay)
    assert shown.index("Sam") < shown.index("Mei")
    assert "new mother, veteran" in shown
    with transaction() as session:
        session.scalars(sa.select(Peer)).one().shares = []
    assert "veteran" not in card(sams, stay)


def test_asking_for_a_peer_is_seen_by_them_too(mei: uuid.UUID, sams: Browser, meis: Browser, stay: Stay) -> None:
    says(sams, stay, mei, "with")
    assert "They asked for you." in card(meis, stay)
    says(sams, stay, mei, "")
    assert wishes() == {}
    assert "They asked for you." not in card(meis, stay)


def test_the_person_of_a_not_with_sees_the_same_as_with_no_wish_at_all(
    mei: uuid.UUID, sams: Browser, meis: Browser, stay: Stay
) -> None:
    pages = (f"/stays/{stay.id}", "/houses/juniper-house/board/parts", "/houses/juniper-house/colleagues", "/me")
    before = card(meis, stay)
    says(sams, stay, mei, "not")
    assert "not with them</option>" in card(sams, stay).replace(" selected", "")
    assert re.search(r'value="not" selected', card(sams, stay))
    assert card(meis, stay) == before
    assert all("not with them" not in meis.get(page).text for page in pages[1:])


def test_nobody_writes_down_what_is_said_of_themselves_and_learns_nothing_by_trying(
    mei: uuid.UUID, sams: Browser, meis: Browser, stay: Stay
) -> None:
    answers = []
    for how in ("", "not", "with"):
        says(sams, stay, mei, how)
        stood = wishes()
        for tried in ("", "with", "not"):
            answer = meis.post(f"/stays/{stay.id}/company", {"person": str(mei), "how": tried})
            answers.append((answer.status_code, re.sub(r'(nonce|value)="[^"]*"', "", answer.text)))
        assert wishes() == stood
    assert len(set(answers)) == 1
    assert answers[0][0] == 409


def test_neither_the_log_nor_the_events_tell(
    juniper: House, mei: uuid.UUID, sams: Browser, stay: Stay, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        says(sams, stay, mei, "not")
        says(sams, stay, mei, "")
        says(sams, stay, mei, "with")
    db.session.rollback()
    found = db.session.scalars(sa.select(Event).where(Event.kind == "staffing.company.wished")).all()
    assert [(each.subject, each.actor, each.data) for each in found] == [(None, None, "{}")] * 3
    assert str(mei) not in caplog.text
    assert str(stay.guest_id) not in caplog.text


def test_it_goes_with_the_guest_and_with_the_peer(
    juniper: House, mei: uuid.UUID, sam: uuid.UUID, sams: Browser, meis: Browser, stay: Stay
) -> None:
    says(sams, stay, mei, "not")
    says(meis, stay, sam, "with")
    people.end_membership(COMMAND, juniper.id, sam, now=SUNDAY)
    assert set(wishes()) == {mei}
    assert forget_those_who_left() == 0
    leave(COMMAND, stay.id, ending=Ending(kind=EndKind.AS_PLANNED), follow_up=False, now=SUNDAY + HOUR)
    assert set(wishes()) == {mei}
    assert stay.guest_id is not None
    erase_guest(COMMAND, stay.guest_id, now=SUNDAY + HOUR)
    assert wishes() == {}


def test_an_hour_after_they_left_it_is_gone(mei: uuid.UUID, sams: Browser, stay: Stay) -> None:
    says(sams, stay, mei, "not")
    leave(COMMAND, stay.id, ending=Ending(kind=EndKind.AS_PLANNED), follow_up=False, now=SUNDAY + HOUR)
    assert forget_those_who_left() == 1
    assert wishes() == {}


def test_a_stranger_and_a_stay_without_a_name(
    app: Flask, juniper: House, aspen: House, mei: uuid.UUID, sams: Browser, stay: Stay, person: MakePerson
) -> None:
    there = person("there@example.org", {aspen.id: Role.PEER}, "Ty")
    assert Browser(app, "there@example.org").post(f"/stays/{stay.id}/company", {"person": str(mei)}).status_code == 404
    assert sams.post(f"/stays/{stay.id}/company", {"person": str(there), "how": "with"}).status_code == 404
    assert wishes() == {}


@given(st.dictionaries(st.integers(0, 5), st.sampled_from(How)), st.integers(0, 5))
def test_a_not_with_the_reader_looks_like_none(said: dict[int, How], reader: int) -> None:
    ids = [uuid.UUID(int=n) for n in range(6)]
    named = {ids[n]: how for n, how in said.items()}
    without = {person: how for person, how in named.items() if person != ids[reader]}
    seen = seen_by(ids[reader], named)
    if named.get(ids[reader]) == How.NOT:
        assert seen == seen_by(ids[reader], without)
    else:
        assert seen == named
