"""A month of shifts in the demo house as `make run` makes it: given out, reminded of, not here yet, filled by text.

Everything is done through pages, as a person would: shifts are given out at the desk; time is skipped, and texts are
read and answered, on the page of phones.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from respite.cli.demo.people import DANA, JUNIPER
from tests.browser.companions import arrives
from tests.browser.phones import DAY, LONG_MS, TEN_MINUTES, Bring, Phones, is_sound, signed_in, yes_in

ZONE = ZoneInfo("America/Denver")
WHO = {someone.name: someone for someone in JUNIPER}
PEERS = tuple(name for name in WHO if name != DANA.name)
HOUSE = "/houses/juniper-house"
NIGHT = "11 pm to 7 am"

# What stands on a phone, in the language of whoever holds it.
GIVEN_OUT = re.compile("your shifts from .* are set|tus turnos desde .* ya están")
REMINDER = re.compile("a reminder, you are on|te recordamos tu turno")
OPEN_NIGHT = re.compile(r"(?:open shift .*11p-7a|turno libre .*23:00-7:00).* Y(\d+) ")
CANNOT = re.compile("thank you for telling us.*is open and we are asking others|gracias por avisarnos.*está libre")
YOURS = re.compile("11p-7a is yours|23:00-7:00, es tuyo")
HERE = re.compile("you are here. Welcome|ya sabemos que llegaste")
FILLED = re.compile("11p-7a is filled|23:00-7:00, ya está cubierto")


def words_of(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


# -- giving out ------------------------------------------------------------------------------------------------


def fills_a_draft(dana: Page) -> date:
    """Four weeks are drafted from the Monday after next on, and filled."""
    first = dana.get_by_label("From")
    monday = date.fromisoformat(first.input_value()) + 7 * DAY
    first.fill(monday.isoformat())
    dana.get_by_role("button", name="Begin a draft").click()
    expect(dana.get_by_text("Nobody else sees it.").first).to_be_visible()
    dana.get_by_label("Take").select_option("10 seconds")
    dana.get_by_role("button", name="Fill it").click()
    expect(dana.get_by_role("button", name="Fill it again")).to_be_visible(timeout=LONG_MS)
    expect(dana.get_by_text(re.compile("^(Filled|The best plan)"))).to_be_visible()
    return monday


def on_turn(dana: Page, day: date, hours: str) -> list[str]:
    """Who has the places of these hours, in the draft."""
    of_day = dana.locator(".draft-day", has=dana.get_by_role("heading", name=words_of(day), exact=True))
    turn = of_day.locator(".draft-turn", has=dana.get_by_text(hours, exact=True))
    return turn.locator(".place a").all_inner_texts()


def leaves_free(dana: Page, who: list[str], days: list[date]) -> None:
    """Their places on the floor on these days are opened by hand, so that they could take another."""
    for name in who:
        for day in days:
            for hours in ("7 am to 3 pm", "3 pm to 11 pm", NIGHT):
                if name in on_turn(dana, day, hours):
                    dana.get_by_role("link", name=f"{words_of(day)}, {hours}: {name}", exact=True).click()
                    dana.get_by_role("button", name="Open it").click()
                    arrives(dana, "/roster")
                    assert name not in on_turn(dana, day, hours)


# -- the month -------------------------------------------------------------------------------------------------


@pytest.mark.timeout(1200)  # a month of two houses, step by step, on whatever machine
def test_a_month_of_shifts(bring: Bring) -> None:
    coordinator = signed_in(bring, DANA)
    phones = Phones(coordinator.goes_to("/demo/phones"), ZONE)
    phones.skip_to(phones.now().date() + (DAY if phones.now().hour >= 10 else timedelta(0)), time(10))
    today = phones.now().date()
    desk = coordinator.context.new_page()

    # The coordinator gives out four weeks, and leaves two people room in the middle of the first.
    began = phones.now()
    desk.goto(f"{coordinator.url}{HOUSE}/roster")
    monday = fills_a_draft(desk)
    wednesday = monday + 2 * DAY
    gives_back, stays_on = on_turn(desk, wednesday, NIGHT)
    rested = [name for name in PEERS if name not in (gives_back, stays_on)][:2]
    leaves_free(desk, rested, [wednesday - DAY, wednesday, wednesday + DAY])
    desk.get_by_role("button", name="Give them out").click()
    expect(desk.get_by_text("The shifts are given out. 5 people are told by text.")).to_be_visible()
    phones.skip("ten minutes")
    assert {name: len(phones.texts(name, GIVEN_OUT, began)) for name in PEERS} == dict.fromkeys(PEERS, 1)
    assert phones.texts("Dana", GIVEN_OUT) == []

    # In the afternoon Mei answers the text before her shift.
    phones.skip_to(today, time(14, 30))
    before_it = phones.now()
    phones.got("Mei", "you are on today 3p-11p")
    phones.got("Mei", "we look forward to you, 3p-11p. Reply 1 on my way, 2 I'm here")
    phones.writes("Mei", "2")
    phones.got("Mei", "you are here. Welcome, and thank you")
    desk.goto(f"{coordinator.url}{HOUSE}/board")
    people = desk.locator("section", has=desk.get_by_role("heading", name="Here now · on call"))
    who_is_here = people.get_by_role("listitem")
    expect(who_is_here.filter(has_text="until 11 pm")).to_contain_text("Mei")
    expect(who_is_here.filter(has_text="on call")).to_contain_text("Priya")

    # Tom says nothing: he is asked, then Priya, who is on call. She comes, and nobody else is asked after.
    phones.skip_to(today, time(15, 10))
    phones.got("Tom", "we don't have you here yet for 3p-11p. All well?")
    asked = phones.got("Priya", r"nobody is here yet for .* 3p-11p. Can you come in now\? Reply Y\d+ yes")
    desk.reload()
    watch = desk.get_by_role("region", name="Who is on their way")
    expect(watch.get_by_role("heading", name="Tom is not here yet (3 pm to 11 pm)")).to_be_visible()
    expect(watch.get_by_role("listitem").filter(has_text="Priya")).to_contain_text("asked by text at 3:10 pm")
    phones.writes("Priya", yes_in(asked))
    phones.got("Priya", "We count on you until .*. Reply 2 when you are here")
    expect(watch.get_by_text("Priya is coming in.")).to_be_visible()  # by itself
    is_sound(desk)
    phones.skip_to(today, time(15, 30))
    phones.writes("Priya", "2")
    phones.got("Priya", "you are here. Welcome")
    expect(who_is_here.filter(has_text="until 11 pm")).to_contain_text("Priya")
    expect(watch.get_by_text("Tom is not here yet")).to_have_count(0)
    phones.skip_to(today, time(16))
    for name in ("Dana", "Luis", "Mei", "Ana"):
        assert phones.texts(name, "nobody is here yet for|no llega nadie", before_it) == [], name

    # Who has Wednesday's night cannot come after all: one character opens it, and others are asked by text.
    phones.skip_to(wednesday, time(10))
    given_back_at = phones.now() - TEN_MINUTES
    phones.writes(gives_back, "3")
    phones.got(gives_back, CANNOT)
    offers = {name: phones.texts(name, OPEN_NIGHT, given_back_at) for name in ("Dana", *PEERS)}
    willing = [name for name, found in offers.items() if found]
    assert gives_back not in willing
    assert stays_on not in willing
    taker, second = sorted(willing, key=lambda name: name in ("Dana", "Luis", "Ana"))[:2]
    phones.writes(taker, yes_in(offers[taker][-1]))
    phones.got(taker, YOURS)
    phones.skip("ten minutes")
    phones.got(second, FILLED)
    assert phones.texts(second, YOURS) == []
    desk.goto(f"{coordinator.url}{HOUSE}/shifts?from={monday}")
    of_day = desk.get_by_role("region", name=words_of(wednesday))
    night = of_day.get_by_role("listitem").filter(has=desk.get_by_role("heading", name=NIGHT, exact=True))
    expect(night).to_contain_text(taker)
    expect(night).to_contain_text(stays_on)
    expect(night).not_to_contain_text(gives_back)
    is_sound(desk)
    own = signed_in(bring, WHO[taker]).goes_to("/me")
    of_that_day = own.locator(f'xpath=//h2[contains(., "{words_of(wednesday)}")]/following-sibling::ul[1]')
    expect(of_that_day.get_by_role("heading", name=NIGHT, exact=True)).to_be_visible()
    is_sound(own)

    # They come that night; whoever else is down for it says nothing.
    phones.skip_to(wednesday, time(22, 40))
    phones.writes(taker, "2")
    phones.got(taker, HERE)

    # The rest of the month.
    seen = {name: set(phones.texts(name)) for name in ("Dana", *PEERS)}
    began = phones.now()
    for _day in range(20):
        phones.skip("a day")
        for name, texts in seen.items():
            texts.update(phones.texts(name, since=began))
    assert phones.now().date() - today > 28 * DAY
    for name in PEERS:
        reminders = [text for text in seen[name] if re.search(REMINDER, text.body)]
        assert len(reminders) > 5
        assert all(time(8) <= text.at.time() < time(21) for text in reminders)
    for name, texts in seen.items():
        once = {(text.body, text.at.replace(second=0, microsecond=0)) for text in texts}
        assert len(texts) == len(once), name
    desk.goto(f"{coordinator.url}{HOUSE}/cover?from={wednesday}&to={wednesday + 2 * DAY}")
    short = desk.get_by_role("row").filter(has_text="1 of 2 were there")
    for done in ("somebody came", "who was on call was asked", "a coordinator was asked"):
        expect(short).to_contain_text(done)
    expect(desk.get_by_text("the second on call was asked")).to_have_count(0)  # the demo has one on call
    is_sound(desk)

    # The house has rolled on: a draft of the last week of the next eight has every place.
    desk.goto(f"{coordinator.url}{HOUSE}/roster")
    desk.get_by_label("From").fill((phones.now().date() + 49 * DAY).isoformat())
    desk.get_by_label("For").select_option("1 week")
    desk.get_by_role("button", name="Begin a draft").click()
    expect(desk.get_by_text("A draft: 49 places are open. Nobody else sees it.")).to_be_visible()

    # And its desk works as on the first day.
    desk.goto(f"{coordinator.url}{HOUSE}/board")
    lark = desk.locator("article", has=desk.get_by_role("heading", name="Lark", exact=True))
    lark.get_by_role("button", name="Ready").click()
    expect(lark.get_by_text("free tonight")).to_be_visible()
    is_sound(desk)
