"""From the list to a saved bed in a real browser, with a telephone that answers one letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.guests.models import Guest, Waiting
from tests.browser.companions import Companion, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.waiting_line import may_be_texted

Bring = Callable[..., Companion]
LIST = "/houses/juniper-house/waiting"


def _waits(page: Page, name: str, number: str) -> None:
    page.get_by_role("textbox", name="What should we call them?").fill(name)
    page.get_by_role("textbox", name="Phone").fill(number)
    page.get_by_role("button", name="Add to the list").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _everybody_may_be_texted() -> None:
    """Both said yes to texts about a bed while they were on the telephone."""
    with transaction() as session:
        for guest in session.scalars(sa.select(Guest).join(Waiting, Waiting.guest_id == Guest.id)):
            may_be_texted(guest, house_now() - timedelta(minutes=1))
    db.session.rollback()


def test_an_offer_goes_down_the_list_until_a_telephone_says_yes(place: Place, companion: Bring) -> None:
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    page = dana.goes_to(LIST)
    _waits(page, "Ana", "303 555 0161")
    _waits(page, "Bo", "303 555 0162")
    _everybody_may_be_texted()

    page.get_by_role("link", name="Offer a bed").click()
    expect(page.get_by_role("radio", name="Ana")).to_be_checked()
    expect(page.get_by_role("radio", name="By text")).to_be_checked()
    page.get_by_role("checkbox", name="Without a yes, ask the next in line by itself").check()
    assert not violations(page)
    assert not sideways(page)
    page.get_by_role("button", name="Offer this bed").click()
    expect(page.get_by_text("Without a yes, the next in line is asked by itself.")).to_be_visible()
    assert not violations(page)

    desk, phones = companion(), companion()
    desk.signs_in("dana@example.org", PASSWORD)
    board = desk.goes_to("/houses/juniper-house/board")
    expect(board.get_by_text("Somebody on the list is being asked.")).to_be_visible()
    phones.signs_in("luis@example.org", PASSWORD)
    table = phones.goes_to("/demo/phones")
    _answers(table, "Ana", "no thanks")
    expect(table.get_by_text("You keep your place", exact=False).last).to_be_visible()
    _answers(table, "Bo", "Y")
    expect(table.get_by_text("The room is yours", exact=False)).to_be_visible()

    card = board.locator("article", has_text="Bo")
    expect(card.get_by_text("saved until")).to_be_visible()
    expect(board.locator("[data-part=waiting]")).not_to_contain_text("Bo")
    expect(board.locator("[data-part=waiting]")).to_contain_text("Ana")


def _answers(page: Page, name: str, words: str) -> None:
    phone = page.locator(".phone", has=page.get_by_role("heading", name=name, exact=True))
    expect(phone.get_by_text("a room is free for you")).to_be_visible(timeout=30_000)
    phone.get_by_label(f"Write as {name}").fill(words)
    phone.get_by_role("button", name="Send").click()
