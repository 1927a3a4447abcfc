"""Asking a colleague on pages: whom it fits, what each of the two reads, and what whoever keeps the shifts sees."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.houses.models import House
from respite.messaging.models.people import CorrespondentKind
from respite.staffing.models import Override, Shift, SwapRequest
from respite.staffing.service import swaps
from respite.staffing.service.shifts import put_on
from tests.duty import off
from tests.offers import BOTH
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

TODAY = date(2026, 11, 22)
OPEN, WEEK = "/houses/juniper-house/shifts/open", "/houses/juniper-house/shifts"
Come = Callable[..., tuple[Browser, uuid.UUID]]


@pytest.fixture
def come(app: Flask, juniper: House, person: MakePerson) -> Come:
    """Somebody of the house, signed in: `come("Ana")`."""
    numbers = iter(range(100, 200))

    def make(name: str, role: Role = Role.PEER, **more: object) -> tuple[Browser, uuid.UUID]:
        email = f"{name.lower()}@example.org"
        made = person(email, {juniper.id: role}, name)
        person_at(juniper, f"+13035550{next(numbers)}", kind=CorrespondentKind.PEER, subject_id=made,
                  **({"consents": BOTH, "hours_from": time(0), "hours_until": time(0)} | more))  # type: ignore[arg-type]  # fmt: skip
        return Browser(app, email), made

    return make


def shift_of(juniper: House, person_id: uuid.UUID, day: int = 2, begins: int = 16, ends: int = 22) -> uuid.UUID:
    at = {"day": TODAY + timedelta(days=day), "begins": time(begins), "ends": time(ends)}
    return put_on(COMMAND, juniper.id, person_id=person_id, kind="floor", **at, now=SUNDAY).id


def has(shift_id: uuid.UUID) -> uuid.UUID | None:
    return rows(Shift, Shift.id == shift_id)[0].person_id  # type: ignore[no-any-return]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def press(browser: Browser, path: str, button: str, *, number: int = 0) -> str:
    """Press one of the page's buttons of that name; the page that it leads to."""
    found = [form for form in forms_of(browser.get(path)) if button in form.buttons]
    assert len(found) > number, f"{path} has no button {button}"
    answer = browser.send(found[number])
    assert answer.status_code == 303, answer.status_code
    return words(browser.get(answer.location).text)


def test_a_shift_is_given_away_from_page_to_page(juniper: House, come: Come) -> None:
    (ana, ana_id), (bo, bo_id) = come("Ana"), come("Bo")
    shift = shift_of(juniper, ana_id)
    assert f"/shifts/{shift}/ask" in ana.get("/me").text
    said = press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    assert "Bo is asked. Until they say yes the shift is yours." in said
    assert "You asked Bo Tuesday 24 November, 4 pm to 10 pm" in said
    assert f"/shifts/{shift}/ask" not in ana.get("/me").text, "one question at a time"
    assert "Can you take this for Ana? Tuesday 24 November, 4 pm to 10 pm" in words(bo.get("/me").text)
    assert "Thank you. It is done, and your colleague knows." in press(bo, "/me", "Yes, I’ll take it")
    assert has(shift) == bo_id
    assert "Bo has Tuesday 24 November, 4 pm to 10 pm." in words(ana.get("/me").text)


def test_undo_of_the_question_and_a_no(juniper: House, come: Come) -> None:
    (ana, ana_id), (bo, _bo) = come("Ana"), come("Bo", consents=())
    shift = shift_of(juniper, ana_id)
    said = press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    assert "Bo sees it on their page. No text reaches them, so you may like to call." in said
    assert "Nobody is asked any more." in press(ana, "/me", "Take it back")
    assert "Can you take this" not in bo.get("/me").text
    press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    assert "Your colleague knows, and keeps the shift." in press(bo, "/me", "Not this time")
    assert "Bo can’t take Tuesday 24 November, 4 pm to 10 pm. It is still yours." in words(ana.get("/me").text)
    page = ana.get(f"/shifts/{shift}/ask")
    assert "Bo Can’t take this one." in words(page.text)
    assert not [form for form in forms_of(page) if form.action.endswith("/ask")]


