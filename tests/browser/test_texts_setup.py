"""The number and the words of texts in a browser: faultless, alive while somebody types, whole without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from respite.core.clock import machine_now
from respite.core.db import db
from respite.messaging.service import pausing, wordings
from tests.browser.companions import Companion, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_house_settings import choose_spanish

TEXTS = "/houses/juniper-house/texts"
PAGES = (f"{TEXTS}/setup", f"{TEXTS}/words", f"{TEXTS}/words/shift-open")
OURS = "{brand}: come {day_words} {time_words}? Y{code} or N{code}."


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("English", "light", 1280), ("Español", "dark", 320), ("Español", "light", 390)]
)
def test_no_page_has_a_fault(
    place: Place, companion: Callable[..., Companion], language: str, scheme: str, width: int
) -> None:
    now = machine_now()
    pausing.pause(place.dana, place.house_id, None, now)  # type: ignore[arg-type]
    wordings.set_words(place.dana, place.house_id, "shift-open", "en", OURS, number_seen=None, now=now)  # type: ignore[arg-type]
    db.session.rollback()
    dana = companion(width=width, color_scheme=scheme)
    dana.signs_in("dana@example.org", PASSWORD)
    if language == "Español":
        choose_spanish(dana.page, width)
    found: dict[str, object] = {}
    for address in PAGES:
        page = dana.goes_to(address)
        for fold in page.locator("details.fold").all():
            fold.evaluate("fold => fold.open = true")
        faults = [*violations(page), *(["sideways"] if sideways(page) else [])]
        if faults:
            found[address] = faults
    assert found == {}


def test_words_are_looked_at_while_somebody_types(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{TEXTS}/words/shift-open")
    english = page.locator("section", has=page.get_by_role("heading", name="English"))
    expect(english.get_by_role("button", name="Look at it first")).to_have_count(0)
    english.get_by_label("Words").fill(OURS + " It’s for the crisis team 💚")
    expect(english.get_by_text("“crisis” tells others")).to_be_visible()
    expect(english.get_by_text("2 texts, ")).to_be_visible()
    expect(english.locator("[data-look-here] .text-seen")).to_contain_text("Y42 or N42. It's for the crisis team")
    english.get_by_label("Words").fill(OURS)
    expect(english.get_by_text("“crisis” tells others")).to_have_count(0)
    expect(english.get_by_text("1 text, ")).to_be_visible()
    english.get_by_role("button", name="Keep these words").click()
    expect(page.get_by_text("Texts from now on say it like that.")).to_be_visible()
    expect(page.get_by_text("our own words")).to_be_visible()


def test_a_test_text_is_followed_until_it_arrived(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{TEXTS}/setup")
    page.get_by_label("Your number").fill("(303) 555-0142")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("The test text is on its way.")).to_be_visible()
    expect(page.get_by_text("It arrived.")).to_be_visible()
    expect(page.locator("[data-going]")).to_have_count(0)


def test_pausing_and_words_without_scripts(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion(java_script_enabled=False)
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{TEXTS}/setup")
    page.get_by_role("button", name="Pause them").click()
    expect(page.get_by_text("No text leaves since")).to_be_visible()
    page.get_by_label("Your number").fill("(303) 555-0142")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    page.get_by_role("button", name="Let them go on").click()
    expect(page.get_by_text("No text leaves since")).to_have_count(0)
    page = dana.goes_to(f"{TEXTS}/words/shift-open")
    english = page.locator("section", has=page.get_by_role("heading", name="English"))
    english.get_by_label("Words").fill("Come, it is respite!")
    english.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("“respite” tells others")).to_be_visible()
    expect(page.get_by_text("Y{code} has to stay in it.")).to_be_visible()


def test_words_to_hand_in_are_copied(place: Place, companion: Callable[..., Companion]) -> None:
    dana = companion()
    dana.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=place.server.url)
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(f"{TEXTS}/setup")
    page.get_by_text("Words to hand in").click()
    row = page.locator("[data-copy]", has=page.get_by_label("Campaign description"))
    row.get_by_role("button").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Juniper House is a small house")
