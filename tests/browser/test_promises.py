"""Two desks and a wall: a promise stands on both desks by itself, one tap ends it on both, and no wall ever has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.companions import PATIENCE_MS, Companion, arrives, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_a_day import BOARD, hangs_a_wall, saves, sits_at_the_desk

Bring = Callable[..., Companion]


@pytest.fixture
def desk(place: Place, companion: Bring) -> Page:
    return sits_at_the_desk(companion())


@pytest.fixture
def other_desk(place: Place, companion: Bring) -> Page:
    luis = companion(width=390, height=800)
    luis.signs_in("luis@example.org", PASSWORD)
    arrives(luis.page, BOARD)
    return luis.page


def promises(page: Page) -> Locator:
    return page.locator('[data-part="promises"]')


def writes(page: Page, words: str) -> None:
    page.locator("#promises > details > summary").click()
    page.locator("#promises [name=words]").fill(words)


def notes(page: Page, words: str) -> None:
    writes(page, words)
    page.locator("#promises").get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Noted, so that it is not forgotten.")).to_be_visible()


def test_a_promise_stands_on_both_desks_and_ends_on_both(
    desk: Page, other_desk: Page, place: Place, companion: Bring
) -> None:
    wall = hangs_a_wall(companion(width=1920, height=1080), desk)
    other_desk.evaluate("window.sameWindow = true")
    writes(other_desk, "Half a sentence")
    notes(desk, "Look for the other slipper")
    expect(promises(other_desk)).to_contain_text("Look for the other slipper", timeout=PATIENCE_MS)
    expect(promises(other_desk)).to_contain_text("Dana")
    # What was being written on the other desk is still there.
    expect(other_desk.locator("#promises [name=words]")).to_have_value("Half a sentence")
    assert violations(other_desk) == []

    promises(other_desk).get_by_role("button", name="Done: Look for the other slipper").click()
    expect(other_desk.get_by_text("Done. Thank you.")).to_be_visible()
    expect(promises(desk)).not_to_contain_text("slipper", timeout=PATIENCE_MS)
    assert "slipper" not in wall.content()

    other_desk.get_by_role("button", name="Undo").click()
    expect(promises(desk)).to_contain_text("Look for the other slipper", timeout=PATIENCE_MS)
    assert "slipper" not in wall.content()


def test_a_guest_is_promised_something_from_their_door_by_keyboard(desk: Page, other_desk: Page) -> None:
    saves(desk, "Aspen", "Robin")
    desk.get_by_role("button", name="Welcome, Aspen").click()
    link = desk.get_by_role("link", name="Promise Aspen")
    link.focus()
    desk.keyboard.press("Enter")
    arrives(desk, "/promises/new")
    desk.get_by_label("I said I would").fill("Keep their plant")
    desk.get_by_label("By when").select_option("leaving")
    assert violations(desk) == []
    desk.keyboard.press("Tab")
    desk.get_by_role("button", name="Note it").press("Enter")
    arrives(desk, BOARD)
    expect(promises(other_desk)).to_contain_text("for Robin", timeout=PATIENCE_MS)
    promises(other_desk).get_by_role("link", name="Keep their plant").click()
    other_desk.get_by_role("button", name="I will do it").click()
    expect(other_desk.get_by_text("It is yours now.")).to_be_visible()
    expect(promises(desk)).to_contain_text("Luis", timeout=PATIENCE_MS)
