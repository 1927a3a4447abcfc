"""The roster in a real browser: dragging, the same by keyboard and by touch, and looking again by itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.guests.models import Stay
from respite.guests.service.arriving import welcome
from respite.guests.service.moving import move
from respite.guests.service.people import Named
from respite.guests.service.saving import confirm, save_bed
from respite.houses.models import Bed, House
from respite.houses.policy.house_time import ONE_DAY
from respite.houses.queries import beds_of, rules_now, tonight
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place

BEDS = "/houses/juniper-house/beds"
Bring = Callable[..., Companion]


@pytest.fixture
def beds(place: Place) -> dict[str, uuid.UUID]:
    found = {bed.name: bed.id for bed in beds_of(db.session(), uuid.UUID(str(place.house_id)))}
    db.session.remove()
    return found


@pytest.fixture
def sam(place: Place, beds: dict[str, uuid.UUID]) -> uuid.UUID:
    """Sam is behind Willow for four nights; Al has Aspen from the third night on."""
    now = machine_now()
    house_id = uuid.UUID(str(place.house_id))
    sam_id = save_bed(COMMAND, house_id, who=Named("Sam"), nights=4, bed_id=beds["Willow"], now=now).id
    welcome(COMMAND, sam_id, now=now)
    house = db.session.get_one(House, house_id)
    third = tonight(house, rules_now(db.session(), house_id), now) + 2 * ONE_DAY
    al = save_bed(
        COMMAND, house_id, who=Named("Al"), nights=5, bed_id=beds["Aspen"], first_night=third, minutes=10_000, now=now
    )
    confirm(COMMAND, al.id, now=now)
    db.session.remove()
    return sam_id


@pytest.fixture
def dana(sam: uuid.UUID, companion: Bring) -> Page:
    return before_the_roster(companion())


def before_the_roster(companion: Companion) -> Page:
    companion.signs_in("dana@example.org", PASSWORD)
    page = companion.goes_to(BEDS)
    expect(page.locator(".beds")).to_have_attribute("data-line", "live")
    return page


def bar(page: Page, name: str) -> Locator:
    return page.locator(".bar", has_text=name)


def row(page: Page, door: str) -> Locator:
    return page.locator("tr[data-bed]", has=page.locator(".door", has_text=re.compile(f"^{door}$")))


def night(page: Page, door: str, column: int) -> Locator:
    """A free night; doors that nobody has begin with column 0."""
    return row(page, door).locator("a[aria-labelledby]").nth(column)


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2, steps=3)
    page.mouse.move(*end, steps=3)
    if drop:
        page.mouse.up()


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def right_end(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] - 6, box["y"] + box["height"] / 2


def stay_of(stay_id: uuid.UUID) -> tuple[str, int]:
    """The door and the number of nights, as they stand in the database."""
    db.session.remove()
    stay = db.session.get_one(Stay, stay_id)
    door = db.session.get_one(Bed, stay.bed_id).name
    nights = (stay.until - stay.first_night).days
    db.session.remove()
    return door, nights


# -- by mouse --------------------------------------------------------------------------------------------------


def test_dragging_over_free_nights_leads_to_saving_them(dana: Page, beds: dict[str, uuid.UUID]) -> None:
    drag(dana, middle(night(dana, "Sage", 1)), middle(night(dana, "Sage", 3)))
    arrives(dana, f"/beds/{beds['Sage']}/save")
    assert re.search(r"nights=3", dana.url)
    expect(dana.locator("input[name=nights]")).to_have_value("3")


def test_dragging_stops_at_what_somebody_has(dana: Page, beds: dict[str, uuid.UUID]) -> None:
    drag(dana, middle(night(dana, "Aspen", 0)), (middle(night(dana, "Aspen", 12))[0], middle(bar(dana, "Al"))[1]))
    arrives(dana, f"/beds/{beds['Aspen']}/save")
    expect(dana.locator("input[name=nights]")).to_have_value("2")


def test_a_bar_is_dragged_to_a_door_that_is_free_and_taken_back_by_undo(dana: Page, sam: uuid.UUID) -> None:
    x, _y = middle(bar(dana, "Sam"))
    drag(dana, middle(bar(dana, "Sam")), (x, middle(row(dana, "Sage"))[1]), drop=False)
    expect(dana.locator(".drop[data-drop=free].over")).to_have_text("free")
    expect(dana.locator(".drop[data-drop=taken]")).to_have_text("taken")
    dana.mouse.up()
    expect(row(dana, "Sage").locator(".bar", has_text="Sam")).to_be_visible()
    assert stay_of(sam) == ("Sage", 4)
    dana.get_by_role("button", name="Undo").click()
    expect(row(dana, "Willow").locator(".bar", has_text="Sam")).to_be_visible()
    arrives(dana, BEDS)
    assert stay_of(sam) == ("Willow", 4)


def test_a_bar_dropped_where_it_cannot_stay_or_let_go_by_escape_goes_back(dana: Page, sam: uuid.UUID) -> None:
    asked: list[str] = []
    dana.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    x, y = middle(bar(dana, "Sam"))
    drag(dana, (x, y), (x, middle(row(dana, "Aspen"))[1]))
    drag(dana, (x, y), (x, middle(row(dana, "Sage"))[1]), drop=False)
    dana.keyboard.press("Escape")
    dana.mouse.up()
    drag(dana, right_end(bar(dana, "Sam")), (x + 300, y), drop=False)
    expect(bar(dana, "Sam")).to_have_class(re.compile("growing"))
    dana.keyboard.press("Escape")
    dana.mouse.up()
    drag(dana, middle(night(dana, "Sage", 1)), middle(night(dana, "Sage", 3)), drop=False)
    expect(dana.locator("a.chosen")).to_have_count(3)
    dana.keyboard.press("Escape")
    dana.mouse.up()
    expect(dana.locator(".moving, .ghost, .growing, .chosen, .drop, :popover-open")).to_have_count(0)
    assert middle(bar(dana, "Sam")) == (x, y)
    arrives(dana, BEDS)
    assert asked == []
    assert stay_of(sam) == ("Willow", 4)


def test_dragging_a_bars_end_adds_nights(dana: Page, sam: uuid.UUID) -> None:
    x, y = right_end(bar(dana, "Sam"))
    drag(dana, (x, y), (middle(night(dana, "Sage", 5))[0], y))
    expect(dana.get_by_role("button", name="Undo")).to_be_visible()
    arrives(dana, BEDS)
    assert stay_of(sam) == ("Willow", 6)


# -- by keyboard -----------------------------------------------------------------------------------------------


def tab_to(page: Page, target: Locator) -> None:
    page.locator("h1").click()
    for _press in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("piece => piece === document.activeElement"):
            return
    raise AssertionError("Tab never came there")


def test_the_menu_of_a_bar_moves_and_extends_by_keys_alone(dana: Page, sam: uuid.UUID) -> None:
    tab_to(dana, bar(dana, "Sam"))
    assert re.match(r"Willow, Sam, here, \d", bar(dana, "Sam").locator(".hide").inner_text())
    dana.keyboard.press("Enter")
    menu = dana.get_by_role("dialog", name=re.compile("^Willow, Sam, here"))
    expect(menu.get_by_role("link", name="Open the card")).to_be_focused()
    assert violations(dana) == []
    dana.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(bar(dana, "Sam")).to_be_focused()
    dana.keyboard.press("Space")
    dana.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="One more night")).to_be_focused()
    dana.keyboard.press("Enter")
    expect(dana.get_by_role("button", name="Undo")).to_be_visible()
    assert stay_of(sam) == ("Willow", 5)
    bar(dana, "Sam").focus()
    dana.keyboard.press("Enter")
    moves = menu.get_by_role("group", name=re.compile("Move to")).get_by_role("button")
    expect(moves).to_have_text(["Sage", "Cedar", "Lark", "Fern"])
    dana.keyboard.press("End")
    expect(moves.last).to_be_focused()
    dana.keyboard.press("Enter")
    expect(row(dana, "Fern").locator(".bar", has_text="Sam")).to_be_visible()
    assert stay_of(sam) == ("Fern", 5)


def test_nights_are_chosen_by_arrows_and_saved_or_the_door_closed(dana: Page, beds: dict[str, uuid.UUID]) -> None:
    bar(dana, "Sam").focus()
    dana.keyboard.press("ArrowRight")
    expect(night(dana, "Willow", 0)).to_be_focused()
    dana.keyboard.press("ArrowDown")
    expect(bar(dana, "Al")).to_be_focused()
    dana.keyboard.press("ArrowDown")
    dana.keyboard.press("Home")
    expect(night(dana, "Sage", 0)).to_be_focused()
    dana.keyboard.press("Shift+ArrowRight")
    dana.keyboard.press("Shift+ArrowRight")
    dana.keyboard.press("Shift+ArrowLeft")
    expect(dana.locator("a.chosen")).to_have_count(2)
    dana.keyboard.press("Enter")
    menu = dana.get_by_role("dialog", name=re.compile("^Sage, .*, 2 nights$"))
    close = menu.get_by_role("link", name="Close this door…")
    assert re.search(rf"/beds/{beds['Sage']}/closure\?.*from=\d", close.get_attribute("href") or "")
    expect(menu.get_by_role("link", name="Save this bed")).to_be_focused()
    dana.keyboard.press("Enter")
    arrives(dana, f"/beds/{beds['Sage']}/save")
    expect(dana.locator("input[name=nights]")).to_have_value("2")


# -- small, by touch, by night, in Spanish ---------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_thirty_nights_are_reached_without_pushing_the_page_sideways(
    sam: uuid.UUID, companion: Bring, width: int
) -> None:
    page = before_the_roster(companion(width=width, height=740, has_touch=True))
    assert sideways(page) == 0
    heads = page.locator("thead th")
    expect(heads).to_have_count(30)
    heads.last.scroll_into_view_if_needed()
    expect(heads.last).to_be_in_viewport()
    expect(row(page, "Willow").locator(".door")).to_be_in_viewport()
    assert sideways(page) == 0
    small = page.locator("tbody a:visible, tbody [role=button]:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width < 34 || box.height < 38).length"
    )
    assert small == 0
    bar(page, "Sam").tap()
    menu = page.get_by_role("dialog", name=re.compile("^Willow, Sam, here"))
    expect(menu).to_be_in_viewport()
    menu.get_by_role("button", name="Sage").tap()
    expect(row(page, "Sage").locator(".bar", has_text="Sam")).to_be_visible()
    assert stay_of(sam) == ("Sage", 4)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_both_languages_and_by_night(sam: uuid.UUID, companion: Bring, theme: str) -> None:
    came = companion(color_scheme=theme)
    came.signs_in("luis@example.org", PASSWORD)
    for language, other in (("en", "Español"), ("es", None)):
        page = came.goes_to(f"{BEDS}/print")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert violations(page) == []
        page = came.goes_to(BEDS)
        assert violations(page) == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert violations(page) == []
        page.set_viewport_size({"width": 1280, "height": 800})
        if other is not None:
            page.get_by_role("button", name=other).click()
            expect(page.locator("html")).to_have_attribute("lang", "es")


# -- by itself, and without scripts ----------------------------------------------------------------------------


def test_the_table_follows_what_others_do_but_waits_while_a_menu_is_open(
    place: Place, dana: Page, sam: uuid.UUID, beds: dict[str, uuid.UUID]
) -> None:
    dana.set_viewport_size({"width": 1000, "height": 800})
    table = dana.locator("[data-scroll]")
    table.evaluate("table => table.scrollTo({left: 90})")
    bar(dana, "Sam").focus()
    left = table.evaluate("table => table.scrollLeft")
    assert left > 0
    before = dana.locator("#roster").element_handle()
    move(place.luis, sam, beds["Sage"], now=machine_now() + timedelta(seconds=1))
    expect(row(dana, "Sage").locator(".bar", has_text="Sam")).to_be_visible()
    expect(bar(dana, "Sam")).to_be_focused()
    assert table.evaluate("table => table.scrollLeft") == left
    assert before is not None
    assert not before.evaluate("part => part.isConnected"), "drawn anew, not loaded anew"
    dana.keyboard.press("Enter")
    menu = dana.get_by_role("dialog", name=re.compile("^Sage, Sam"))
    expect(menu).to_be_visible()
    version = int(dana.locator(".beds").get_attribute("data-version") or 0)
    move(place.luis, sam, beds["Cedar"], now=machine_now() + timedelta(seconds=2))
    expect(dana.locator(".beds")).to_have_attribute("data-version", str(version + 1))
    expect(menu).to_be_visible()
    expect(row(dana, "Sage").locator(".bar", has_text="Sam")).to_be_visible()
    dana.keyboard.press("Escape")
    expect(row(dana, "Cedar").locator(".bar", has_text="Sam")).to_be_visible()


def test_without_scripts_nights_and_bars_are_links(
    sam: uuid.UUID, companion: Bring, beds: dict[str, uuid.UUID]
) -> None:
    came = companion(java_script_enabled=False)
    came.signs_in("luis@example.org", PASSWORD)
    page = came.goes_to(BEDS)
    bar(page, "Sam").click()
    arrives(page, f"/stays/{sam}")
    page.goto(came.url + BEDS)
    night(page, "Sage", 2).click()
    arrives(page, f"/beds/{beds['Sage']}/save")
    expect(page.locator("input[name=nights]")).to_have_value("1")
