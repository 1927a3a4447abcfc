"""Pages of a house: opening one, its doors, rules, meals, closures; what is wrong is said and what was typed kept."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import Bed, Closure, Gathering, House
from respite.houses.queries import beds_of, chairs_of, rules_now
from respite.houses.service.doors import close_bed
from respite.houses.service.gatherings import set_gathering
from respite.houses.service.rules import change_rules
from tests.people import MakePerson, aspen, juniper, machine, person, quick_hashes, sign_in  # noqa: F401
from tests.places import SUNDAY

SUN, WED = date(2026, 11, 22), date(2026, 11, 25)


@pytest.fixture
def house(juniper: House) -> House:  # noqa: F811
    return juniper


@pytest.fixture
def come_in(app: Flask, house: House, person: MakePerson) -> Callable[..., FlaskClient]:  # noqa: F811
    """A browser in which somebody of the house signed in."""

    def come(role: Role = Role.COORDINATOR) -> FlaskClient:
        email = f"{role}@example.org"
        person(email, {house.id: role})
        browser = app.test_client()
        sign_in(browser, email)
        return browser

    return come


@pytest.fixture
def lead(come_in: Callable[..., FlaskClient]) -> FlaskClient:
    return come_in()


@pytest.fixture
def willow(house: House) -> Bed:
    return beds_of(db.session(), house.id)[0]


def fresh() -> None:
    db.session.rollback()


def seen(page: TestResponse) -> str:
    """The page's words, as one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def settings(house: House, page: str = "") -> str:
    return f"/houses/{house.slug}/settings{page}"


# -- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/details", "/doors", "/rules"])
def test_settings_are_for_those_who_set_rules(house: House, come_in: Callable[..., FlaskClient], page: str) -> None:
    assert come_in().get(settings(house, page)).status_code == 200
    assert come_in(Role.PEER).get(settings(house, page)).status_code == 404


def test_a_peer_reads_how_the_house_is_kept_and_changes_nothing(
    house: House, come_in: Callable[..., FlaskClient]
) -> None:
    page = come_in(Role.PEER).get(settings(house))
    assert "Longest stay 7 nights" in seen(page)
    assert "/settings/gatherings" in page.text
    assert "/settings/rules" not in page.text
    assert "/settings/details" not in page.text
    assert come_in(Role.VOLUNTEER).get(settings(house)).status_code == 404


def test_a_peer_sets_supper_and_readies_a_door_but_closes_none(
    house: House, willow: Bed, come_in: Callable[..., FlaskClient]
) -> None:
    peer = come_in(Role.PEER)
    assert peer.get(settings(house, "/gatherings")).status_code == 200
    assert peer.get(f"/beds/{willow.id}/closure").status_code == 404
    with transaction() as session:
        session.get_one(Bed, willow.id).getting_ready_since = SUNDAY
    assert peer.post(f"/beds/{willow.id}/ready").status_code == 303


@pytest.mark.parametrize("address", ["/beds/{}/closure", "/beds/{}/settings", "/gatherings/{}"])
def test_what_is_not_there_is_not_found(lead: FlaskClient, address: str) -> None:
    assert lead.get(address.format(uuid.uuid4())).status_code == 404
    assert lead.get(address.format("one")).status_code == 404


# -- opening a house ------------------------------------------------------------------------------------------

NEW = {
    "name": "Casa del Río", "kind": "both", "timezone": "America/Chicago", "beds": "Lark\n\n Fern \n", "chairs": "3",
    "language": "es",
}  # fmt: skip


