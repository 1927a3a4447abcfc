"""A peer asks a colleague to take a shift or to swap: none changes hands without a yes, and the rules are asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.accounts.service import people
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core.db import db, transaction
from respite.core.due import next_due_at, sweep
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.staffing.errors import (
    AlreadyAnswered,
    AskedAlready,
    BeginsTooSoon,
    NotAsked,
    NotYourShift,
    QuestionOver,
    SaidNo,
    StandsInTheWay,
)
from respite.staffing.models import Credential, Override, Peer, Shift, SwapRequest
from respite.staffing.policy.swaps import KEPT_FOR
from respite.staffing.service import swaps
from respite.staffing.service.cannot_come import cannot_come
from respite.staffing.service.duty_ends import lose_phone, step_back
from respite.staffing.service.shifts import came, change_shift, put_on, take_off
from respite.staffing.service.swap_rules import Hand, speaks_against
from respite.staffing.views.swaps_shown import against_words
from tests.duty import pattern, places, rules
from tests.offers import DAY, HOUR, MINUTE, TODAY, Crew, has
from tests.places import SUNDAY
from tests.texts_in import rows


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)


@pytest.fixture
def crew(house: House, actor_in: Callable[..., Actor]) -> Crew:
    return Crew(house, actor_in)


def stands(swap: SwapRequest) -> SwapRequest:
    return rows(SwapRequest, SwapRequest.id == swap.id)[0]  # type: ignore[no-any-return]


def asked(actor: Actor, shift: Shift, other: Actor, other_shift: Shift | None = None) -> SwapRequest:
    other_shift_id = other_shift.id if other_shift else None
    return swaps.ask(actor, shift.id, other.id, other_shift_id=other_shift_id, now=SUNDAY).swap


def bodies(template: str) -> list[str]:
    return [each.body for each in rows(Message, Message.template == template)]


# -- giving away --------------------------------------------------------------------------------------------------


def test_a_yes_by_text_gives_the_shift_and_both_are_told_once(crew: Crew) -> None:
    ana, bo = crew.peer("Ana Marín"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    assert bodies("swap-take") == [
        f"Juniper House: can you take Ana's shift Tue Nov 24 4p-10p? Reply Y{crew.code(swap)} yes, "
        f"N{crew.code(swap)} no. Either is fine."
    ]
    assert has(shift) == ana.id, "until the yes it is hers"
    assert crew.says("Bo", f"Y{crew.code(swap)}") == "shift-yours"
    assert has(shift) == bo.id
    assert crew.texted("swap-given") == ["Ana Marín"]
    assert bodies("swap-given") == ["Juniper House: Bo takes Tue Nov 24 4p-10p. You are off then."]
    assert (stands(swap).ended_why, stands(swap).ended_at) == ("done", SUNDAY)
    assert list(broken_links()) == []


def test_the_same_yes_twice_is_one_and_a_bare_one_is_understood(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    said = [crew.says("Bo", "yes"), crew.says("Bo", "yes", SUNDAY + MINUTE)]
    said.append(crew.says("Bo", f"Y{crew.code(swap)}", SUNDAY + 2 * MINUTE))
    assert said == ["shift-yours"] * 3
    assert swaps.say_yes(bo, swap.id, now=SUNDAY).happened
    assert has(shift) == bo.id
    assert len(rows(Event, Event.kind == "staffing.swap.done")) == 1
    assert len(rows(Message, Message.template == "swap-given")) == 1


def test_a_no_tells_who_asked_and_nobody_is_asked_the_same_twice(crew: Crew) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    assert crew.says("Bo", f"N{crew.code(swap)}") == "swap-passed"
    assert crew.says("Bo", f"N{crew.code(swap)}", SUNDAY + MINUTE) == "swap-passed"
    assert has(shift) == ana.id
    assert bodies("swap-declined") == ["Juniper House: Bo can't this time. Tue Nov 24 4p-10p is still yours."]
    assert crew.says("Bo", f"Y{crew.code(swap)}", SUNDAY + HOUR) == "swap-ended"
    with pytest.raises(SaidNo):
        asked(ana, shift, bo)
    asked(ana, shift, cy)


def test_a_no_after_it_happened_means_that_they_cannot_come(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    crew.says("Bo", f"Y{crew.code(swap)}")
    assert crew.says("Bo", f"N{crew.code(swap)}", SUNDAY + MINUTE) == "cannot-come-heard"
    assert has(shift) is None


def test_who_asked_takes_it_back(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    swaps.take_back(ana, swap.id, now=SUNDAY)
    assert crew.texted() == [], "the question had not left, and is called back"
    assert crew.says("Bo", f"Y{crew.code(swap)}") == "swap-ended"
    with pytest.raises(QuestionOver):
        swaps.take_back(ana, swap.id, now=SUNDAY)
    again = asked(ana, shift, bo)
    crew.delivered("Bo")
    swaps.take_back(ana, again.id, now=SUNDAY)
    assert crew.texted("swap-over") == ["Bo"], "whoever read it hears that it is over"


def test_one_question_of_a_shift_at_a_time(crew: Crew) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    assert asked(ana, shift, bo).id == swap.id
    assert len(crew.texted("swap-take")) == 1
    with pytest.raises(AskedAlready):
        asked(ana, shift, cy)


def test_only_whose_it_is_asks_and_answers(crew: Crew, actor_in: Callable[..., Actor]) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    shift = crew.shift(ana, day=2)
    with pytest.raises(NotYourShift):
        swaps.ask(bo, shift.id, cy.id, now=SUNDAY)
    with pytest.raises(StandsInTheWay):
        asked(ana, shift, ana)
    swap = asked(ana, shift, bo)
    for wrong in (lambda: swaps.say_yes(cy, swap.id, now=SUNDAY), lambda: swaps.say_no(ana, swap.id, now=SUNDAY),
                  lambda: swaps.take_back(bo, swap.id, now=SUNDAY), lambda: swaps.stop(bo, swap.id, now=SUNDAY),
                  lambda: swaps.let_happen(bo, swap.id, "why", now=SUNDAY)):  # fmt: skip
        with pytest.raises(NotFound):
            wrong()
    assert crew.says("Cy", f"Y{crew.code(swap)}") is None
    assert has(shift) == ana.id
    other = open_house(COMMAND, name="Other", kind="respite", timezone="America/Denver", now=SUNDAY)
    stranger = actor_in(other.id, Role.PEER, "Zoe")
    with pytest.raises(StandsInTheWay):
        asked(ana, crew.shift(ana, day=9), stranger)


# -- swapping -----------------------------------------------------------------------------------------------------


def test_a_swap_changes_both_at_once_and_both_are_told(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo", language="es")
    mine, theirs = crew.shift(ana, day=2), crew.shift(bo, day=4, begins=8, ends=12)
    swap = asked(ana, mine, bo, theirs)
    code = crew.code(swap)
    assert bodies("swap-for") == [
        f"Juniper House: Ana te cambia mar 24 nov 16:00-22:00 por tu jue 26 nov 8:00-12:00. Responde Y{code} sí, "
        f"N{code} no."
    ]
    assert crew.says("Bo", f"Y{code}") == "swap-done"
    assert (has(mine), has(theirs)) == (bo.id, ana.id)
    assert sorted(bodies("swap-done")) == [
        "Juniper House: cambio hecho. Tienes mar 24 nov 16:00-22:00, y Ana tiene jue 26 nov 8:00-12:00. Gracias.",
        "Juniper House: swapped. Thu Nov 26 8a-12p is yours, and Bo has Tue Nov 24 4p-10p. Thank you.",
    ]
    assert len(rows(Event, Event.kind == "staffing.swap.done")) == 1


def test_shifts_at_the_same_hours_can_be_swapped(crew: Crew) -> None:
    """Each has the other's only after losing their own, so nobody is on twice on the way."""
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    mine, theirs = crew.shift(ana, day=2, begins=8, ends=16), crew.shift(bo, day=2, begins=12, ends=20)
    assert swaps.say_yes(bo, asked(ana, mine, bo, theirs).id, now=SUNDAY).happened
    assert (has(mine), has(theirs)) == (bo.id, ana.id)


