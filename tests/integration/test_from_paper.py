"""A day on paper, entered on one page: each line with its time, by itself, and once."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.guests.models import Contact, Stay, Visit
from respite.handoff.models import LogEntry
from respite.houses.models import House
from respite.houses.policy.house_time import last_at, was_at
from respite.houses.service.rules import change_rules
from respite.promises.models import Promise
from tests.boards import HOUR, MINUTE, bed, here, juniper, saved
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

PAPER = "/houses/juniper-house/handoff/paper"
HANDOFF = "/houses/juniper-house/handoff"


@pytest.fixture
def house(app: Flask) -> House:
    return juniper()


@pytest.fixture
def dana(app: Flask, house: House, person: MakePerson) -> Browser:
    person("dana@example.org", {house.id: Role.PEER})
    return Browser(app, "dana@example.org")


def lines(form_fields: MultiDict[str, str], *written: dict[str, str]) -> MultiDict[str, str]:
    """The form with these lines filled in, from the first on."""
    fields = MultiDict(form_fields)
    numbers = [name[4:] for name in fields if name.startswith("key-")]
    for number, line in zip(numbers, written, strict=False):
        for name, value in line.items():
            fields[f"{name}-{number}"] = value
    for number in numbers:
        fields.setdefault(f"what-{number}", "")
    return fields


def sends(dana: Browser, *written: dict[str, str]) -> tuple[TestResponse, MultiDict[str, str]]:
    fields = lines(dana.form(PAPER).fields, *written)
    return dana.post(PAPER, fields), fields


def kept(answer: TestResponse) -> MultiDict[str, str]:
    """The form as it is drawn again; what a select shows first is sent as nothing."""
    found = next(form for form in forms_of(answer) if form.action == PAPER and "Enter them" in form.buttons)
    return lines(found.fields)


def all_of(model: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).execution_options(populate_existing=True)).unique())


def test_a_whole_day_is_entered_at_once_each_thing_with_its_time(dana: Browser, house: House) -> None:
    sam, jo = here(house, "Willow", "Sam", now=SUNDAY - 20 * HOUR), saved(house, "Cedar", "Jo", nights=2)
    aspen, willow = bed(house, "Aspen").id, bed(house, "Willow").id
    assert PAPER in dana.get("/houses/juniper-house/board/paper").text
    assert PAPER in dana.get(HANDOFF).text
    page = dana.get(PAPER).text
    for shown in ("Sam, from Willow", "Jo, to Cedar", "somebody nobody expected, to Aspen", "a promise to Sam"):
        assert shown in page
    day = (
        {"at": "13:00", "what": "log", "words": "The boiler was looked at"},
        {"at": "09:00", "what": f"left:{aspen}"},  # who came in the line below
        {"at": "07:30", "what": f"new:{aspen}", "words": "Mei", "nights": "2"},
        {"at": "22:15", "what": "in-touch:warmline"},
        {"at": "23:00", "what": f"promised:{sam.id}", "words": "Find the blue scarf"},
        {"at": "10:00", "what": f"left:{willow}:{sam.id}"},
        {"at": "14:30", "what": f"arrived:{jo.id}"},
        {"at": "12:00", "what": "sat-down"},
    )
    answer, fields = sends(dana, *day)
    assert answer.location == PAPER, answer.text
    assert "8 lines are entered." in dana.follow(answer).text
    assert dana.post(PAPER, fields).location == PAPER  # sent twice, it is once
    stays = {stay.guest.name: stay for stay in all_of(Stay)}
    assert (stays["Sam"].state, stays["Sam"].left_at) == ("left", SUNDAY - 4 * HOUR - 32 * MINUTE)
    assert (stays["Mei"].state, stays["Mei"].arrived_at) == ("left", SUNDAY - 7 * HOUR - 2 * MINUTE)
    assert (stays["Jo"].state, stays["Jo"].arrived_at) == ("here", SUNDAY - 2 * MINUTE)
    assert [row.at for row in all_of(LogEntry)] == [SUNDAY - 92 * MINUTE]
    assert [row.at for row in all_of(Contact)] == [SUNDAY - 16 * HOUR - 17 * MINUTE]
    assert [(row.words, row.made_at, row.subject_id) for row in all_of(Promise)] == [
        ("Find the blue scarf", SUNDAY - 15 * HOUR - 32 * MINUTE, sam.guest_id)
    ]
    assert [row.arrived_at for row in all_of(Visit)] == [SUNDAY - 2 * HOUR - 32 * MINUTE]
    happened = {row.kind: row.at for row in all_of(Event)}
    assert happened["guest.stay.ended"] == SUNDAY - 4 * HOUR - 32 * MINUTE
    assert happened["promise.word.given"] == SUNDAY - 15 * HOUR - 32 * MINUTE
    assert happened["handoff.entry.written"] == SUNDAY - 92 * MINUTE


def test_a_line_that_cannot_be_entered_holds_up_no_other_and_nothing_typed_is_lost(dana: Browser, house: House) -> None:
    sam = here(house, "Willow", "Sam", now=SUNDAY - 2 * HOUR)
    willow, aspen = bed(house, "Willow").id, bed(house, "Aspen").id
    answer, sent = sends(
        dana,
        {"at": "13:00", "what": "log", "words": "The boiler was looked at"},
        {"at": "08:00", "what": f"left:{willow}:{sam.id}"},  # before they came
        {"at": "13:10", "what": f"new:{willow}", "words": "Mei"},  # Sam is there
        {"what": "log", "words": "No time"},
        {"at": "13:20", "what": "in-touch:warmline", "words": "It was Rosa"},
        {"at": "13:30", "what": f"new:{aspen}", "words": "Sam"},  # somebody of that name is known
        {"at": "13:40", "what": f"left:{uuid.uuid4()}"},
        {"at": "13:50", "what": "", "words": "What was it?"},
    )
    assert answer.status_code == 422
    for said in (
        "7 lines are not entered yet",
        "That is before this guest arrived.",
        "Somebody is still behind that door.",
        "Please give the time it happened.",
        "No words are kept with this.",
        "Please say whether it is them.",
        "What this line is about is not there any more.",
        "Please choose what it was.",
        "1 pm · It stands in the log.",
    ):
        assert said in answer.text, said
    again = kept(answer)
    for number, words in ((3, "Mei"), (4, "No time"), (5, "It was Rosa"), (6, "Sam"), (8, "What was it?")):
        assert (again[f"words-{number}"], again[f"key-{number}"]) == (words, sent[f"key-{number}"])
    assert (again["at-2"], "key-1" in again) == ("08:00", False)
    assert [row.words for row in all_of(LogEntry)] == ["The boiler was looked at"]
    assert [stay.state for stay in all_of(Stay)] == ["here"]
    assert all_of(Contact) == []
    mended = MultiDict(again)
    mended["who-6"], mended["at-4"], mended["words-5"] = "new", "13:15", ""
    for number in (2, 3, 7, 8):
        for name in ("at", "what", "words"):
            mended[f"{name}-{number}"] = ""
    assert dana.post(PAPER, mended).location == PAPER
    assert len(all_of(Stay)) == 2
    assert len(all_of(LogEntry)) == 2
    # The first page, sent again from a browser's memory: what was entered is once, what says otherwise is told.
    changed = MultiDict(sent)
    changed["words-1"] = "The boiler was repaired"
    back = dana.post(PAPER, changed)
    assert "This line was entered already" in back.text
    assert len(all_of(LogEntry)) == 2


def test_more_lines_keep_what_is_typed_and_enter_nothing(dana: Browser, house: House) -> None:
    fields = lines(dana.form(PAPER).fields, {"at": "13:00", "what": "log", "words": "Soup"})
    fields["more"] = "yes"
    answer = dana.post(PAPER, fields)
    assert answer.status_code == 200
    assert len([name for name in kept(answer) if name.startswith("key-")]) == 16
    assert kept(answer)["words-1"] == "Soup"
    assert all_of(LogEntry) == []
    assert "Nothing is written here yet." in sends(dana)[0].text


def test_a_rule_of_the_house_is_asked_here_too(dana: Browser, house: House) -> None:
    change_rules(
        COMMAND, house.id, {"agreement_at_arrival": True, "nameless_stays": True}, number_seen=None, now=SUNDAY
    )
    aspen = bed(house, "Aspen").id
    answer, _sent = sends(dana, {"at": "13:00", "what": f"new:{aspen}"})
    assert "In this house the agreement is read together at arrival." in answer.text
    again = MultiDict(kept(answer))
    again["agreed-1"] = "yes"
    assert dana.post(PAPER, again).location == PAPER
    assert [stay.guest_id for stay in all_of(Stay)] == [None]


def test_nothing_of_another_house_and_for_nobody_who_keeps_no_beds(
    app: Flask, dana: Browser, house: House, person: MakePerson
) -> None:
    other = juniper(("Elm",), name="Elm House")
    person("both@example.org", {house.id: Role.PEER, other.id: Role.PEER}, "Bo")
    both = Browser(app, "both@example.org")
    sam = here(other, "Elm", "Sam", now=SUNDAY - 5 * HOUR)
    elm = bed(other, "Elm").id
    answer, _sent = sends(
        both,
        {"at": "13:00", "what": f"left:{elm}:{sam.id}"},
        {"at": "13:00", "what": f"promised:{sam.id}", "words": "A ride"},
    )
    assert answer.text.count("What this line is about is not there any more.") == 2
    assert (all_of(Stay)[0].state, all_of(Promise)) == ("here", [])
    person("vol@example.org", {house.id: Role.VOLUNTEER}, "Vol")
    assert Browser(app, "vol@example.org").get(PAPER).status_code == 404
    assert Browser(app, "vol@example.org").post(PAPER, {"what-1": "log"}).status_code == 404


def test_no_name_is_in_what_is_kept_of_the_answer(dana: Browser, house: House) -> None:
    sam = here(house, "Willow", "Sam", now=SUNDAY - 5 * HOUR)
    answer, _sent = sends(dana, {"at": "13:00", "what": f"left:{bed(house, 'Willow').id}:{sam.id}"}, {"what": "log"})
    entered = re.search(r"Entered just now(.*?)</section>", answer.text, re.DOTALL)
    assert entered is not None
    assert "Left: Willow." in entered[1]
    assert "Sam" not in entered[1]


@pytest.mark.parametrize(
    ("now", "at", "utc"),
    [
        # Denver went from 2 am back to 1 am on 1 November 2026: half past one came twice.
        (datetime(2026, 11, 1, 14, tzinfo=UTC), time(1, 30), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 8, tzinfo=UTC), time(1, 30), datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), time(1, 30), datetime(2026, 10, 31, 7, 30, tzinfo=UTC)),
        # And from 2 am on to 3 am on 8 March: half past two was not, and means the first instant after it.
        (datetime(2026, 3, 8, 15, tzinfo=UTC), time(2, 30), datetime(2026, 3, 8, 9, tzinfo=UTC)),
    ],
)
def test_the_last_time_the_clock_showed_an_hour(now: datetime, at: time, utc: datetime) -> None:
    assert last_at(at, "America/Denver", now) == utc
    assert last_at(at, "America/Denver", now) <= now
    assert was_at((utc - timedelta(hours=7)).date(), at, "America/Denver", now) == utc