def test_a_swap_from_page_to_page(juniper: House, come: Come) -> None:
    (ana, ana_id), (bo, bo_id) = come("Ana"), come("Bo")
    mine, theirs = shift_of(juniper, ana_id), shift_of(juniper, bo_id, day=4, begins=8, ends=12)
    page = f"/shifts/{mine}/ask?with={bo_id}"
    assert "Swap with Bo Tuesday 24 November, 4 pm to 10 pm" in words(ana.get(page).text)
    press(ana, page, "Ask for this one")
    said = words(bo.get("/me").text)
    assert "Ana would like to swap" in said
    assert "You would have Tuesday 24 November, 4 pm to 10 pm For yours Thursday 26 November, 8 am to 12 pm" in said
    said = press(bo, "/me", "Yes, let’s swap")
    assert (has(mine), has(theirs)) == (bo_id, ana_id)
    assert "is yours, and Bo has Tuesday 24 November" in words(ana.get("/me").text)


def test_whom_it_fits_comes_first_and_of_others_no_more_is_said_than_needed(juniper: House, come: Come) -> None:
    (ana, ana_id), *others = come("Ana"), come("Bo"), come("Cy"), come("Di")
    (_bo, bo_id), (_cy, _cy_id), (_di, di_id) = others
    shift = shift_of(juniper, ana_id)
    shift_of(juniper, bo_id, day=2, begins=8, ends=12)
    off(juniper, di_id, TODAY, TODAY + timedelta(days=9))
    said = words(ana.get(f"/shifts/{shift}/ask").text)
    assert said.index("Cy Ask them to take it") < said.index("Bo On that day already: 8 am–12 pm")
    assert "Di Cannot at these hours" in said, "that she is away, and until when, is hers to tell"
    shift_of(juniper, di_id, day=12)
    press_di = words(ana.get(f"/shifts/{shift}/ask?with={di_id}").text)
    assert "Di: cannot at these hours" in press_di


def test_a_refused_question_keeps_the_page_and_says_why(juniper: House, come: Come) -> None:
    (ana, ana_id), (_bo, bo_id) = come("Ana"), come("Bo")
    shift = shift_of(juniper, ana_id)
    shift_of(juniper, bo_id, day=3, begins=6, ends=9)
    refused = ana.post(f"/shifts/{shift}/ask", {"person": str(bo_id)})
    assert refused.status_code == 409
    assert "Rest, hours or another rule of the house stands in the way" in refused.text
    assert "8 h of rest before 6 am–9 am" in refused.text
    assert ana.post(f"/shifts/{shift}/ask", {"person": "nobody"}).status_code == 422
    assert ana.post(f"/shifts/{shift}/ask", {"person": str(bo_id), "other": str(shift)}).status_code == 409
    assert ana.get(f"/shifts/{shift}/ask?with=nobody").status_code == 200
    assert rows(SwapRequest) == []


def test_only_their_own_page_opens(juniper: House, aspen: House, come: Come, person: MakePerson, app: Flask) -> None:
    (_ana, ana_id), (bo, bo_id) = come("Ana"), come("Bo")
    cy, _cy = come("Cy")
    person("zoe@example.org", {aspen.id: Role.DIRECTOR}, "Zoe")
    zoe = Browser(app, "zoe@example.org")
    shift = shift_of(juniper, ana_id)
    swap = swaps.ask(Actor(ActorKind.PERSON, ana_id, {juniper.id: Role.PEER}), shift, bo_id, now=SUNDAY).swap
    assert bo.get(f"/shifts/{shift}/ask").status_code == 404
    for stranger in (cy, zoe):
        for act in ("yes", "no", "take-back", "happen", "stop"):
            assert stranger.post(f"/swaps/{swap.id}/{act}").status_code == 404
    assert rows(SwapRequest)[0].ended_at is None