def test_a_director_opens_another_house_and_directs_it(come_in: Callable[..., FlaskClient]) -> None:
    director = come_in(Role.DIRECTOR)
    page = director.get("/houses/new")
    assert page.status_code == 200
    assert page.text.index("America/New_York") < page.text.index("Africa/Abidjan")
    answer = director.post("/houses/new", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/houses/casa-del-rio/settings")
    fresh()
    made = db.session.scalars(sa.select(House).where(House.slug == "casa-del-rio")).one()
    assert [bed.name for bed in beds_of(db.session(), made.id)] == ["Lark", "Fern"]
    assert len(chairs_of(db.session(), made.id)) == 3
    assert director.get(answer.location).status_code == 200


def test_a_coordinator_opens_no_house_unless_there_is_none(
    app: Flask,
    lead: FlaskClient,
    house: House,
    person: MakePerson,  # noqa: F811
) -> None:
    assert 'href="/houses/new"' not in lead.get(settings(house)).text
    assert lead.get("/houses/new").status_code == 404
    assert lead.post("/houses/new", data=NEW).status_code == 404


def test_the_first_house_is_opened_by_whoever_signed_in(app: Flask, person: MakePerson) -> None:  # noqa: F811
    person("first@example.org")
    browser = app.test_client()
    sign_in(browser, "first@example.org")
    assert 'href="/houses/new"' in browser.get("/").text
    assert browser.post("/houses/new", data=NEW).status_code == 303
    fresh()
    assert db.session.scalars(sa.select(Membership.role)).all() == [Role.DIRECTOR]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"name": "x" * 81}, "80 letters"),
        ({"name": "a\0b"}, "characters"),
        ({"kind": "hotel"}, "one of the answers"),
        ({"timezone": "Mars/Base"}, "time zone"),
        ({"beds": "Lark\nlark"}, "a name of its own"),
        ({"chairs": "9" * 400}, "whole number"),
    ],
)
def test_a_house_that_cannot_be_keeps_what_was_typed(
    come_in: Callable[..., FlaskClient], changed: dict[str, str], said: str
) -> None:
    answer = come_in(Role.DIRECTOR).post("/houses/new", data=NEW | {"beds": "Lark\nWren"} | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Lark" in answer.text
    fresh()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(House)) == 1


def test_a_double_tap_opens_one_house(come_in: Callable[..., FlaskClient]) -> None:
    director = come_in(Role.DIRECTOR)
    answers = [director.post("/houses/new", data=NEW | {"key": "once"}) for _ in range(2)]
    assert [each.location for each in answers] == ["/houses/casa-del-rio/settings"] * 2
    other = director.post("/houses/new", data=NEW | {"key": "once", "name": "Another"})
    assert other.status_code == 422
    fresh()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(House)) == 2


# -- doors ----------------------------------------------------------------------------------------------------


def test_a_door_is_added_described_moved_and_taken_out_with_undo(house: House, lead: FlaskClient) -> None:
    page = settings(house, "/doors")
    added = lead.post(page, data={"name": "Lark"}, follow_redirects=True)
    assert "Lark is a door of the house now." in seen(added)
    fresh()
    lark = beds_of(db.session(), house.id)[-1]
    lead.post(
        f"/beds/{lark.id}/settings",
        data={"name": "Lark", "tags": ["quiet", "step-free"], "more_tags": "sea view, ", "version": lark.version},
    )
    assert "step-free, quiet, sea view" in seen(lead.get(page))
    lead.post(f"/beds/{lark.id}/order", data={"places": "-1"})
    fresh()
    assert [bed.name for bed in beds_of(db.session(), house.id)][-2] == "Lark"
    gone = lead.post(f"/beds/{lark.id}/retire", follow_redirects=True)
    assert f'action="/beds/{lark.id}/bring-back"' in gone.text
    assert lead.post(f"/beds/{lark.id}/bring-back").status_code == 303
    fresh()
    assert db.session.get_one(Bed, lark.id).retired_at is None


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "Willow"])
def test_a_door_that_cannot_be_is_said_beside_its_field(house: House, lead: FlaskClient, name: str) -> None:
    answer = lead.post(settings(house, "/doors"), data={"name": name, "room": "Attic"})
    assert answer.status_code == 422
    assert 'id="f-name-error"' in answer.text
    assert 'value="Attic"' in answer.text