def test_a_swap_is_judged_both_ways(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    mine, theirs = crew.shift(ana, day=2), crew.shift(bo, day=4)
    crew.shift(ana, day=5, begins=4, ends=9)  # six hours after Bo's
    with pytest.raises(StandsInTheWay):
        asked(ana, mine, bo, theirs)
    asked(ana, mine, bo)


def test_their_shift_must_be_theirs_and_of_this_house(crew: Crew) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    mine, theirs = crew.shift(ana, day=2), crew.shift(cy, day=4)
    with pytest.raises(AlreadyAnswered):
        asked(ana, mine, bo, theirs)
    with pytest.raises(NotFound):
        swaps.ask(ana, mine.id, bo.id, other_shift_id=uuid.uuid4(), now=SUNDAY)


# -- what ends a question -----------------------------------------------------------------------------------------


def moved(crew: Crew, shift: Shift, person_id: uuid.UUID | None, begins: int = 17) -> None:
    at = {"kind": "floor", "day": TODAY + 2 * DAY, "begins": time(begins), "ends": time(22)}
    change_shift(crew.lead, shift.id, person_id=person_id, **at, now=SUNDAY)


@pytest.mark.parametrize("what", ["moved", "given", "off", "cannot", "came", "stopped"])
def test_any_change_of_a_shift_ends_it_with_a_word(crew: Crew, what: str) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    mine = crew.shift(ana, day=2 if what != "came" else 0, begins=17)
    theirs = crew.shift(bo, day=4)
    swap, code = asked(ana, mine, bo, theirs), 0
    code = crew.code(swap)
    crew.delivered("Bo")
    {
        "moved": lambda: moved(crew, mine, ana.id, 18),
        "given": lambda: moved(crew, mine, cy.id),
        "off": lambda: take_off(crew.lead, mine.id, now=SUNDAY),
        "cannot": lambda: cannot_come(ana, mine.id, now=SUNDAY),
        "came": lambda: came(ana, mine.id, now=SUNDAY),
        "stopped": lambda: swaps.stop(crew.lead, swap.id, now=SUNDAY),
    }[what]()
    own_act = what in ("cannot", "came")
    assert sorted(crew.texted("swap-over")) == (["Bo"] if own_act else ["Ana", "Bo"])
    assert [each.ended_why for each in rows(SwapRequest)] == {"off": [], "stopped": ["stopped"]}.get(what, ["changed"])
    assert crew.says("Bo", f"Y{code}", SUNDAY + MINUTE) == "swap-ended"
    assert has(theirs) == bo.id


def test_a_change_of_their_shift_ends_it_too(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    mine, theirs = crew.shift(ana, day=4), crew.shift(bo, day=2)
    swap = asked(ana, mine, bo, theirs)
    moved(crew, theirs, bo.id)
    assert stands(swap).ended_why == "changed"
    assert crew.texted() == ["Ana"]


def test_the_same_row_written_again_ends_nothing(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2, begins=17), bo)
    moved(crew, shift, ana.id)
    assert stands(swap).ended_at is None


def test_the_versions_are_asked_behind_the_lock(crew: Crew) -> None:
    """It was changed by something that told nobody."""
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    with transaction() as session:
        session.get_one(Shift, shift.id).ends_at += HOUR
    assert crew.says("Bo", f"Y{crew.code(swap)}") == "swap-ended"
    assert (has(shift), stands(swap).ended_why) == (ana.id, "changed")
    assert crew.texted("swap-over") == ["Ana"]


def test_nobody_answers_and_it_is_over_an_hour_before(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, begins=20, ends=23), bo)  # half past two now
    until = SUNDAY + 4 * HOUR + 28 * MINUTE
    assert stands(swap).until == until
    sweep(until - MINUTE)
    assert stands(swap).ended_at is None
    assert not swaps.say_yes(bo, swap.id, now=until).happened, "over when it is read, sweep or no sweep"
    assert stands(swap).ended_why == "over"
    sweep(until)
    assert has(shift) == ana.id
    assert [each.correspondent_id is not None for each in rows(Message, Message.template == "swap-over")] == [True]
    with pytest.raises(BeginsTooSoon):
        swaps.ask(ana, shift.id, bo.id, now=until)


