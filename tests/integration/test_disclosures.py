"""Nobody outside is told anything of a guest without their yes to those very words; all of it is written down."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.died import say_died
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import Ending, leave
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.resources.disclosures.errors import AgreementOver, NotAgreed, NoticeNeeded, OtherWords
from respite.resources.disclosures.models import Disclosure, DisclosureTold
from respite.resources.disclosures.policy import NOTICE, How, mark_of
from respite.resources.disclosures.service import Wanted, agree_here, end_here, tell, write_down
from tests.at_once import at_once
from tests.erasures import places_of
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 11, 22)
WORDS = "Robin would like a seat by the window.\nOn “Tuesdays”, & never <early>."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def pat(juniper: House, person: MakePerson) -> Actor:
    return Actor(ActorKind.PERSON, person("pat@example.org", {juniper.id: Role.PEER}, "Pat"), {juniper.id: Role.PEER})


@pytest.fixture
def robin(app: Flask, juniper: House) -> OwnPage:
    return has_a_page(juniper, "Robin")


def wanted(**more: object) -> Wanted:
    values: dict[str, object] = {"recipient": "Ms Zebra", "purpose": "to keep a seat", "words": WORDS, "until": TODAY}
    return Wanted(**(values | more))  # type: ignore[arg-type]


def shown_on(page: str) -> str:
    """The text on a page, as a reader gets it."""
    return html.unescape(page.split("data-text>", 1)[1].split("</pre>", 1)[0]).replace("\r\n", "\n")


@pytest.mark.parametrize("part_two", [False, True])
def test_what_was_read_is_what_is_told_letter_by_letter(
    app: Flask, juniper: House, pat: Actor, robin: OwnPage, part_two: bool
) -> None:
    if part_two:
        change_rules(COMMAND, juniper.id, {"part_two": True}, number_seen=None, now=SUNDAY)
    row = write_down(pat, robin.guest_id, wanted(language="es"), now=SUNDAY)
    whole = f"{WORDS}\n\n{NOTICE['es']}" if part_two else WORDS
    staff, own, page = Browser(app, "pat@example.org"), robin.opened(app), f"/disclosures/{row.id}"
    preview = staff.get(page).text
    assert shown_on(preview) == whole
    sent = {"how": "paper", "mark": mark_of(whole)}
    refused = staff.post(f"{page}/told", sent)
    assert refused.status_code == 409
    assert "has not agreed to these words" in html.unescape(refused.text)
    assert rows(DisclosureTold) == []
    theirs = html.unescape(own.get(robin.at("told")).text)
    assert whole in theirs
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', theirs)
    assert mark is not None
    assert own.post(robin.at("told", str(row.id), "yes"), {"mark": mark[1]}).status_code == 303
    answer = staff.post(f"{page}/told", sent)
    assert answer.status_code == 303
    assert answer.location is not None
    assert shown_on(staff.get(answer.location).text) == whole
    (told,) = rows(DisclosureTold)
    assert (told.text, told.recipient, told.made_by, told.at) == (whole, "Ms Zebra", pat.ref, SUNDAY)
    assert "on paper, by Pat" in html.unescape(own.get(robin.at("told")).text)
    assert staff.post(f"{page}/told", sent).status_code == 409  # once is once
    assert own.post(robin.at("told", str(row.id), "no")).status_code == 303
    assert "Zebra" not in staff.get(answer.location).text  # taken back: not printed once more either
    kinds = [each.kind for each in rows(Event) if each.kind.startswith("disclosure.")]
    assert kinds == [f"disclosure.words.{each}" for each in ("written", "agreed", "told", "ended")]
    assert not any("Zebra" in each.data or str(robin.guest_id) in each.data for each in rows(Event))


def test_a_yes_taken_back_between_reading_and_telling_counts(
    app: Flask, juniper: House, pat: Actor, robin: OwnPage
) -> None:
    row = write_down(pat, robin.guest_id, wanted(once=False), now=SUNDAY)
    agree_here(pat, row.id, mark_of(WORDS), now=SUNDAY)
    staff, own = Browser(app, "pat@example.org"), robin.opened(app)
    assert shown_on(staff.get(f"/disclosures/{row.id}").text) == WORDS
    assert own.post(robin.at("told", str(row.id), "no")).status_code == 303
    answer = staff.post(f"/disclosures/{row.id}/told", {"how": "phone", "mark": mark_of(WORDS)})
    assert (answer.status_code, rows(DisclosureTold)) == (409, [])
    assert "is over, so nobody outside is told" in html.unescape(answer.text)
    other = has_a_page(juniper, "Ana")
    assert other.opened(app).post(other.at("told", str(row.id), "yes"), {"mark": mark_of(WORDS)}).status_code == 404


def test_a_sheet_is_printed_for_what_was_told_on_paper_while_it_may_be(
    app: Flask, pat: Actor, robin: OwnPage, clock: StillClock
) -> None:
    staff = Browser(app, "pat@example.org")

    def sheet_of(how: How) -> str:
        row = write_down(pat, robin.guest_id, wanted(), now=clock.now())
        agree_here(pat, row.id, mark_of(WORDS), now=clock.now())
        sheet = f"/disclosures/told/{tell(pat, row.id, how, mark_of(WORDS), now=clock.now()).id}"
        assert (sheet in staff.get(f"/disclosures/{row.id}").text) is (how == How.PAPER)
        return sheet

    assert staff.get(sheet_of(How.PHONE)).status_code == 404  # said aloud: a sheet would be told once more
    sheet = sheet_of(How.PAPER)
    assert shown_on(staff.get(sheet).text) == WORDS
    clock.at += DAY
    assert staff.get(sheet).status_code == 409
    clock.at -= DAY
    assert shown_on(staff.get(sheet).text) == WORDS
    say_died(COMMAND, robin.guest_id, now=clock.now())
    assert "Zebra" not in staff.get(sheet).text


def test_what_stands_against_telling(
    juniper: House, aspen: House, pat: Actor, robin: OwnPage, person: MakePerson
) -> None:
    row, mark = write_down(pat, robin.guest_id, wanted(once=False, until=TODAY + DAY), now=SUNDAY), mark_of(WORDS)
    with pytest.raises(OtherWords):
        agree_here(pat, row.id, mark_of("other words"), now=SUNDAY)
    with pytest.raises(NotAgreed):
        tell(pat, row.id, How.PHONE, mark, now=SUNDAY)
    agree_here(pat, row.id, mark, now=SUNDAY)
    with pytest.raises(OtherWords):
        tell(pat, row.id, How.PHONE, mark_of("other words"), now=SUNDAY)
    with pytest.raises(NotAgreed):  # written down late: it was told before they agreed
        tell(pat, row.id, How.PHONE, mark, at=SUNDAY - HOUR, now=SUNDAY)
    with pytest.raises(Invalid):
        tell(pat, row.id, How.PHONE, mark, at=SUNDAY + HOUR, now=SUNDAY)
    for _time in range(2):
        tell(pat, row.id, How.PHONE, mark, now=SUNDAY + DAY)
    with pytest.raises(AgreementOver):
        tell(pat, row.id, How.PHONE, mark, now=SUNDAY + 2 * DAY)
    change_rules(COMMAND, juniper.id, {"part_two": True}, number_seen=None, now=SUNDAY)
    with pytest.raises(NoticeNeeded):
        tell(pat, row.id, How.PHONE, mark, now=SUNDAY + DAY)
    change_rules(COMMAND, juniper.id, {"part_two": False}, number_seen=None, now=SUNDAY)
    with pytest.raises(AgreementOver):  # paper leaves when it is printed, not at the time that somebody writes down
        tell(pat, row.id, How.PAPER, mark, at=SUNDAY + DAY, now=SUNDAY + 2 * DAY)
    tell(pat, row.id, How.PHONE, mark, at=SUNDAY + DAY, now=SUNDAY + 2 * DAY)
    end_here(pat, row.id, now=SUNDAY + DAY)
    with pytest.raises(AgreementOver):
        tell(pat, row.id, How.PHONE, mark, now=SUNDAY + DAY)
    for wrong in ({"recipient": " "}, {"words": ""}, {"until": TODAY - DAY}, {"until": TODAY + 366 * DAY}):
        with pytest.raises(Invalid):
            write_down(pat, robin.guest_id, wanted(**wrong), now=SUNDAY)
    for house, role in ((aspen, Role.DIRECTOR), (juniper, Role.VOLUNTEER)):
        roles = {house.id: role}
        stranger = Actor(ActorKind.PERSON, person(f"{uuid.uuid4().hex}@example.org", roles), roles)
        with pytest.raises(NotFound):
            tell(stranger, row.id, How.PHONE, mark, now=SUNDAY)


def test_once_is_once_for_two_at_the_same_moment(app: Flask, pat: Actor, robin: OwnPage) -> None:
    row_id = write_down(pat, robin.guest_id, wanted(), now=SUNDAY).id
    agree_here(pat, row_id, mark_of(WORDS), now=SUNDAY)
    answers = at_once(app, *[lambda: tell(pat, row_id, How.PHONE, mark_of(WORDS), now=SUNDAY)] * 3)
    assert sorted(type(each).__name__ for each in answers) == ["AgreementOver", "AgreementOver", "DisclosureTold"]


def test_a_guest_is_forgotten_and_that_it_was_told_stays(pat: Actor, robin: OwnPage, clock: StillClock) -> None:
    row = write_down(pat, robin.guest_id, wanted(), now=SUNDAY)
    agree_here(pat, row.id, mark_of(WORDS), now=SUNDAY)
    tell(pat, row.id, How.PHONE, mark_of(WORDS), now=SUNDAY)
    leave(COMMAND, robin.stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY)
    assert places_of(["Zebra", "by the window", "keep a seat"]) == set()
    (told,) = rows(DisclosureTold)
    assert (told.guest_id, told.disclosure_id, told.how, told.at) == (None, None, "phone", SUNDAY)
    assert rows(Disclosure) == []
    db.session.rollback()
