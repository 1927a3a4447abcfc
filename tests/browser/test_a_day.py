"""A day in the house, played at the desk with the wall in another window: the wall follows by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.companions import PATIENCE_MS, Companion, arrives
from tests.browser.conftest import PASSWORD, Place

Bring = Callable[..., Companion]
BOARD = "/houses/juniper-house/board"


@pytest.fixture
def desk(place: Place, companion: Bring) -> Page:
    return sits_at_the_desk(companion())


@pytest.fixture
def wall(desk: Page, place: Place, companion: Bring) -> Page:
    return hangs_a_wall(companion(width=1920, height=1080), desk)


def sits_at_the_desk(dana: Companion) -> Page:
    dana.signs_in("dana@example.org", PASSWORD)
    arrives(dana.page, BOARD)
    return dana.page


def hangs_a_wall(screen: Companion, desk: Page) -> Page:
    """The screen shows its eight letters; Dana types them at the desk and says she sees them."""
    screen.goes_to("/wall")
    letters = screen.page.locator(".letters").inner_text().replace(" ", "")
    desk.goto(f"{screen.url}/houses/juniper-house/screens")
    desk.fill("input[name=code]", letters)
    desk.get_by_role("button", name="Go on").click()
    desk.fill("input[name=name]", "Staff room")
    desk.get_by_label("The doors").check()
    desk.locator("input[name=there]").check()
    desk.get_by_role("button", name="Pair it").click()
    arrives(desk, "/houses/juniper-house/screens")
    expect(door(screen.page, "Willow")).to_be_visible()
    desk.goto(screen.url + BOARD)
    return screen.page


def door(page: Page, name: str) -> Locator:
    return page.locator("article", has=page.get_by_role("heading", name=name, exact=True))


def wall_shows(wall: Page, name: str, state: str) -> None:
    expect(door(wall, name)).to_have_attribute("data-state", state, timeout=PATIENCE_MS)


def saves(desk: Page, name: str, who: str) -> None:
    door(desk, name).get_by_role("link", name="Save this bed").click()
    desk.fill("input[name=name]", who)
    desk.get_by_role("button", name="Save this bed").click()
    arrives(desk, BOARD)


def test_the_wall_follows_each_act_of_a_day(desk: Page, wall: Page) -> None:
    wall.evaluate("window.sameWindow = true")
    saves(desk, "Aspen", "Robin")
    wall_shows(wall, "Aspen", "saved")

    door(desk, "Aspen").get_by_role("button", name="Welcome").click()
    wall_shows(wall, "Aspen", "here")
    expect(wall.get_by_text("Robin")).to_have_count(0)

    door(desk, "Aspen").get_by_role("link", name="Leaving").click()
    desk.get_by_label("Sooner, their own choice").check()
    desk.locator("form.card button[type=submit]").last.click()
    arrives(desk, BOARD)
    wall_shows(wall, "Aspen", "ready")

    door(desk, "Aspen").get_by_role("button", name="Ready").click()
    wall_shows(wall, "Aspen", "free")

    desk.get_by_role("button", name="Undo").first.click()
    wall_shows(wall, "Aspen", "ready")
    assert wall.evaluate("window.sameWindow"), "the wall was never loaded again"


def test_a_wall_that_lost_its_line_says_so_and_catches_up(desk: Page, wall: Page, place: Place) -> None:
    wall.context.set_offline(True)
    saves(desk, "Cedar", "Jo")
    expect(wall.locator("[data-age]")).to_contain_text("picture", timeout=40_000)
    wall_shows(wall, "Cedar", "free")
    wall.context.set_offline(False)
    wall_shows(wall, "Cedar", "saved")
    expect(wall.locator("[data-age]")).to_have_text("", timeout=40_000)


def test_a_server_killed_and_started_again_is_found_by_the_wall(desk: Page, wall: Page, place: Place) -> None:
    place.server.kill()
    place.server.start()
    desk.goto(place.server.url + BOARD)
    saves(desk, "Lark", "Noor")
    expect(door(wall, "Lark")).to_have_attribute("data-state", "saved", timeout=45_000)


def test_two_screens_of_one_account_both_stay_alive(desk: Page, place: Place, companion: Bring) -> None:
    second = sits_at_the_desk(companion())
    saves(desk, "Fern", "Kim")
    expect(door(second, "Fern")).to_have_attribute("data-state", "saved")
    door(second, "Fern").get_by_role("button", name="Welcome").click()
    expect(door(desk, "Fern")).to_have_attribute("data-state", "here")


def test_a_wall_taken_off_goes_dark(desk: Page, place: Place, companion: Bring) -> None:
    screen = companion(width=1920, height=1080)
    wall = hangs_a_wall(screen, desk)
    desk.goto(f"{place.server.url}/houses/juniper-house/screens")
    desk.get_by_role("button", name="Take off").click()
    expect(wall.locator(".letters")).to_be_visible(timeout=30_000)
    expect(wall.locator("article")).to_have_count(0)
    # What it asked for in between was refused, as it must be, and the browser said so.
    assert all("404" in fault for fault in screen.faults)
    screen.faults.clear()
