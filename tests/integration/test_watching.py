"""The living night: reminders, who is asked while nobody has come, and that it ends when somebody answers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from respite.core.db import db, transaction
from respite.core.due import Due, due_rows, run, sweep
from respite.messaging.models import Correspondent, Message
from respite.staffing.models import Shift, ShiftOffer
from respite.staffing.queries.night import NotHere, watched_now
from respite.staffing.queries.shifts import here_now
from respite.staffing.service.answering import answered
from respite.staffing.service.coming import not_on_way_after_all, on_way
from respite.staffing.service.shifts import came, change_shift, give_to, not_came_after_all, take_off, went
from respite.staffing.service.watching import WATCH, look_over
from tests.people import stands_back
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.watches import MINUTE, SIX, TEN, Night, due_at

LADDER = ("shift-not-here", "shift-come-in", "shift-lead")


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def after(minutes: int):  # type: ignore[no-untyped-def]
    return TEN + minutes * MINUTE


# -- reminders -----------------------------------------------------------------------------------------------------


def test_reminders_come_the_day_before_two_hours_before_and_with_half_an_hour_to_go(night: Night) -> None:
    shift = night.puts("ana", day=date(2026, 11, 24))
    begin = shift.starts_at
    seen = []
    for _n in range(3):
        at = due_at(shift)
        assert at is not None
        seen.append(begin - at)
        sweep(at)
    assert seen == [timedelta(days=1), timedelta(hours=2), timedelta(minutes=30)]
    assert night.texts() == [("ana", "shift-tomorrow"), ("ana", "shift-soon"), ("ana", "shift-on-way")]


def test_the_day_before_is_in_their_hours_and_the_day_itself_at_any(night: Night) -> None:
    night.puts("ana", day=date(2026, 11, 24))
    night.goes_by(TEN, TEN + timedelta(days=2), timedelta(minutes=30))
    kinds = {each.template: each.purpose for each in rows(Message)}
    assert kinds["shift-tomorrow"] == "shifts"
    assert kinds["shift-soon"] == kinds["shift-on-way"] == "duty"


def test_who_got_a_shift_late_is_reminded_of_what_is_still_to_come(night: Night) -> None:
    shift = night.puts("ana")  # in the afternoon, for tonight
    assert due_at(shift) == TEN - timedelta(hours=2)


def test_reminders_that_came_too_late_are_left_out_and_only_the_last_one_leaves(night: Night) -> None:
    shift = night.puts("ana", day=date(2026, 11, 24))
    sweep(shift.starts_at - timedelta(minutes=20))  # everything stood still for days
    assert night.texts() == [("ana", "shift-on-way")]
    assert due_at(shift) == shift.starts_at + 5 * MINUTE


def test_a_reminder_of_an_outage_of_hours_still_comes(night: Night) -> None:
    shift = night.puts("ana", day=date(2026, 11, 24))
    sweep(shift.starts_at - timedelta(hours=20))
    assert night.texts() == [("ana", "shift-tomorrow")]


def test_a_shift_on_call_is_reminded_of_and_nobody_has_to_come_to_it(night: Night) -> None:
    shift = night.puts("ana", kind="on-call", day=date(2026, 11, 24))
    night.goes_by(shift.starts_at - timedelta(days=1), shift.ends_at, timedelta(minutes=10))
    assert [each for each in night.texts() if each[0] == "ana"] == [("ana", "shift-tomorrow"), ("ana", "shift-soon")]


# -- the ladder ------------------------------------------------------------------------------------------------------


def test_while_nobody_says_that_they_came_each_is_asked_in_turn(night: Night) -> None:
    shift = night.puts("ana")
    expected = {
        4: [],
        5: [("ana", "shift-not-here")],
        9: [],
        10: [("cleo", "shift-come-in")],
        20: [("dee", "shift-come-in")],
        29: [],
        30: [("eli", "shift-lead")],
        240: [],
    }
    told: list[tuple[str | None, str | None]] = []
    for minutes, more in expected.items():
        night.goes_by(after(minutes) - 3 * MINUTE, after(minutes))
        told += more
        assert night.texts(*LADDER) == told, minutes
    assert [step for step, _who, _how in night.steps(shift)][-4:] == [
        "ask-peer",
        "ask-on-call",
        "ask-second",
        "ask-lead",
    ]


def test_two_sweeps_that_saw_the_same_row_do_a_step_once(night: Night) -> None:
    night.puts("ana")
    seen = due_rows(after(5))
    for row in seen + seen:
        run(row, after(5))
    assert len(night.texts("shift-not-here")) == 1


@pytest.mark.parametrize("how", ["tap", "text"])
@pytest.mark.parametrize("minutes", [-20, 3, 7, 15, 25])
def test_it_stops_when_they_say_that_they_are_here(night: Night, how: str, minutes: int) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(minutes))
    before = night.texts(*LADDER)
    if how == "tap":
        came(night.ana, shift.id, now=after(minutes))
    else:
        night.says("ana", "2", after(minutes))
        assert ("ana", "answer-here") in night.texts()
    night.goes_by(after(minutes), after(60))
    assert [each for each in night.texts(*LADDER) if each not in before] == []
    assert night.read(shift).came_at == after(minutes)
    assert due_at(shift) is None


def test_who_is_asked_after_does_not_count_as_here_until_they_say_so(night: Night) -> None:
    def here(minutes: int) -> list[str | None]:
        found = [each.name for each in here_now(db.session(), shift.house_id, after(minutes))]
        db.session.rollback()
        return found

    shift = night.puts("ana")
    night.goes_by(TEN - MINUTE, after(4))
    assert here(4) == ["Ana"], "nobody has asked after her yet"
    night.goes_by(after(4), after(6))
    assert here(6) == []
    came(night.ana, shift.id, now=after(7))
    assert here(8) == ["Ana"]


def test_on_my_way_moves_it_by_a_bounded_time_and_says_so(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN - MINUTE, after(6))
    night.says("ana", "1", after(6))
    (answer,) = [each.body for each in rows(Message, Message.template == "answer-on-way")]
    assert "10:36p" in answer
    night.goes_by(after(7), after(35))
    assert night.texts("shift-come-in") == []
    night.says("ana", "1", after(34))  # said again, it is not longer
    night.goes_by(after(36), after(36))
    assert night.texts("shift-come-in") == [("cleo", "shift-come-in")]
    night.goes_by(after(37), after(46))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo", "dee", "eli"]
    assert night.read(shift).on_way_at == after(6)


def test_on_my_way_is_taken_back(night: Night) -> None:
    shift = night.puts("ana")
    on_way(night.ana, shift.id, now=after(1))
    assert due_at(shift) == after(31)
    not_on_way_after_all(night.ana, shift.id, now=after(2))
    assert due_at(shift) == after(5)


def test_here_taken_back_goes_on_where_it_was(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(5))
    came(night.ana, shift.id, now=after(6))
    not_came_after_all(night.ana, shift.id, now=after(8))
    assert due_at(shift) == after(10)
    night.goes_by(after(8), after(11))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo"]


def test_a_late_sweep_asks_one_after_another_and_not_everybody_at_once(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(1))
    sweep(after(120))
    assert night.texts(*LADDER) == [("ana", "shift-not-here")]
    assert due_at(shift) == after(125)
    night.goes_by(after(120), after(134))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo", "dee"]
    night.goes_by(after(135), after(135))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo", "dee", "eli"]


def test_where_no_text_reaches_somebody_the_next_are_asked_at_once_and_it_says_whom_to_call(night: Night) -> None:
    with transaction() as session:
        numbers = [night.numbers["ana"], night.numbers["cleo"]]
        for each in session.scalars(sa.select(Correspondent)):
            if each.number in numbers:
                each.safe_to_text = False
    shift = night.puts("ana")
    night.goes_by(after(5), after(5))
    assert night.texts(*LADDER) == [("dee", "shift-come-in")]
    done = [("ask-peer", "ana", "call"), ("ask-on-call", "cleo", "call"), ("ask-second", "dee", "text")]
    assert sorted(night.steps(shift)) == sorted(done)


def test_where_nobody_is_on_call_the_leads_are_asked_at_once(night: Night) -> None:
    for each in rows(Shift, Shift.kind == "on-call"):
        take_off(night.eli, each.id, now=SUNDAY)
    night.puts("ana")
    night.goes_by(after(5), after(10))
    assert night.texts(*LADDER) == [("ana", "shift-not-here"), ("eli", "shift-lead")]


def test_who_has_stepped_back_is_not_asked(night: Night) -> None:
    stands_back(night.house.id, night.cleo.id)
    night.puts("ana")
    night.goes_by(after(5), after(10))
    assert night.texts("shift-come-in") == [("dee", "shift-come-in")]


# -- those on call answer ---------------------------------------------------------------------------------------------


def test_yes_of_who_is_on_call_ends_it_and_their_own_coming_is_watched(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(12))
    code = night.code("cleo")
    night.says("cleo", f"Y{code}", after(12))
    assert night.texts()[-1] == ("cleo", "answer-coming")
    night.goes_by(after(13), after(41))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo"]
    (place,) = rows(Shift, Shift.person_id == night.cleo.id, Shift.kind == "floor")
    assert (place.starts_at, place.ends_at, place.on_way_at) == (after(42), SIX, after(12))
    night.says("cleo", f"Y{code}", after(14))  # said again it is the same
    assert len(rows(Shift, Shift.person_id == night.cleo.id, Shift.kind == "floor")) == 1
    night.says("cleo", "2", after(40))
    assert night.read(place).came_at == after(40)
    assert night.read(shift).person_id == night.ana.id  # whose shift it is may still come


def test_the_desk_shows_who_is_missing_until_whoever_comes_in_their_stead_is_there(night: Night) -> None:
    night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(12))
    assert [each.holder for each in desk(night, after(12))] == ["Ana"]
    night.says("cleo", f"Y{night.code('cleo')}", after(12))
    assert [each.said("comes") for each in desk(night, after(13))] == ["Cleo"]
    night.says("cleo", "2", after(20))
    assert desk(night, after(21)) == ()
    (place,) = rows(Shift, Shift.person_id == night.cleo.id, Shift.kind == "floor")
    went(night.cleo, place.id, now=after(60))
    assert [each.holder for each in desk(night, after(61))] == ["Ana"]


def desk(night: Night, now: datetime) -> tuple[NotHere, ...]:
    found = watched_now(db.session(), night.house, now).not_here
    db.session.rollback()
    return found


def test_who_said_yes_and_is_not_there_is_asked_again_and_then_the_next(night: Night) -> None:
    night.puts("ana")
    night.goes_by(TEN, after(10))
    night.says("cleo", "yes", after(12))
    night.goes_by(after(13), after(80))
    assert night.texts(*LADDER) == [
        ("ana", "shift-not-here"),
        ("cleo", "shift-come-in"),
        ("cleo", "shift-not-here"),
        ("dee", "shift-come-in"),
        ("eli", "shift-lead"),
    ]


def test_no_asks_the_next_at_once(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(10))
    night.says("cleo", f"N{night.code('cleo')}", after(11))
    assert night.texts(*LADDER)[-1] == ("dee", "shift-come-in")
    night.says("dee", f"N{night.code('dee')}", after(12))
    assert night.texts(*LADDER)[-1] == ("eli", "shift-lead")
    night.says("eli", f"Y{night.code('eli')}", after(14))
    assert night.texts()[-1] == ("eli", "answer-looks-after")
    night.goes_by(after(14), after(90))
    assert len(night.texts(*LADDER)) == 4
    assert ("looks-after", "eli", "text") in night.steps(shift)


def test_an_answer_after_it_is_settled_changes_nothing(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(10))
    code = night.code("cleo")
    came(night.ana, shift.id, now=after(11))
    night.says("cleo", f"Y{code}", after(12))
    assert night.texts()[-1] == ("cleo", "answer-settled")
    assert rows(Shift, Shift.person_id == night.cleo.id, Shift.kind == "floor") == []


def test_a_colleague_who_called_says_what_they_said(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(10))
    answered(night.ben, shift.id, night.cleo.id, "comes", now=after(11))
    assert ("comes", "cleo", "call") in night.steps(shift)
    night.goes_by(after(11), after(40))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo"]


def test_who_cannot_come_says_so_on_the_telephone_and_the_shift_is_on_offer(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(6))
    answered(night.ben, shift.id, night.ana.id, "cannot-come", now=after(7))
    assert night.read(shift).person_id is None
    assert [each.shift_id for each in rows(ShiftOffer)] == [shift.id]
    night.goes_by(after(7), after(8))
    assert ("cleo", "shift-come-in") in night.texts()


# -- moved, given, opened ----------------------------------------------------------------------------------------------


def test_a_shift_that_moves_takes_its_steps_along(night: Night) -> None:
    shift = night.puts("ana")
    change_shift(
        night.eli, shift.id, person_id=night.ana.id, kind="floor", day=date(2026, 11, 23), begins=time(22),
        ends=time(6), now=SUNDAY,
    )  # fmt: skip
    night.goes_by(TEN - 31 * MINUTE, after(60))
    assert night.texts(*LADDER) == []
    assert due_at(shift) == TEN + timedelta(hours=22)


def test_a_shift_taken_off_leaves_nothing_behind(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(10))
    take_off(night.eli, shift.id, now=after(11))
    assert due_at(shift) is None
    night.goes_by(after(11), after(60))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo"]
    assert {each.state for each in rows(Message)} == {"canceled"}


def test_who_gets_it_late_in_the_ladder_begins_at_its_first_rung(night: Night) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(11))
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), night.ben.id, night.eli, after(12))
    night.goes_by(after(12), after(60))
    assert night.texts("shift-not-here", "shift-lead") == [
        ("ana", "shift-not-here"), ("ben", "shift-not-here"), ("eli", "shift-lead"),
    ]  # fmt: skip


def test_a_shift_that_nobody_has_asks_those_on_call_before_it_begins(night: Night) -> None:
    shift = night.puts("ana")
    with transaction() as session:
        give_to(session, session.get_one(Shift, shift.id), None, night.ana, TEN - 50 * MINUTE)
    night.goes_by(TEN - 50 * MINUTE, TEN)
    assert night.texts(*LADDER) == [("cleo", "shift-come-in"), ("dee", "shift-come-in"), ("eli", "shift-lead")]


def test_an_open_place_beside_enough_others_wakes_nobody(night: Night) -> None:
    night.puts("ben")
    shift = night.puts(None)
    came_for = rows(Shift, Shift.person_id == night.ben.id, Shift.kind == "floor")[0]
    came(night.ben, came_for.id, now=TEN)
    night.goes_by(TEN - 31 * MINUTE, after(60))
    assert night.texts("shift-come-in") == []
    take_off(night.eli, came_for.id, now=after(60))  # and when they are no longer enough, it is seen
    night.goes_by(after(60), after(66))
    assert night.texts("shift-come-in") == [("cleo", "shift-come-in")]
    assert shift.person_id is None


# -- clocks -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_was_an_hour_ahead_delays_nobody(night: Night) -> None:
    """It jumps ahead in the middle of the ladder, does a step, and is put right."""
    night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(6))
    sweep(after(70))
    assert night.texts(*LADDER)[-1] == ("cleo", "shift-come-in")
    look_over(after(8))
    night.goes_by(after(8), after(40))
    assert sorted(who or "" for who, _t in night.texts(*LADDER)) == ["ana", "cleo", "dee", "eli"]


def test_a_clock_that_falls_back_a_day_does_nothing_twice(night: Night) -> None:
    night.puts("ana")
    night.goes_by(TEN - 31 * MINUTE, after(12))
    before = night.texts()
    yesterday = after(12) - timedelta(days=1)
    look_over(yesterday)
    night.goes_by(yesterday, yesterday + 30 * MINUTE)
    assert night.texts() == before
    look_over(after(20))
    night.goes_by(after(20), after(40))
    assert [who for who, _t in night.texts(*LADDER)] == ["ana", "cleo", "dee", "eli"]


def test_a_row_that_is_lost_is_found_again(night: Night) -> None:
    shift = night.puts("ana")
    with transaction() as session:
        session.execute(sa.delete(Due).where(Due.kind == WATCH))
    assert look_over(after(7)) == 1
    assert due_at(shift) == after(5)
    db.session.rollback()
