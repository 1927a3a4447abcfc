"""What the fake Twilio lists, who it no longer writes to, and what becomes of a text that is cancelled or removed."""

from __future__ import annotations

import pytest

from tests.twilio.answers import Answer
from tests.twilio.faults import Fault
from tests.twilio.line import Line
from tests.twilio.still import PHONE, SERVICE, START, still_line, text


@pytest.fixture
def line() -> Line:
    return still_line()


def listed(line: Line, **query: str) -> list[str]:
    return [each["body"] for each in line.page(query)["messages"]]


def test_a_listing_is_newest_first_and_hides_what_is_younger_than_the_lag(line: Line) -> None:
    line.lag = (20, 20)
    line.create(text(line, body="one"))
    line.advance(1)
    line.create(text(line, body="two"))
    line.says(PHONE, "me")
    assert listed(line) == []
    line.advance(19)
    assert listed(line) == ["one"]
    line.advance(1)
    assert listed(line) == ["me", "two", "one"]
    assert listed(line, To=PHONE) == ["two", "one"]
    assert listed(line, From=PHONE, To=line.number) == ["me"]
    assert listed(line, Status="failed", Body="one") == ["me", "two", "one"]


def test_a_filter_on_the_day_of_sending_hides_what_was_not_sent(line: Line) -> None:
    line.plan = ()
    line.create(text(line, body="waiting"))
    line.says(PHONE, "me")
    day = "2027-01-15"
    assert (
        listed(line, DateSent=day) == listed(line, **{"DateSent>": day}) == listed(line, **{"DateSent<": day}) == ["me"]
    )
    assert listed(line, **{"DateSent>": "2027-01-15T08:00:00Z"}) == ["me"]
    assert not listed(line, **{"DateSent>": "2027-01-16"})
    assert not listed(line, **{"DateSent<": "2027-01-14T00:00:00Z"})


def test_pages_stay_where_they_were_when_something_comes_in(line: Line) -> None:
    for n in range(5):
        line.create(text(line, body=f"{n}"))
        line.advance(1)
    first = line.page({"PageSize": "2", "To": PHONE})
    assert [each["body"] for each in first["messages"]] == ["4", "3"]
    line.create(text(line, body="new"))
    token = first["next_page_uri"].split("PageToken=")[1]
    second = line.page({"PageSize": "2", "To": PHONE, "Page": "1", "PageToken": token})
    assert [each["body"] for each in second["messages"]] == ["2", "1"]
    assert line.page({"PageSize": "5"})["next_page_uri"]
    assert line.page({"PageSize": "6"})["next_page_uri"] is None


def test_who_stopped_gets_nothing_until_they_start_again(line: Line) -> None:
    line.create(text(line), Fault(accept=10, answer="hang"))
    assert line.says(PHONE, " stop ").opt_out_type is None
    assert line.says("+13035550112", "STOP.").opt_out_type is None
    answer = line.create(text(line)).answer
    assert (answer.http, answer.json()["code"]) == (400, 21610)
    line.advance(20)
    assert not line.accepted()
    assert [(row.by, row.to) for row in line.accepted(by=None)] == [("twilio", PHONE)]
    line.says(PHONE, "Start")
    assert line.create(text(line)).answer.http == 201


def test_advanced_opt_out_tells_the_house_and_off_does_nothing(line: Line) -> None:
    line.opt_out = "advanced"
    assert [line.says(PHONE, word).opt_out_type for word in ("HELP", "stop", "START", "Y")] == [
        "HELP", "STOP", "START", None,
    ]  # fmt: skip
    line.opt_out = "off"
    assert line.says(PHONE, "STOP").opt_out_type is None
    assert line.create(text(line)).answer.http == 201


def test_in_an_outage_a_text_comes_in_and_is_only_listed(line: Line) -> None:
    line.inbound_url = "https://texts.example/in"
    line.outage = True
    row = line.says(PHONE, "Hello?", at=START - 3600)
    assert not line.advance()
    assert line.page({"To": line.number})["messages"][0]["date_created"] == "Fri, 15 Jan 2027 07:00:00 +0000"
    line.outage = False
    assert line.says(PHONE, "", sid=row.sid) is row
    assert [each.form["Body"] for each in line.advance()] == ["Hello?"]
    assert len(line.came_in()) == 1


def test_cancelling_redacting_and_deleting(line: Line) -> None:
    def code(answer: Answer) -> int:
        return int(answer.json()["code"])

    scheduled = still_line(service=SERVICE)
    form = {"To": PHONE, "Body": "Later", "MessagingServiceSid": SERVICE, "ScheduleType": "fixed"}
    sid = scheduled.create(form | {"SendAt": "2027-01-15T09:00:00Z"}).answer.json()["sid"]
    assert scheduled.update(sid, {"Status": "canceled"}).json()["status"] == "canceled"
    scheduled.advance(7200)
    assert scheduled.fetch(sid).json()["status"] == "canceled"
    assert scheduled.create(form | {"SendAt": "2027-01-15T08:01:00Z"}).answer.json()["code"] == 35115

    sid = line.create(text(line)).answer.json()["sid"]
    assert code(line.update(sid, {"Status": "canceled"})) == 30409
    assert code(line.update(sid, {"Body": ""})) == code(line.delete(sid)) == 20009
    line.advance(1)
    assert line.update(sid, {"Body": ""}).json()["body"] == ""
    assert [row.sid for row in line.accepted(body="Hello")] == [sid]
    assert line.delete(sid).http == 204
    assert code(line.fetch(sid)) == 20404
    assert not listed(line)
    assert line.accepted()
