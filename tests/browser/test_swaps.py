"""A swap between two people in real browsers: asked on a phone, seen at once by who keeps the shifts, and agreed to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from respite.accounts.actor import COMMAND, Actor
from respite.core.clock import machine_now
from respite.core.db import db
from respite.staffing.models import Shift
from respite.staffing.service.shifts import put_on
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place

Bring = Callable[..., Companion]


def shift_of(place: Place, person: Actor, days: int) -> uuid.UUID:
    now = machine_now()
    at = {"day": now.astimezone(UTC).date() + timedelta(days=days), "begins": time(9), "ends": time(13)}
    made = put_on(COMMAND, place.house_id, person_id=person.id, kind="floor", **at, now=now).id  # type: ignore[arg-type]
    db.session.remove()
    return made


def has(shift_id: uuid.UUID) -> uuid.UUID | None:
    found = db.session.get_one(Shift, shift_id, populate_existing=True).person_id
    db.session.remove()
    return found


def is_sound(page: Page) -> None:
    assert violations(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_swap_is_asked_on_a_phone_seen_by_who_keeps_shifts_and_agreed_to(
    place: Place, companion: Bring, scripts: bool
) -> None:
    mine, theirs = shift_of(place, place.luis, 3), shift_of(place, place.dana, 5)
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    open_shifts = dana.goes_to("/houses/juniper-house/shifts/open")
    luis = companion(width=320, color_scheme="dark", java_script_enabled=scripts)
    luis.signs_in("luis@example.org", PASSWORD)
    page = luis.goes_to("/me")
    page.get_by_role("link", name="Ask somebody to take it").click()
    arrives(page, f"/shifts/{mine}/ask")
    if scripts:
        is_sound(page)
    page.get_by_role("link", name="Swap it for one of theirs: Dana").click()
    page.get_by_role("button", name="Ask for this one").click()
    arrives(page, "/me")
    expect(page.get_by_role("heading", name="You asked Dana")).to_be_visible()
    if scripts:
        is_sound(page)
    expect(open_shifts.get_by_role("heading", name="Luis would swap with Dana")).to_be_visible()  # by itself
    is_sound(open_shifts)
    answers = dana.goes_to("/me")
    expect(answers.get_by_role("heading", name="Luis would like to swap")).to_be_visible()
    is_sound(answers)
    answers.get_by_role("button", name="Yes").click()
    expect(answers.get_by_text("It is done, and your colleague knows.")).to_be_visible()
    assert (has(mine), has(theirs)) == (place.dana.id, place.luis.id)
    luis.goes_to("/me")
    expect(page.get_by_text("Swapped:")).to_be_visible()
    assert dana.faults + luis.faults == []
