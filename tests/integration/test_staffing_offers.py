"""Open shifts on offer: fair waves, the first yes that counts, and everybody told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.models import Membership
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core.db import transaction
from respite.core.due import sweep
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.staffing.errors import NotOpen, OfferOver
from respite.staffing.models import OfferAsked, Peer, Shift, ShiftOffer
from respite.staffing.service.offers import KEPT_FOR, claim, start, stop
from respite.staffing.service.shifts import change_shift, put_on, take_off
from tests.offers import DAY, HOUR, MINUTE, TODAY, Crew, has, moves_at, stands, time_goes
from tests.people import stands_back
from tests.places import SUNDAY
from tests.texts_in import rows

ALL = ["Ana", "Bo", "Cy", "Di", "Eve", "Flo", "Gus", "Hal", "Ida", "Jo", "Kim"]


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def crew(house: House, actor_in: Callable[..., Actor]) -> Crew:
    return Crew(house, actor_in)


def offered(crew: Crew, shift: Shift, now: datetime = SUNDAY) -> ShiftOffer:
    """On offer, and the first wave has gone out."""
    offer = start(crew.lead, shift.id, now=now)
    sweep(now)
    return stands(offer)


# -- waves --------------------------------------------------------------------------------------------------------


def test_three_are_asked_and_three_more_after_a_pause_until_all_were(crew: Crew) -> None:
    for name in ALL:
        crew.peer(name)
    offer = offered(crew, crew.shift(day=4))
    assert len(crew.texted("shift-open")) == 3
    assert moves_at() == SUNDAY + 3 * HOUR
    sweep(SUNDAY + 3 * HOUR)
    assert len(crew.texted("shift-open")) == 6
    sweep(SUNDAY + 3 * HOUR)
    assert len(crew.texted("shift-open")) == 6
    sweep(SUNDAY + 6 * HOUR)
    sweep(SUNDAY + 9 * HOUR)
    assert len(crew.texted("shift-open")) == 9
    assert moves_at() == datetime(2026, 11, 23, 15, tzinfo=UTC), "after ten in the evening nobody is asked until eight"
    sweep(SUNDAY + 18 * HOUR)
    assert sorted(crew.texted("shift-open")) == ALL
    assert stands(offer).wave == 4
    assert {each.purpose for each in rows(Message)} == {Purpose.SHIFTS}
    assert list(broken_links()) == []


def test_waves_come_faster_when_little_time_is_left(crew: Crew) -> None:
    """Four hours and a half before it begins: all are asked together two hours before, and three waves come first."""
    for name in ALL:
        crew.peer(name)
    offered(crew, crew.shift(begins=19, ends=23))
    assert moves_at() == SUNDAY + (2 * HOUR + 28 * MINUTE) / 3
    time_goes(SUNDAY + 2 * HOUR + 27 * MINUTE)
    assert len(crew.texted("shift-open")) == 9
    assert {each.purpose for each in rows(Message)} == {Purpose.SHIFTS}
    sweep(SUNDAY + 2 * HOUR + 28 * MINUTE)
    assert len(crew.texted("shift-open", waiting=True)) == 11, "asked again, and the text that waits is called back"
    assert {each.purpose for each in rows(Message, Message.state == State.QUEUED)} == {Purpose.DUTY}


def test_under_two_hours_all_are_asked_and_then_somebody_phones(crew: Crew) -> None:
    for name in ALL[:5]:
        crew.peer(name)
    nora = crew.peer("Nora")
    put_on(
        crew.lead, crew.house.id, person_id=nora.id, kind="on-call", day=TODAY, begins=time(8), ends=time(8), now=SUNDAY
    )
    offer = offered(crew, crew.shift())
    assert sorted(crew.texted("shift-open"))[:5] == ALL[:5]
    assert {each.purpose for each in rows(Message)} == {Purpose.DUTY}
    assert stands(offer).to_phone_at is None
    sweep(SUNDAY + 15 * MINUTE)
    assert stands(offer).to_phone_at == SUNDAY + 15 * MINUTE
    assert crew.texted("shift-to-phone") == ["Nora"]
    text = rows(Message, Message.template == "shift-to-phone")[0]
    assert f"/offers/{offer.id}" in text.body
    sweep(offer_ends := SUNDAY + 7 * HOUR + 28 * MINUTE)
    assert (stands(offer).closed_why, stands(offer).closed_at) == ("over", offer_ends)


def test_where_nobody_can_be_asked_somebody_phones_at_once(crew: Crew) -> None:
    crew.peer("Ana", consents=())
    crew.peer("Dee", consents=(Purpose.DUTY,), role=crew.lead.roles[crew.house.id])
    with transaction() as session:
        session.execute(sa.update(Membership).where(Membership.person_id == crew.ids["Dee"]).values(role="coordinator"))
        session.add(Peer(house_id=crew.house.id, person_id=crew.ids["Dee"], made_at=SUNDAY,
                         asked_from=time(1), asked_until=time(2)))  # fmt: skip
    offer = offered(crew, crew.shift())
    sweep(SUNDAY + MINUTE)
    assert crew.texted("shift-open") == []
    assert crew.texted("shift-to-phone") == ["Dee"]
    assert stands(offer).to_phone_at == SUNDAY + MINUTE


def test_the_longest_rested_come_first_and_then_it_goes_round(crew: Crew) -> None:
    ana, bo = [crew.peer(name) for name in ALL[:4]][:2]
    crew.shift(ana, day=-1, begins=8, ends=12)
    crew.shift(bo, day=-2, begins=8, ends=12)
    with transaction() as session:
        session.execute(sa.update(Shift).values(published_at=SUNDAY - 9 * DAY))
    first = offered(crew, crew.shift(day=1))
    assert set(crew.asked(first)) == {"Cy", "Di", "Bo"}, "Ana's last shift is the nearest"
    second = offered(crew, crew.shift(day=20), SUNDAY + HOUR)
    assert "Ana" in crew.asked(second), "then everybody is rested, and her turn comes"


def test_who_is_not_willing_is_not_asked(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """No yes to such texts, not at this hour by their own clock, stepped back, at rest, not of this house any more."""
    crew.peer("Ana")
    crew.peer("Bo", consents=(Purpose.HANDOFF,))
    crew.peer("Cy")
    crew.peer("Di")
    crew.peer("Eve", timezone="Asia/Tokyo")  # 6:32 in the morning there
    crew.shift(crew.peer("Flo"), begins=8, ends=12)  # ten hours of rest
    crew.peer("Gus")
    with transaction() as session:
        session.add(Peer(house_id=crew.house.id, person_id=crew.ids["Cy"], made_at=SUNDAY, asked_until=time(14)))
        session.execute(sa.update(Membership).where(Membership.person_id == crew.ids["Gus"]).values(ended_at=SUNDAY))
    stands_back(crew.house.id, crew.ids["Di"])
    offer = offered(crew, crew.shift())
    assert crew.asked(offer) == {"Ana": None}


def test_a_wave_waits_for_the_first_hour_at_which_somebody_may_be_asked(crew: Crew) -> None:
    crew.peer("Ana", hours_from=time(9), hours_until=time(20))
    night = SUNDAY + 9 * HOUR  # half past eleven
    offer = offered(crew, crew.shift(day=3), night)
    assert crew.texted() == []
    assert moves_at() == datetime(2026, 11, 23, 16, tzinfo=UTC)
    sweep(moves_at() or SUNDAY)
    assert crew.asked(offer) == {"Ana": None}


# -- answers ------------------------------------------------------------------------------------------------------


def test_the_first_yes_wins_and_everybody_is_told(crew: Crew) -> None:
    for name in ALL[:4]:
        crew.peer(name)
    offer = offered(crew, shift := crew.shift())
    crew.delivered("Ana", "Bo", "Cy")
    code = crew.code(offer)
    assert crew.says("Bo", f"Y{code}") == "shift-yours"
    assert has(shift) == crew.ids["Bo"]
    (yours,) = rows(Message, Message.template == "shift-yours")
    assert "Sun Nov 22 4p-10p" in yours.body
    assert crew.says("Cy", f"y {code}", SUNDAY + MINUTE) == "shift-filled"
    sweep(SUNDAY + 2 * MINUTE)
    assert crew.texted("shift-filled", waiting=True).count("Ana") == 1, "who has the question and has not answered"
    assert crew.texted("shift-filled", waiting=True).count("Cy") == 1, "heard it as the answer, and only so"
    assert "Di" not in crew.texted(), "who never got it hears nothing"
    closed = stands(offer)
    assert (closed.state, closed.closed_why, closed.taken_by) == ("taken", "taken", crew.ids["Bo"])
    assert [each.purpose for each in rows(Message, Message.template == "shift-filled")].count(Purpose.SHIFTS) == 1


def test_repeats_are_answered_alike_and_do_nothing(crew: Crew) -> None:
    crew.peer("Ana")
    crew.peer("Bo")
    offer = offered(crew, shift := crew.shift())
    code = crew.code(offer)
    said = [crew.says("Ana", f"Y{code}", SUNDAY + n * MINUTE) for n in range(3)]
    said += [crew.says("Bo", f"Y{code}", SUNDAY + n * MINUTE) for n in range(2)]
    assert said == ["shift-yours"] * 3 + ["shift-filled"] * 2
    assert has(shift) == crew.ids["Ana"]
    assert len(rows(Event, Event.kind == "staffing.shift.changed")) == 1


def test_a_bare_word_counts_where_one_offer_is_open(crew: Crew) -> None:
    crew.peer("Ana")
    first, second = crew.shift(begins=16, ends=17), crew.shift(begins=16, ends=17)
    offered(crew, first)
    assert crew.says("Ana", "yes") == "shift-yours"
    assert crew.says("Ana", "Yes!", SUNDAY + MINUTE) == "shift-yours"
    crew.peer("Bo")
    third = crew.shift(begins=20, ends=21)
    for shift in (second, third):
        offered(crew, shift)
    assert crew.says("Bo", "yes") == "answer-which"
    assert has(second) is None
    assert has(third) is None


def test_no_passes_and_is_not_asked_again_for_this_shift(crew: Crew) -> None:
    for name in ALL[:2]:
        crew.peer(name)
    offer = offered(crew, shift := crew.shift())
    assert crew.says("Ana", f"N{crew.code(offer)}") == "offer-passed"
    stop(crew.lead, offer.id, now=SUNDAY)
    again = offered(crew, shift, SUNDAY + HOUR)
    assert crew.asked(again) == {"Bo": None}
    assert crew.says("Ana", f"Y{crew.code(again)}", SUNDAY + HOUR) == "shift-yours", "they may change their mind"


def test_a_yes_that_rules_speak_against_is_kindly_answered_and_seen(crew: Crew) -> None:
    ana = crew.peer("Ana")
    offer = offered(crew, shift := crew.shift())
    crew.shift(ana, day=1, begins=4, ends=10)
    assert crew.says("Ana", f"Y{crew.code(offer)}") == "offer-not-you"
    assert has(shift) is None
    (row,) = rows(OfferAsked)
    assert (row.answer, row.against) == ("gladly", ["rest"])
    assert stands(offer).taken_by is None
    assert stands(offer).closed_at is None


def test_the_version_of_the_shift_is_asked_behind_the_lock(crew: Crew) -> None:
    """It was changed by something that told nobody."""
    crew.peer("Ana")
    offer = offered(crew, shift := crew.shift())
    with transaction() as session:
        session.get_one(Shift, shift.id).ends_at += HOUR
    assert crew.says("Ana", f"Y{crew.code(offer)}") == "offer-moved"
    assert has(shift) is None
    anew = rows(ShiftOffer, ShiftOffer.closed_at.is_(None))[0]
    sweep(SUNDAY + MINUTE)
    assert crew.says("Ana", f"Y{crew.code(anew)}", SUNDAY + MINUTE) == "shift-yours"


def test_a_shift_that_moves_is_offered_anew(crew: Crew) -> None:
    crew.peer("Ana")
    offer = offered(crew, shift := crew.shift())
    moved = {"person_id": None, "kind": "floor", "day": TODAY, "begins": time(17), "ends": time(22)}
    change_shift(crew.lead, shift.id, **moved, now=SUNDAY)
    sweep(SUNDAY)
    assert stands(offer).closed_why == "moved"
    (text,) = rows(Message, Message.state == State.QUEUED)
    assert "5p-10p" in text.body
    assert crew.says("Ana", f"Y{crew.code(offer)}") == "offer-moved"


def test_somebody_who_is_put_on_closes_the_offer(crew: Crew) -> None:
    crew.peer("Ana")
    bo = crew.peer("Bo")
    offer = offered(crew, shift := crew.shift())
    crew.delivered("Ana")
    put = {"person_id": bo.id, "kind": "floor", "day": TODAY, "begins": time(16), "ends": time(22)}
    change_shift(crew.lead, shift.id, **put, now=SUNDAY)
    assert stands(offer).closed_why == "filled"
    sweep(SUNDAY + 2 * MINUTE)
    assert crew.texted(waiting=True) == ["Ana"], "told; Bo knows it from who put them on"
    assert crew.says("Ana", f"Y{crew.code(offer)}") == "shift-filled"


def test_a_shift_off_the_list_takes_its_offer_along(crew: Crew) -> None:
    crew.peer("Ana")
    offer = offered(crew, shift := crew.shift())
    code = crew.code(offer)
    take_off(crew.lead, shift.id, now=SUNDAY)
    assert rows(ShiftOffer) == rows(OfferAsked) == []
    assert moves_at() is None
    assert crew.texted() == []
    assert crew.says("Ana", f"Y{code}") == "offer-over"


def test_stopped_is_asked_no_more(crew: Crew) -> None:
    crew.peer("Ana")
    offer = start(crew.lead, crew.shift().id, now=SUNDAY)
    stop(crew.lead, offer.id, now=SUNDAY)
    sweep(SUNDAY + DAY)
    assert crew.texted() == []
    assert crew.says("Ana", f"Y{crew.code(offer)}") == "offer-over"
    with pytest.raises(OfferOver):
        stop(crew.lead, offer.id, now=SUNDAY)


def test_only_an_open_shift_is_offered_once_and_by_who_may(crew: Crew) -> None:
    ana = crew.peer("Ana")
    with pytest.raises(NotOpen):
        start(crew.lead, crew.shift(ana).id, now=SUNDAY)
    shift = crew.shift(begins=23, ends=2)
    with pytest.raises(NotFound):
        start(ana, shift.id, now=SUNDAY)
    assert start(crew.lead, shift.id, now=SUNDAY).id == start(crew.lead, shift.id, now=SUNDAY).id


def test_a_claim_names_its_person_and_is_theirs_twice(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    offer = offered(crew, shift := crew.shift())
    assert claim(ana, shift.id, ana.id, now=SUNDAY).yours
    assert claim(ana, shift.id, ana.id, now=SUNDAY).yours
    lost = claim(bo, shift.id, bo.id, now=SUNDAY)
    assert (lost.yours, lost.why) == (False, "filled")
    assert stands(offer).closed_why == "taken"
    assert has(shift) == ana.id
    assert claim(bo, crew.shift().id, bo.id, now=SUNDAY).yours, "also one that is not on offer"


def test_who_was_asked_is_let_go_after_a_while(crew: Crew) -> None:
    crew.peer("Ana")
    offer = offered(crew, crew.shift())
    crew.says("Ana", f"Y{crew.code(offer)}")
    for at in (KEPT_FOR - MINUTE, KEPT_FOR):
        left = len(rows(OfferAsked))
        sweep(SUNDAY + at)
    assert (left, rows(OfferAsked)) == (1, [])


def test_a_stranger_and_another_house_answer_nothing(crew: Crew, actor_in: Callable[..., Actor]) -> None:
    crew.peer("Ana")
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", now=SUNDAY)
    elsewhere = Crew(other, actor_in)
    elsewhere.names[uuid.uuid4()] = "one number further"
    elsewhere.peer("Zoe")
    offer = offered(crew, shift := crew.shift())
    assert elsewhere.says("Zoe", f"Y{crew.code(offer)}") is None
    assert has(shift) is None
