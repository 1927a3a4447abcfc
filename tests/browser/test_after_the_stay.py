"""Two guests leave the demo houses as `make run` makes them, one in English and one in Spanish, and 90 days go by.

The texts that each chose come to their phone, once each and in their hours, and no other; none after STOP. A call is a
promise on the desk. What they wanted came about by their own text. Everything is done through pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from respite.cli.demo.people import DANA, MARISOL
from tests.browser.companions import Companion, arrives
from tests.browser.phones import Bring, Phones, Text, is_sound, signed_in, yes_in


@dataclass(frozen=True)
class Words:
    """What stands on the links and buttons of one language."""

    leaving: str
    item_by_item: str
    they_left: str
    otherwise: str
    keep: str
    offer: str
    this_one: str
    wanted: str
    note: str
    offered: str


ENGLISH = Words(
    leaving="Leaving",
    item_by_item="Item by item: what would they like later?",
    they_left="They have left",
    otherwise="They choose otherwise",
    keep="Keep it",
    offer="Offer something",
    this_one="This one",
    wanted="They want it",
    note="Note it",
    offered="Noted: offered.",
)
SPANISH = Words(
    leaving="Se va",
    item_by_item="Paso por paso: ¿qué le gustaría después?",
    they_left="Se fue",
    otherwise="Elige otra cosa",
    keep="Guardarlo",
    offer="Ofrecer algo",
    this_one="Este",
    wanted="Lo quiere",
    note="Anotarlo",
    offered="Anotado: se ofreció.",
)


@dataclass(frozen=True)
class House:
    """Who stands before the pages of one house, and the guest who leaves it. `stay` is the address of their stay."""

    who: Companion
    slug: str
    door: str
    guest: str
    zone: ZoneInfo
    hours: tuple[time, time]
    says: Words
    stay: str

    def board(self) -> Page:
        return self.who.goes_to(f"/houses/{self.slug}/board")

    def stay_page(self) -> Page:
        return self.who.goes_to(self.stay)

    def phones(self) -> Phones:
        return Phones(self.who.goes_to("/demo/phones"), self.zone)

    def coming(self) -> Locator:
        """What the house has planned for this guest."""
        page = self.who.goes_to(f"/houses/{self.slug}/after")
        is_sound(page)
        return page.locator("ul.lines li").filter(has=page.get_by_role("link", name=self.guest, exact=True))

    def followed(self) -> Locator:
        """On the stay's page each step after it, and what became of it."""
        return self.stay_page().locator("#after > ul > li")


@dataclass(frozen=True)
class Comes:
    """A text that nobody asked for just now, so many days after they left."""

    words: str
    days: Sequence[int]


def house_of(
    who: Companion, slug: str, door: str, guest: str, zone: str, hours: tuple[time, time], says: Words
) -> House:
    page = who.goes_to(f"/houses/{slug}/board")
    leaving = page.get_by_role("link", name=f"{says.leaving} {door}").get_attribute("href")
    assert leaving is not None
    return House(who, slug, door, guest, ZoneInfo(zone), hours, says, leaving.removesuffix("/leaving"))


def is_texted_in_their_hours(house: House) -> None:
    page = house.stay_page()
    page.locator("#texts details", has=page.locator("input[name=hours_from]")).locator("summary").click()
    begins, ends = house.hours
    page.fill("#texts input[name=hours_from]", f"{begins:%H:%M}")
    page.fill("#texts input[name=hours_until]", f"{ends:%H:%M}")
    page.locator("#texts").get_by_role("button", name=house.says.keep).click()
    arrives(page, house.stay)


def wants(house: House, what: str, *, of_the_directory: bool) -> None:
    """It is offered on the stay's page, found or written down, and they want it."""
    page = house.stay_page()
    page.get_by_role("link", name=house.says.offer).click()
    if of_the_directory:
        page.fill("input[name=q]", what)
        page.locator("form[role=search] button").click()
        page.get_by_role("link", name=house.says.this_one).first.click()
    else:
        page.fill("input[name=place]", what)
    page.locator("select[name=category]").select_option("community")
    page.get_by_label(house.says.wanted).check()
    is_sound(page)
    page.get_by_role("button", name=house.says.note).click()
    expect(page.get_by_text(house.says.offered)).to_be_visible()
    expect(page.locator("#connections").get_by_role("link", name=what)).to_be_visible()


