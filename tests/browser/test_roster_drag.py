"""A name in a draft is dragged to another place in a real browser; a rule that speaks against it comes as a page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import RosterSeat
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.queries.places import Place as Seat
from respite.staffing.queries.places import places_between
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.rosters import begin_roster
from respite.staffing.service.seats import put_in
from tests.browser.companions import Companion, violations
from tests.browser.conftest import PASSWORD, Place

Bring = Callable[..., Companion]
PAGE = "/houses/juniper-house/roster"


@pytest.fixture
def seats(place: Place) -> list[Seat]:
    """Two days of a draft from the day after tomorrow, and Luis on the first night."""
    now, house_id = machine_now(), uuid.UUID(str(place.house_id))
    house = db.session.get_one(House, house_id)
    first = local(now, house.timezone).date() + timedelta(days=2)
    db.session.rollback()
    make_patterns(COMMAND, house_id, starters(Starter.THREE, ("Day", "Evening", "Night")), first_day=first, now=now)
    draft = begin_roster(COMMAND, house_id, first_day=first, until=first + timedelta(days=2), now=now)
    house = db.session.get_one(House, house_id)
    found = places_between(db.session(), house, first, first + timedelta(days=2), drafts=True)
    db.session.rollback()
    night = next(each for each in found if each.name == "Night")
    put_in(COMMAND, draft.id, night.shift_id, person_id=place.luis.id, now=now)
    db.session.remove()
    return found


@pytest.fixture
def dana(seats: list[Seat], companion: Bring) -> Page:
    browser = companion()
    browser.signs_in("dana@example.org", PASSWORD)
    page = browser.goes_to(PAGE)
    page.set_viewport_size({"width": 1280, "height": 2400})  # both ends of a drag are in sight
    return page


def at(page: Page, seat: Seat) -> Locator:
    return page.locator(f'[data-place="{seat.shift_id}"]')


def drag(page: Page, begin: Locator, end: Locator, *, drop: bool = True) -> None:
    begin.scroll_into_view_if_needed()
    start, goal = begin.bounding_box(), end.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 30, steps=3)
    page.mouse.move(goal["x"] + 8, goal["y"] + 8, steps=5)
    if drop:
        page.mouse.up()


def has(seat: Seat) -> uuid.UUID | None:
    found = db.session.query(RosterSeat).filter_by(shift_id=seat.shift_id).one_or_none()
    who = found.person_id if found is not None else None
    db.session.remove()
    return who


def test_a_name_is_dragged_and_taken_back(dana: Page, seats: list[Seat], place: Place) -> None:
    night = next(each for each in seats if each.name == "Night")
    later = [each for each in seats if each.name == "Night"][-1]
    drag(dana, at(dana, night), at(dana, later), drop=False)
    expect(at(dana, later)).to_have_class("over")
    dana.keyboard.press("Escape")
    dana.mouse.up()
    expect(dana.locator(".place-ghost")).to_have_count(0)
    assert has(night) == place.luis.id
    drag(dana, at(dana, night), at(dana, later))
    expect(at(dana, later)).to_have_text("Luis")
    expect(at(dana, night)).to_have_text("nobody yet")
    assert has(later) == place.luis.id
    dana.get_by_role("button", name="Undo").click()
    expect(at(dana, night)).to_have_text("Luis")
    assert violations(dana) == []


def test_a_rule_comes_as_a_page_and_by_keyboard_the_same_is_reached(
    dana: Page, seats: list[Seat], place: Place
) -> None:
    """Luis is free on the evening after his night only with less rest than the house asks for."""
    night = next(each for each in seats if each.name == "Night")
    evening = [each for each in seats if each.name == "Evening"][-1]
    morning = next(each for each in seats if each.name == "Day")
    at(dana, evening).focus()
    dana.keyboard.press("Enter")
    expect(dana.get_by_role("heading", name="A rule speaks against it")).to_be_visible()
    expect(dana.locator(".candidate")).to_contain_text("8 h of rest after Night")
    assert violations(dana) == []
    dana.go_back()
    put_in(COMMAND, _draft_id(), morning.shift_id, person_id=place.dana.id, now=machine_now())
    dana.reload()
    drag(dana, at(dana, morning), at(dana, night))
    expect(at(dana, night)).to_have_text("Dana")
    expect(at(dana, morning)).to_have_text("Luis")
    drag(dana, at(dana, night), at(dana, evening))
    expect(at(dana, evening)).to_have_text("Dana")


def _draft_id() -> uuid.UUID:
    found = db.session.query(RosterSeat).first()
    assert found is not None
    roster_id = found.roster_id
    db.session.remove()
    return roster_id
