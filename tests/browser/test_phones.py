"""The demo's phones before a real browser: texts arrive by themselves, are answered, and nobody is interrupted."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, Route, expect

from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.messaging.models import Correspondent, Inbound
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.phones import write_as
from respite.messaging.purposes import Purpose
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.browser.companions import Companion, sideways, violations
from tests.browser.conftest import PASSWORD, Place

SAM, JO = "+13035550142", "+13035550117"
PAGE = "/demo/phones"

Bring = Callable[..., Companion]


@pytest.fixture
def guests(place: Place) -> None:
    """Sam and Jo, with their numbers."""
    with transaction() as session:
        for name, number in (("Sam", SAM), ("Jo", JO)):
            someone = Correspondent(
                house_id=place.house_id,
                kind=CorrespondentKind.GUEST,
                subject_id=uuid.uuid4(),
                number_index=number_mark(number),
                made_at=house_now(),
            )
            someone.name, someone.number = name, number
            session.add(someone)


def house_texts(place: Place, number: str, words: str, later: timedelta = timedelta(0)) -> None:
    """A text goes into the outbox; the serving process sends it."""
    now = house_now()
    with transaction() as session:
        write(
            session,
            place.house_id,  # type: ignore[arg-type]
            number=number,
            purpose=Purpose.ANSWER,
            words=words,
            dedupe_key=f"test:{uuid.uuid4()}",
            not_before=now + later,
            made_by=place.dana.ref,
            now=now,
        )


def phone(page: Page, name: str) -> Locator:
    return page.locator(".phone", has=page.get_by_role("heading", name=name, exact=True))


def on_the_phones(bring: Bring, **options: object) -> Companion:
    luis = bring(**options)
    luis.signs_in("luis@example.org", PASSWORD)
    luis.goes_to(PAGE)
    return luis


def heard() -> list[str | None]:
    db.session.rollback()
    found = [row.body for row in db.session.scalars(sa.select(Inbound).order_by(Inbound.received_at))]
    db.session.rollback()
    return found


def test_texts_arrive_by_themselves_and_are_answered(place: Place, guests: None, companion: Bring) -> None:
    page = on_the_phones(companion).page
    expect(page.get_by_text("2 phones without texts")).to_be_visible()
    house_texts(place, SAM, "The kettle is on.")
    sam = phone(page, "Sam")
    expect(sam.get_by_text("The kettle is on.")).to_be_visible()
    sam.get_by_label("Write as Sam").fill("thank you, coming down")
    sam.get_by_role("button", name="Send").click()
    expect(phone(page, "Sam").get_by_text("thank you, coming down")).to_be_visible()
    assert heard() == ["thank you, coming down"]


def test_what_is_written_on_a_phone_is_read_in_the_inbox_and_answered(
    place: Place, guests: None, companion: Bring
) -> None:
    phones = on_the_phones(companion).page
    dana = companion()
    dana.signs_in("dana@example.org", PASSWORD)
    inbox = dana.goes_to("/houses/juniper-house/texts")
    phone(phones, "Sam").get_by_label("Write as Sam").fill("is the kettle on?")
    phone(phones, "Sam").get_by_role("button", name="Send").click()
    expect(inbox.get_by_text("is the kettle on?")).to_be_visible()
    inbox.get_by_role("link", name="Sam").click()
    inbox.get_by_label("Your answer").fill("Always. Come down.")
    inbox.get_by_role("button", name="Send").click()
    expect(phone(phones, "Sam").get_by_text("Always. Come down.")).to_be_visible()


def test_a_text_that_arrives_takes_no_words_away(place: Place, guests: None, companion: Bring) -> None:
    house_texts(place, SAM, "One.")
    house_texts(place, JO, "For Jo.")
    page = on_the_phones(companion).page
    expect(phone(page, "Sam").get_by_text("One.")).to_be_visible()
    expect(phone(page, "Jo").get_by_text("For Jo.")).to_be_visible()
    box = phone(page, "Sam").get_by_label("Write as Sam")
    box.press_sequentially("half a sen")
    house_texts(place, SAM, "Two.")
    expect(phone(page, "Sam").get_by_text("Two.")).to_be_visible()
    box.press_sequentially("tence")
    expect(box).to_have_value("half a sentence")
    expect(box).to_be_focused()


def test_the_newest_text_is_in_sight(place: Place, guests: None, companion: Bring) -> None:
    for n in range(9):
        house_texts(place, SAM, f"A text of some length that takes more than one line on a small phone, number {n}.")
    page = on_the_phones(companion, width=390).page
    expect(phone(page, "Sam").get_by_text("number 8.")).to_be_in_viewport()
    house_texts(place, SAM, "And one more.")
    expect(phone(page, "Sam").get_by_text("And one more.")).to_be_in_viewport()


def test_somebody_new_writes_and_a_day_passes(place: Place, guests: None, companion: Bring) -> None:
    page = on_the_phones(companion).page
    new = phone(page, "Somebody new")
    new.get_by_label("Write as somebody new").fill("Is there room this week?")
    new.get_by_role("button", name="Send").click()
    stranger = phone(page, "(720) 555-0100")
    expect(stranger.get_by_text("Is there room this week?")).to_be_visible()
    house_texts(place, "+17205550100", "Yes, please call.", later=timedelta(hours=30))
    page.reload()
    page.get_by_role("button", name="Skip to the next text").click()
    expect(page).to_have_url(re.compile(PAGE))
    expect(stranger.get_by_text("Yes, please call.")).to_be_visible()


def test_a_page_that_changes_its_order_does_not_take_the_answer_of_a_skip_away(
    place: Place, guests: None, companion: Bring
) -> None:
    page = on_the_phones(companion).page
    held: dict[str, Route] = {}
    page.route("**/demo/clock", lambda route: held.update(skip=route))
    page.route("**/demo/phones/parts*", lambda route: held.update(look=route))
    with page.expect_request("**/demo/phones/parts*"):
        write_as("+17205550100", "Is there room this week?", house_now(), uuid.UUID(str(place.house_id)))
    with page.expect_request("**/demo/clock"):
        page.get_by_role("button", name="Skip ahead an hour").click(no_wait_after=True)
    with page.expect_response("**/demo/phones/parts*"):
        held["look"].continue_()
    page.unroute("**/demo/phones/parts*")
    page.wait_for_timeout(300)  # the page reads it
    held["skip"].continue_()
    expect(page.get_by_text("Skipped ahead.")).to_be_visible()
    expect(phone(page, "(720) 555-0100").get_by_text("Is there room this week?")).to_be_visible()


def test_without_scripts_and_in_spanish(place: Place, guests: None, companion: Bring) -> None:
    house_texts(place, SAM, "Hola.")
    luis = companion(java_script_enabled=False, locale="es")
    luis.signs_in("luis@example.org", PASSWORD)
    luis.context.add_cookies([{"name": "language", "value": "es", "url": luis.url}])
    page = luis.goes_to(PAGE)
    for _look in range(20):
        if phone(page, "Sam").get_by_text("Hola.").is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    sam = phone(page, "Sam")
    sam.locator("input[name=words]").fill("gracias")
    sam.locator("button").click()
    expect(phone(page, "Sam").get_by_text("gracias")).to_be_visible()
    assert heard() == ["gracias"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light"), (1920, "dark")])
def test_nothing_is_cut_off_or_out_of_reach(
    place: Place, guests: None, companion: Bring, width: int, scheme: str
) -> None:
    house_texts(place, SAM, "A long word without an end: " + "a" * 120)
    page = on_the_phones(companion, width=width, color_scheme=scheme).page
    expect(phone(page, "Sam").get_by_text("A long word")).to_be_visible()
    phone(page, "Sam").get_by_label("Write as Sam").fill("and one back: " + "b" * 120)
    phone(page, "Sam").get_by_role("button", name="Send").click()
    expect(phone(page, "Sam").get_by_text("and one back")).to_be_visible()
    page.locator("summary").last.click()
    assert sideways(page) == 0
    assert violations(page) == []
