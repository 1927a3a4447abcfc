"""Filling a roster: asked for, taken by whoever solves, told of, stopped, and written in one act or not at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.core.clock import machine_now
from respite.core.db import transaction
from respite.houses.models import House
from respite.staffing.errors import AlreadyFilling
from respite.staffing.models import Roster, RosterRun, Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.choosing import DRAFT
from respite.staffing.queries.places import Place
from respite.staffing.queries.runs import DONE, GOING, LOST, OVERTAKEN, RUNNING, STOPPED, WAITING, going
from respite.staffing.roster.carrying import carried, digest
from respite.staffing.roster.parts import Shift as Asked
from respite.staffing.service.choosing_weeks import draft_of
from respite.staffing.service.overruling import forget_moved
from respite.staffing.service.posing import Posed, pose
from respite.staffing.service.rosters import FILLED, edited, seat_of

SECONDS = 30
SEED = 1


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a solver is given, and the places behind it."""

    run_id: uuid.UUID
    asked: dict[str, Any]
    posed: list[Posed]


def begin_run(
    actor: Actor, roster_id: uuid.UUID, *, seconds: int = SECONDS, seed: int = SEED, now: datetime
) -> RosterRun:
    """Ask for a draft to be filled. Raises AlreadyFilling, RosterOver, StillChoosing."""
    machine = machine_now()
    with transaction() as session:
        roster = draft_of(session, actor, roster_id, now)
        if going(session, machine) is not None:
            raise AlreadyFilling
        session.execute(
            sa.update(RosterRun)
            .where(RosterRun.house_id == roster.house_id, RosterRun.state.in_(GOING))
            .values(state=LOST, ended_at=machine)
        )
        run = RosterRun(
            house_id=roster.house_id,
            roster_id=roster.id,
            roster_version=roster.version,
            state=WAITING,
            seconds=seconds,
            seed=seed,
            inputs=b"",
            engine="",
            proven=False,
            uncovered_proven=False,
            heard_at=machine,
            made_at=now,
            made_by=actor.ref,
        )
        session.add(run)
    return run


def take_run(run_id: uuid.UUID, engine: str, *, now: datetime) -> Task | None:
    """Take a filling that waits, with what it is given. None: somebody else has it, or it was stopped."""
    with transaction() as session:
        run = _locked(session, run_id)
        if run is None or run.state != WAITING:
            return None
        roster, house = session.get_one(Roster, run.roster_id), session.get_one(House, run.house_id)
        if roster.state != DRAFT:
            run.state, run.ended_at = OVERTAKEN, machine_now()
            return None
        posed = [
            pose(session, house, roster.first_day, roster.until, kind, now)
            for kind in (ShiftKind.FLOOR, ShiftKind.ON_CALL)
        ]
        posed = [each for each in posed if each.places]
        problems = [carried(each.problem) for each in posed]
        run.state, run.roster_version, run.engine = RUNNING, roster.version, engine
        run.inputs = digest(problems)
        run.begun_at = run.heard_at = machine_now()
        asked = {"problems": problems, "seconds": run.seconds, "seed": run.seed}
    return Task(run_id=run_id, asked=asked, posed=posed)


def hear(run_id: uuid.UUID, told: dict[str, Any]) -> bool:
    """A sign of a filling, with how far it is. False: it is to end."""
    with transaction() as session:
        run = session.get(RosterRun, run_id, populate_existing=True)
        if run is None or run.state != RUNNING:
            return False
        run.heard_at = machine_now()
        if told:
            run.objective = sum(objective for objective, _bound in told.values())
            run.bound = sum(bound for _objective, bound in told.values())
        return run.stop_asked_at is None


def stop_run(actor: Actor, run_id: uuid.UUID, *, now: datetime) -> RosterRun:
    """Stop with the best so far. Said twice, or after its end, nothing more happens."""
    with transaction() as session:
        run = locked_row(session, actor, RosterRun, run_id, May.KEEP_SHIFTS)
        if run.state == WAITING:
            run.state, run.ended_at = STOPPED, machine_now()
        elif run.state == RUNNING:
            run.stop_asked_at = run.stop_asked_at or now
    return run


def lose_run(run_id: uuid.UUID) -> None:
    """The solver ended without an answer: the draft stays as it is."""
    with transaction() as session:
        run = _locked(session, run_id)
        if run is not None and run.state in GOING:
            run.state, run.ended_at = LOST, machine_now()


def finish_run(task: Task, answers: list[dict[str, Any]], *, now: datetime) -> str:
    """Write what was found into the draft, whole; nothing where the draft was changed meanwhile. The run's state."""
    with transaction() as session:
        run = _locked(session, task.run_id)
        if run is None or run.state != RUNNING:
            return LOST
        roster = session.get_one(Roster, run.roster_id, populate_existing=True)
        _note(run, answers)
        if roster.version != run.roster_version or roster.state != DRAFT:
            run.state = OVERTAKEN
            return OVERTAKEN
        for posed, answer in zip(task.posed, answers, strict=True):
            if answer["state"] in ("proven", "found"):
                _write(session, roster, posed, answer["roster"])
        session.flush()
        forget_moved(session, roster)
        edited(session, roster, CLOCK, now)
        run.state = STOPPED if run.stop_asked_at is not None else DONE
    return run.state


def _note(run: RosterRun, answers: list[dict[str, Any]]) -> None:
    machine = machine_now()
    run.ended_at = run.heard_at = machine
    run.took = round(sum(each["seconds"] for each in answers) * 1000)
    run.objective = sum(each["objective"] for each in answers)
    run.bound = sum(each["bound"] for each in answers)
    run.proven = all(each["state"] == "proven" for each in answers)
    run.uncovered = sum(missing * (1 if tag else 2) for each in answers for *_shift, tag, missing in each["gaps"])
    least = [each["least"] or 0 for each in answers if each["least_proven"]]
    run.uncovered_proven = len(least) == len(answers) and sum(least) == run.uncovered
    run.found = {
        "gaps": [gap for each in answers for gap in each["gaps"]],
        "causes": [cause for each in answers for cause in each["causes"]],
        "states": [each["state"] for each in answers],
    }


def _write(session: Session, roster: Roster, posed: Posed, assigned: list[list[Any]]) -> None:
    """Each shift's people onto its places: who sits on one of them already stays there."""
    people: dict[Asked, set[uuid.UUID]] = {shift: set() for shift in posed.places}
    for person, day, kind in assigned:
        people.setdefault(Asked(day, kind), set()).add(uuid.UUID(person))
    for shift, places in posed.places.items():
        waiting = set(people[shift])
        kept = {place.shift_id for place in places if place.person_id in waiting and _leaves(waiting, place)}
        rest = sorted(waiting, key=str)
        for place in places:
            if place.shift_id in kept or place.locked:
                continue
            person = rest.pop(0) if rest else None
            if person == place.person_id:
                continue
            seat = seat_of(session, roster, session.get_one(Shift, place.shift_id))
            seat.person_id, seat.how = person, FILLED
            session.add(seat)


def _leaves(waiting: set[uuid.UUID], place: Place) -> bool:
    if place.person_id is not None:
        waiting.discard(place.person_id)
    return True


def _locked(session: Session, run_id: uuid.UUID) -> RosterRun | None:
    """The run behind its house's lock."""
    run = session.get(RosterRun, run_id)
    if run is None:
        return None
    lock_house(session, CLOCK, run.house_id, May.KEEP_SHIFTS)
    return session.get(RosterRun, run_id, populate_existing=True)
