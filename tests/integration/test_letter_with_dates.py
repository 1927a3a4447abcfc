"""A letter that a guest asks for states the days of a stay and nothing else; that it was made is all that is kept."""

from __future__ import annotations

import html
import json
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.models import Person
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.guest_page import access
from respite.guest_page.service.links import end_link, give_link
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.arriving import welcome_new
from respite.guests.service.died import say_died
from respite.guests.service.erasing import erase_guest
from respite.guests.service.kept_from import keep_from
from respite.guests.service.leaving import Ending, WhoCalled, leave
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.houses.models import House
from tests.erasures import everything_stored
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import rows

DAY = timedelta(days=1)
PHONE = "+13035550177"
MADE = "guest-page.letter.made"
TYPED = "Roberta Q. Zinnia"
HEAD = ["Juniper House", "(303) 555-0177"]


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def robin(juniper: House) -> OwnPage:
    """In the house since Sunday, planned for two nights; the house has a public phone."""
    house_id = juniper.id
    with transaction() as session:
        session.get_one(House, house_id).phone = PHONE
    return has_a_page(juniper, "Robin", phone="+13035550142")


@pytest.fixture
def pat(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("pat@example.org", {juniper.id: Role.PEER}, "Pat")
    return Browser(app, "pat@example.org")


def text_of(page: str) -> list[str]:
    """Every line of text on a page, in the order in which it is read."""
    body = re.sub(r"<!--.*?-->", "", page.split("<body", 1)[1].split(">", 1)[1], flags=re.DOTALL)
    return [line.strip() for line in html.unescape(re.sub(r"<[^>]*>", "\n", body)).split("\n") if line.strip()]


def letter_in(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.status_code
    (letter,) = re.findall(r'<article class="letter".*?</article>', answer.text, re.DOTALL)
    return text_of(f"<body>{letter}")


def made() -> list[tuple[uuid.UUID, str, str]]:
    """Of each letter: for which stay, by whom, and what else the event holds."""
    return [(each.subject, each.actor, each.data) for each in rows(Event, Event.kind == MADE)]


def makes(robin: OwnPage, app: Flask, **typed: object) -> TestResponse:
    return robin.opened(app).fill(robin.at("letter"), "/g/letter", **typed)


# -- what stands on it -----------------------------------------------------------------------------------------------


def test_a_running_stay_says_since_when_and_the_page_says_nothing_else(
    app: Flask, juniper: House, robin: OwnPage, clock: StillClock
) -> None:
    clock.advance(DAY)
    answer = makes(robin, app)
    words = "Robin has been staying at Juniper House since 22 November 2026."
    assert letter_in(answer) == [*HEAD, "23 November 2026", words]
    assert text_of(answer.text) == [
        "Leave this page now",
        "Español",
        "Back",
        "A letter with dates",
        "Print it with the menu of your browser. It is gone when you leave this page.",
        *HEAD,
        "23 November 2026",
        words,
    ]


def test_an_ended_stay_says_the_days_as_they_were_and_each_stay_can_be_chosen(
    app: Flask, juniper: House, robin: OwnPage, clock: StillClock
) -> None:
    ending = Ending(EndKind.TAKEN_BY_AMBULANCE, who_called=WhoCalled.HOUSE, guest_chose=False)
    leave(COMMAND, robin.stay_id, ending=ending, now=clock.advance(DAY))  # a night before the plan
    welcome_new(COMMAND, juniper.id, who=Known(robin.guest_id), nights=1, now=clock.advance(9 * DAY))
    browser = robin.opened(app)
    form = text_of(browser.get(robin.at("letter")).text)
    assert form.index("Since 2 December 2026") < form.index("22 November 2026 to 23 November 2026")
    answer = browser.fill(robin.at("letter"), "/g/letter", stay=robin.stay_id)
    assert letter_in(answer)[-2:] == [
        "2 December 2026",
        "Robin stayed at Juniper House from 22 November 2026 to 23 November 2026.",
    ]


def test_a_stay_of_one_day(app: Flask, robin: OwnPage, clock: StillClock) -> None:
    leave(COMMAND, robin.stay_id, now=clock.advance(timedelta(hours=1)))
    assert letter_in(makes(robin, app))[-1] == "Robin stayed at Juniper House on 22 November 2026."


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (9, "on 22 November 2026."),  # half past eleven in the evening there, the next day by UTC
        (11, "from 22 November 2026 to 23 November 2026."),  # half past one: the night is still that of the 22nd
    ],
)
def test_the_days_are_those_of_the_houses_calendar(
    app: Flask, robin: OwnPage, clock: StillClock, hours: int, said: str
) -> None:
    leave(COMMAND, robin.stay_id, now=clock.advance(timedelta(hours=hours)))
    assert letter_in(makes(robin, app))[-1] == f"Robin stayed at Juniper House {said}"


