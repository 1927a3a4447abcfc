"""The door card in real hands: a page that is open, the server stopped, scripts off, a shared tablet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from respite.core.clock import machine_now
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.houses.service.door_card import change_door_card
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_tablet import PIN, taps

Bring = Callable[..., Companion]
SAYS = "We never say who is or is not here."
OWN = "Police come in with a judge's order."


@pytest.fixture
def pages(place: Place) -> tuple[str, ...]:
    """The desk, who waits, the shifts, a guest's stay."""
    now, house_id = machine_now(), place.house_id
    change_door_card(
        place.dana,
        house_id,
        line_en=OWN,
        line_es="Con orden de un juez.",
        phone="+13035550101",
        now=now,  # type: ignore[arg-type]
    )
    stay = welcome_new(place.dana, house_id, who=Named("Ro"), nights=2, now=now)  # type: ignore[arg-type]
    return *(f"/houses/juniper-house/{page}" for page in ("board", "waiting", "shifts")), f"/stays/{stay.id}"


def opens(page: Page) -> None:
    page.get_by_role("link", name="Somebody asks").click()
    expect(page.get_by_text(SAYS)).to_be_visible()
    expect(page.get_by_text(OWN)).to_be_visible()
    expect(page.get_by_text("Nunca decimos quién está o no está aquí.")).to_be_visible()
    top = page.get_by_text(SAYS).evaluate(
        "words => document.elementFromPoint(...[words.getBoundingClientRect()]"
        ".flatMap(r => [r.left + 5, r.top + 5])) === words"
    )
    assert top, "nothing stands over the words"


def closes(page: Page) -> None:
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_text(SAYS)).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_tap_shows_it_when_the_server_is_stopped(
    place: Place, companion: Bring, pages: tuple[str, ...], scripts: bool
) -> None:
    luis = companion(width=390, java_script_enabled=scripts)
    luis.signs_in("luis@example.org", PASSWORD)
    open_pages = [luis.page, *(luis.context.new_page() for _ in pages[1:])]
    for page, path in zip(open_pages, pages, strict=True):
        page.goto(place.server.url + path, wait_until="load")
    place.server.stop()
    for page in open_pages:
        opens(page)
        assert sideways(page) == 0
        closes(page)


def test_escape_closes_it_and_one_is_back_where_one_was(place: Place, companion: Bring, pages: tuple[str, ...]) -> None:
    dana = companion(width=320, height=700, color_scheme="dark")
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(pages[3])
    opens(page)
    assert violations(page) == []
    assert sideways(page) == 0
    page.keyboard.press("Tab")
    inside = "document.getElementById('door-card').contains(document.activeElement)"
    assert page.evaluate(inside), "the page behind it rests"
    page.keyboard.press("Escape")
    expect(page.get_by_text(SAYS)).to_be_hidden()
    focused = page.evaluate("document.activeElement.hasAttribute('data-door-card')")
    assert focused
    page.go_back()
    arrives(page, "/houses/juniper-house/board")


def test_a_tablet_without_the_line_rests_and_still_has_the_card(
    place: Place, companion: Bring, pages: tuple[str, ...]
) -> None:
    dana = companion(width=820, height=1180, has_touch=True)
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to("/houses/juniper-house/screens")
    page.fill("form[action$='/tablets'] input[name=name]", "Kitchen")
    page.click("form[action$='/tablets'] button")
    arrives(page, "/me/pin")
    taps(dana, PIN)
    page.get_by_role("button", name="Take these").click()
    page.clock.install()
    page.goto(place.server.url + pages[3], wait_until="load")
    expect(page.locator("main h1")).to_contain_text("Ro")
    place.server.stop()
    page.clock.fast_forward("05:10")
    expect(page.locator("main")).to_be_hidden()
    expect(page.get_by_text("The line is away, so this screen rests.")).to_be_visible()
    page.get_by_text("The line is away").tap()
    expect(page.locator("main")).to_be_hidden()
    opens(page)
    closes(page)
    place.server.start()
    page.clock.fast_forward("00:10")
    arrives(page, "/unlock")
    opens(page)
