"""A day with the line cut: the server dead, the page loaded again, and what was entered arrives once, in order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from respite.accounts.actor import COMMAND
from respite.accounts.models import SignIn
from respite.audit.models import Event
from respite.core.clock import machine_now
from respite.core.db import db
from respite.core.demo_clock import put_ahead
from respite.guests.models import Contact, Stay
from respite.guests.service.arriving import welcome
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.queries import beds_of
from respite.overnight.models import NightEntry
from respite.promises.models import Promise
from respite.staffing.models import CallIn
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_tablet import PIN, tablet, taps

NIGHT = "/houses/juniper-house/night"
PROMISES = "/houses/juniper-house/promises"
WORDS = "call the bakery about the bread"
HOUR = timedelta(hours=1)
NEAR = timedelta(minutes=2)
RESTED = timedelta(minutes=5, seconds=10)
KEPT_ON_THE_DEVICE = """async () => {
  const told = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  const base = await told(indexedDB.open("respite-night"));
  const entries = await told(base.transaction("entries").objectStore("entries").getAll());
  const copy = await (await (await caches.open("respite-night")).match(location.pathname)).text();
  return JSON.stringify(entries) + copy + JSON.stringify(localStorage);
}"""
HOW_MANY_WAIT = """async () => {
  const told = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  return told((await told(indexedDB.open("respite-night"))).transaction("entries").objectStore("entries").count());
}"""
DIMMED = "() => getComputedStyle(document.body).filter"
__all__ = ["tablet"]  # a fixture


def saved(place: Place, door: str, name: str) -> uuid.UUID:
    house_id = uuid.UUID(str(place.house_id))
    bed = next(bed for bed in beds_of(db.session(), house_id) if bed.name == door)
    stay = save_bed(COMMAND, house_id, who=Named(name), nights=3, bed_id=bed.id, minutes=2 * 1440, now=machine_now())
    return stay.id


def opens_the_night(someone: Companion) -> Page:
    page = someone.goes_to(NIGHT)
    ready(page)
    expect(page.locator("[data-line]")).to_have_text("The line is here.")
    # The copy stands on the device, and whoever shows it without the line is at work.
    page.wait_for_function(f"async () => !!(await (await caches.open('respite-night')).match('{NIGHT}'))")
    page.wait_for_function("() => !!navigator.serviceWorker.controller")
    return page


def ready(page: Page) -> None:
    expect(page.locator("[data-night][data-ready]")).to_have_count(1)


def cut(place: Place, page: Page) -> None:
    page.context.set_offline(True)
    place.server.kill()


def comes_back(place: Place, page: Page) -> None:
    db.session.remove()
    place.server.start()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def passes(page: Page, hours: float) -> None:
    """Time goes by, and somebody is before the screen all the while."""
    for _part in range(round(hours * 2)):
        page.clock.fast_forward("30:00")
        page.keyboard.press("Shift")


def act(page: Page, title: str) -> Any:
    found = page.locator(".night-act", has=page.get_by_role("heading", name=title, exact=True))
    if not found.evaluate("each => each.open"):
        found.locator("summary").first.click()
    return found


def calls(page: Page, kind: str) -> None:
    act(page, "Somebody called").get_by_role("button", name=kind).click()


def arrives_at(page: Page, door: str) -> None:
    form = act(page, "Somebody arrived")
    form.locator(".choice", has_text=door).click()
    form.get_by_role("button", name="Welcome").click()


def promises(page: Page, words: str, **more: str) -> None:
    form = act(page, "Make a promise")
    form.get_by_label("I said I would").fill(words)
    for label, value in more.items():
        form.locator(f"select[name={label}]").select_option(value)
    form.get_by_role("button", name="Note it").click()


def waiting(page: Page) -> Any:
    return page.locator("[data-list] > li")


def rows(model: Any, *where: Any, by: Any = None) -> list[Any]:
    """What stands in the house's book; nothing is held open that the server would wait for."""
    db.session.remove()
    found = list(db.session.scalars(sa.select(model).where(*where).order_by(by)).unique())
    db.session.remove()
    return found


