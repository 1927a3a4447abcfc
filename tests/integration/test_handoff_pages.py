"""The handoff as pages: given in one tap, taken by name, what came since is marked, and what was typed stays."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from respite.accounts.roles import Role
from respite.core.clock import StillClock
from respite.handoff.models import Handoff, LogEntry
from respite.houses.models import House
from tests.people import MakePerson, sign_in
from tests.texts_in import rows

PAGE = "/houses/juniper-house/handoff"


@pytest.fixture
def people(juniper: House, person: MakePerson) -> dict[str, uuid.UUID]:
    roles = {"ana": Role.PEER, "ben": Role.PEER, "vol": Role.VOLUNTEER}
    return {
        name: person(f"{name}@example.org", {juniper.id: role}, name.title()) for name, role in roles.items()
    }  # fmt: skip


def browser_of(app: Flask, name: str) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, f"{name}@example.org")
    return browser


@pytest.fixture
def ana(app: Flask, people: dict[str, uuid.UUID]) -> FlaskClient:
    return browser_of(app, "ana")


@pytest.fixture
def ben(app: Flask, people: dict[str, uuid.UUID]) -> FlaskClient:
    return browser_of(app, "ben")


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def last_seen(browser: FlaskClient) -> str:
    found = re.search(r'name="last_seen" value="([^"]+)"', browser.get(PAGE).text)
    return found[1] if found else ""


def test_from_one_to_the_other(ana: FlaskClient, ben: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    assert ana.post(f"{PAGE}/entries", data={"entry": "The back door sticks"}).status_code == 303
    given = ana.post(f"{PAGE}/give", data={"words": "Nobody fed the cat", "feelings": "Glad"}, follow_redirects=True)
    assert "It is given." in words(given)
    said = words(ben.get(PAGE))
    for part in ("From Ana", "Nobody fed the cat", "How they are doing: Glad", "The back door sticks", "We have it"):
        assert part in said, part
    data = {"people": [str(people["ben"])], "last_seen": last_seen(ben)}
    taken = words(ben.post(f"{PAGE}/take", data=data, follow_redirects=True))
    assert "Taken: Ben" in taken
    assert "Glad" not in taken
    assert "Nobody fed the cat" in taken
    ana.post(f"{PAGE}/entries", data={"entry": "The cat is fed"})
    assert re.search(r"The cat is fed Ana new", words(ben.get(PAGE)))
    assert "sticks Ana new" not in words(ben.get(PAGE))
    assert "Ana new" not in words(ana.get(PAGE)), "who did not take it has nothing new"
    promise = {"words": "Feed the cat again", "owner": "", "day": "", "at": "", "kind": "other"}
    assert ana.post("/houses/juniper-house/promises", data=promise).status_code == 303
    assert "Feed the cat again new" in words(ben.get(PAGE))
    assert "Feed the cat again new" not in words(ana.get(PAGE))
    (handoff,) = rows(Handoff)
    earlier = words(ana.get(f"{PAGE}/earlier"))
    assert "From Ana" in earlier
    assert "Taken: Ben" in earlier
    one = words(ana.get(f"/handoffs/{handoff.id}"))
    assert "The back door sticks" in one
    assert "The cat is fed" not in one
    also = ana.post(f"/handoffs/{handoff.id}/take", data={"people": [str(people["ana"])]}, follow_redirects=True)
    assert re.search(r"Taken: (Ben.* · Ana|Ana.* · Ben), ", words(also))


def test_one_tap_gives_and_one_tap_takes_without_a_giver(
    ana: FlaskClient, ben: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    assert ana.post(f"{PAGE}/give", data={}).status_code == 303
    assert "Nothing to add." in words(ben.get(PAGE))
    ben.post(f"{PAGE}/take", data={"people": [str(people["ben"])], "last_seen": last_seen(ben)})
    ben.post(f"{PAGE}/entries", data={"entry": "The kettle is on"})
    taken = ana.post(
        f"{PAGE}/take", data={"people": [str(people["ana"])], "last_seen": last_seen(ana)}, follow_redirects=True
    )
    assert "Nobody gave it; as the log stood" in words(taken)
    assert "The kettle is on Ben" in words(taken)
    assert "Ben new" not in words(taken)


def test_whoever_taps_a_moment_after_a_colleague_has_the_same_handoff(
    ana: FlaskClient, ben: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    ana.post(f"{PAGE}/give", data={"words": "Nobody fed the cat"})
    pages = {name: browser.get(PAGE).text for name, browser in (("ana", ana), ("ben", ben))}
    for name, browser in (("ben", ben), ("ana", ana)):
        form = pages[name].split('class="form take"')[1].split("</form>")[0]
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        taken = browser.post(f"{PAGE}/take", data=fields | {"people": [str(people[name])]}, follow_redirects=True)
        assert "Nobody fed the cat" in words(taken), name
    (handoff,) = rows(Handoff)
    assert {each.person_id for each in handoff.taken} == {people["ana"], people["ben"]}


def test_what_was_typed_stays_when_a_colleague_was_first(ana: FlaskClient, ben: FlaskClient) -> None:
    ana.post(f"{PAGE}/give", data={})
    refused = ben.post(f"{PAGE}/give", data={"words": "The boiler man comes at ten"})
    assert refused.status_code == 409
    assert "Another handoff was given meanwhile." in words(refused)
    assert "The boiler man comes at ten" in refused.text


def test_nobody_ticked_is_said_beside_it(ana: FlaskClient, ben: FlaskClient) -> None:
    ana.post(f"{PAGE}/give", data={})
    refused = ben.post(f"{PAGE}/take", data={"last_seen": last_seen(ben)})
    assert refused.status_code == 409
    assert "Please say who takes it" in words(refused)


def test_a_line_that_is_too_long_or_still_to_come_is_refused_and_kept(ana: FlaskClient) -> None:
    long = ana.post(f"{PAGE}/entries", data={"entry": "x" * 281})
    assert (long.status_code, "x" * 281 in long.text) == (422, True)
    early = ana.post(f"{PAGE}/entries", data={"entry": "Soup", "at": "2099-01-01T10:00"})
    assert early.status_code == 422
    assert "still to come" in words(early)
    assert 'value="Soup"' in early.text
    assert rows(LogEntry) == []


def test_undo_takes_the_line_off(ana: FlaskClient, ben: FlaskClient) -> None:
    ana.post(f"{PAGE}/entries", data={"entry": "Wrong house"})
    (entry,) = rows(LogEntry)
    refused = ben.post(f"/log-entries/{entry.id}/off")
    assert refused.status_code == 409
    assert ana.post(f"/log-entries/{entry.id}/off").status_code == 303
    assert "Wrong house" not in ana.get(PAGE).text


def test_who_keeps_no_beds_sees_none_of_it(app: Flask, ana: FlaskClient) -> None:
    ana.post(f"{PAGE}/give", data={"words": "Words"})
    (handoff,) = rows(Handoff)
    vol = browser_of(app, "vol")
    for path in (PAGE, f"{PAGE}/earlier", f"/handoffs/{handoff.id}"):
        assert vol.get(path).status_code == 404
    for path in (f"{PAGE}/give", f"{PAGE}/take", f"{PAGE}/entries", f"/handoffs/{handoff.id}/take"):
        assert vol.post(path).status_code == 404


def test_the_desk_says_quietly_that_one_waits(
    app: Flask, ana: FlaskClient, ben: FlaskClient, people: dict[str, uuid.UUID], clock: StillClock
) -> None:
    desk = "/houses/juniper-house/board"
    assert "A handoff waits to be read" not in words(ben.get(desk))
    ana.post(f"{PAGE}/give", data={"words": "Nobody fed the cat"})
    said = words(ben.get(desk))
    assert "A handoff waits to be read, " in said
    assert "cat" not in said
    clock.advance(timedelta(days=2))
    assert "A handoff waits to be read, Sun" in words(ben.get(desk)), "one of another day by its day"
    assert "A handoff waits" not in words(browser_of(app, "vol").get(desk))
    ben.post(f"{PAGE}/take", data={"people": [str(people["ben"])], "last_seen": last_seen(ben)})
    assert "A handoff waits to be read" not in words(ben.get(desk))
