""" "I can't come": one character or one tap, the shift is open and on offer at once, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db
from respite.core.due import sweep
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.staffing.errors import CameAlready, NotYourShift, OfferOver, ShiftFilled, ShiftOver
from respite.staffing.models import ShiftOffer
from respite.staffing.service import shifts as shifts_service
from respite.staffing.service.cannot_come import can_after_all, cannot_come
from respite.staffing.service.shifts import came
from tests.offers import HOUR, MINUTE, Crew, has, stands
from tests.places import SUNDAY
from tests.texts_in import rows


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def crew(app: Flask, actor_in: Callable[..., Actor]) -> Crew:
    house: House = open_house(
        COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY
    )
    return Crew(house, actor_in)


def the_offer() -> ShiftOffer:
    return rows(ShiftOffer, ShiftOffer.closed_at.is_(None))[0]  # type: ignore[no-any-return]


def test_one_character_opens_the_next_shift_and_asks_the_others(crew: Crew) -> None:
    ana = crew.peer("Ana")
    crew.peer("Bo")
    shift, later = crew.shift(ana), crew.shift(ana, day=1, begins=12, ends=20)
    assert crew.says("Ana", "3") == "cannot-come-heard"
    assert has(shift) is None
    assert has(later) == ana.id
    sweep(SUNDAY)
    assert crew.texted("shift-open") == ["Bo"], "who cannot come is not asked"
    assert crew.says("Ana", "3", SUNDAY + MINUTE) == "cannot-come-heard", "said twice it is the same shift"
    assert has(later) == ana.id
    (text, *_again) = rows(Message, Message.template == "cannot-come-heard")
    assert f"Y{crew.code(the_offer())}" in text.body


def test_it_is_taken_back_by_text_for_as_long_as_nobody_took_it(crew: Crew) -> None:
    ana = crew.peer("Ana")
    crew.peer("Bo")
    shift = crew.shift(ana)
    crew.says("Ana", "3")
    sweep(SUNDAY)
    offer = the_offer()
    assert crew.says("Ana", f"Y{crew.code(offer)}", SUNDAY + MINUTE) == "shift-yours"
    assert has(shift) == ana.id
    assert stands(offer).closed_why == "taken"
    assert crew.texted("shift-open") == [], "Bo's text had not left yet"


def test_it_is_taken_back_by_a_tap_and_not_once_it_is_filled(crew: Crew) -> None:
    ana = crew.peer("Ana")
    crew.peer("Bo")
    shift = crew.shift(ana)
    cannot_come(ana, shift.id, now=SUNDAY)
    cannot_come(ana, shift.id, now=SUNDAY)
    assert can_after_all(ana, shift.id, now=SUNDAY).person_id == ana.id
    assert can_after_all(ana, shift.id, now=SUNDAY).person_id == ana.id
    cannot_come(ana, shift.id, now=SUNDAY)
    crew.says("Bo", f"Y{crew.code(the_offer())}")
    with pytest.raises(ShiftFilled):
        can_after_all(ana, shift.id, now=SUNDAY)
    assert has(shift) == crew.ids["Bo"]


def test_a_no_of_who_has_it_means_that_they_cannot_come(crew: Crew) -> None:
    crew.peer("Ana")
    crew.peer("Bo")
    cannot_come(crew.peer("Cy"), (shift := crew.shift(rows_actor(crew, "Cy"))).id, now=SUNDAY)
    first = the_offer()
    sweep(SUNDAY)
    code = crew.code(first)
    assert crew.says("Ana", f"Y{code}") == "shift-yours"
    assert crew.says("Ana", f"N{code}", SUNDAY + MINUTE) == "cannot-come-heard"
    assert has(shift) is None
    sweep(SUNDAY + MINUTE)
    assert crew.asked(the_offer()) == {"Ana": "no", "Bo": None}, "neither Ana nor Cy is asked for it again"
    assert crew.says("Ana", f"N{code}", SUNDAY + 2 * MINUTE) == "offer-passed"


def rows_actor(crew: Crew, name: str) -> Actor:
    return Actor(crew.lead.kind, crew.ids[name], {crew.house.id: crew.lead.roles[crew.house.id]})


def test_who_is_on_hears_of_it_by_the_hook(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(
        shifts_service,
        "shift_moved",
        [*shifts_service.shift_moved, lambda _s, shift, before, _a, _n: heard.append((shift.person_id, before))],
    )
    ana = crew.peer("Ana")
    shift = crew.shift(ana)
    cannot_come(ana, shift.id, now=SUNDAY)
    assert heard[-1] == (None, ana.id)


def test_what_cannot_be_said_of_a_shift(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    shift = crew.shift(ana)
    with pytest.raises(NotYourShift):
        cannot_come(bo, shift.id, now=SUNDAY)
    with pytest.raises(OfferOver):
        can_after_all(bo, crew.shift().id, now=SUNDAY)
    came(ana, shift.id, now=SUNDAY)
    with pytest.raises(CameAlready):
        cannot_come(ana, shift.id, now=SUNDAY)
    with pytest.raises(ShiftOver):
        cannot_come(bo, crew.shift(bo).id, now=SUNDAY + timedelta(days=1))
    db.session.rollback()


def test_a_bare_3_without_a_shift_soon_is_read_by_a_person(crew: Crew) -> None:
    ana = crew.peer("Ana")
    shift = crew.shift(ana, day=3)
    assert crew.says("Ana", "3") is None
    assert has(shift) == ana.id
    assert crew.says("Ana", "3", SUNDAY + 60 * HOUR) == "cannot-come-heard"
