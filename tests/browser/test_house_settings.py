"""A house's settings and shifts in a real browser: free of faults on any screen, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from respite.core.clock import machine_now
from respite.core.db import db
from respite.houses.policy.house_time import local
from respite.houses.queries import beds_of
from respite.houses.service.doors import close_bed
from respite.houses.service.gatherings import set_gathering
from respite.staffing.service.shifts import put_on
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place

HOUSE = "/houses/juniper-house"
PAGES = (
    f"{HOUSE}/settings",
    f"{HOUSE}/settings/details",
    f"{HOUSE}/settings/doors",
    f"{HOUSE}/settings/rules",
    f"{HOUSE}/settings/gatherings",
    f"{HOUSE}/shifts",
    "/me",
    "/demo",
)


@pytest.fixture
def furnished(place: Place) -> list[str]:
    """A closed door, a meal and a shift in the house; answers the addresses of all pages."""
    now = machine_now()
    moment = local(now, "America/Denver")
    today = moment.date()
    bed = beds_of(db.session(), place.house_id)[0]  # type: ignore[arg-type]
    tomorrow = today + timedelta(days=1)
    close_bed(place.dana, bed.id, first_night=tomorrow, until=tomorrow + timedelta(days=2), reason="Paint", now=now)
    clocks = {"begins": moment.time().replace(hour=8), "ends": moment.time().replace(hour=9)}
    supper = set_gathering(
        place.dana,
        place.house_id,
        kind="meal",
        title="Supper",
        day=tomorrow,
        **clocks,
        now=now,  # type: ignore[arg-type]
    )[0]
    shift = put_on(
        place.dana,
        place.house_id,
        person_id=place.dana.id,
        kind="floor",
        day=tomorrow,
        **clocks,
        now=now,  # type: ignore[arg-type]
    )
    addresses = [
        *PAGES,
        f"/beds/{bed.id}/settings",
        f"/beds/{bed.id}/closure",
        f"/gatherings/{supper.id}",
        f"/shifts/{shift.id}",
    ]
    db.session.rollback()  # a read left open here would keep the server from writing
    return addresses


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("English", "light", 1280), ("Español", "dark", 320), ("Español", "light", 390)]
)
def test_no_page_has_a_fault(
    place: Place,
    furnished: list[str],
    companion: Callable[..., Companion],
    language: str,
    scheme: str,
    width: int,
) -> None:
    dana = companion(width=width, color_scheme=scheme)
    dana.signs_in("dana@example.org", PASSWORD)
    if language == "Español":
        choose_spanish(dana.page, width)
    found: dict[str, object] = {}
    for address in furnished:
        page = dana.goes_to(address)
        faults = [*violations(page), *(["sideways"] if sideways(page) else [])]
        if faults:
            found[address] = faults
        expect(page.locator("html")).to_have_attribute("lang", "es" if language == "Español" else "en")
    assert found == {}


def choose_spanish(page: Page, width: int) -> None:
    if width < 900:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_door_is_added_closed_and_opened_again_without_scripts(
    place: Place, companion: Callable[..., Companion]
) -> None:
    dana = companion(java_script_enabled=False)
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{HOUSE}/settings/doors")
    page.get_by_label("Name", exact=True).fill("Wren")
    page.get_by_role("button", name="Add the door").click()
    expect(page.get_by_text("Wren is a door of the house now.")).to_be_visible()
    row = page.locator("li", has=page.get_by_role("heading", name="Wren", exact=True))
    row.locator("summary").click()
    row.get_by_role("link", name="Close for some nights").click()
    page.get_by_role("button", name="Close the door").click()
    expect(page.get_by_text(re.compile("^Wren is closed until"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Wren is open again.")).to_be_visible()
    arrives(page, f"{HOUSE}/settings/doors")


def test_a_door_is_taken_out_and_brought_back_by_keyboard_alone(
    place: Place, companion: Callable[..., Companion]
) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{HOUSE}/settings/doors")
    row = page.locator("li", has=page.get_by_role("heading", name="Fern", exact=True))
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Take it out of the house")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="Take it out of the house")).to_be_hidden()
    expect(row.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Take it out of the house")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fern is no longer a door of the house.")).to_be_visible()
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fern is a door of the house again.")).to_be_visible()


def test_the_rules_ask_only_what_the_chosen_kind_needs(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{HOUSE}/settings/rules")
    nights, days = page.locator("[name=return_nights]"), page.locator("[name=return_days]")
    page.locator("[name=return_kind][value=none]").check(force=True)
    expect(nights).to_be_hidden()
    expect(days).to_be_hidden()
    page.locator("[name=return_kind][value=since-leaving]").check(force=True)
    expect(nights).to_be_hidden()
    days.fill("45")
    page.get_by_role("button", name="Keep these rules").click()
    expect(page.get_by_text("Days for coming again: 30 days → 45 days")).to_be_visible()


def test_here_is_two_taps(place: Place, companion: Callable[..., Companion]) -> None:
    luis = companion(width=390)
    luis.signs_in("luis@example.org", PASSWORD)
    page = luis.goes_to(f"{HOUSE}/shifts")
    page.get_by_text("I am here and not on the list").click()
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_text("You are here. Welcome.")).to_be_visible()
    expect(page.locator(".now")).to_contain_text("Luis")
    page.get_by_role("button", name="I am going").click()
    expect(page.locator(".now")).not_to_contain_text("Luis")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".now")).to_contain_text("Luis")
