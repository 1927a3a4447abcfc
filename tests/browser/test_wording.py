"""Beside a note one reads what one may also say, as the server finds it; nothing is stopped, and without scripts it
is said afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from respite.wording.hints import SHIPPED
from respite.wording.policy import found
from tests.browser.companions import PATIENCE_MS, Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place

HANDOFF = "/houses/juniper-house/handoff"
#: One text in which the script and the server have everything to find, and everything to leave alone.
TEXT = (
    "A Patient, two clients' bags; noncompliant. Just in case: “I was discharged”, 'I'm a case', \"unstable. "
    '" El niño es PACIENTE, rechazó la cena; «me dieron de alta». Los ingresos. Son manipuladoras, de alta. 🌱 '
    "treatment goals and an open “refused"
)


@pytest.fixture
def peer(place: Place, companion: Callable[..., Companion]) -> Page:
    someone = companion(width=390, height=800)
    someone.signs_in("dana@example.org", PASSWORD)
    arrives(someone.page, "/board")
    someone.page.goto(f"{place.server.url}{HANDOFF}")
    return someone.page


def test_the_line_says_what_the_server_finds_and_goes_with_the_word(peer: Page) -> None:
    line = peer.locator("[data-wording-for=f-words]")
    peer.locator("#f-words").fill(TEXT)
    told = [(TEXT[each.start : each.end].lower(), each.hint.say) for each in found(TEXT, SHIPPED.values())]
    assert len(told) == 7
    said = "; ".join(f"{say} (instead of “{word}”)" for word, say in told)
    expect(line).to_have_text(f"One may also say: {said}.", timeout=PATIENCE_MS)
    assert violations(peer) == []
    assert not sideways(peer)
    peer.locator("#f-words").fill("Supper is in the oven")
    expect(line).to_be_hidden(timeout=PATIENCE_MS)


def test_it_stops_nothing_and_is_not_said_twice(peer: Page) -> None:
    peer.locator("#f-entry").fill("The patient sang")
    expect(peer.locator("[data-wording-for=f-entry]")).to_be_visible(timeout=PATIENCE_MS)
    peer.get_by_role("button", name="Write it down").click()
    expect(peer.locator("[data-flash]")).to_contain_text("It stands in the log.")
    expect(peer.locator("[data-flash]")).not_to_contain_text("One may also say")
    expect(peer.locator("#log")).to_contain_text("The patient sang")
