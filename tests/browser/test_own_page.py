"""A guest's old phone without scripts, a desk and a wall: what the guest changes stands on both by itself."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.companions import PATIENCE_MS, Companion, violations
from tests.browser.conftest import Place
from tests.browser.test_a_day import hangs_a_wall, saves, sits_at_the_desk

Bring = Callable[..., Companion]


def opens_card(desk: Page, door: str) -> None:
    """Through the menu of the door, as a peer does."""
    card = desk.locator("article.card", has=desk.get_by_role("heading", name=door, exact=True))
    card.locator("details.more > summary").click()
    card.get_by_role("link", name="About this stay").click()


def given_by(desk: Page) -> str:
    """Robin comes to Aspen, and is given the way to their page; its path."""
    saves(desk, "Aspen", "Robin")
    desk.get_by_role("button", name="Welcome, Aspen").click()
    board = desk.url
    opens_card(desk, "Aspen")
    desk.get_by_role("button", name="Give them their page").click()
    address = desk.locator(".given").inner_text()
    desk.goto(board)
    return urlsplit(address).path


def test_what_a_guest_changes_stands_on_desk_and_wall_and_a_lost_phone_ends_it(place: Place, companion: Bring) -> None:
    desk = sits_at_the_desk(companion())
    wall = hangs_a_wall(companion(width=1920, height=1080), desk)
    path = given_by(desk)
    phone = companion(width=320, height=640, java_script_enabled=False).goes_to(path)
    phone.get_by_role("button", name="Open my page").click()
    expect(phone.get_by_role("heading", name="Hello, Robin")).to_be_visible()
    assert "Robin" not in wall.content()

    phone.get_by_role("link", name="Change: On the wall").click()
    phone.get_by_label("My name").check()
    phone.get_by_role("button", name="Keep it").click()
    expect(wall.locator("body")).to_contain_text("Robin", timeout=PATIENCE_MS)

    phone.get_by_role("link", name="Change: What we call you").click()
    phone.get_by_label("Name", exact=True).fill("Wren")
    phone.get_by_role("button", name="Keep it").click()
    expect(phone.get_by_role("heading", name="Hello, Wren")).to_be_visible()
    expect(wall.locator("body")).to_contain_text("Wren", timeout=PATIENCE_MS)
    expect(desk.locator("body")).to_contain_text("Wren", timeout=PATIENCE_MS)
    assert "Robin" not in wall.content()
    assert "Robin" not in desk.locator("main").inner_text()

    opens_card(desk, "Aspen")
    desk.locator("#own-page summary", has_text="Their phone is lost").click()
    assert violations(desk) == []
    desk.get_by_role("button", name="End it all now").click()
    expect(desk.get_by_text("Their link opens nothing any more")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("button", name="Open my page")).to_be_visible()
    assert "Wren" not in phone.content()


def test_a_letter_stands_alone_on_paper(companion: Bring) -> None:
    desk = sits_at_the_desk(companion())
    phone = companion(width=390, height=800).goes_to(given_by(desk))
    phone.get_by_role("button", name="Open my page").click()
    phone.get_by_role("link", name="Look at it").first.click()
    phone.get_by_role("link", name="A letter with dates").click()
    assert violations(phone) == []
    phone.get_by_role("button", name="Make the letter").click()
    opens_card(desk, "Aspen")
    desk.get_by_role("link", name="They ask for it").click()
    desk.get_by_label("They asked for it.").check()
    assert violations(desk) == []
    desk.get_by_role("button", name="Make the letter").click()
    for page in (phone, desk):
        expect(page.locator("article.letter")).to_be_visible()
        assert violations(page) == []
        page.emulate_media(media="print")
        words = page.locator("body").inner_text().split("\n")
        assert [line for line in words if line] == [
            line for line in page.locator("article.letter").inner_text().split("\n") if line
        ]
        assert words[0] == "Juniper House"
        assert words[-1].startswith("Robin has been staying at Juniper House since ")