def leaves(house: House, number: str, ways: Mapping[str, str]) -> None:
    """They go through it together: a yes to texts at this number, and each step as the guest says."""
    page = house.board()
    page.get_by_role("link", name=f"{house.says.leaving} {house.door}").click()
    page.fill("input[name=number]", number)
    for asked in ("follow_up", "connections"):
        page.locator(f"input[name={asked}][value=yes]").check()
    page.get_by_text(house.says.item_by_item).click()
    chooses(page, ways)
    is_sound(page)
    page.get_by_role("button", name=house.says.they_left, exact=True).click()
    arrives(page, "/board")
    expect(page.get_by_text(f"{house.says.they_left}. {house.door}")).to_be_visible()


def chooses(page: Page, ways: Mapping[str, str]) -> None:
    for window, way in ways.items():
        page.locator(f"input[name=way-{window}][value={way}]").check()


def chooses_otherwise(house: House, ways: Mapping[str, str]) -> None:
    page = house.stay_page()
    page.get_by_text(house.says.otherwise).click()
    chooses(page, ways)
    page.locator("#after").get_by_role("button", name=house.says.keep).click()
    arrives(page, house.stay)


def reads(lines: Locator, *wanted: str) -> None:
    """Each line begins so, and there is no other."""
    expect(lines).to_have_text(
        [re.compile(r"^\s*" + r"\s+".join(map(re.escape, line.split()))) for line in wanted], use_inner_text=True
    )


def calls_back(house: House) -> None:
    """The call stands on the desk once, as a promise of who stands before it, who makes it and reaches them."""
    page, what = house.board(), f"Call {house.guest} back"
    promise = page.locator('[data-part="promises"] li').filter(has_text=what)
    expect(promise).to_have_text([re.compile(r" · you\b")], use_inner_text=True)
    promise.get_by_role("button", name=f"Reached: {what}").click()
    expect(page.get_by_text("Done. Thank you.")).to_be_visible()
    expect(promise).to_have_count(0)


def it_came_about(house: House, what: str, by_whose_word: str) -> None:
    page = house.stay_page()
    page.locator("#connections").get_by_role("link", name=what).click()
    expect(page.locator(".lead")).to_have_text(by_whose_word)
    is_sound(page)


def came(house: House, texts: Sequence[Text], left: date, wanted: Sequence[Comes | str]) -> None:
    """These texts came and no others, in this order. What answers a text of theirs is given by its words alone."""
    assert len(texts) == len(wanted), [text.body for text in texts]
    begins, ends = house.hours
    for text, each in zip(texts, wanted, strict=True):
        words = each.words if isinstance(each, Comes) else each
        assert words in text.body, (words, text.body)
        if isinstance(each, Comes):
            assert (text.at.date() - left).days in each.days, text
            assert begins <= text.at.time() < ends, text