def one(model: Any, *where: Any) -> Any:
    (found,) = rows(model, *where)
    return found


def kept_on_the_device(page: Page) -> str:
    return str(page.evaluate(KEPT_ON_THE_DEVICE))


@pytest.fixture
def dana(companion: Callable[..., Companion]) -> Companion:
    someone = companion(width=820, height=1180, has_touch=True)
    someone.signs_in("dana@example.org", PASSWORD)
    return someone


def test_a_day_without_the_line_arrives_once_in_order_with_its_times(place: Place, dana: Companion) -> None:
    sage, cedar = saved(place, "Sage", "Jo"), saved(place, "Cedar", "Mo")
    began = machine_now()
    dana.page.clock.install()
    page = opens_the_night(dana)
    assert "Jo" in act(page, "Somebody arrived").inner_text()
    cut(place, page)
    passes(page, 1)
    page.reload()
    ready(page)
    expect(page.locator("[data-line]")).to_contain_text("The line is away since")
    assert violations(page) == []
    assert (page.locator("html").get_attribute("data-theme"), page.evaluate(DIMMED)) == ("night", "brightness(0.8)")
    # The door card stands on it too.
    page.get_by_text("Somebody asks", exact=False).first.click()
    expect(page.locator("#door-card")).to_contain_text("We never say who is or is not here.")
    page.get_by_role("link", name="Close").click()

    calls(page, "A call to talk")
    expect(page.locator("[data-said]")).to_contain_text("Kept here: Somebody called")
    passes(page, 2)
    arrives_at(page, "Sage")
    passes(page, 1)
    arrives_at(page, "Cedar")
    page.reload()
    ready(page)
    promises(page, WORDS, by="tonight")
    passes(page, 1)
    act(page, "Call a second person").get_by_role("button", name="A second person is wanted").click()
    expect(page.locator("[data-said]")).to_contain_text("The line is away, so nobody can be asked from here.")
    expect(page.locator("[data-calls]")).to_contain_text("Dana")
    calls(page, "Asking for a stay")
    expect(waiting(page)).to_have_count(6)
    on_device = kept_on_the_device(page)
    assert [word for word in (WORDS, "bakery", ">Jo<", ">Mo<") if word in on_device] == []
    assert sideways(page) == 0

    # Another tablet had the line meanwhile, and welcomed Mo.
    welcome(place.luis, cedar, at=None, now=began + 2 * HOUR)
    passes(page, 19)
    put_ahead(24 * HOUR)
    comes_back(place, page)
    expect(page.locator("[data-line]")).to_have_text("The line is here.")
    expect(waiting(page)).to_have_count(2)
    assert violations(page) == []
    expect(waiting(page).first).to_contain_text("This guest is here already.")
    expect(waiting(page).last).to_contain_text("Is somebody still wanted?")

    assert abs(one(Stay, Stay.id == sage).arrived_at - (began + 3 * HOUR)) < NEAR
    assert abs(one(Stay, Stay.id == cedar).arrived_at - (began + 2 * HOUR)) < NEAR
    assert abs(one(Contact, Contact.kind == "warmline").at - (began + HOUR)) < NEAR
    assert abs(one(Contact, Contact.kind == "asks-to-stay").at - (began + 5 * HOUR)) < NEAR
    promise = one(Promise)
    assert (promise.words, promise.by_day, promise.owner_id) == (WORDS, True, place.dana.id)
    assert abs(promise.made_at - (began + 4 * HOUR)) < NEAR
    told = ["guest.contact.noted", "guest.stay.began", "promise.word.given", "guest.contact.noted"]
    kinds = [event.kind for event in rows(Event, Event.actor == place.dana.ref, by=Event.version)]
    assert [kind for kind in kinds if kind in told] == told

    # Nobody was asked by itself. Asked today it is one call, and of today.
    assert rows(CallIn) == []
    waiting(page).last.get_by_role("button", name="Ask them now").click()
    expect(waiting(page)).to_have_count(1)
    assert abs(one(CallIn).asked_at - (machine_now() + 24 * HOUR)) < NEAR
    waiting(page).first.get_by_role("button", name="It is not needed").click()
    expect(page.locator("[data-waits]")).to_be_hidden()
    page.locator("[data-undo]").click()
    expect(waiting(page)).to_have_count(1)
    waiting(page).first.get_by_role("button", name="It is not needed").click()
    page.get_by_role("link", name="End overnight mode").click()
    arrives(page, "/houses/juniper-house/board")
    expect(page.locator("body")).to_contain_text(WORDS)
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_what_the_server_took_and_could_not_answer_is_not_taken_twice(place: Place, dana: Companion) -> None:
    page = opens_the_night(dana)

    def dies_with_the_answer(route: Route) -> None:
        route.fetch()
        place.server.kill()
        route.abort()

    page.context.route("**/night/entries", dies_with_the_answer)
    promises(page, WORDS)
    expect(page.locator("[data-line]")).to_contain_text("The line is away")
    expect(waiting(page)).to_have_count(1)
    assert one(Promise).words == WORDS
    page.context.unroute("**/night/entries")
    page.reload()
    ready(page)
    # A hurried hand taps twice: one call.
    act(page, "Somebody called").get_by_role("button", name="A call to talk").dblclick()
    expect(page.locator("[data-said]")).to_contain_text("Kept here: Somebody called")
    expect(waiting(page)).to_have_count(2)
    comes_back(place, page)
    expect(page.locator("[data-waits]")).to_be_hidden()
    assert one(Promise).words == WORDS
    assert one(Contact).kind == "warmline"
    assert len(rows(NightEntry)) == 2