def test_whoever_keeps_shifts_sees_it_and_lets_it_happen_with_a_reason(juniper: House, come: Come) -> None:
    (dana, _dana), (ana, ana_id), (bo, bo_id) = come("Dana", Role.COORDINATOR), come("Ana"), come("Bo")
    shift = shift_of(juniper, ana_id)
    press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    assert "Ana asks Bo to take a shift Ana Tuesday 24 November, 4 pm to 10 pm Nobody has answered yet." in words(
        dana.get(OPEN).text
    )
    assert "in-question" in dana.get(WEEK).text
    assert "in-question" in bo.get(WEEK).text
    assert "Ana asks Bo" not in words(bo.get(OPEN).text)
    shift_of(juniper, bo_id, day=3, begins=6, ends=9)
    assert "Somebody who keeps the shifts looks at it first." in press(bo, "/me", "Yes, I’ll take it")
    assert "⇄ 1 swap waits for your word" in words(dana.get(WEEK).text)
    assert "waits for your word" not in bo.get(WEEK).text
    for reader in (ana, bo):
        assert "Bo: 8 h of rest before 6 am–9 am, Wed 25 Nov; 10 h are needed" in words(reader.get("/me").text)
    part = dana.get(f"{OPEN}/parts").get_json()["parts"]["swaps"]
    assert "Both would like it, and a rule stands in the way:" in words(part)
    form = next(each for each in forms_of(dana.get(OPEN)) if "Let it happen" in each.buttons)
    refused = dana.send(form, why=" ")
    assert refused.status_code == 422
    assert "Please say why, in a few words." in refused.text
    assert dana.send(form, why="Bo sleeps next door.").status_code == 303
    assert has(shift) == bo_id
    assert [each.why for each in rows(Override)] == ["Bo sleeps next door."]
    assert "in-question" not in dana.get(WEEK).text


def test_a_colleague_who_is_no_part_of_it_sees_no_sign(juniper: House, come: Come) -> None:
    (ana, ana_id), (_bo, bo_id), (cy, _cy) = come("Ana"), come("Bo"), come("Cy")
    shift = shift_of(juniper, ana_id)
    swaps.ask(Actor(ActorKind.PERSON, ana_id, {juniper.id: Role.PEER}), shift, bo_id, now=SUNDAY)
    assert "in-question" in ana.get(WEEK).text
    assert "in-question" not in cy.get(WEEK).text


def test_the_house_may_look_at_each_by_its_rules(juniper: House, come: Come) -> None:
    (lead, _lead), (ana, ana_id), (bo, bo_id) = come("Rae", Role.DIRECTOR), come("Ana"), come("Bo")
    shift = shift_of(juniper, ana_id)
    lead.fill("/houses/juniper-house/duty-rules", swaps_looked_at="on")
    press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    press(bo, "/me", "Yes, I’ll take it")
    assert "Both would like it. By the house’s rules you say yes too." in words(lead.get(OPEN).text)
    assert "It is done, and both know." in press(lead, OPEN, "Let it happen")
    assert has(shift) == bo_id


def test_it_is_left_as_it_is(juniper: House, come: Come) -> None:
    (dana, _dana), (ana, ana_id), (bo, _bo) = come("Dana", Role.COORDINATOR), come("Ana"), come("Bo")
    shift = shift_of(juniper, ana_id)
    press(ana, f"/shifts/{shift}/ask", "Ask them to take it")
    assert "The question is over. Both keep their shifts, and know." in press(dana, OPEN, "Leave it as it is")
    assert has(shift) == ana_id
    said = "The question about Tuesday 24 November, 4 pm to 10 pm is over, and it changed nothing."
    assert said in words(ana.get("/me").text)
    assert "Can you take this" not in bo.get("/me").text
