"""From the first call to a saved bed, at the desk: with scripts, and with scripts off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.companions import Companion, arrives
from tests.browser.conftest import Place
from tests.browser.test_a_day import BOARD, sits_at_the_desk

Bring = Callable[..., Companion]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_somebody_at_the_door_asks_waits_and_has_a_bed(place: Place, companion: Bring, scripts: bool) -> None:
    desk = sits_at_the_desk(companion(java_script_enabled=scripts))
    desk.get_by_role("link", name="Somebody is in touch").click()
    arrives(desk, "/contacts")
    desk.get_by_role("button", name="At the door").click()
    expect(desk.get_by_text("Noted: At the door.")).to_be_visible()
    desk.get_by_role("link", name="They would like to stay").click()
    arrives(desk, "/waiting")
    desk.fill("input[name=name]", "Robin")
    desk.get_by_role("button", name="Add to the list").click()
    arrives(desk, "/waiting")
    expect(desk.get_by_role("heading", name="Robin")).to_be_visible()
    desk.get_by_role("link", name="Save a bed for Robin").click()
    arrives(desk, "/save")
    expect(desk.get_by_text("For Robin.")).to_be_visible()
    desk.get_by_role("button", name="Save a bed").click()
    arrives(desk, "/waiting")
    expect(desk.get_by_text("Nobody is waiting.")).to_be_visible()
    desk.goto(desk.url.replace("/waiting", "/contacts"))
    expect(desk.get_by_text("They asked for a bed.")).to_be_visible()
    desk.goto(desk.url.replace("/contacts", "/board"))
    arrives(desk, BOARD)
    saved = desk.locator("article[data-state=saved]")
    expect(saved).to_have_count(1)
    expect(saved).to_contain_text("Robin")
