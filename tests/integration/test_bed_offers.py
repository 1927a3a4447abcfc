"""A bed is offered to the next in line, with a clock; it becomes a saved bed, or goes on to whoever is next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND, Actor
from respite.core.db import db, transaction
from respite.core.due import due_rows, sweep
from respite.guests.errors import (
    AskedAlready,
    BedOffered,
    NightsUsedUp,
    NotByText,
    NotOnTheList,
    OfferOver,
    OnlyOffered,
    SomebodyAskedFirst,
)
from respite.guests.models import BedOffer, Stay, Undoable, Waiting
from respite.guests.policy.offers import How, Said
from respite.guests.service import arriving, moving, offering, saving
from respite.guests.service.erasing import erase_guest
from respite.guests.service.people import Known, Named
from respite.guests.service.undo import undo
from respite.guests.service.waiting import end_waiting
from respite.houses.errors import BedTaken
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.messaging.models import Message
from respite.messaging.service.ground import number_mark
from respite.messaging.service.stopping import leave_alone
from tests.places import SUNDAY
from tests.texts_in import rows
from tests.waiting_line import DAY, HOUR, MINUTE, Line, due_kinds, stands, time_goes

TWO_HOURS = SUNDAY + 2 * HOUR
TONIGHT = date(2026, 11, 22)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def line(juniper: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(juniper, actor_in)


def test_who_asked_first_is_asked_and_has_the_bed(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana)
    assert (offer.minutes, offer.runs_out_at) == (120, TWO_HOURS)
    assert line.saved() == [("nobody", "offered")]
    assert line.claimed() == 2
    assert line.texted() == [("Ana", "bed-offered", "queued")]
    assert line.says("Ana", f"Y{line.code(offer)}") == "bed-yours"
    (stay,) = rows(Stay)
    assert line.saved() == [("Ana", "held")]
    assert stay.saved_until == SUNDAY + MINUTE + 240 * MINUTE, "a clock of its own, by the house's rules"
    assert line.waiting() == ["Bo"]
    assert line.asked() == [("Ana", "accepted")]
    assert line.claimed() == 2
    assert due_kinds() == ["guest.save.asks-for-call", "guest.save.runs-out"]


def test_the_text_says_what_is_asked_and_until_when_and_no_more(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    (text,) = rows(Message, Message.template == "bed-offered")
    assert text.body == (
        f"Juniper House: a room is free for you from tonight. Y{line.code(offer)} = yes, "
        f"N{line.code(offer)} = not now, you keep your place. Answer by 4:32 pm. STOP ends texts."
    )
    assert text.segments == 1
    assert text.not_after == offer.runs_out_at


def test_a_double_yes_is_one(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    code = line.code(offer)
    assert [line.says("Ana", body) for body in (f"Y{code}", f"y {code} please", "yes")] == ["bed-yours"] * 3
    assert line.saved() == [("Ana", "held")]
    assert line.kinds().count("guest.bed.saved") == 1
    assert offering.say_yes(line.dana, offer.id, now=SUNDAY + HOUR).id == offer.stay_id


def test_a_yes_too_late_is_told_so_and_keeps_the_place(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    assert line.says("Ana", f"Y{line.code(offer)}", TWO_HOURS) == "bed-over"
    assert line.waiting() == ["Ana"]
    assert line.claimed() == 0
    with pytest.raises(OfferOver):
        offering.say_yes(line.dana, offer.id, now=TWO_HOURS)


@pytest.mark.parametrize("body", ["N{code}", "no thanks", "no, gracias"])
def test_not_now_keeps_the_place_and_frees_the_bed(line: Line, body: str) -> None:
    offer = line.offers(line.waits("Ana"))
    assert line.says("Ana", body.format(code=line.code(offer))) == "bed-not-now"
    assert (line.asked(), line.waiting(), line.claimed()) == ([("Ana", "not-now")], ["Ana"], 0)
    assert due_kinds() == []


def test_it_goes_on_to_the_next_in_line_each_once(line: Line) -> None:
    """Not now, then silence, then a yes: three were asked, in the order in which they asked."""
    ana, _bo, _cy = line.waits("Ana"), line.waits("Bo"), line.waits("Cy", text=False)
    offer = line.offers(ana, goes_on=True)
    assert line.says("Ana", f"N{line.code(offer)}") == "bed-not-now"
    time_goes(SUNDAY + 2 * HOUR)
    assert line.asked() == [("Ana", "not-now"), ("Bo", None)]
    time_goes(SUNDAY + 3 * HOUR, since=SUNDAY + 2 * HOUR)
    assert line.asked() == [("Ana", "not-now"), ("Bo", "ran-out"), ("Cy", None)]
    (last,) = rows(BedOffer, BedOffer.ended_at.is_(None))
    assert last.how == How.CALL, "no text may reach them, so somebody calls"
    offering.say_yes(line.dana, last.id, now=SUNDAY + 3 * HOUR)
    assert (line.saved(), line.waiting()) == ([("Cy", "held")], ["Ana", "Bo"])
    assert [text[0] for text in line.texted()] == ["Ana", "Bo"]


def test_the_line_ends_where_nobody_is_left(line: Line) -> None:
    line.offers(line.waits("Ana"), goes_on=True)
    time_goes(SUNDAY + 9 * HOUR)
    assert line.asked() == [("Ana", "ran-out")]
    assert line.kinds()[-1] == "guest.line.ended"
    assert due_kinds() == []


def test_without_the_wish_nobody_else_is_asked(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    line.offers(ana)
    time_goes(SUNDAY + 9 * HOUR)
    assert line.asked() == [("Ana", "ran-out")]


def test_a_rule_edited_later_leaves_an_offer_its_old_clock(line: Line) -> None:
    """S45: unanswered after one, two and three and a half hours it stands, at four it is over, whatever was edited."""
    change_rules(COMMAND, line.house_id, {"offer_minutes": 240}, number_seen=None, now=SUNDAY)
    ana, bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana)
    change_rules(COMMAND, line.house_id, {"offer_minutes": 30}, number_seen=None, now=SUNDAY + MINUTE)
    newer = line.offers(bo, 1, at=SUNDAY + HOUR)
    assert (newer.minutes, newer.runs_out_at) == (30, SUNDAY + 1.5 * HOUR)
    for hours in (1, 2, 3.5):
        sweep(SUNDAY + hours * HOUR)
        assert stands(offer).ended_at is None
    sweep(SUNDAY + 4 * HOUR)
    ended = stands(offer)
    assert (ended.minutes, ended.ended_at, ended.ended_how) == (240, SUNDAY + 4 * HOUR, "ran-out")


def test_over_when_read_though_no_sweep_ran(line: Line) -> None:
    """What ran out lets its nights go in the transaction that wants them."""
    line.offers(line.waits("Ana"))
    with pytest.raises(BedOffered):
        saving.save_bed(
            line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=line.beds[0], now=TWO_HOURS - MINUTE
        )
    saving.save_bed(line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=line.beds[0], now=TWO_HOURS)
    assert line.saved() == [("Zed", "held")]
    assert stands(rows(BedOffer)[0]).ended_how == "ran-out"


def test_a_late_sweep_goes_on_from_where_it_is(line: Line) -> None:
    """Nothing ran for a day: the offer ended when its clock said, and the next one has a whole clock of its own."""
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    late = SUNDAY + DAY
    time_goes(late, since=late)
    time_goes(late, since=late)
    assert stands(offer).ended_at == TWO_HOURS
    (following,) = rows(BedOffer, BedOffer.ended_at.is_(None))
    assert (following.made_at, following.runs_out_at) == (late, late + 2 * HOUR)
    assert following.first_night == TONIGHT + DAY, "tonight is another night by then"


def test_a_sweep_killed_before_its_commit_is_done_by_the_next(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    with monkeypatch.context() as patch:
        patch.setattr(offering, "ask_by_text", _killed)
        sweep(SUNDAY + 2 * MINUTE)
    assert line.asked() == [("Ana", "not-now")]
    assert line.claimed() == 0
    sweep(SUNDAY + 3 * MINUTE)
    assert line.asked() == [("Ana", "not-now"), ("Bo", None)]
    assert line.claimed() == 2


def test_the_same_step_twice_is_one(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    (row,) = due_rows(SUNDAY + 2 * MINUTE)
    offering.go_on(row, SUNDAY + 2 * MINUTE)
    offering.go_on(row, SUNDAY + 2 * MINUTE)
    assert line.asked() == [("Ana", "not-now"), ("Bo", None)]
    assert "guest.line.ended" not in line.kinds()


def test_accepting_one_answers_the_others(line: Line) -> None:
    ana, bo = line.waits("Ana"), line.waits("Bo")
    first = line.offers(ana)
    line.offers(ana, 1, goes_on=True)
    assert line.says("Ana", "yes") == "answer-which"
    assert line.says("Ana", f"Y{line.code(first)}") == "bed-yours"
    assert (line.saved(), line.claimed(0), line.claimed(1)) == ([("Ana", "held")], 2, 0)
    sweep(SUNDAY + 2 * MINUTE)
    assert line.asked() == [("Ana", "accepted"), ("Ana", "answered"), ("Bo", None)]
    assert rows(BedOffer, BedOffer.waiting_id == bo.id)[0].bed_id == line.beds[1]
    assert [state for name, _what, state in line.texted() if name == "Ana"] == ["canceled", "canceled"]


def test_one_bed_is_offered_to_one(line: Line) -> None:
    ana, bo = line.waits("Ana"), line.waits("Bo")
    line.offers(ana)
    with pytest.raises(AskedAlready):
        line.offers(ana)
    with pytest.raises(BedOffered):
        line.offers(bo)
    with pytest.raises(BedOffered):
        saving.save_bed(line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=line.beds[0], now=SUNDAY)
    other = saving.save_bed(line.dana, line.house_id, who=Named("Zed"), nights=1, now=SUNDAY)
    assert other.bed_id == line.beds[1], "any free bed is another one"
    assert len(rows(BedOffer)) == 1


def test_nobody_is_passed_over_without_a_fact(line: Line) -> None:
    ana, bo, cy = line.waits("Ana"), line.waits("Bo"), line.waits("Cy")
    with pytest.raises(SomebodyAskedFirst):
        line.offers(bo)
    passed = line.offers(bo, said=Said.NOT_REACHED)
    assert passed.passed_over == "not-reached"
    line.says("Bo", f"N{line.code(passed)}")
    offer = line.offers(ana)
    line.says("Ana", f"N{line.code(offer)}")
    assert line.offers(cy).passed_over is None, "both before said not now"


def test_other_hours_are_a_fact_and_the_clock_waits_for_them(line: Line) -> None:
    """Ana can answer from nine to eleven in the morning; it is half past two, so Bo may be asked."""
    ana, bo = line.waits("Ana", answer_from=time(9), answer_until=time(11)), line.waits("Bo")
    assert line.offers(bo, 1).passed_over is None
    offer = line.offers(ana)
    morning = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/Denver"))
    assert offer.runs_out_at == morning + 2 * HOUR
    assert offer.first_night == TONIGHT + DAY, "a night that they cannot say yes to is kept for nobody"
    (text,) = rows(Message, Message.template == "bed-offered", Message.dedupe_key.endswith(str(offer.id)))
    assert (text.not_before, text.not_after) == (morning, offer.runs_out_at)
    assert "Answer by 11 am." in text.body


def test_the_next_step_prefers_whoever_can_answer_now(line: Line) -> None:
    ana, _bo, _cy = line.waits("Ana"), line.waits("Bo", answer_from=time(9), answer_until=time(11)), line.waits("Cy")
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    time_goes(SUNDAY + 3 * HOUR)
    assert line.asked() == [("Ana", "not-now"), ("Cy", "ran-out"), ("Bo", None)]


def test_over_the_night_the_clocks_change(line: Line) -> None:
    """An evening in October with an hour of theirs left: the other counts from nine, in the longer night too."""
    evening = datetime(2026, 10, 31, 19, 0, tzinfo=ZoneInfo("America/Denver"))
    ana = line.waits("Ana", answer_from=time(9), answer_until=time(20))
    with transaction() as session:
        session.execute(sa.update(Waiting).values(since=evening - DAY))
    offer = line.offers(ana, at=evening)
    assert offer.runs_out_at == datetime(2026, 11, 1, 10, 0, tzinfo=ZoneInfo("America/Denver"))
    assert line.says("Ana", "yes", offer.runs_out_at - timedelta(seconds=1)) == "bed-yours"
    (stay,) = rows(Stay)
    assert (stay.first_night, stay.until) == (date(2026, 11, 1), date(2026, 11, 3)), "still two nights, from now on"
    assert line.claimed() == 2


def test_a_text_only_where_one_may_reach_them(line: Line) -> None:
    ana = line.waits("Ana", text=False)
    with pytest.raises(NotByText):
        line.offers(ana)
    with pytest.raises(NotByText):
        line.offers(line.waits("Bo"), said=Said.DOES_NOT_FIT, first_night=TONIGHT + DAY)
    line.offers(ana, how=How.CALL, first_night=TONIGHT + DAY)
    assert line.texted() == []


def test_after_a_stop_nobody_is_texted(line: Line) -> None:
    ana = line.waits("Ana")
    with transaction() as session:
        mark = number_mark(line.numbers["Ana"])
        leave_alone(session, mark, {line.house_id}, source="stop", said_at=SUNDAY, now=SUNDAY)
    with pytest.raises(NotByText):
        line.offers(ana)


def test_the_nights_rule_is_asked_before_a_bed_is_kept(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    stay = saving.save_bed(
        line.dana,
        line.house_id,
        who=Known(ana.guest_id),
        nights=7,
        bed_id=line.beds[1],
        first_night=TONIGHT + 2 * DAY,
        now=SUNDAY,
    )
    saving.confirm(line.dana, stay.id, now=SUNDAY)
    with pytest.raises(NightsUsedUp):
        line.offers(ana, nights=2)


def test_what_is_offered_cannot_be_lived_in_or_moved(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    for act in (
        lambda: arriving.welcome(line.dana, offer.stay_id, now=SUNDAY),
        lambda: saving.confirm(line.dana, offer.stay_id, now=SUNDAY),
        lambda: saving.save_longer(line.dana, offer.stay_id, now=SUNDAY),
        lambda: moving.move(line.dana, offer.stay_id, line.beds[1], now=SUNDAY),
    ):
        with pytest.raises(OnlyOffered):
            act()


def test_letting_the_bed_go_takes_the_offer_back(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    saving.let_go(line.dana, offer.stay_id, now=SUNDAY)
    sweep(SUNDAY + MINUTE)
    assert (line.asked(), line.waiting(), line.claimed()) == ([("Ana", "withdrawn")], ["Ana", "Bo"], 0)
    assert line.texted() == [("Ana", "bed-offered", "canceled")]
    assert line.says("Ana", f"Y{line.code(offer)}") == "bed-over"


def test_saving_it_on_purpose_takes_the_offer_back(line: Line) -> None:
    ana = line.waits("Ana")
    line.offers(ana, goes_on=True)
    saving.save_bed(
        line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=line.beds[0], over_offer=True, now=SUNDAY
    )
    assert (line.asked(), line.saved(), line.waiting()) == ([("Ana", "withdrawn")], [("Zed", "held")], ["Ana"])


def test_saving_a_bed_for_whoever_is_asked_answers_the_offer(line: Line) -> None:
    ana = line.waits("Ana")
    line.offers(ana)
    saving.save_bed(
        line.dana, line.house_id, who=Known(ana.guest_id), nights=2, bed_id=line.beds[0], waiting_id=ana.id, now=SUNDAY
    )
    assert (line.asked(), line.saved(), line.waiting()) == ([("Ana", "answered")], [("Ana", "held")], [])


def test_whoever_is_off_the_list_is_asked_no_more(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    end_waiting(line.dana, ana.id, "taken-off", now=SUNDAY)
    sweep(SUNDAY + MINUTE)
    assert (line.asked(), line.claimed()) == ([("Ana", "withdrawn")], 0)
    assert line.says("Ana", f"Y{line.code(offer)}") == "answer-settled"
    with pytest.raises(NotOnTheList):
        line.offers(ana)


def test_a_guest_who_is_forgotten_is_asked_no_more(line: Line) -> None:
    ana = line.waits("Ana")
    line.offers(ana)
    erase_guest(line.dana, ana.guest_id, now=SUNDAY)
    (offer,) = rows(BedOffer)
    assert (offer.ended_how, line.claimed()) == ("withdrawn", 0)
    assert rows(Waiting)[0].guest_id is None


def test_what_was_done_on_the_telephone_is_taken_back_with_one_tap(line: Line) -> None:
    ana, bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, how=How.CALL)
    undo(line.dana, _last_undo(line), now=SUNDAY)
    assert (rows(BedOffer), rows(Stay), line.claimed(), due_kinds()) == ([], [], 0, [])
    offer = line.offers(ana, how=How.CALL, goes_on=True)
    offering.say_not_now(line.dana, offer.id, now=SUNDAY)
    undo(line.dana, _last_undo(line), now=SUNDAY)
    assert (line.asked(), line.claimed(), due_kinds()) == ([("Ana", None)], 2, ["guest.offer.runs-out"])
    offering.say_yes(line.dana, offer.id, now=SUNDAY)
    undo(line.dana, _last_undo(line), now=SUNDAY)
    assert (line.saved(), line.waiting()) == ([("nobody", "offered")], ["Ana", "Bo"])
    assert due_kinds() == ["guest.offer.runs-out"]
    offering.take_back(line.dana, offer.id, now=SUNDAY)
    assert line.offers(bo, how=How.CALL, said=Said.DOES_NOT_FIT).ended_at is None


def test_a_bed_that_was_taken_meanwhile_ends_the_line(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    saving.save_bed(line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=line.beds[0], now=SUNDAY + MINUTE)
    sweep(SUNDAY + 2 * MINUTE)
    assert line.asked() == [("Ana", "not-now")]
    with pytest.raises(BedTaken):
        line.offers(ana, at=SUNDAY + 2 * MINUTE)


def test_somebody_else_s_code_is_no_answer(line: Line) -> None:
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana)
    assert line.says("Bo", f"Y{line.code(offer)}") is None
    assert line.asked() == [("Ana", None)]


def test_changing_one_s_mind_after_a_yes_is_for_a_person(line: Line) -> None:
    offer = line.offers(line.waits("Ana"))
    line.says("Ana", f"Y{line.code(offer)}")
    assert line.says("Ana", f"N{line.code(offer)}", SUNDAY + 2 * MINUTE) is None
    assert line.saved() == [("Ana", "held")]


def _last_undo(line: Line) -> uuid.UUID:
    found = rows(Undoable, Undoable.undone_at.is_(None))
    return max(found, key=lambda each: each.at).id  # type: ignore[no-any-return]


def _killed(*_args: object) -> None:
    db.session.rollback()
    raise RuntimeError("killed")