def test_the_second_editor_of_a_door_sees_both_versions(lead: FlaskClient, willow: Bed) -> None:
    page = f"/beds/{willow.id}/settings"
    sent = {"name": "Birch", "version": willow.version}
    assert lead.post(page, data=sent).status_code == 303
    second = lead.post(page, data=sent | {"name": "Fir"})
    assert second.status_code == 412
    assert "It says now: Birch" in second.text
    assert 'value="Fir"' in second.text
    version = re.search(r'name="version" value="(\d+)"', second.text)
    assert version is not None
    assert lead.post(page, data=sent | {"name": "Fir", "version": version[1]}).status_code == 303


def test_a_name_is_never_markup(house: House, lead: FlaskClient) -> None:
    lead.post(settings(house, "/doors"), data={"name": "<script>alert(1)</script>"})
    page = lead.get(settings(house, "/doors")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_chairs_are_added_renamed_and_taken_out(house: House, lead: FlaskClient) -> None:
    lead.post(settings(house, "/chairs"))
    fresh()
    chair = chairs_of(db.session(), house.id)[-1]
    lead.post(f"/chairs/{chair.id}/name", data={"name": "By the window", "version": chair.version})
    assert 'value="By the window"' in lead.get(settings(house, "/doors")).text
    out = lead.post(f"/chairs/{chair.id}/retire", follow_redirects=True)
    assert "no longer in the living room" in seen(out)
    assert lead.post(f"/chairs/{chair.id}/retire").status_code == 409
    assert lead.post(f"/chairs/{chair.id}/bring-back").status_code == 303


# -- closing, opening again, ready ----------------------------------------------------------------------------


def test_a_door_closes_and_opens_again_and_each_is_taken_back(house: House, lead: FlaskClient, willow: Bed) -> None:
    page = f"/beds/{willow.id}/closure"
    assert 'value="2026-11-22"' in lead.get(page).text
    back = settings(house, "/doors")
    sent = {"from": "2026-11-22", "until": "2026-11-25", "reason": "Paint", "back": back}
    closed = lead.post(page, data=sent)
    assert (closed.status_code, closed.location) == (303, back)
    fresh()
    closure = db.session.scalars(sa.select(Closure)).one()
    assert f'action="/closures/{closure.id}/open"' in lead.get(back).text
    assert "Paint" in seen(lead.get(back))
    opened = lead.post(f"/closures/{closure.id}/open", data={"back": back}, follow_redirects=True)
    assert "Willow is open again." in seen(opened)
    assert lead.post(f"/closures/{closure.id}/open").status_code == 409
    assert lead.post(f"/closures/{closure.id}/close").status_code == 303
    fresh()
    assert db.session.get_one(Closure, closure.id).opened_at is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"from": "2026-11-21"}, 422),
        ({"until": "2026-11-22"}, 422),
        ({"until": "2028-11-22"}, 422),
        ({"until": "soon"}, 422),
        ({"reason": "x" * 81}, 422),
        ({"reason": "\0"}, 422),
        ({"from": "2026-11-23"}, 409),
    ],
)
def test_a_closure_that_cannot_be_changes_nothing(
    lead: FlaskClient, willow: Bed, changed: dict[str, str], status: int
) -> None:
    close_bed(COMMAND, willow.id, first_night=date(2026, 11, 23), until=WED, reason="", now=SUNDAY)
    sent = {"from": "2026-11-22", "until": "2026-11-23", "reason": "Paint"} | changed
    if "from" in changed:
        sent["until"] = "2026-11-24"
    answer = lead.post(f"/beds/{willow.id}/closure", data=sent)
    assert answer.status_code == status
    assert f'value="{sent["until"]}"' in answer.text
    fresh()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Closure)) == 1


