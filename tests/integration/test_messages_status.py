"""`messages status` and the doctor say how texts stand: what waits, what nobody knows, what a person has to decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.cli.checks import texts
from respite.cli.checks.finding import Finding, Weight
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.models import Attempt, Mark, Message, Pause
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import pausing
from tests.places import SUNDAY, settings_for

NAME, NUMBER = "Quetzal-Robin", "+13035550142"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def text(house: House, state: State, *, waits: timedelta | None = None, tried: timedelta | None = None) -> Message:
    """A text in that state; due `waits` ago by the house clock, tried `tried` ago by the machine's."""
    with transaction() as session:
        message = Message(
            house_id=house.id,
            purpose=Purpose.SHIFTS,
            language="en",
            segments=1,
            number_index=b"n",
            dedupe_key=uuid.uuid4().hex,
            made_by="clock:0",
            made_at=SUNDAY,
            not_before=SUNDAY - (waits or timedelta()),
            not_after=SUNDAY + timedelta(days=1),
            state=state,
            next_at=SUNDAY - waits if waits is not None else None,
            attempt_no=0 if tried is None else 2,
        )
        message.body, message.number = f"Hello {NAME}", NUMBER
        session.add(message)
        session.flush()
        if tried is not None:
            for n, at in ((1, machine_now() - timedelta(days=1)), (2, machine_now() - tried)):
                session.add(Attempt(message_id=message.id, n=n, started_at=at))
    return message


def status(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["messages", "status"])


def line(result: Result, name: str) -> str:
    return next(each.removeprefix(name).strip() for each in result.output.splitlines() if each.startswith(f"{name} "))


def test_a_line_on_which_nothing_happened(app: Flask, juniper: House) -> None:
    result = status(app)
    assert result.exit_code == 0, result.output
    assert [line(result, name) for name in ("line", "paused", "oldest waiting", "oldest unknown", "for a person")] == [
        "set up",
        "no",
        "none",
        "none",
        "0",
    ]
    assert line(result, "last webhook") == "never"


def test_what_waits_and_what_arrived_is_counted(app: Flask, juniper: House, aspen: House) -> None:
    for house in (juniper, juniper, aspen):
        text(house, State.DELIVERED)
    text(juniper, State.QUEUED, waits=timedelta(minutes=7))
    text(aspen, State.SCHEDULED, waits=timedelta(minutes=-30))
    text(juniper, State.UNKNOWN, tried=timedelta(seconds=90))
    with transaction() as session:
        session.add_all(
            [Mark(name="webhook", at=machine_now() - timedelta(hours=3)), Mark(name="inbound-swept", at=machine_now())]
        )
    result = status(app)
    assert result.exit_code == 0, result.output
    assert [line(result, name) for name in ("scheduled", "queued", "unknown", "delivered")] == ["1", "1", "1", "3"]
    assert [line(result, f"oldest {what}") for what in ("waiting", "due")] == ["7 min", "7 min"]
    assert line(result, "oldest unknown") in ("90 s", "91 s", "92 s")
    assert line(result, "last webhook") == "3 h"
    assert line(result, "last sweep").endswith(" s")


def test_what_waits_for_a_pause_or_for_somebodys_hours_is_not_due(app: Flask, juniper: House) -> None:
    message = text(juniper, State.SCHEDULED, waits=timedelta(hours=3))
    assert status(app).exit_code == 1, "nobody has taken it up for three hours"
    with transaction() as session:
        session.get_one(Message, message.id).next_at = SUNDAY + timedelta(minutes=5)
    result = status(app)
    assert (result.exit_code, line(result, "oldest waiting"), line(result, "oldest due")) == (0, "3 h", "none")


def test_a_house_without_a_line_waits_for_nothing(app: Flask, juniper: House) -> None:
    app.extensions["respite.gateway"] = None
    text(juniper, State.QUEUED, waits=timedelta(hours=3))
    result = status(app)
    assert (result.exit_code, line(result, "line")) == (0, "not set up: no text leaves")


def test_a_text_that_a_person_has_to_decide_about_ends_it_with_1(app: Flask, juniper: House) -> None:
    message = text(juniper, State.NEEDS_HUMAN)
    result = status(app)
    assert (result.exit_code, line(result, "for a person")) == (1, "1")
    with transaction() as session:
        session.get_one(Message, message.id).decided_at = SUNDAY
    assert status(app).exit_code == 0