def test_who_came_after_midnight_came_on_that_day(app: Flask, juniper: House, clock: StillClock) -> None:
    clock.advance(timedelta(hours=11))  # the night is still that of the 22nd
    words = letter_in(makes(has_a_page(juniper, "Robin"), app))[-1]
    assert words == "Robin has been staying at Juniper House since 23 November 2026."


def test_in_spanish_while_the_page_is_in_english_and_the_other_way_round(app: Flask, robin: OwnPage) -> None:
    browser = robin.opened(app)
    answer = browser.fill(robin.at("letter"), "/g/letter", language="es")
    words = "Robin se queda en Juniper House desde el 22 de noviembre de 2026."
    assert letter_in(answer)[-2:] == ["22 de noviembre de 2026", words]
    assert '<html lang="en">' in answer.text
    assert '<article class="letter" lang="es">' in answer.text
    browser.post(robin.at("shown-in"), {"language": "es"})
    form = browser.form(robin.at("letter"), "/g/letter")
    assert form.fields["language"] == "es"
    answer = browser.send(form, language="en")
    assert letter_in(answer)[-1] == "Robin has been staying at Juniper House since 22 November 2026."
    assert '<html lang="es">' in answer.text


@pytest.mark.parametrize("name", ["<b>Robin</b> & “Bo”", "{{ 7 * 7 }} %(place)s 100%"])
def test_a_name_is_what_was_typed_letter_by_letter(app: Flask, robin: OwnPage, pat: Browser, name: str) -> None:
    page = f"/stays/{robin.stay_id}/letter"
    for answer in (makes(robin, app, name=name), pat.fill(page, name=name, asked="yes")):
        assert f"{name} has been staying at Juniper House since" in html.unescape(answer.text)
        assert "<b>" not in answer.text


def test_a_house_without_a_public_phone_shows_none(app: Flask, juniper: House) -> None:
    assert letter_in(makes(has_a_page(juniper, "Ana"), app))[:2] == ["Juniper House", "22 November 2026"]


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_one_event_and_nothing_else_is_kept(app: Flask, robin: OwnPage) -> None:
    browser = robin.opened(app)
    form = browser.form(robin.at("letter"), "/g/letter")
    before = {each for each in everything_stored() if not each[0].startswith(("event.", "stream.", "answered."))}
    for _tap in range(2):  # twice is one letter
        assert letter_in(browser.send(form, name=TYPED))[-1].startswith(TYPED)
    assert made() == [(robin.stay_id, f"guest:{robin.guest_id}", "{}")]
    stored = list(everything_stored())
    assert {each for each in stored if not each[0].startswith(("event.", "stream.", "answered."))} == before
    assert [column for column, value in stored if TYPED in value or "Zinnia" in value] == []
    assert [value for column, value in stored if column == "answered.route"][-1:] == ["/g/letter"]
    assert letter_in(browser.fill(robin.at("letter"), "/g/letter"))  # another letter is written down again
    assert len(made()) == 2


def test_no_address_on_the_margin_leads_to_their_page(app: Flask, robin: OwnPage) -> None:
    """Browsers print a page's address: that of the letter opens nothing."""
    answer = makes(robin, app)
    assert answer.request.path == "/g/letter"
    assert robin.token not in answer.request.url
    assert "Robin" not in Browser(app).get("/g/letter").text


