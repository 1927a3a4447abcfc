"""Texts before real browsers: they come in by themselves, are answered by keyboard alone, and work without scripts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from respite.accounts.models import Person
from respite.audit.service import lock_stream
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.messaging.models import Inbound, Message
from respite.messaging.policy.segments import count, tidy
from respite.messaging.service import incoming, resting
from respite.messaging.service.reading import raise_soon
from tests.browser.companions import Companion, arrives, sideways, violations
from tests.browser.conftest import PASSWORD, Place
from tests.browser.test_plain_means import tab_to
from tests.inboxes import SAM, fill

Bring = Callable[..., Companion]
TEXTS = "/houses/juniper-house/texts"
STRANGE = [
    "", "Hi Sam", "a" * 160, "a" * 161, "a" * 153 + "€" + "b" * 159, "é" * 80, "ñandú", "ç", "ƒ" * 70, "ƒ" * 71,
    "💚" * 35, "💚" * 36, "👩‍👩‍👧 hola", "“quoted” – dashed…", "x" * 158 + "…", "line\none\r\ntwo", "[" * 80, "[" * 81,
    "ª" * 67 + "💚", "tab\there", "a\u00a0b", "e\u0301" * 20, "Ω" * 160,
]  # fmt: skip


@pytest.fixture
def ids(place: Place) -> dict[str, uuid.UUID]:
    return fill(house_id(place), machine_now(), place.luis.ref)


def house_id(place: Place) -> uuid.UUID:
    return uuid.UUID(str(place.house_id))


def comes(dana: Companion, path: str = TEXTS) -> Page:
    dana.signs_in("dana@example.org", PASSWORD)
    return dana.goes_to(path)


def texts(words: str, number: str = SAM) -> uuid.UUID:
    """Somebody texts the house, as its provider tells it."""
    now = machine_now()
    row = incoming.heard(f"SM{uuid.uuid4().hex}", number, "+13035550100", words, now, None, 0, "webhook", now)
    found = row.id
    db.session.remove()
    return found


def rows(model: type) -> list:
    """What stands in the database; the read ends at once, so that the server may go on writing."""
    found = list(db.session.scalars(sa.select(model)))
    db.session.remove()
    return found


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 320), ("es", "dark", 320), ("en", "dark", 1280), ("es", "light", 1280)],
)
def test_no_page_of_texts_has_a_fault(
    place: Place, companion: Bring, ids: dict[str, uuid.UUID], language: str, theme: str, width: int
) -> None:
    resting.ask_rest(place.luis, ids["quiet_id"], 3, machine_now())
    db.session.remove()
    with transaction() as session:
        session.get_one(Person, place.dana.id).language = language
    dana = companion(width=width, color_scheme=theme, locale=language)
    comes(dana)
    pages = [TEXTS] + [f"{TEXTS}/{ids[name]}" for name in ("thread_id", "stranger_id", "quiet_id")]
    for address in pages:
        page = dana.goes_to(address)
        for fold in page.locator("main details").all():
            fold.locator("summary").click()
        assert (address, violations(page), sideways(page)) == (address, [], 0)


def test_a_text_comes_in_by_itself_and_is_read_when_somebody_does_something(
    place: Place, companion: Bring, ids: dict[str, uuid.UUID]
) -> None:
    page = comes(companion(), f"{TEXTS}/{ids['thread_id']}")
    page.get_by_label("Your answer").fill("I was just writing")
    text_id = texts("Are you still there?")
    expect(page.locator(".bubble--theirs").last).to_contain_text("Are you still there?")
    expect(page.locator("[data-unseen]")).to_be_visible()
    assert [text.seen_at for text in rows(Inbound) if text.id == text_id] == [None]
    page.mouse.move(200, 300)
    expect(page.locator("[data-unseen]")).to_have_count(0)
    assert [text.seen_by for text in rows(Inbound) if text.id == text_id] == [place.dana.ref]
    expect(page.get_by_label("Your answer")).to_have_value("I was just writing")


def test_the_inbox_and_the_desk_follow_by_themselves(place: Place, companion: Bring) -> None:
    inbox = comes(companion())
    desk = comes(companion(), "/houses/juniper-house/board")
    expect(inbox.get_by_text("Nobody has written yet.")).to_be_visible()
    texts("hello", "+13035550199")
    expect(inbox.locator(".thread-line")).to_contain_text("(303) 555-0199")
    expect(desk.get_by_role("link", name="1 text to read")).to_be_visible()
    with transaction() as session:
        lock_stream(session, house_id(place))
        raise_soon(session, house_id(place), "words", machine_now())
    db.session.remove()
    expect(inbox.get_by_role("heading", name="Please read this soon")).to_be_visible()
    expect(desk.get_by_text("Please read a text soon.")).to_be_visible()
    inbox.get_by_role("button", name="I will read it").click()
    expect(desk.get_by_text("Please read a text soon.")).to_have_count(0)


def test_an_answer_is_written_and_sent_by_keyboard_alone(
    place: Place, companion: Bring, ids: dict[str, uuid.UUID]
) -> None:
    page = comes(companion())
    tab_to(page, f"a[data-act='thread-{ids['thread_id']}']")
    page.keyboard.press("Enter")
    arrives(page, f"{TEXTS}/{ids['thread_id']}")
    tab_to(page, "textarea[name=words]")
    page.keyboard.type("I am here, and glad you wrote.")
    expect(page.locator("#segments")).to_have_text("30 of 160 letters")
    tab_to(page, "form.reply button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
    expect(page.locator(".bubble--ours").last).to_contain_text("I am here, and glad you wrote.")
    expect(page.locator(".bubble--ours").last).to_contain_text("delivered")  # the page follows it by itself
    assert len([message for message in rows(Message) if message.made_by == place.dana.ref]) == 1


def test_everything_is_done_with_scripts_off(place: Place, companion: Bring, ids: dict[str, uuid.UUID]) -> None:
    page = comes(companion(java_script_enabled=False))
    page.get_by_role("button", name="I will read it").first.click()
    arrives(page, f"{TEXTS}/{ids['stranger_id']}")
    page.get_by_label("Your answer").fill("I am glad you wrote. I am here.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
    page.get_by_role("button", name="Put out of sight").first.click()
    expect(page.get_by_text("Would you like someone to sit with you?").first).to_be_visible()
    expect(page.get_by_text("i dont know who else to write to")).to_be_hidden()
    page.get_by_text("Words out of sight").click()
    expect(page.get_by_text("i dont know who else to write to")).to_be_visible()
    page.get_by_role("button", name="They asked us not to text").click()
    expect(page.get_by_text("No more texts go to this number.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Your answer")).to_be_visible()
    page.get_by_role("link", name="All texts").click()
    page.get_by_role("button", name="Let it go, Robin").first.click()
    expect(page.get_by_text("It is not sent any more.")).to_be_visible()


def test_words_that_somebody_opened_stay_open_when_the_page_follows(
    place: Place, companion: Bring, ids: dict[str, uuid.UUID]
) -> None:
    page = comes(companion(), f"{TEXTS}/{ids['quiet_id']}")
    page.get_by_text("Words out of sight").click()
    expect(page.get_by_text("Words nobody should have to read.")).to_be_visible()
    texts("And one more.", "+13035550161")
    expect(page.locator(".bubble--theirs").last).to_contain_text("And one more.")
    expect(page.get_by_text("Words nobody should have to read.")).to_be_visible()


def test_a_wording_that_does_not_fit_keeps_what_was_typed(
    place: Place, companion: Bring, ids: dict[str, uuid.UUID]
) -> None:
    dana = companion()
    page = comes(dana, f"{TEXTS}/{ids['thread_id']}")
    page.get_by_label("Your answer").fill("Your bed at the respite is free.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".field-error")).to_contain_text("somebody else may read this phone")
    expect(page.get_by_label("Your answer")).to_have_value("Your bed at the respite is free.")
    dana.faults[:] = [fault for fault in dana.faults if "422" not in fault]  # the browser notes the status it got


def test_the_page_counts_texts_as_the_server_does(place: Place, companion: Bring) -> None:
    page = comes(companion())
    counted = page.evaluate(
        "async texts => { const { count } = await import('/static/messaging/segments.js');"
        " return texts.map(text => [count(text).used, count(text).texts]); }",
        STRANGE,
    )
    wanted = [[found.units, found.segments] for found in (count(tidy(text).strip()) for text in STRANGE)]
    assert json.dumps(counted) == json.dumps(wanted)