def test_the_sweep_ends_what_nobody_answered(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, crew.shift(ana, begins=20, ends=23), bo)
    sweep(SUNDAY + 5 * HOUR)
    assert stands(swap).ended_why == "over"
    assert crew.texted("swap-over", waiting=True) == ["Ana"]


def test_it_is_let_go_after_a_while(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, crew.shift(ana, day=2), bo)
    swaps.say_no(bo, swap.id, now=SUNDAY)
    for at in (KEPT_FOR - MINUTE, KEPT_FOR):
        left = len(rows(SwapRequest))
        sweep(SUNDAY + at)
    assert (left, rows(SwapRequest)) == (1, [])


def test_stepping_back_ends_what_somebody_asked_and_was_asked(crew: Crew) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    first, second = asked(ana, crew.shift(ana, day=2), bo), asked(bo, theirs := crew.shift(bo, day=4), cy)
    crew.delivered("Bo", "Cy")
    step_back(bo, crew.house.id, bo.id, now=SUNDAY)
    assert (stands(first).ended_why, stands(second).ended_why) == ("changed", "changed")
    assert sorted(crew.texted("swap-over")) == ["Ana", "Cy"], "and nothing goes to whoever stepped back"
    assert has(theirs) is None
    assert crew.says("Bo", f"Y{crew.code(first)}") is None
    with pytest.raises(StandsInTheWay):
        asked(ana, crew.shift(ana, day=6), bo)


