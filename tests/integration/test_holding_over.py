"""Staying on until somebody is here, other ends of one's own shift, and a second person who is wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.messaging.models import Message
from respite.staffing.errors import NotAskedToStay, NotYourShift, RestTooShort, ShiftOver
from respite.staffing.models import CallIn, Shift, ShiftOffer
from respite.staffing.queries.night import watched_now
from respite.staffing.queries.shifts import here_now
from respite.staffing.service.calling_in import call_answered, end_call, want_second
from respite.staffing.service.ends import leave_early, open_for_others, stay_longer
from respite.staffing.service.holding_over import cannot_stay, stays
from respite.staffing.service.shifts import came, went
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.watches import MINUTE, SIX, TEN, Night


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def after(minutes: int) -> datetime:
    return TEN + minutes * MINUTE


@pytest.fixture
def evening(night: Night) -> Shift:
    """Ben's, from two until ten; he is there."""
    shift = night.puts("ben", begins=time(14), ends=time(22))
    came(night.ben, shift.id, now=SUNDAY)
    return shift


def here(night: Night, now: datetime) -> list[str | None]:
    db.session.rollback()
    return [each.name for each in here_now(db.session(), night.house.id, now)]


def desk(night: Night, now: datetime):  # type: ignore[no-untyped-def]
    db.session.rollback()
    return watched_now(db.session(), night.house, now)


def test_whoever_is_on_is_asked_to_stay_and_counts_as_here_until_relieved(night: Night, evening: Shift) -> None:
    shift = night.puts("ana")
    night.goes_by(TEN, after(6))
    assert night.texts("shift-stay") == [("ben", "shift-stay")]
    assert "Ben" not in here(night, after(6))
    night.says("ben", f"Y{night.code('ben')}", after(7))
    assert night.texts()[-1] == ("ben", "answer-stays")
    assert "Ben" in here(night, after(40))
    came(night.ana, shift.id, now=after(45))
    assert night.texts()[-1] == ("ben", "shift-relieved")
    assert here(night, after(46)) == ["Ana"]
    assert night.read(evening).went_at == after(45)


def test_who_goes_by_themselves_is_no_longer_here(night: Night, evening: Shift) -> None:
    night.puts("ana")
    night.goes_by(TEN, after(6))
    stays(night.ben, evening.id, now=after(6))
    went(night.ben, evening.id, now=after(50))
    assert "Ben" not in here(night, after(51))


def test_nobody_is_held_for_ever(night: Night, evening: Shift) -> None:
    night.puts("ana")
    night.goes_by(TEN, after(6))
    stays(night.ben, evening.id, now=after(6))
    assert "Ben" in here(night, TEN + timedelta(hours=11))
    assert "Ben" not in here(night, TEN + timedelta(hours=12))


def test_where_they_cannot_stay_and_the_house_would_be_empty_the_next_are_asked_at_once(
    night: Night, evening: Shift
) -> None:
    night.puts("ana")
    night.goes_by(TEN, after(5))
    assert night.texts("shift-come-in") == []
    night.says("ben", "no", after(6))
    assert night.texts("shift-come-in") == [("cleo", "shift-come-in")]
    assert night.texts()[-1] == ("ben", "answer-goes")
    assert desk(night, after(6)).not_here[0].alone


def test_where_another_is_there_nobody_is_hurried(night: Night, evening: Shift) -> None:
    night.joins("fay")
    other = night.puts("fay", begins=time(14), ends=time(23, 30))
    came(night.fay, other.id, now=SUNDAY)
    night.puts("ana")
    night.goes_by(TEN, after(5))
    cannot_stay(night.ben, evening.id, now=after(6))
    assert night.texts("shift-come-in") == []
    assert not desk(night, after(6)).not_here[0].alone


def test_two_who_stay_go_one_by_one_as_two_come(night: Night, evening: Shift) -> None:
    night.joins("fay")
    night.joins("gus")
    other = night.puts("fay", begins=time(14), ends=time(22))
    came(night.fay, other.id, now=SUNDAY)
    first, second = night.puts("ana"), night.puts("gus")
    night.goes_by(TEN, after(6))
    stays(night.ben, evening.id, now=after(6))
    stays(night.fay, other.id, now=after(6))
    came(night.ana, first.id, now=after(20))
    assert len([each for each in here(night, after(21)) if each in ("Ben", "Fay")]) == 1
    came(night.gus, second.id, now=after(30))
    assert [each for each in here(night, after(31)) if each in ("Ben", "Fay")] == []


def test_only_who_was_asked_says_that_they_stay(night: Night, evening: Shift) -> None:
    with pytest.raises(NotAskedToStay):
        stays(night.ben, evening.id, now=SUNDAY)
    night.puts("ana")
    night.goes_by(TEN, after(6))
    with pytest.raises(NotYourShift):
        stays(night.ana, evening.id, now=after(6))


def test_too_little_rest_after_staying_is_seen_by_whoever_keeps_shifts(night: Night, evening: Shift) -> None:
    shift = night.puts("ana")
    coming = night.puts("ben", day=date(2026, 11, 23), begins=time(8, 30), ends=time(16))
    night.goes_by(TEN, after(6))
    assert desk(night, after(6)).short_rest == ()
    stays(night.ben, evening.id, now=after(6))
    came(night.ana, shift.id, now=after(60))
    (row,) = desk(night, after(61)).short_rest
    assert (row.shift_id, row.name, row.rest) == (coming.id, "Ben", timedelta(hours=9, minutes=30))
    with pytest.raises(NotFound):
        open_for_others(night.ana, coming.id, now=after(62))
    open_for_others(night.eli, coming.id, now=after(62))
    assert desk(night, after(63)).short_rest == ()
    assert night.read(coming).person_id is None