def test_what_always_fails_holds_nothing_up_and_is_put_aside_in_words(place: Place, dana: Companion) -> None:
    page = opens_the_night(dana)
    fails = {"promise", "called"}

    def broken(route: Route) -> None:
        sent = parse_qs(route.request.post_data or "")
        if sent["kind"][0] in fails and "aside" not in sent:
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    def tries(entry: str) -> None:
        with page.expect_response(lambda each: f"kind={entry}&" in (each.request.post_data or "")):
            page.evaluate("window.dispatchEvent(new Event('online'))")

    page.context.route("**/night/entries", broken)
    promises(page, WORDS)
    expect(page.locator("[data-said]")).to_contain_text("It is sent by itself.")
    calls(page, "A call to talk")
    expect(waiting(page).first).to_contain_text("could not take this yet")
    expect(waiting(page).last).to_contain_text("waits for its turn")
    # Where the server takes nothing the fault is no entry's own, and all of them keep their order.
    for _round in range(7):
        tries("promise")
    tries("called")
    expect(waiting(page).last.get_by_role("button", name="Stop trying")).to_be_visible()
    assert rows(Contact) == []
    page.reload()
    ready(page)
    expect(waiting(page)).to_have_count(2)
    assert violations(page) == []
    fails.clear()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waits]")).to_be_hidden()
    kinds = [event.kind for event in rows(Event, Event.actor == place.dana.ref, by=Event.version)]
    assert kinds[-2:] == ["promise.word.given", "guest.contact.noted"]

    # Where later ones go through it is the entry's own, and a person is asked.
    fails.add("promise")
    promises(page, "bread")
    calls(page, "Asking for a stay")
    for _round in range(3):
        tries("promise")
    expect(waiting(page)).to_have_count(1)
    expect(waiting(page)).to_contain_text("It does not stand there.")
    expect(page.locator("[data-said]")).to_contain_text("Noted: Asking for a stay.")
    expect(waiting(page)).to_contain_text("bread")
    assert len(rows(Contact)) == 2
    assert len(rows(Promise)) == 1
    expect(waiting(page).get_by_role("link", name="Do it on its own page")).to_have_attribute("href", PROMISES)
    fails.clear()
    # Looking at the line again takes away neither the button under a finger nor a time that was typed.
    again, at = waiting(page).get_by_role("button", name="Try again").element_handle(), waiting(page).get_by_label("At")
    at.fill("00:00")
    at.blur()
    for _look in range(3):
        with page.expect_response("**/night/state"):
            page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(at).to_have_value("00:00")
    at.fill("")
    assert again is not None
    again.click()
    expect(page.locator("[data-waits]")).to_be_hidden()
    assert sorted(row.words for row in rows(Promise)) == ["bread", WORDS]

    # Nobody waits for a server that fails to ask somebody, and one may stop before anything else is entered.
    fails.update({"second", "promise"})
    act(page, "Call a second person").get_by_role("button", name="A second person is wanted").click()
    expect(page.locator("[data-said]")).to_contain_text("Nobody could be asked from here just now.")
    waiting(page).get_by_role("button", name="It is not needed").click()
    promises(page, "salt")
    for _round in range(4):
        tries("promise")
    waiting(page).get_by_role("button", name="Stop trying").click()
    expect(waiting(page)).to_contain_text("It does not stand there.")
    assert (len(rows(Promise)), rows(CallIn)) == (2, [])
    dana.faults[:] = [fault for fault in dana.faults if "status of 500" not in fault]


