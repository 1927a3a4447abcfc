"""The line of the fake Twilio: what it takes is one thing, what it says another, and its clock is its own."""

from __future__ import annotations

import pytest

from tests.twilio.callbacks import Manner
from tests.twilio.faults import Fault, Weather, plan_from, rule_from
from tests.twilio.line import Line
from tests.twilio.still import PHONE, SERVICE, START, still_line, text


@pytest.fixture
def line() -> Line:
    return still_line()


@pytest.mark.parametrize(
    ("answer", "http", "wire"),
    [
        ("created", 201, "whole"), ("created-cut", 201, "whole"), ("created-broken", 201, "broken"),
        ("page", 200, "whole"), ("error", 500, "whole"), ("error-page", 502, "whole"), ("problem", 500, "whole"),
        ("reset", 0, "reset"), ("hang", 0, "hang"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["now", "no", 25])
def test_taking_a_text_and_answering_for_it_are_two_things(
    line: Line, answer: str, http: int, wire: str, accept: str | float
) -> None:
    outcome = line.create(text(line), Fault(accept, answer))
    assert (outcome.answer.http, outcome.answer.wire) == (http, wire)
    assert bool(outcome.row) == (accept == "now")
    assert len(line.accepted()) == (accept == "now")
    line.advance(24.9)
    assert len(line.accepted()) == (accept == "now")
    line.advance(0.2)
    assert len(line.accepted()) == (accept != "no")


def test_what_is_taken_late_has_the_instant_at_which_it_was_taken(line: Line) -> None:
    line.create(text(line), Fault(accept=25, answer="hang"))
    line.advance(1000)
    assert [row.at for row in line.accepted()] == [START + 25]


def test_a_rule_without_a_word_on_taking_takes_nothing_with_an_error(line: Line) -> None:
    assert Fault(answer="error").accept == Fault(answer="reset").accept == "no"
    assert Fault(answer="hang").accept == Fault(answer="created-cut").accept == Fault(answer="page").accept == "now"


def test_rules_count_and_choose_by_number_and_body(line: Line) -> None:
    line.script.rules += [
        rule_from({"answer": "error", "http": 429, "retry_after": 7, "to": PHONE, "times": 2}),
        rule_from({"answer": "page", "has": "Maple", "times": None}),
        rule_from({"answer": "error", "http": 400, "code": 30001, "skip": 1}),
    ]
    assert line.create(text(line, to="+13035550112")).answer.http == 201
    said = [line.create(text(line, body=f"{n}")).answer for n in range(2)]
    assert [answer.http for answer in said] == [429, 429]
    assert said[0].headers["Retry-After"] == "7"
    assert said[0].json() == {
        "code": 20429, "message": "Too Many Requests", "status": 429,
        "more_info": "https://www.twilio.com/docs/errors/20429",
    }  # fmt: skip
    assert [line.create(text(line, body="Maple")).answer.http for _ in range(2)] == [200, 200]
    assert line.create(text(line)).answer.json()["code"] == 30001
    assert line.create(text(line)).answer.http == 201


def test_a_rule_with_a_typing_error_is_no_rule() -> None:
    with pytest.raises(TypeError):
        rule_from({"answr": "error"})
    with pytest.raises(ValueError):
        rule_from({"answer": "eror"})
    with pytest.raises(ValueError):
        rule_from({"answer": "reset-before", "to": PHONE})


def test_the_weather_is_the_same_for_the_same_seed_and_tells_no_lies() -> None:
    weather = Weather(
        accept={"now": 1, "no": 1, "late": 1},
        answer={"created": 2, "error": 1, "hang": 1, "created-cut": 1, "reset": 1},
        http=400,
    )
    runs = []
    for seed in (1, 1, 2):
        line = still_line(seed)
        line.script.weather = weather
        outcomes = [line.create(text(line, body=f"{n}")) for n in range(200)]
        line.advance(60)
        runs.append([(each.post.sid, each.answer.wire, each.answer.http) for each in outcomes])
        sids = {row.sid for row in line.accepted()}
        for each in outcomes:
            if each.answer.http == 400:
                assert each.post.sid is None
            if each.answer.http == 201 and each.answer.wire == "whole" and each.answer.body.endswith("}"):
                assert each.answer.json()["sid"] in sids
        assert 0 < len(sids) < 200
        assert {each.answer.wire for each in outcomes} == {"whole", "hang", "reset"}
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604), ({"From": ""}, 21603), ({"Body": ""}, 21602), ({"Body": "a" * 1601}, 21617),
        ({"To": "303555"}, 21211), ({"From": "+13035550199"}, 21606), ({"MessagingServiceSid": SERVICE}, 21703),
        ({"SendAt": "2027-01-15T08:30:00Z", "ScheduleType": "fixed"}, 35118),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_as_twilio_does(line: Line, form: dict[str, str], code: int) -> None:
    outcome = line.create(text(line) | form)
    assert (outcome.answer.http, outcome.answer.json()["code"]) == (400, code)
    assert not line.accepted()


def test_a_service_chooses_the_sender_later() -> None:
    line = still_line(service=SERVICE)
    form = {"To": PHONE, "Body": "Hello", "MessagingServiceSid": SERVICE}
    shown = line.create(form).answer.json()
    assert (shown["status"], shown["from"], shown["num_segments"]) == ("accepted", None, "0")
    line.advance(1)
    shown = line.fetch(shown["sid"]).json()
    assert (shown["status"], shown["from"], shown["num_segments"]) == ("delivered", line.number, "1")


def test_a_text_lives_its_plan_and_is_never_called_back_for_its_first_status(line: Line) -> None:
    sid = line.create(text(line)).answer.json()["sid"]
    assert [each.form["MessageStatus"] for each in line.advance(1)] == ["sent", "delivered"]
    assert line.fetch(sid).json()["status"] == "delivered"


def test_callbacks_in_a_wrong_order_do_not_turn_what_twilio_knows(line: Line) -> None:
    line.plan = plan_from(
        [
            {"after": 1, "status": "undelivered", "error_code": 30008},
            {"after": 2, "status": "delivered", "times": 5},
            {"after": 3, "status": "sending", "error_code": 30005},
            {"after": 4, "status": "sent", "silent": True},
        ]
    ) or ()  # fmt: skip
    sid = line.create(text(line)).answer.json()["sid"]
    told = line.advance(1)
    assert (told[0].form["ErrorCode"], line.fetch(sid).json()["error_message"]) == ("30008", "Unknown error")
    told = line.advance(9)
    assert [(each.form["MessageStatus"], each.times) for each in told] == [("delivered", 5), ("sending", 1)]
    shown = line.fetch(sid).json()
    assert (shown["status"], shown["error_code"]) == ("delivered", None)


def test_callbacks_are_lost_and_shuffled_by_the_seed(line: Line) -> None:
    line.manner = Manner(lose=0.3, shuffle=5)
    for n in range(50):
        line.create(text(line, body=f"{n}"))
    told = line.advance(10)
    assert len(told) + len(line.lost) == 100
    assert 10 < len(line.lost) < 50
    first: dict[str, str] = {}
    for each in told:
        first.setdefault(each.sid, each.form["MessageStatus"])
    assert set(first.values()) == {"sent", "delivered"}
    line.manner = Manner(on=False)
    line.create(text(line))
    assert not line.advance(10)


def test_a_text_that_waits_longer_than_it_is_valid_fails(line: Line) -> None:
    line.plan = plan_from([{"after": 3600, "status": "sent"}, {"after": 3601, "status": "delivered"}]) or ()
    line.create(text(line, ValidityPeriod="120"))
    assert [(each.form["MessageStatus"], each.form["ErrorCode"]) for each in line.advance(121)] == [("failed", "30036")]
    line.create(text(line, ValidityPeriod="3600"))
    assert [each.form["MessageStatus"] for each in line.advance(4000)] == ["sent", "delivered"]


def test_twilios_clock_may_be_behind_and_go_back(line: Line) -> None:
    line.advance(-3600)
    assert line.clock() == START - 3600
    sid = line.create(text(line)).answer.json()["sid"]
    assert line.fetch(sid).json()["date_created"] == "Fri, 15 Jan 2027 07:00:00 +0000"