# -- another end -----------------------------------------------------------------------------------------------------


def test_one_s_own_shift_is_made_longer_within_the_rules(night: Night, evening: Shift) -> None:
    stay_longer(night.ben, evening.id, until=time(23), now=SUNDAY)
    assert night.read(evening).ends_at == TEN + timedelta(hours=1)
    with pytest.raises(Invalid):
        stay_longer(night.ben, evening.id, until=time(3, 30), now=SUNDAY)  # more than four hours at once
    night.puts("ben", day=date(2026, 11, 23), begins=time(9, 30), ends=time(16))
    with pytest.raises(RestTooShort):
        stay_longer(night.ben, evening.id, until=time(23, 45), now=SUNDAY)
    with pytest.raises(NotYourShift):
        stay_longer(night.ana, evening.id, until=time(23), now=SUNDAY)
    assert night.read(evening).came_at == SUNDAY


def test_the_rest_of_a_shift_is_handed_back_and_open(night: Night, evening: Shift) -> None:
    rest = leave_early(night.ben, evening.id, at=time(16), now=SUNDAY)
    assert (rest.person_id, rest.ends_at, rest.published_at) == (None, TEN, SUNDAY)
    assert [each.shift_id for each in rows(ShiftOffer)] == [rest.id]
    assert night.read(evening).ends_at == rest.starts_at == datetime(2026, 11, 22, 23, tzinfo=SUNDAY.tzinfo)
    for at in (time(13), time(22)):
        with pytest.raises(Invalid):
            leave_early(night.ben, evening.id, at=at, now=SUNDAY)
    with pytest.raises(ShiftOver):
        leave_early(night.ben, evening.id, at=time(15), now=TEN)


# -- a second person ---------------------------------------------------------------------------------------------------


@pytest.fixture
def wanted(night: Night) -> Callable[[], CallIn]:
    def want() -> CallIn:
        came(night.ana, night.puts("ana").id, now=TEN)
        return want_second(night.ana, night.house.id, now=after(30))

    return want


def test_one_tap_asks_the_first_on_call_and_then_the_next_until_somebody_says_yes(
    night: Night, wanted: Callable[[], CallIn]
) -> None:
    call = wanted()
    assert call.until == SIX
    assert want_second(night.ana, night.house.id, now=after(31)).id == call.id
    assert night.texts("second-wanted") == [("cleo", "second-wanted")]
    night.goes_by(after(30), after(39))
    assert len(night.texts("second-wanted")) == 1
    night.goes_by(after(40), after(40))
    assert night.texts("second-wanted")[-1] == ("dee", "second-wanted")
    night.says("dee", "yes", after(44))
    night.goes_by(after(45), after(70))
    assert len(night.texts("second-wanted")) == 2
    (shown,) = desk(night, after(50)).calls
    assert (shown.comes, shown.answered_at) == ("Dee", after(44))
    (place,) = rows(Shift, Shift.person_id == night.dee.id, Shift.kind == "floor")
    assert (place.starts_at, place.ends_at) == (after(74), SIX)


def test_nobody_answers_so_the_leads_are_asked_and_then_there_is_a_list_to_call(
    night: Night, wanted: Callable[[], CallIn]
) -> None:
    wanted()
    night.goes_by(after(30), after(60))
    assert [who for who, _t in night.texts("second-wanted")] == ["cleo", "dee", "eli"]
    (shown,) = desk(night, after(60)).calls
    assert [each.name for each in shown.asked] == ["Cleo", "Dee", "Eli"]
    assert all(each.number for each in shown.asked)
    night.goes_by(SIX, SIX)
    assert desk(night, SIX).calls == ()


def test_no_asks_the_next_at_once_and_a_call_that_is_ended_asks_nobody(
    night: Night, wanted: Callable[[], CallIn]
) -> None:
    call = wanted()
    night.says("cleo", f"N{night.code('cleo')}", after(31))
    assert night.texts("second-wanted")[-1] == ("dee", "second-wanted")
    end_call(night.ana, call.id, now=after(33))
    night.goes_by(after(33), after(90))
    assert len(night.texts("second-wanted")) == 2
    night.says("dee", "yes", after(95))
    assert rows(Shift, Shift.person_id == night.dee.id, Shift.kind == "floor") == []


def test_what_a_colleague_heard_on_the_telephone_counts(night: Night, wanted: Callable[[], CallIn]) -> None:
    call = wanted()
    call_answered(night.ana, call.id, night.cleo.id, "comes", now=after(32))
    assert night.read(rows(Shift, Shift.person_id == night.cleo.id, Shift.kind == "floor")[0]).on_way_at == after(32)


def test_no_text_says_anything_of_a_guest_or_of_why(night: Night, wanted: Callable[[], CallIn]) -> None:
    wanted()
    for message in rows(Message, Message.template == "second-wanted"):
        assert message.body.startswith("Juniper House: a second person is wanted in the house until 6a.")