def test_a_shared_tablet_rests_and_what_nobody_signed_waits_for_a_person(place: Place, tablet: Companion) -> None:
    saved(place, "Sage", "Jo")
    began = machine_now()
    tablet.page.clock.install()
    page = opens_the_night(tablet)
    cut(place, page)
    calls(page, "A call to talk")
    assert "Jo" in act(page, "Somebody arrived").inner_text()
    page.clock.fast_forward(int(RESTED.total_seconds()) * 1000)
    expect(page.locator("[data-rested]")).to_be_visible()
    assert "Jo" not in page.locator("main").inner_text()
    promises(page, WORDS)
    expect(page.locator("[data-said]")).to_contain_text("Whoever unlocks this screen sends it.")
    # Locked meanwhile, as the server locks it by the machine's own clock.
    with db.engine.begin() as connection:
        connection.execute(sa.update(SignIn).values(locked_at=machine_now()))
    put_ahead(RESTED)
    comes_back(place, page)
    expect(page.locator("[data-line]")).to_contain_text("this screen is locked")
    expect(waiting(page)).to_have_count(2)
    page.locator("[data-line] a").click()
    page.get_by_role("link", name="Dana").tap()
    taps(tablet, PIN)
    arrives(page, NIGHT)
    ready(page)
    # Hers went by itself; what was entered while the screen rested is put to her.
    expect(waiting(page)).to_have_count(1)
    assert one(Contact).kind == "warmline"
    expect(waiting(page)).to_contain_text("entered while the screen rested")
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("button", name="Sign out").tap()
    expect(page.locator("[data-leaving]")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Stay here").click()
    waiting(page).get_by_role("button", name="Send it").click()
    expect(page.locator("[data-waits]")).to_be_hidden()
    row = one(Promise)
    assert (row.words, row.owner_id) == (WORDS, None)
    assert abs(row.made_at - (began + RESTED)) < NEAR
    # Locked elsewhere, it knows nobody, and shows nobody's name.
    assert "Jo" in act(page, "Somebody arrived").inner_text()
    with db.engine.begin() as connection:
        connection.execute(sa.update(SignIn).values(locked_at=machine_now()))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-rested]")).to_be_visible()
    assert "Jo" not in page.locator("main").inner_text()
    # Signed out from the lock, no copy is left, and what was entered meanwhile waits all the same.
    calls(page, "A call to talk")
    expect(waiting(page)).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="Sign out Dana").click()
    arrives(page, "/sign-in")
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.evaluate(HOW_MANY_WAIT) == 1
    # That it was locked is what the page asked, and no fault of it.
    tablet.faults[:] = [fault for fault in tablet.faults if "(LOCKED)" not in fault]
