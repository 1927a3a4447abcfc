"""Three shifts hand over in the demo house as `make run` makes it, in browsers and on a simulated phone.

The first gives to somebody who never comes, the second to the phone of whoever is on call, the third is taken early and
goes on changing. No promise is lost on the way, and every taking has a name and a time.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from respite.cli.demo.people import JUNIPER, PASSWORD
from tests.browser.companions import arrives, sideways, violations
from tests.browser.phones import Bring, Phones, yes_in
from tests.browser.test_a_month_of_shifts import HOUSE, ZONE

HANDOFF = f"{HOUSE}/handoff"
PROMISE = "Ask the baker for yesterday's bread"
TO_READ = re.compile(r"something waits for you to read.* Y(\d+) ")


def signed_in(bring: Bring, name: str, **options: object) -> Page:
    someone = next(someone for someone in JUNIPER if someone.name == name)
    companion = bring(**options)
    companion.signs_in(someone.email, PASSWORD)
    page = companion.goes_to(f"{HOUSE}/board")
    english = page.locator("button[name=language][value=en]").first
    if english.count():
        english.evaluate("button => button.click()")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    return companion.goes_to(HANDOFF)


def writes(page: Page, words: str) -> None:
    page.goto(page.url.split("?")[0].split("#")[0])
    page.fill("input[name=entry]", words)
    page.locator("#write button").last.click()
    expect(page.locator("#log")).to_contain_text(words)


def gives(page: Page, words: str, *, on_call: bool = False, another: bool = False) -> None:
    if another:
        page.get_by_text("Give another one").click()
    page.fill("#give textarea[name=words]", words)
    tick = page.locator("#give input[name=to_on_call]")
    tick.set_checked(on_call)
    page.locator("#give button").last.click()
    arrives(page, HANDOFF)
    expect(page.get_by_text("It is given.", exact=False)).to_be_visible()


def test_three_shifts_hand_over_and_nothing_is_lost(bring: Bring) -> None:
    mei = signed_in(bring, "Mei")
    mei.goto(mei.url.replace("/handoff", "/promises"))
    mei.fill("#new input[name=words]", PROMISE)
    mei.locator("#new button").last.click()
    arrives(mei, "/promises")
    mei.goto(mei.url.replace("/promises", "/handoff"))
    writes(mei, "The kettle is mended")
    gives(mei, "One: the cellar is dry")

    tom = signed_in(bring, "Tom", width=390)
    expect(tom.locator("#waits")).to_contain_text("One: the cellar is dry")
    assert violations(tom) == []
    assert sideways(tom) == 0
    writes(tom, "Soup for six came from next door")
    gives(tom, "Two: the soup is on the stove", on_call=True, another=True)

    phones = Phones(signed_in(bring, "Dana").context.new_page(), ZONE)
    phones.page.goto(mei.url.split("/houses")[0] + "/demo/phones")
    text = phones.got("Priya", TO_READ)
    for word in ("soup", "cellar", "Mei", "Tom", "baker"):
        assert word not in text.body
    # With its number: by night she may have been asked to come in, too, and then a bare Y is asked after.
    phones.writes("Priya", yes_in(text))

    ana = signed_in(bring, "Ana")
    taken = ana.locator(".stack > section").first
    expect(taken).to_contain_text(re.compile(r"Taken: Priya, .*\(by text\)"))
    ana.goto(ana.url + "/earlier")
    expect(ana.get_by_text("not taken yet")).to_have_count(0)
    expect(ana.get_by_text(re.compile(r"Taken: Priya"))).to_have_count(2)
    ana.goto(ana.url.replace("/earlier", ""))
    gives(ana, "Three: all quiet")

    dana = signed_in(bring, "Dana")
    expect(dana.locator("#waits")).to_contain_text("Three: all quiet")
    for box in dana.locator("#waits input[name=people]").all():
        box.uncheck(force=True)
    dana.locator("#waits label", has_text="Dana").click()
    dana.locator("#waits .take button").click()
    arrives(dana, HANDOFF)
    expect(dana.locator(".stack > section").first).to_contain_text(re.compile(r"Taken: Dana, \d"))

    writes(ana, "Somebody rang twice and hung up")
    dana.reload()
    expect(dana.locator(".log-new")).to_have_count(1)
    expect(dana.locator(".log-new")).to_contain_text("Somebody rang twice and hung up")
    expect(dana.locator("#promises")).to_contain_text(PROMISE)
    assert violations(dana) == []