def test_ready_is_one_tap_and_its_undo_another(lead: FlaskClient, willow: Bed) -> None:
    with transaction() as session:
        session.get_one(Bed, willow.id).getting_ready_since = SUNDAY
    tap = {"key": "tap", "back": f"/beds/{willow.id}/settings"}
    first = lead.post(f"/beds/{willow.id}/ready", data=tap)
    twin = lead.post(f"/beds/{willow.id}/ready", data=tap)
    assert [first.status_code, twin.status_code] == [303, 303]
    fresh()
    assert db.session.get_one(Bed, willow.id).getting_ready_since is None
    assert f'action="/beds/{willow.id}/not-ready"' in lead.get(tap["back"]).text
    assert lead.post(f"/beds/{willow.id}/ready", data={"key": "late"}).status_code == 409
    lead.post(f"/beds/{willow.id}/not-ready")
    fresh()
    assert db.session.get_one(Bed, willow.id).getting_ready_since == SUNDAY


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", "javascript:1"])
def test_going_back_stays_in_the_house(lead: FlaskClient, willow: Bed, back: str) -> None:
    with transaction() as session:
        session.get_one(Bed, willow.id).getting_ready_since = SUNDAY
    assert lead.post(f"/beds/{willow.id}/ready", data={"back": back}).location == "/houses/juniper-house/board"


# -- rules ----------------------------------------------------------------------------------------------------


def rules_form(page: TestResponse) -> dict[str, str]:
    """What a browser would send of the rules as they are drawn."""
    html = page.text[page.text.index('action="/houses/juniper-house/settings/rules"') :]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if fields.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in fields:
            sent[fields["name"]] = fields.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        assert chosen is not None, name
        sent[name] = chosen[1]
    return sent


def test_the_rules_as_drawn_are_the_rules_as_they_are(house: House, lead: FlaskClient) -> None:
    page = settings(house, "/rules")
    answer = lead.post(page, data=rules_form(lead.get(page)), follow_redirects=True)
    assert "Nothing was different." in seen(answer)
    fresh()
    assert rules_now(db.session(), house.id).number == 1


