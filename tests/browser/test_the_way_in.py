"""From the first call to the welcome: two peers at two browsers and one telephone that answers.

In English and in Spanish, with scripts and without. Nothing is put into the database beside what people type and tap.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_a_day import door

Bring = Callable[..., Companion]
HOUSE = "/houses/juniper-house"
NUMBER = "303 555 0161"
LOOKS = 30  # times that somebody without scripts looks again, a second apart

#: What people read on the way, so that each step is seen in their language.
READS = {
    "en": {
        "asks": "a room is free for you",
        "yours": "The room is yours",
        "asked": "Somebody on the list is being asked.",
    },
    "es": {
        "asks": "hay un cuarto libre",
        "yours": "El cuarto es tuyo",
        "asked": "Se está preguntando a alguien de la lista.",
    },
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_first_call_to_the_welcome(place: Place, companion: Bring, language: str, scripts: bool) -> None:
    way = {"locale": "es" if language == "es" else "en-US", "java_script_enabled": scripts}
    reads = READS[language]
    luis, dana = companion(width=390, **way), companion(**way)
    luis.signs_in("luis@example.org", PASSWORD)
    dana.signs_in("dana@example.org", PASSWORD)
    for each in (luis, dana):
        chooses(each, language)
    board = dana.goes_to(f"{HOUSE}/board")

    call = luis.goes_to(f"{HOUSE}/contacts")
    call.locator("button[name=kind][value=asks-to-stay]").click()
    arrives(call, "/contacts")
    call.locator("a[href*='contact=']").first.click()
    arrives(call, "/waiting")
    call.fill("input[name=name]", "Ana")
    call.fill("input[name=phone]", NUMBER)
    call.locator("input[name=reach][value=text]").check()
    call.locator("form:has(input[name=phone]) button").last.click()
    arrives(call, "/waiting")
    says_yes_to_texts(call, language, looked_at=scripts)
    seen(board, board.locator("[data-part=waiting]").get_by_text("Ana"), scripts)

    dana.goes_to(f"{HOUSE}/waiting").locator("a[href*='/offer']").first.click()
    expect(board.locator("input[name=how][value=text]")).to_be_checked()
    board.locator("form:has(input[name=how]) button").last.click()
    board.goto(f"{dana.url}{HOUSE}/board")
    expect(board.get_by_text(reads["asked"])).to_be_visible()

    telephone = companion(width=390, **way)
    telephone.signs_in("luis@example.org", PASSWORD)
    table = telephone.goes_to("/demo/phones")
    phone = table.locator(".phone", has=table.get_by_role("heading", name="Ana", exact=True))
    seen(table, phone.get_by_text(reads["asks"], exact=False), scripts)
    phone.locator("input[name=words]").fill("Y" if language == "en" else "si")
    phone.locator("form button").click()
    seen(table, phone.get_by_text(reads["yours"], exact=False), scripts)

    saved = board.locator("article", has_text="Ana")
    seen(board, saved, scripts)
    expect(saved).to_have_attribute("data-state", "saved")
    name = saved.get_by_role("heading").first.inner_text()
    saved.locator("button[data-act='guests.welcome'], [data-act='guests.welcome'] button").click()
    arrives(board, f"{HOUSE}/board")
    expect(door(board, name)).to_have_attribute("data-state", "here")
    expect(door(board, name)).to_contain_text("Ana")
    seen(call, call.get_by_text("Ana"), scripts, gone=True, at=f"{luis.url}{HOUSE}/waiting")


def chooses(somebody: Companion, language: str) -> None:
    """The people of the test have accounts in English; a language is chosen on every page."""
    if language != "en":
        page = somebody.goes_to(f"{HOUSE}/board")
        button = page.locator(f"button[name=language][value={language}]")
        if not button.is_visible():  # a small screen keeps it in the menu
            page.locator("button[popovertarget=menu]").click()
        button.click()
        expect(page.locator("html")).to_have_attribute("lang", language)


def says_yes_to_texts(call: Page, language: str, looked_at: bool) -> None:
    """While they are on the telephone the words are read out to them; texts may come at any hour, in their language."""
    texts = call.locator("a[href^='/guests/'][href*='/texts']")
    opened(call, texts)
    texts.click()
    arrives(call, "/texts")
    if looked_at:
        assert not violations(call)
        assert not sideways(call)
    wishes = call.locator("form[action*='/texts/wishes']")
    opened(call, wishes)
    for hour in ("hours_from", "hours_until"):
        wishes.locator(f"input[name={hour}]").fill("00:00")
    wishes.locator(f"input[name=language][value={language}]").check()
    wishes.locator("select[name=timezone]").select_option("America/Denver")
    wishes.locator("button").last.click()
    arrives(call, "/texts")
    yes = call.locator("form[action*='/texts/yes']:has(input[name=purpose][value=stay])")
    opened(call, yes)
    yes.locator("input[name=method][value=phone]").check()
    yes.locator("button").last.click()
    arrives(call, "/texts")
    expect(call.locator("form[action*='/texts/no']:has(input[value=stay])")).to_have_count(1)


def opened(page: Page, inside: Locator) -> None:
    """The fold that it is in, as somebody opens it."""
    page.locator("details", has=inside).locator("summary").first.click()


def seen(page: Page, what: Locator, live: bool, *, gone: bool = False, at: str | None = None) -> None:
    """It comes, or goes, by itself; without scripts somebody looks again."""
    if at is not None:
        page.goto(at)
    for _look in range(0 if live else LOOKS):
        if bool(what.count()) != gone:
            break
        page.wait_for_timeout(1000)
        page.reload()
    if gone:
        expect(what).to_have_count(0)
    else:
        expect(what.first).to_be_visible(timeout=30_000)
