"""Filling a house's roster: by a solver in a process of its own, and published once. On both databases."""

from __future__ import annotations

import os
import signal
import threading
import time as machine_time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose
from respite.staffing import solver
from respite.staffing.errors import AlreadyFilling, RosterOver
from respite.staffing.models import Roster, RosterRun, RosterSeat, Shift, TimeOff
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.service.fitting import against
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.publishing import publish
from respite.staffing.service.rosters import begin_roster, edited
from respite.staffing.service.runs import begin_run, stop_run, take_run
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

ActorIn = Callable[..., Actor]
MONDAY = date(2026, 11, 30)
WEEK = timedelta(days=7)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peers(juniper: House, actor_in: ActorIn) -> list[Actor]:
    return [actor_in(juniper.id, Role.PEER, f"Peer {letter}") for letter in "ABCDEFGHJ"]


@pytest.fixture
def roster(juniper: House, peers: list[Actor], actor_in: ActorIn) -> Roster:
    make_patterns(actor_in(juniper.id), juniper.id, starters(Starter.THREE, ("Day", "Evening", "Night")),
                  first_day=MONDAY, now=SUNDAY)  # fmt: skip
    return begin_roster(COMMAND, juniper.id, first_day=MONDAY, until=MONDAY + WEEK, now=SUNDAY)


def filled(roster: Roster, seconds: int = 3) -> RosterRun:
    run = begin_run(COMMAND, roster.id, seconds=seconds, seed=1, now=SUNDAY)
    solver.run(run.id)
    db.session.rollback()
    return db.session.get_one(RosterRun, run.id, populate_existing=True)


def seats(roster: Roster) -> dict[uuid.UUID, uuid.UUID | None]:
    return {seat.shift_id: seat.person_id for seat in rows(RosterSeat, RosterSeat.roster_id == roster.id)}


def shifts_of(house: House) -> list[Shift]:
    return rows(Shift, Shift.house_id == house.id, Shift.starts_at < SUNDAY + timedelta(days=15))


def test_every_place_is_filled_and_the_judge_finds_nothing(juniper: House, roster: Roster) -> None:
    run = filled(roster)
    assert (run.state, run.uncovered, run.uncovered_proven) == ("done", 0, True)
    assert run.engine.startswith("ortools ")
    assert (run.seed, len(run.inputs)) == (1, 32)
    given = seats(roster)
    assert len(given) >= 21
    for shift_id, person in given.items():
        assert person is not None
        assert not against(db.session(), juniper, person, shift_id, SUNDAY, instead_of=[shift_id])
    assert all(shift.person_id is None for shift in shifts_of(juniper))  # a draft is nobody's shift yet


def test_what_cannot_be_filled_stays_open_and_is_proven(juniper: House, roster: Roster, peers: list[Actor]) -> None:
    with transaction() as session:
        for peer in peers:
            session.add(
                TimeOff(
                    house_id=juniper.id, person_id=peer.id, first_day=MONDAY, until=MONDAY + timedelta(days=1),
                    state="agreed", asked_at=SUNDAY,
                )
            )  # fmt: skip
    run = filled(roster)
    assert run.found is not None
    assert {gap[0] for gap in run.found["gaps"]} == {0}
    assert run.uncovered_proven
    assert run.found["causes"]


def test_published_once_and_each_is_told_once(juniper: House, roster: Roster, peers: list[Actor]) -> None:
    for place, peer in enumerate(peers[:-1]):
        person_at(juniper, f"+1303555{1000 + place}", kind=CorrespondentKind.PEER, subject_id=peer.id,
                  consents=(Purpose.SHIFTS,))  # fmt: skip
    filled(roster)
    wanted = seats(roster)
    done = publish(COMMAND, roster.id, now=SUNDAY)
    stand = {shift.id: shift.person_id for shift in shifts_of(juniper) if shift.id in wanted}
    assert stand == wanted
    concerned = {person for person in wanted.values() if person}
    assert {*done.told, *done.to_call} == concerned
    assert done.to_call == ([peers[-1].id] if peers[-1].id in concerned else [])
    texts = rows(Message, Message.template == "roster-published")
    assert len(texts) == len(done.told)
    with pytest.raises(RosterOver):
        publish(COMMAND, roster.id, now=SUNDAY)
    assert len(rows(Message, Message.template == "roster-published")) == len(texts)