def test_rules_change_as_a_version_and_the_history_says_what_and_who(house: House, lead: FlaskClient) -> None:
    page = settings(house, "/rules")
    changed = {
        "longest_stay": "28", "return_kind": "since-leaving", "return_days": "60", "saved_hours": "1",
        "saved_minutes": "30", "quiet_from": "21:30", "animal": "yes", "nameless_stays": "yes",
        "visit_notices": "20:30, 22",
    }  # fmt: skip
    answer = lead.post(page, data=rules_form(lead.get(page)) | changed, follow_redirects=True)
    words = seen(answer)
    assert "The rules are kept as version 2." in words
    assert "Longest stay: 7 nights → 28 nights" in words
    assert "How long a bed stays saved: 4 hours → 1 hour 30 minutes" in words
    assert "Dana" in words
    fresh()
    rules = rules_now(db.session(), house.id)
    assert (rules.longest_stay, rules.saved_minutes, rules.quiet_from) == (28, 90, time(21, 30))
    assert (rules.return_kind, rules.return_days, rules.nameless_stays) == ("since-leaving", 60, True)
    assert (rules.animal, rules.visit_notices) == ("yes", [1230, 1320])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("longest_stay", "0"),
        ("longest_stay", "9" * 400),
        ("return_kind", "never"),
        ("quiet_from", "25:00"),
        ("wall_most", "photo"),
        ("saved_hours", "169"),
        ("visit_notices", "22, 20"),
        ("visit_notices", "soon"),
        ("visit_notices", "20\0"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_none_changes(
    house: House, lead: FlaskClient, field: str, value: str
) -> None:
    page = settings(house, "/rules")
    answer = lead.post(page, data=rules_form(lead.get(page)) | {"extension_nights": "5", field: value})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    fresh()
    assert rules_now(db.session(), house.id).number == 1


def test_rules_changed_meanwhile_are_shown_beside_ones_own(house: House, lead: FlaskClient) -> None:
    page = settings(house, "/rules")
    typed = rules_form(lead.get(page)) | {"longest_stay": "10"}
    change_rules(COMMAND, house.id, {"longest_stay": 14, "child": "no"}, number_seen=None, now=SUNDAY)
    answer = lead.post(page, data=typed)
    assert answer.status_code == 412
    assert "It says now: 14" in answer.text
    assert "It says now: not in this house" in answer.text
    assert 'value="10"' in answer.text
    fresh()
    assert rules_now(db.session(), house.id).longest_stay == 14


# -- the house itself, meals and activities ----------------------------------------------------------------------


def test_a_house_says_its_telephone_and_keeps_it_in_one_form(house: House, lead: FlaskClient) -> None:
    sent = {
        "name": "Juniper House", "kind": "both", "timezone": "America/Denver", "language": "en",
        "phone": "303 555 0123", "version": house.version,
    }  # fmt: skip
    assert lead.post(settings(house, "/details"), data=sent).status_code == 303
    assert "(303) 555-0123" in seen(lead.get(settings(house)))
    wrong = lead.post(settings(house, "/details"), data=sent | {"phone": "call us", "version": house.version + 1})
    assert wrong.status_code == 422
    assert 'value="call us"' in wrong.text


def test_supper_is_set_changed_and_taken_off_with_undo(house: House, lead: FlaskClient) -> None:
    page = settings(house, "/gatherings")
    sent = {"kind": "meal", "title": "Supper", "day": "2026-11-22", "begins": "18:00", "ends": "19:00", "days": "1"}
    assert "Supper is set." in seen(lead.post(page, data=sent, follow_redirects=True))
    fresh()
    supper = db.session.scalars(sa.select(Gathering)).one()
    changed = sent | {"detail": "Soup", "version": supper.version}
    assert lead.post(f"/gatherings/{supper.id}", data=changed).status_code == 303
    assert "Soup" in seen(lead.get(page))
    off = lead.post(f"/gatherings/{supper.id}/off", follow_redirects=True)
    undo = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', off.text[off.text.index("data-flash") :]))
    assert lead.post(page, data=undo).status_code == 303
    fresh()
    back = db.session.scalars(sa.select(Gathering)).one()
    assert (back.title, back.detail, back.starts_at) == ("Supper", "Soup", supper.starts_at)


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("title", "x" * 61), ("ends", "17:00"), ("day", "2026-02-30"), ("days", "15")]
)
def test_a_meal_that_cannot_be_is_said(house: House, lead: FlaskClient, field: str, value: str) -> None:
    sent = {"kind": "meal", "title": "Supper", "day": "2026-11-22", "begins": "18:00", "ends": "19:00", "days": "1"}
    answer = lead.post(settings(house, "/gatherings"), data=sent | {field: value})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text


def test_a_gathering_of_another_house_is_not_found(house: House, lead: FlaskClient, aspen: House) -> None:  # noqa: F811
    other = set_gathering(
        COMMAND, aspen.id, kind="meal", title="Tea", day=SUN, begins=time(15), ends=time(16), now=SUNDAY
    )[0]
    assert lead.get(f"/gatherings/{other.id}").status_code == 404
    assert lead.post(f"/gatherings/{other.id}/off").status_code == 404


# -- Spanish --------------------------------------------------------------------------------------------------


def test_pages_speak_spanish(house: House, lead: FlaskClient, willow: Bed) -> None:
    for page in ("", "/details", "/doors", "/rules", "/gatherings"):
        answer = lead.get(settings(house, page), headers={"Accept-Language": "es"})
        assert answer.status_code == 200
        assert 'lang="es"' in answer.text
    assert lead.get(f"/beds/{willow.id}/closure", headers={"Accept-Language": "es"}).status_code == 200
