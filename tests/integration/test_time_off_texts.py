"""Days off by text: understood and said back in words, taken back by a code, answered by text. On both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from respite.accounts.actor import Actor
from respite.core.due import sweep
from respite.houses.models import House
from respite.messaging.models import Message, ReplyCode, Thread
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.states import State
from respite.staffing.models import TimeOff
from respite.staffing.policy.availability import OffState
from respite.staffing.service import duty_ends
from respite.staffing.service.availability import answer_time_off
from tests.choosing import texts
from tests.duty import off
from tests.offers import DAY, Crew
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

CHRISTMAS = (date(2026, 12, 24), date(2026, 12, 27))  # the last is the day after


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def crew(juniper: House, actor_in: Callable[..., Actor]) -> Crew:
    return Crew(juniper, actor_in)


@pytest.fixture
def ana(crew: Crew) -> Actor:
    return crew.peer("Ana")


def code() -> int:
    (found,) = rows(ReplyCode, ReplyCode.kind == "time-off", ReplyCode.ended_at.is_(None))
    return found.number


def stands() -> list[tuple[date, date, str]]:
    return [(each.first_day, each.until, each.state) for each in rows(TimeOff)]


def last_words() -> str:
    return max(rows(Message), key=lambda each: (each.made_at, each.template)).body


def unseen() -> bool:
    return any(thread.unseen_since for thread in rows(Thread))


def test_asked_for_said_back_and_taken_back(crew: Crew, ana: Actor) -> None:
    assert crew.says("Ana", "OFF 12/24-12/26") == "time-off-heard"
    assert stands() == [(*CHRISTMAS, "asked")]
    (said,) = texts("time-off-heard")
    assert "you ask for Thu Dec 24 to Sat Dec 26 off. We tell you when that is answered." in said.body
    assert said.body.endswith(f"To take it back: N{code()}")
    assert not unseen()
    assert crew.says("Ana", "off 12/24-26") == "time-off-heard"  # said again, it is asked for once
    assert len(stands()) == 1
    assert crew.says("Ana", f"N{code()}") == "time-off-back"
    assert crew.says("Ana", f"N{code()}") == "time-off-back"
    assert stands() == [(*CHRISTMAS, "withdrawn")]
    assert crew.says("Ana", f"Y{code()}") == "time-off-heard"
    assert stands() == [(*CHRISTMAS, "asked")]


def test_in_spanish_the_day_comes_first(crew: Crew) -> None:
    crew.peer("Ida", language="es")
    assert crew.says("Ida", "LIBRE 4/12") == "time-off-heard"
    assert stands() == [(date(2026, 12, 4), date(2026, 12, 5), "asked")]
    assert "pides libre el vie 4 dic." in texts("time-off-heard")[0].body


def test_today_is_the_houses_today(crew: Crew, ana: Actor) -> None:
    late = SUNDAY + timedelta(hours=8)  # half past ten in the evening; by London's clock tomorrow began long ago
    assert crew.says("Ana", "OFF 11/22", late) == "time-off-heard"
    assert crew.says("Ana", "OFF 11/21", late) == "time-off-over"


@pytest.mark.parametrize(
    ("body", "template", "said"),
    [
        ("OFF 11/20", "time-off-over", "Fri Nov 20 is over. Nothing was asked for."),
        ("OFF 12/24/2020", "time-off-over", "Thu Dec 24 2020 is over."),
        ("OFF 13/45", "time-off-unclear", "OFF 12/24 or OFF 12/24-12/26, month first"),
        ("OFF 12-24", "time-off-unclear", "could not read"),
        ("OFF 12/24/2026-12/26/2028", "time-off-long", "is more than a year"),
    ],
)
def test_what_cannot_be_is_answered_in_words(crew: Crew, ana: Actor, body: str, template: str, said: str) -> None:
    assert crew.says("Ana", body) == template
    assert said in texts(template)[0].body
    assert stands() == []


def test_days_that_stand_already_are_not_added(crew: Crew, ana: Actor) -> None:
    off(crew.house, ana.id, *CHRISTMAS)
    assert crew.says("Ana", "OFF 12/26-12/30") == "time-off-standing"
    assert len(stands()) == 1


@pytest.mark.parametrize("body", ["OFF", "off 12/24 if somebody covers", "can I be off 12/24?", "libre"])
def test_anything_else_is_read_by_people(crew: Crew, ana: Actor, body: str) -> None:
    assert crew.says("Ana", body) is None
    assert stands() == []
    assert unseen()


def test_a_shared_phone_and_a_guest_are_read_by_people(crew: Crew, ana: Actor) -> None:
    person_at(crew.house, crew.numbers["Ana"], kind=CorrespondentKind.PEER)
    assert crew.says("Ana", "OFF 12/24") is None
    crew.numbers["Sam"] = "+13035550199"
    person_at(crew.house, crew.numbers["Sam"])
    assert crew.says("Sam", "OFF 12/24") is None
    assert stands() == []


def test_who_has_no_duty_for_now_asks_nothing_by_text(crew: Crew, ana: Actor) -> None:
    duty_ends.step_back(ana, crew.house.id, ana.id, now=SUNDAY)
    assert crew.says("Ana", "OFF 12/24") is None
    assert stands() == []


def test_nobody_takes_back_what_another_asked_for(crew: Crew, ana: Actor) -> None:
    crew.peer("Bo")
    crew.says("Ana", "OFF 12/24")
    assert crew.says("Bo", f"N{code()}") is None
    assert stands()[0][2] == "asked"


def test_the_answer_comes_by_text_and_one_that_was_taken_back_does_not(crew: Crew, ana: Actor) -> None:
    crew.says("Ana", "OFF 12/24-26")
    asked = rows(TimeOff)[0].id
    answer_time_off(crew.lead, asked, OffState.DECLINED, now=SUNDAY)
    answer_time_off(crew.lead, asked, OffState.ASKED, now=SUNDAY)
    answer_time_off(crew.lead, asked, OffState.AGREED, now=SUNDAY)
    answer_time_off(crew.lead, asked, OffState.AGREED, now=SUNDAY)
    assert [each.state for each in texts("time-off-declined")] == [State.CANCELED]
    (told,) = texts("time-off-agreed")
    assert told.not_before > SUNDAY
    assert "Thu Dec 24 to Sat Dec 26 off is agreed." in told.body
    assert crew.says("Ana", f"Y{code()}") == "time-off-agreed"
    assert crew.says("Ana", f"N{code()}") == "time-off-back"
    assert stands()[0][2] == "withdrawn"
    assert rows(Message, Message.id == told.id)[0].state == State.CANCELED


def test_when_the_days_are_over_the_number_is_free_again(crew: Crew, ana: Actor) -> None:
    crew.says("Ana", "OFF 12/24")
    number = code()
    sweep(SUNDAY + 40 * DAY)
    assert rows(ReplyCode, ReplyCode.ended_at.is_(None)) == []
    assert crew.says("Ana", f"Y{number}", SUNDAY + 40 * DAY) == "time-off-over"


def test_a_new_year_is_said(crew: Crew, ana: Actor) -> None:
    crew.says("Ana", "OFF 12/30-1/2")
    assert "Wed Dec 30 2026 to Sat Jan 2 2027" in last_words()
