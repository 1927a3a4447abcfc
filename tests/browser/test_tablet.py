"""A shared tablet in real hands: digits tapped, a lock that comes by itself, words that are there again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from respite.core.clock import machine_now
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from tests.browser.companions import PATIENCE_MS, Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place

PIN = "274051"
WORDS = "asked for a quiet room, and for tea at four"


def taps(dana: Companion, digits: str) -> None:
    for digit in digits:
        dana.page.click(f"[data-digit='{digit}']")


@pytest.fixture
def tablet(place: Place, companion: Callable[..., Companion]) -> Companion:
    """Dana before a tablet that she has just shared, with six digits of hers."""
    dana = companion(width=820, height=1180, has_touch=True)
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to("/houses/juniper-house/screens")
    page.fill("form[action$='/tablets'] input[name=name]", "Kitchen")
    page.click("form[action$='/tablets'] button")
    arrives(page, "/me/pin")
    assert violations(page) == []
    taps(dana, PIN)
    page.get_by_role("button", name="Take these").click()
    arrives(page, "/houses/juniper-house/screens")
    return dana


def somebody_stays(place: Place) -> uuid.UUID:
    stay = welcome_new(place.dana, place.house_id, who=Named("Ro"), nights=2, now=machine_now())  # type: ignore[arg-type]
    return stay.id


def test_it_locks_by_itself_and_words_are_there_again_after_two_taps_and_six_digits(
    place: Place, tablet: Companion
) -> None:
    stay_id = somebody_stays(place)
    page = tablet.page
    page.clock.install()
    tablet.goes_to(f"/stays/{stay_id}/notes/new")
    page.fill("textarea[name=words]", WORDS)
    page.clock.fast_forward("05:10")
    arrives(page, "/unlock")
    assert violations(page) == []
    assert sideways(page) == 0
    assert "Ro" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Dana").tap()
    arrives(page, "/unlock/[0-9a-f-]{36}")
    assert violations(page) == []
    taps(tablet, PIN)
    arrives(page, f"/stays/{stay_id}/notes/new")
    expect(page.locator("textarea[name=words]")).to_have_value(WORDS, timeout=PATIENCE_MS)
    expect(page.get_by_text("What you were writing is here again.")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    arrives(page, "/houses/juniper-house/board")
    tablet.goes_to(f"/stays/{stay_id}/notes/new")
    expect(page.locator("textarea[name=words]")).to_have_value("")


def test_a_touch_keeps_it_open(tablet: Companion) -> None:
    page = tablet.page
    page.clock.install()
    tablet.goes_to("/houses/juniper-house/screens")
    for _ in range(3):
        page.clock.fast_forward("04:00")
        with page.expect_response("**/seen") as answered:
            page.locator("h1").tap()
        assert answered.value.status == 204
    assert page.url.endswith("/screens")
    page.clock.fast_forward("05:10")
    arrives(page, "/unlock")


def test_the_lock_button_waits_for_what_was_just_typed(place: Place, tablet: Companion) -> None:
    stay_id = somebody_stays(place)
    page = tablet.goes_to(f"/stays/{stay_id}/notes/new")
    page.fill("textarea[name=words]", WORDS)
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("button", name="Lock").tap()
    arrives(page, "/unlock")
    page.get_by_role("link", name="Dana").tap()
    arrives(page, "/unlock/[0-9a-f-]{36}")
    taps(tablet, PIN)
    expect(page.locator("textarea[name=words]")).to_have_value(WORDS, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Start afresh").tap()
    expect(page.locator("textarea[name=words]")).to_have_value("")
    with page.expect_response("**/draft?path=*"):
        page.reload()
    expect(page.locator("textarea[name=words]")).to_have_value("")


def test_a_screen_is_paired_in_two_windows(place: Place, companion: Callable[..., Companion]) -> None:
    screen, dana = companion(width=1920, height=1080), companion(width=390, color_scheme="dark", locale="es")
    screen.goes_to("/wall")
    assert violations(screen.page) == []
    code = "".join(screen.page.locator(".letters span").all_inner_texts())
    assert len(code) == 8
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"/pair/{code}")
    arrives(page, "/houses/juniper-house/screens")
    assert violations(page) == []
    assert sideways(page) == 0
    page.click("form[action$='/screens'] button")
    page.fill("input[name=name]", "Hall")
    page.check("input[name=there]")
    page.click("form[action$='/pair'] button")
    expect(screen.page.locator(".wall")).to_be_visible(timeout=PATIENCE_MS)
    assert "Willow" in screen.page.inner_text("main")