def test_what_nobody_knows_for_long_and_the_providers_alarm_end_it_with_1(app: Flask, juniper: House) -> None:
    text(juniper, State.UNKNOWN, tried=timedelta(minutes=11))
    result = status(app)
    assert (result.exit_code, line(result, "oldest unknown")) == (1, "11 min")
    with transaction() as session:
        session.query(Message).update({"state": State.DELIVERED})
        session.add(Pause(why="provider", code=20003, since=SUNDAY))
    result = status(app)
    assert (result.exit_code, line(result, "paused")) == (1, "by the provider")


def test_a_pause_that_people_made_is_said_and_is_no_alarm(app: Flask, juniper: House, aspen: House) -> None:
    pausing.pause(COMMAND, juniper.id, None, SUNDAY)
    pausing.pause(COMMAND, aspen.id, None, SUNDAY)
    pausing.pause(COMMAND, aspen.id, Purpose.CARING, SUNDAY)
    result = status(app)
    assert (result.exit_code, line(result, "paused")) == (0, "a house (2), caring (1)")


def test_no_name_no_number_and_no_word_is_in_it(app: Flask, juniper: House) -> None:
    for state in State:
        text(juniper, state, tried=timedelta(minutes=20))
    said = status(app).output
    for secret in (NAME, NUMBER, NUMBER[-4:], "Hello", "Juniper"):
        assert secret not in said


# -- the doctor --------------------------------------------------------------------------------------------------


Look = Callable[[], list[Finding]]


@pytest.fixture
def look(app: Flask) -> Look:
    return lambda: list(texts.check(app.extensions["respite.settings"]))


def weights(findings: list[Finding]) -> list[Weight]:
    return [finding.weight for finding in findings]


def test_a_demo_house_is_well(look: Look, juniper: House) -> None:
    assert weights(look()) == [Weight.FINE]


def test_a_real_house_without_a_number_is_told_so(app: Flask, look: Look, juniper: House, key_file: Path) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.extensions["respite.settings"] = settings_for(url, key_file, mode="production")
    app.extensions["respite.gateway"] = None
    found = look()
    assert weights(found) == [Weight.LOOK]
    assert "No number for texts is set up" in found[0].what


@pytest.mark.parametrize(
    ("state", "tried", "said"),
    [
        (State.UNKNOWN, timedelta(minutes=11), "for more than ten minutes"),
        (State.NEEDS_HUMAN, timedelta(), "One text waits for a person."),
    ],
)
def test_a_text_with_an_open_end(look: Look, juniper: House, state: State, tried: timedelta, said: str) -> None:
    text(juniper, state, tried=tried)
    found = look()
    assert weights(found) == [Weight.FINE, Weight.LOOK]
    assert said in found[1].what


def test_texts_that_are_due_and_do_not_leave(look: Look, juniper: House) -> None:
    text(juniper, State.QUEUED, waits=timedelta(minutes=9))
    assert weights(look()) == [Weight.FINE]
    text(juniper, State.QUEUED, waits=timedelta(minutes=11))
    assert weights(look()) == [Weight.FINE, Weight.MEND]


def test_a_text_of_which_nobody_knows_for_a_minute_is_no_matter(look: Look, juniper: House) -> None:
    text(juniper, State.UNKNOWN, tried=timedelta(minutes=1))
    assert weights(look()) == [Weight.FINE]


def test_pauses(look: Look, juniper: House) -> None:
    pausing.pause(COMMAND, juniper.id, None, SUNDAY)
    assert weights(look()) == [Weight.FINE, Weight.LOOK]
    with transaction() as session:
        session.add(Pause(why="provider", code=30034, since=SUNDAY))
    assert weights(look()) == [Weight.FINE, Weight.MEND, Weight.LOOK]


class Telling:
    """Stands where a provider would whose statuses come back; nothing is asked of it here."""

    tells_statuses = True


@pytest.mark.parametrize(
    ("swept", "weight"),
    [(None, Weight.LOOK), (timedelta(minutes=31), Weight.MEND), (timedelta(minutes=5), Weight.FINE)],
)
def test_the_sweep_for_missed_texts(
    app: Flask, look: Look, juniper: House, swept: timedelta | None, weight: Weight
) -> None:
    app.extensions["respite.gateway"] = Telling()
    if swept is not None:
        with transaction() as session:
            session.add(Mark(name="inbound-swept", at=machine_now() - swept))
    assert weights(look()) == [Weight.FINE, weight]


def test_the_doctor_looks_at_texts(app: Flask, juniper: House) -> None:
    text(juniper, State.NEEDS_HUMAN)
    db.session.remove()
    assert "One text waits for a person." in app.test_cli_runner().invoke(args=["doctor"]).output
