"""The main line by plain means: by keyboard alone, and with scripts off; and a wall with more doors than a page."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from playwright.sync_api import Page, expect

from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.houses.service.furnishing import add_bed
from tests.browser.companions import Companion, arrives
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_a_day import BOARD, door, hangs_a_wall, saves, sits_at_the_desk

Bring = Callable[..., Companion]
MOST_TABS = 80


def test_a_bed_is_saved_and_a_guest_welcomed_by_keyboard_alone(place: Place, companion: Bring) -> None:
    dana = companion()
    page = dana.goes_to("/sign-in")
    tab_to(page, "input[name=email]")
    page.keyboard.type("dana@example.org")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    arrives(page, BOARD)
    tab_to(page, "a[data-act='guests.save_form']")
    page.keyboard.press("Enter")
    arrives(page, "/save")
    tab_to(page, "input[name=name]")
    page.keyboard.type("Robin")
    page.keyboard.press("Enter")
    arrives(page, BOARD)
    expect(door(page, "Willow")).to_have_attribute("data-state", "saved")
    tab_to(page, "[data-act='guests.welcome'] button, button[data-act='guests.welcome']")
    page.keyboard.press("Enter")
    expect(door(page, "Willow")).to_have_attribute("data-state", "here")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on it, and see that the focus can be seen."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            seen = "getComputedStyle(document.activeElement)"
            assert page.evaluate(f"parseFloat({seen}.outlineWidth)") >= 2, f"the focus on {selector} is not seen"
            return
    raise AssertionError(f"Tab never came to {selector}")


def test_the_main_line_works_with_scripts_off(place: Place, companion: Bring) -> None:
    desk = sits_at_the_desk(companion(java_script_enabled=False))
    saves(desk, "Aspen", "Robin")
    door(desk, "Aspen").get_by_role("button", name="Welcome").click()
    arrives(desk, BOARD)
    door(desk, "Aspen").get_by_role("link", name="Leaving").click()
    desk.locator("form.card button").last.click()
    arrives(desk, BOARD)
    door(desk, "Aspen").get_by_role("button", name="Ready").click()
    arrives(desk, BOARD)
    expect(door(desk, "Aspen")).to_have_attribute("data-state", "free")
    desk.get_by_role("button", name="Undo").first.click()
    expect(door(desk, "Aspen")).to_have_attribute("data-state", "ready")


def test_a_wall_of_twelve_doors_turns_its_pages(place: Place, companion: Bring) -> None:
    for number in range(6):
        add_bed(COMMAND, uuid.UUID(str(place.house_id)), name=f"Door {number + 7}", now=machine_now())
    db.session.remove()
    desk = sits_at_the_desk(companion())
    screen = companion(width=1920, height=1080)
    wall = hangs_a_wall(screen, desk)
    shown = wall.locator("article:visible")
    expect(shown).to_have_count(6)
    expect(door(wall, "Door 12")).to_be_hidden()
    expect(door(wall, "Door 12")).to_be_visible(timeout=45_000)  # the page turns by itself
    expect(door(wall, "Willow")).to_be_hidden()
    name = door(wall, "Door 12").get_by_role("heading")
    size = float(name.evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))
    assert size >= 0.085 * 1080 - 1


def test_hide_for_visitors_turns_the_wall_to_its_house_face(place: Place, companion: Bring) -> None:
    desk = sits_at_the_desk(companion())
    wall = hangs_a_wall(companion(width=1920, height=1080), desk)
    wall.get_by_text("Touch to hide for visitors").click()
    expect(door(wall, "Willow")).to_be_hidden()
    wall.get_by_text("Touch for doors").click()
    expect(door(wall, "Willow")).to_be_visible()