def test_only_those_whose_shifts_changed_are_told(juniper: House, roster: Roster, peers: list[Actor]) -> None:
    filled(roster)
    publish(COMMAND, roster.id, now=SUNDAY)
    again = begin_roster(COMMAND, juniper.id, first_day=MONDAY, until=MONDAY + WEEK, now=SUNDAY)
    shift = next(each for each in shifts_of(juniper) if each.person_id)
    before = shift.person_id
    free = next(
        peer for peer in peers if peer.id != before and not against(db.session(), juniper, peer.id, shift.id, SUNDAY)
    )
    db.session.rollback()
    with transaction() as session:
        session.add(
            RosterSeat(house_id=juniper.id, roster_id=again.id, shift_id=shift.id, person_id=free.id, how="set")
        )
    done = publish(COMMAND, again.id, now=SUNDAY)
    assert done.changed == 1
    assert set(done.to_call) == {before, free.id}


def test_an_edit_meanwhile_overtakes_it(juniper: House, roster: Roster) -> None:
    run = begin_run(COMMAND, roster.id, seconds=2, seed=1, now=SUNDAY)
    task = take_run(run.id, "a test", now=SUNDAY)
    assert task is not None
    with transaction() as session:
        edited(session, session.get_one(Roster, roster.id), COMMAND, SUNDAY)
    answers = [{"state": "found", "roster": [], "seconds": 1.0, "objective": 0, "bound": 0, "gaps": [], "causes": [],
                "least": 0, "least_proven": False} for _each in task.posed]  # fmt: skip
    assert solver.finish_run(task, answers, now=SUNDAY) == "overtaken"
    assert seats(roster) == {}


def solver_of_this_process() -> int | None:
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            if b"roster.alone" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return None


@pytest.fixture
def solving(app: Flask, roster: Roster) -> Iterator[tuple[uuid.UUID, int]]:
    """A run that would take a minute, and its solver's process."""
    run_id = begin_run(COMMAND, roster.id, seconds=60, seed=1, now=SUNDAY).id
    solver.start(run_id)
    until = machine_time.monotonic() + 60
    child = None
    while child is None:
        assert machine_time.monotonic() < until, "no solver came"
        machine_time.sleep(0.05)
        child = solver_of_this_process()
    yield run_id, child
    stop_run(COMMAND, run_id, now=SUNDAY)
    over(run_id)
    for thread in threading.enumerate():
        if thread.name == "roster-run":
            thread.join(30)


def over(run_id: uuid.UUID) -> RosterRun:
    until = machine_time.monotonic() + 90
    while True:
        db.session.rollback()
        run = db.session.get_one(RosterRun, run_id, populate_existing=True)
        if run.ended_at is not None:
            return run
        assert machine_time.monotonic() < until, "it did not end"
        machine_time.sleep(0.05)


def test_a_killed_solver_leaves_the_draft_as_it_was(roster: Roster, solving: tuple[uuid.UUID, int]) -> None:
    run_id, child = solving
    os.kill(child, signal.SIGKILL)
    assert over(run_id).state == "lost"
    assert seats(roster) == {}


def test_one_at_a_time_and_stopped_with_the_best_so_far(roster: Roster, solving: tuple[uuid.UUID, int]) -> None:
    run_id, _child = solving
    with pytest.raises(AlreadyFilling):
        begin_run(COMMAND, roster.id, seconds=1, seed=1, now=SUNDAY)
    stop_run(COMMAND, run_id, now=SUNDAY)
    assert over(run_id).state == "stopped"


def test_the_command_fills_publishes_and_says_so(app: Flask, juniper: House, roster: Roster) -> None:
    told = app.test_cli_runner().invoke(
        args=["roster", "fill", "juniper-house", "--from", "2026-11-30", "--weeks", "1", "--seconds", "3", "--publish"]
    )
    assert told.exit_code == 0, told.output
    assert "Every place is filled." in told.output
    assert "proven" in told.output
    assert "published: " in told.output
    assert all(shift.person_id for shift in shifts_of(juniper) if shift.starts_at < SUNDAY + timedelta(days=14))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere", "--from", "2026-11-30"], "There is no house nowhere."),
        (["juniper-house", "--from", "2026-11-21"], "Please choose days from 2026-11-22 on"),
        (["juniper-house", "--from", "2027-01-10"], "before 2027-01-17"),
        (["juniper-house", "--from", "soon"], "Invalid value"),
    ],
)
def test_a_wrong_question_is_answered_in_words(app: Flask, juniper: House, args: list[str], said: str) -> None:
    told = app.test_cli_runner().invoke(args=["roster", "fill", *args])
    assert told.exit_code != 0
    assert said in told.output


def test_a_house_without_shifts_is_told_where_they_come_from(app: Flask, juniper: House) -> None:
    told = app.test_cli_runner().invoke(args=["roster", "fill", "juniper-house", "--from", "2026-11-30"])
    assert "No shift begins in these days." in told.output
    assert rows(Roster, sa.true()) == []