def test_the_guest_reads_who_made_one(app: Flask, robin: OwnPage, pat: Browser, clock: StillClock) -> None:
    browser = robin.opened(app)
    assert "Letters with dates" not in browser.get(robin.at("kept")).text
    makes(robin, app, name=TYPED)
    clock.advance(timedelta(hours=1))
    pat.fill(f"/stays/{robin.stay_id}/letter", name=TYPED, asked="yes")
    for path in ("kept", "record"):
        text = " ".join(text_of(browser.get(robin.at(path)).text))
        assert (
            "Letters with dates Pat made a letter 3:32 pm For your stay: since 22 November 2026"
            " You made a letter 2:32 pm For your stay: since 22 November 2026" in text
        )
        assert TYPED not in text
    told = json.loads(browser.get(robin.at("record.json")).text)["letters"]
    assert [(each["who"], each["stay"]) for each in told] == [
        ("Pat", str(robin.stay_id)),
        ("guest", str(robin.stay_id)),
    ]


def test_of_others_letters_nothing_is_read(app: Flask, juniper: House, robin: OwnPage) -> None:
    makes(robin, app)
    ana = has_a_page(juniper, "Ana")
    browser = ana.opened(app)
    assert "You made a letter" not in browser.get(ana.at("kept")).text
    assert json.loads(browser.get(ana.at("record.json")).text)["letters"] == []


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_another_guests_stay_is_not_found(app: Flask, juniper: House, robin: OwnPage) -> None:
    ana = has_a_page(juniper, "Ana")
    browser = ana.opened(app)
    form = browser.form(ana.at("letter"), "/g/letter")
    for stay in (robin.stay_id, uuid.uuid4()):
        answer = browser.send(form, stay=stay)
        assert (answer.status_code, "November" in answer.text) == (404, False)
    assert browser.send(form, stay="none").status_code == 422
    assert browser.send(form, token=robin.token).status_code == 404  # their page is not open in this browser
    assert browser.get(robin.at("letter")).status_code == 404
    assert Browser(app).post("/g/letter", {"token": robin.token, "stay": str(robin.stay_id)}).status_code == 404
    assert made() == []


def test_a_bed_that_is_saved_is_no_stay_yet(app: Flask, juniper: House, pat: Browser) -> None:
    stay = save_bed(COMMAND, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY)
    assert stay.guest_id is not None
    bo = OwnPage(stay.guest_id, stay.id, "bo-token")
    give_link(COMMAND, bo.guest_id, bo.token, now=SUNDAY)
    browser = bo.opened(app)
    page = browser.get(bo.at("letter")).text
    assert "You have not stayed here yet." in page
    assert 'name="stay"' not in page
    sent = {"token": bo.token, "stay": str(bo.stay_id), "name": "Bo", "language": "en"}
    assert browser.post("/g/letter", sent).status_code == 404
    assert pat.get(f"/stays/{bo.stay_id}/letter").status_code == 404
    assert "A letter with dates" not in pat.get(f"/stays/{bo.stay_id}").text
    assert made() == []