def test_leaving_the_house_ends_it_too(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    people.end_membership(crew.actor_in(crew.house.id, Role.DIRECTOR, "Rae"), crew.house.id, bo.id, now=SUNDAY)
    assert stands(swap).ended_why == "changed"
    assert crew.texted("swap-over") == ["Ana"]
    assert has(shift) == ana.id


def test_from_a_phone_that_is_lost_nobody_answers(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    lose_phone(ana, crew.house.id, bo.id, now=SUNDAY)
    assert crew.texted() == [], "the question is called back"
    assert crew.says("Bo", f"Y{crew.code(swap)}") is None
    assert has(shift) == ana.id
    assert swaps.say_yes(bo, swap.id, now=SUNDAY).happened, "on their own page they can"


# -- who can be texted --------------------------------------------------------------------------------------------


def test_without_a_yes_to_texts_it_stands_on_their_page_and_who_asks_knows(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo", consents=())
    found = swaps.ask(ana, crew.shift(ana, day=2).id, bo.id, now=SUNDAY)
    assert (found.texted, crew.texted()) == (False, [])
    assert swaps.say_yes(bo, found.swap.id, now=SUNDAY).happened


def test_the_question_waits_for_an_hour_at_which_they_may_be_asked(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    with transaction() as session:
        session.add(Peer(house_id=crew.house.id, person_id=bo.id, made_at=SUNDAY, asked_from=time(9),
                         asked_until=time(14)))  # fmt: skip
    found = swaps.ask(ana, crew.shift(ana, day=2).id, bo.id, now=SUNDAY)
    assert found.texted
    (text,) = rows(Message)
    assert (text.state, text.not_before) == (State.SCHEDULED, SUNDAY + 18 * HOUR + 28 * MINUTE)
    late = swaps.ask(ana, crew.shift(ana, begins=20, ends=23).id, bo.id, now=SUNDAY)
    assert not late.texted, "it would be over by then"


# -- rules --------------------------------------------------------------------------------------------------------


def agreed_against(crew: Crew) -> tuple[Actor, Actor, Shift, SwapRequest]:
    """Bo says yes, and between question and yes they were put on at six in the morning after."""
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    crew.shift(bo, day=3, begins=6, ends=9)
    assert crew.says("Bo", f"Y{crew.code(swap)}") == "swap-waits"
    return ana, bo, shift, swap


def test_rules_that_speak_against_a_yes_leave_all_as_it_is(crew: Crew) -> None:
    ana, _bo, shift, swap = agreed_against(crew)
    assert has(shift) == ana.id
    found = stands(swap)
    assert (found.against, found.agreed_at, found.ended_at) == (["rest"], SUNDAY, None)
    assert crew.says("Bo", f"Y{crew.code(swap)}", SUNDAY + MINUTE) == "swap-waits"
    assert crew.texted("swap-looked-at") == ["Ana"], "told once"
    assert crew.says("Bo", f"N{crew.code(swap)}", SUNDAY + HOUR) == "swap-passed"
    assert stands(swap).ended_why == "declined"


def test_once_the_rule_is_out_of_the_way_the_same_yes_counts(crew: Crew) -> None:
    _ana, bo, shift, swap = agreed_against(crew)
    early = next(each for each in rows(Shift) if each.person_id == bo.id)
    take_off(crew.lead, early.id, now=SUNDAY)
    assert crew.says("Bo", f"Y{crew.code(swap)}", SUNDAY + MINUTE) == "shift-yours"
    assert has(shift) == bo.id
    assert rows(Override) == []


def test_whoever_keeps_shifts_lets_it_happen_with_a_reason_that_stands(crew: Crew) -> None:
    _ana, bo, shift, swap = agreed_against(crew)
    with pytest.raises(Invalid):
        swaps.let_happen(crew.lead, swap.id, " ", now=SUNDAY)
    swaps.let_happen(crew.lead, swap.id, "Both asked twice.", now=SUNDAY)
    assert has(shift) == bo.id
    (override,) = rows(Override)
    assert (override.rules, override.why, override.person_id, override.by) == (
        ["rest"], "Both asked twice.", bo.id, crew.lead.ref,
    )  # fmt: skip
    assert (sorted(crew.texted("swap-given")), crew.texted("shift-yours")[-1]) == (["Ana"], "Bo")
    with pytest.raises(QuestionOver):
        swaps.let_happen(crew.lead, swap.id, "again", now=SUNDAY)


def test_nothing_happens_before_the_colleague_said_yes(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, crew.shift(ana, day=2), bo)
    with pytest.raises(NotAsked):
        swaps.let_happen(crew.lead, swap.id, "why not", now=SUNDAY)


def test_a_house_may_want_to_look_at_each(crew: Crew) -> None:
    rules(crew.house, TODAY, swaps_looked_at=1)
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    mine, theirs = crew.shift(ana, day=2), crew.shift(bo, day=4)
    swap = asked(ana, mine, bo, theirs)
    assert crew.says("Bo", "yes") == "swap-waits"
    assert has(mine) == ana.id
    swaps.let_happen(crew.lead, swap.id, "", now=SUNDAY)
    assert (has(mine), has(theirs)) == (bo.id, ana.id)
    assert sorted(crew.texted("swap-done")) == ["Ana", "Bo"]
    assert rows(Override) == []


def test_a_shift_is_not_left_without_who_is_needed_on_it(crew: Crew) -> None:
    """Two on a night of which one must be certified; on the day of the shift Bo's paper has run out."""
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    night = pattern(crew.house, "Night", 2, needs=[{"tag": "cert:peer-specialist", "least": 1}])
    places(crew.house, night, day := TODAY + 3 * DAY, 1, published=SUNDAY)
    first, second = (each.id for each in rows(Shift))
    for shift_id, who in ((first, ana), (second, cy)):
        with transaction() as session:
            session.get_one(Shift, shift_id).person_id = who.id
    certified(crew, ana, None)
    certified(crew, bo, day - DAY)
    with pytest.raises(StandsInTheWay):
        swaps.ask(ana, first, bo.id, now=SUNDAY)
    found = speaks_against(db.session(), crew.house, [Hand(rows(Shift, Shift.id == first)[0], bo.id)], SUNDAY)
    for language, said in (("en", "Nobody on Night, Wed 25 Nov would hold peer-specialist"),
                           ("es", "En Night, mié 25 nov nadie tendría peer-specialist")):  # fmt: skip
        with force_locale(language):
            assert against_words(db.session(), crew.house, found, reader=ana.id) == [said]
    swaps.ask(cy, second, bo.id, now=SUNDAY)
    certified(crew, bo, None)
    assert swaps.ask(ana, first, bo.id, now=SUNDAY).swap.ended_at is None


def certified(crew: Crew, who: Actor, until: date | None) -> None:
    with transaction() as session:
        session.execute(sa.delete(Credential).where(Credential.person_id == who.id))
        session.add(
            Credential(house_id=crew.house.id, person_id=who.id, slug="peer-specialist", issued_on=date(2026, 1, 1),
                       expires_on=until, made_at=SUNDAY, made_by="command")
        )  # fmt: skip


# -- several questions over one shift -----------------------------------------------------------------------------


def test_the_first_yes_ends_the_others_over_the_same_shifts(crew: Crew) -> None:
    ana, bo, cy = crew.peer("Ana"), crew.peer("Bo"), crew.peer("Cy")
    mine, theirs = crew.shift(ana, day=2), crew.shift(cy, day=4)
    give, swap = asked(ana, mine, bo), asked(cy, theirs, ana, mine)
    assert swaps.say_yes(bo, give.id, now=SUNDAY).happened
    late = swaps.say_yes(ana, swap.id, now=SUNDAY)
    assert (late.happened, late.ended) == (False, "changed")
    assert (has(mine), has(theirs)) == (bo.id, cy.id)
    assert crew.texted("swap-over") == ["Cy"]


def test_what_waits_is_swept_and_nothing_stays(crew: Crew) -> None:
    ana, bo = crew.peer("Ana"), crew.peer("Bo")
    swap = asked(ana, shift := crew.shift(ana, day=2), bo)
    swaps.say_yes(bo, swap.id, now=SUNDAY)
    take_off(crew.lead, shift.id, now=SUNDAY)
    assert rows(SwapRequest) == []
    assert next_due_at() is None
    put_on(crew.lead, crew.house.id, person_id=bo.id, kind="floor", day=TODAY + 5 * DAY, begins=time(8), ends=time(12),
           now=SUNDAY)  # fmt: skip