@pytest.mark.timeout(900)  # three months of two houses, on whatever machine
def test_ninety_days_after_the_stay(bring: Bring) -> None:
    dana, marisol = signed_in(bring, DANA), signed_in(bring, MARISOL)
    sam = house_of(dana, "juniper-house", "Willow", "Sam", "America/Denver", (time(17), time(19)), ENGLISH)
    lucia = house_of(marisol, "casa-enebro", "Sauce", "Lucía", "America/Phoenix", (time(9), time(20)), SPANISH)

    # Each is offered something and wants it. When they leave, they choose what follows; one thinks again.
    is_texted_in_their_hours(sam)
    wants(sam, "Warmline", of_the_directory=True)
    wants(lucia, "El círculo de costura", of_the_directory=False)
    phones = Phones(dana.context.new_page(), sam.zone)
    phones.page.goto(f"{dana.url}/demo/phones")
    left = phones.now()  # before they do: in their hours the first text comes at once
    leaves(sam, "303 555 0142", {"h48": "text", "d7": "call", "d30": "text", "d90": "text"})
    leaves(lucia, "480 555 0177", {"h48": "text", "d7": "text", "d30": "call", "d90": "text"})
    sam_left, lucia_left = left.date(), left.astimezone(lucia.zone).date()
    chooses_otherwise(lucia, {"d30": "none"})
    reads(
        sam.coming(),
        "Sam: a text 48 hours after, about ",
        "Sam: a call Day 7, about ",
        "Sam: a text Day 30, about ",
        "Sam: a text Day 90, about ",
    )
    reads(
        lucia.coming(),
        "Lucía: un mensaje 48 horas después, hacia ",
        "Lucía: un mensaje Día 7, hacia ",
        "Lucía: un mensaje Día 90, hacia ",
    )
    for house in (sam, lucia):
        is_sound(house.stay_page())

    # Within a week each has the text of the second day. Sam answers it, and is called.
    phones.skip("a week")
    thanks = Comes("Juniper House: you asked us to text you", (0, 1))
    how_is_today = Comes("Hi Sam, it's Juniper House. How is today?", (2,))
    came(sam, phones.texts("Sam", since=left), sam_left, [thanks, how_is_today])
    phones.writes("Sam", "thank you. today was ok")
    calls_back(sam)
    reads(
        sam.followed(), "48 hours after: a text answered", "Day 7: a call answered", "Day 30: a text", "Day 90: a text"
    )

    # Two days on Lucía is asked whether it came about. She says yes, and later asks for no more texts.
    phones.skip("a day")
    phones.skip("a day")
    telefonos = lucia.phones()
    asked = telefonos.got("Lucía", "¿se logró lo que hablamos?")
    telefonos.writes("Lucía", yes_in(asked))
    telefonos.got("Lucía", "qué gusto saberlo")
    it_came_about(lucia, "El círculo de costura", "Conectado: lo dijo el huésped")
    telefonos = lucia.phones()
    telefonos.writes("Lucía", "PARAR")
    telefonos.got("Lucía", "ya no te escribiremos")
    all_of_lucias: list[Comes | str] = [
        Comes("Casa Enebro: tú pediste que te escribamos", (0, 1)),
        Comes("Hola, Lucía: te escribe Casa Enebro. ¿Cómo va tu día?", (2,)),
        Comes("Hola, Lucía: otra vez Casa Enebro. ¿Cómo van las cosas?", (7,)),
        Comes("Casa Enebro: ¿se logró lo que hablamos?", (8,)),
        "qué gusto saberlo",
        "ya no te escribiremos",
    ]
    came(lucia, telefonos.texts("Lucía", since=left), lucia_left, all_of_lucias)
    lucias_steps = (
        "48 horas después: un mensaje llegó",
        "Día 7: un mensaje contestó",
        "Día 30: nada no lo quiere",
        "Día 90: un mensaje no más mensajes, como lo pidió",
    )
    reads(lucia.followed(), *lucias_steps)

    # After a month Sam is asked whether they would like a call, and the day after whether it came about.
    for step in ("a week", "a week", "a week", "a day", "a day", "a day"):
        phones.skip(step)
    came_about = phones.got("Sam", "Did what we talked about work out?")
    phones.writes("Sam", yes_in(phones.got("Sam", "Would you like a call from one of us?")))
    phones.got("Sam", "One of us calls you: ")
    phones.writes("Sam", yes_in(came_about))
    phones.got("Sam", "glad to hear it")
    calls_back(sam)
    it_came_about(sam, "Warmline", "Connected: the guest said so")

    # After three months all is over.
    for _week in range(9):
        phones.skip("a week")
    came(
        sam,
        phones.texts("Sam", since=left),
        sam_left,
        [
            thanks,
            how_is_today,
            Comes("Hi Sam, it's Juniper House. Would you like a call from one of us?", (30,)),
            Comes("Hi Sam, it's Juniper House. Did what we talked about work out?", (31, 32)),
            "One of us calls you: ",
            "glad to hear it",
            Comes("Hi Sam, it's Juniper House. How are you? This is our last text like this", (90,)),
        ],
    )
    came(lucia, lucia.phones().texts("Lucía", since=left), lucia_left, all_of_lucias)
    reads(lucia.followed(), *lucias_steps)
    reads(
        sam.followed(),
        "48 hours after: a text answered",
        "Day 7: a call answered",
        "Day 30: a text answered",
        "Day 90: a text it arrived",
    )
    for house in (sam, lucia):
        expect(house.coming()).to_have_count(0)