def test_once_the_link_ended_meanwhile_none_is_made(
    app: Flask, robin: OwnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = robin.opened(app)
    form = browser.form(robin.at("letter"), "/g/letter")
    monkeypatch.setattr(access, "note_seen", lambda page: end_link(COMMAND, page.guest_id, now=SUNDAY))
    assert browser.send(form).status_code == 404
    assert made() == []


# -- at the desk -----------------------------------------------------------------------------------------------------


def test_at_the_desk_only_when_they_asked(app: Flask, robin: OwnPage, pat: Browser) -> None:
    page = f"/stays/{robin.stay_id}"
    assert f'href="{page}/letter"' in pat.get(page).text
    form = pat.form(f"{page}/letter")
    assert form.fields["name"] == "Robin"
    assert "asked" not in form.fields
    refused = pat.send(form, name=TYPED)
    assert refused.status_code == 422
    assert "A letter is made only when they asked for it. If they did, please tick it." in refused.text
    assert TYPED in refused.text  # what was typed is still there
    assert 'class="letter"' not in refused.text
    assert made() == []
    answer = pat.send(form, name=TYPED, asked="yes")
    words = f"{TYPED} has been staying at Juniper House since 22 November 2026."
    assert letter_in(answer) == [*HEAD, "22 November 2026", words]
    assert text_of(answer.text) == [
        "A letter with dates",
        "Juniper House",
        "Back",
        "Print",
        *HEAD,
        "22 November 2026",
        words,
        "Printed 22 November 2026. It is gone when you leave this page. They see that it was made.",
    ]
    ((stay_id, actor, data),) = made()
    assert (stay_id, data) == (robin.stay_id, "{}")
    assert actor.startswith("person:")
    assert [column for column, value in everything_stored() if "Zinnia" in value] == []


@pytest.mark.parametrize(("field", "sent"), [("name", " "), ("name", "a" * 61), ("language", "fr"), ("language", None)])
def test_what_is_missing_is_said_and_nothing_is_made(
    app: Flask, robin: OwnPage, pat: Browser, field: str, sent: object
) -> None:
    own = makes(robin, app, **{field: sent})
    desk = pat.fill(f"/stays/{robin.stay_id}/letter", asked="yes", **{field: sent})
    for answer in (own, desk):
        assert (answer.status_code, "field-error" in answer.text, 'class="letter"' in answer.text) == (422, True, False)
    assert made() == []


def test_a_peer_of_another_house_and_who_keeps_no_beds_find_nothing(
    app: Flask, juniper: House, aspen: House, robin: OwnPage, person: MakePerson
) -> None:
    person("kim@example.org", {aspen.id: Role.DIRECTOR}, "Kim")
    person("vic@example.org", {juniper.id: Role.VOLUNTEER}, "Vic")
    for email in ("kim@example.org", "vic@example.org"):
        browser = Browser(app, email)
        sent: dict[str, object] = {"name": "Robin", "language": "en", "asked": "yes"}
        assert browser.get(f"/stays/{robin.stay_id}/letter").status_code == 404
        assert browser.post(f"/stays/{robin.stay_id}/letter", sent).status_code == 404
    assert made() == []


def test_whom_they_keep_their_page_from_makes_none(
    juniper: House, robin: OwnPage, pat: Browser, person: MakePerson
) -> None:
    person("lee@example.org", {juniper.id: Role.PEER}, "Lee")
    form = pat.form(f"/stays/{robin.stay_id}/letter")
    person_id = db.session.scalar(sa.select(Person.id).where(Person.name == "Pat"))
    assert person_id is not None
    db.session.rollback()
    keep_from(Actor(ActorKind.GUEST, robin.guest_id), robin.guest_id, person_id, now=SUNDAY)
    assert pat.get(f"/stays/{robin.stay_id}/letter").status_code == 404
    assert pat.send(form, asked="yes").status_code == 404
    assert made() == []


def test_for_who_is_forgotten_or_has_died_none_is_made(
    app: Flask, juniper: House, robin: OwnPage, pat: Browser
) -> None:
    makes(robin, app)
    ana = has_a_page(juniper, "Ana")
    theirs = [(page, pat.form(f"/stays/{page.stay_id}/letter")) for page in (robin, ana)]
    for page in (robin, ana):
        leave(COMMAND, page.stay_id, now=SUNDAY)
    erase_guest(COMMAND, robin.guest_id, now=SUNDAY)
    say_died(COMMAND, ana.guest_id, now=SUNDAY)
    for page, form in theirs:
        assert pat.get(f"/stays/{page.stay_id}/letter").status_code == 404
        assert pat.send(form, asked="yes").status_code == 404
        assert "A letter with dates" not in pat.get(f"/stays/{page.stay_id}").text
        assert Browser(app).post("/g/letter", {"token": page.token, "stay": str(page.stay_id)}).status_code == 404
    assert len(made()) == 1  # the one from before stays, and names nobody
