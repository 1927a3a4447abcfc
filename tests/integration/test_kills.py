"""A process that dies at any point of an act leaves all of it or nothing, and the event log whole.

Each act runs in a forked child that ends itself, as `kill -9` would, at one statement of its transaction, just
before its commit, or just after.
"""

from __future__ import annotations

import os
import sys
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from respite.accounts.acting import act_once
from respite.accounts.actor import COMMAND, Actor
from respite.audit.service import broken_links
from respite.core.db import db
from respite.core.due import due_rows, sweep
from respite.guests.models import Undoable
from respite.guests.policy.offers import How
from respite.guests.service.arriving import settle_in, welcome, welcome_new
from respite.guests.service.companions import change_companions
from respite.guests.service.leaving import add_account, leave
from respite.guests.service.moving import extend, move, swap
from respite.guests.service.notes import leave_line, make_note
from respite.guests.service.offering import offer_bed, run_out, say_not_now, say_yes, take_back
from respite.guests.service.people import Named
from respite.guests.service.saving import call_made, confirm, let_go, save_bed, save_longer
from respite.guests.service.staying import choose_for_wall, come_back, go_out, wish_check_in
from respite.guests.service.undo import undo
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed
from respite.guests.service.waiting import add_waiting, end_waiting
from respite.houses.queries import beds_of
from respite.houses.service.doors import close_bed, make_ready, open_bed_again
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.places import SUNDAY

KILLED = 99
DONE = 0
SUN = date(2026, 11, 22)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OVER = SUNDAY + 2 * HOUR  # of an offer made now


@dataclass
class Place:
    """A house in the middle of its day, by ids: the rows belong to sessions that come and go."""

    boss: Actor
    beds: list[uuid.UUID]
    house_id: uuid.UUID
    saved: uuid.UUID
    here: uuid.UUID
    guest: uuid.UUID
    other: uuid.UUID
    left: uuid.UUID
    visit: uuid.UUID
    waiting: uuid.UUID
    offer: uuid.UUID
    closure: uuid.UUID
    undoable: uuid.UUID


@pytest.fixture
def place(app: Flask, actor_in: Callable[..., Actor]) -> Place:
    house = open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=7, chairs=2, now=SUNDAY
    ).id
    boss = actor_in(house)
    beds = [bed.id for bed in beds_of(db.session(), house)]
    left = welcome_new(boss, house, who=Named("Lee"), nights=1, bed_id=beds[4], now=SUNDAY - DAY).id
    leave(boss, left, now=SUNDAY - HOUR)
    here = welcome_new(boss, house, who=Named("Robin"), nights=2, bed_id=beds[0], now=SUNDAY)
    ids = {"here": here.id, "guest": here.guest_id, "left": left, "house_id": house}
    ids["other"] = welcome_new(boss, house, who=Named("Sam"), nights=3, bed_id=beds[1], now=SUNDAY).id
    ids["closure"] = close_bed(boss, beds[3], first_night=SUN, until=SUN + 2 * DAY, reason="", now=SUNDAY).id
    ids["visit"] = begin_visit(boss, house, who=Named("Sky"), now=SUNDAY).id
    ids["waiting"] = add_waiting(boss, house, who=Named("Ida"), now=SUNDAY).id
    ids["saved"] = save_bed(boss, house, who=Named("Jo"), nights=2, bed_id=beds[2], minutes=60, now=SUNDAY).id
    asked = add_waiting(boss, house, who=Named("Vi"), since=SUNDAY - DAY, now=SUNDAY).id
    kept = {"bed_id": beds[6], "waiting_id": asked, "how": How.CALL, "goes_on": True}
    ids["offer"] = offer_bed(boss, house, **kept, now=SUNDAY).id  # type: ignore[arg-type]
    ids["undoable"] = db.session.scalar(sa.select(Undoable.id).order_by(Undoable.at.desc()).limit(1))
    db.session.remove()
    return Place(boss, beds, **ids)  # type: ignore[arg-type]


ACTS: dict[str, Callable[[Place], object]] = {
    "save": lambda p: save_bed(p.boss, p.house_id, who=Named("Al"), nights=2, now=SUNDAY),
    "save once": lambda p: act_once(p.boss, "k", "r", b"b", lambda: {"id": str(ACTS["save"](p).id)}),
    "confirm": lambda p: confirm(p.boss, p.saved, now=SUNDAY),
    "save longer": lambda p: save_longer(p.boss, p.saved, now=SUNDAY + HOUR / 2),
    "call made": lambda p: call_made(p.boss, p.saved, now=SUNDAY),
    "let go": lambda p: let_go(p.boss, p.saved, now=SUNDAY),
    "run out": lambda p: sweep(SUNDAY + 2 * HOUR),
    "welcome": lambda p: welcome(p.boss, p.saved, now=SUNDAY),
    "welcome new": lambda p: welcome_new(p.boss, p.house_id, who=Named("Al"), nights=1, now=SUNDAY),
    "settle in": lambda p: settle_in(p.boss, p.here, agreed=True, lockbox="7", lockbox_key_out=True, now=SUNDAY),
    "companions": lambda p: change_companions(p.boss, p.here, {"child": 1}, now=SUNDAY),
    "move": lambda p: move(p.boss, p.here, p.beds[5], now=SUNDAY),
    "swap": lambda p: swap(p.boss, p.here, p.other, now=SUNDAY),
    "extend": lambda p: extend(p.boss, p.here, 1, now=SUNDAY),
    "leave": lambda p: leave(p.boss, p.here, now=SUNDAY + HOUR),
    "account": lambda p: add_account(p.boss, p.left, "It was quiet.", now=SUNDAY),
    "out": lambda p: go_out(p.boss, p.here, back_about=None, now=SUNDAY),
    "back": lambda p: come_back(p.boss, p.here, now=SUNDAY),
    "check-in wish": lambda p: wish_check_in(p.boss, p.here, "at 8 pm", now=SUNDAY),
    "wall choice": lambda p: choose_for_wall(p.boss, p.guest, "initial", None, now=SUNDAY),
    "note": lambda p: make_note(p.boss, p.here, "No milk, please.", now=SUNDAY),
    "line": lambda p: leave_line(p.boss, p.house_id, "The third night I slept.", now=SUNDAY),
    "visit": lambda p: begin_visit(p.boss, p.house_id, who=None, now=SUNDAY),
    "visit ends": lambda p: end_visit(p.boss, p.visit, now=SUNDAY),
    "chair to bed": lambda p: go_on_to_bed(p.boss, p.visit, nights=1, now=SUNDAY),
    "waiting": lambda p: add_waiting(p.boss, p.house_id, who=Named("Wes"), now=SUNDAY),
    "waiting ends": lambda p: end_waiting(p.boss, p.waiting, "taken-off", now=SUNDAY),
    "offer": lambda p: offer_bed(p.boss, p.house_id, bed_id=p.beds[5], waiting_id=p.waiting, how=How.CALL, now=SUNDAY),
    "offer taken up": lambda p: say_yes(p.boss, p.offer, now=SUNDAY),
    "offer left": lambda p: say_not_now(p.boss, p.offer, now=SUNDAY),
    "offer taken back": lambda p: take_back(p.boss, p.offer, now=SUNDAY),
    "offer runs out": lambda p: [run_out(row, OVER) for row in due_rows(OVER) if row.subject == p.offer],
    "close": lambda p: close_bed(p.boss, p.beds[5], first_night=SUN, until=SUN + DAY, reason="", now=SUNDAY),
    "open": lambda p: open_bed_again(p.boss, p.closure, now=SUNDAY),
    "ready": lambda p: make_ready(p.boss, p.beds[4], now=SUNDAY),
    "rules": lambda p: change_rules(p.boss, p.house_id, {"longest_stay": 9}, number_seen=None, now=SUNDAY),
    "undo": lambda p: undo(p.boss, p.undoable, now=SUNDAY),
}  # type: ignore[dict-item]


def digest() -> list[tuple[object, ...]]:
    """Every row of every table, as it lies in the database."""
    with db.engine.connect() as connection:
        return [
            (table.name, *row)
            for table in db.metadata.sorted_tables
            for row in sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')), key=repr)
        ]


def killed(act: Callable[[], object], arm: Callable[[], None]) -> int:
    """Run the act in a child armed to kill itself; the child's exit code."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            arm()
            act()
            os._exit(DONE)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def before_commit() -> None:
    Session.commit = lambda _session: os._exit(KILLED)  # type: ignore[method-assign]


def after_commit() -> None:
    commit = Session.commit

    def commit_and_die(session: Session) -> None:
        commit(session)
        os._exit(KILLED)

    Session.commit = commit_and_die  # type: ignore[method-assign]


def at_statement(number: int) -> Callable[[], None]:
    def arm() -> None:
        seen = 0

        def count(*_arguments: object) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                os._exit(KILLED)

        event.listen(db.engine, "after_cursor_execute", count)

    return arm


@pytest.mark.parametrize("name", ACTS)
def test_killed_before_its_commit_an_act_left_nothing_and_after_it_everything(place: Place, name: str) -> None:
    act = ACTS[name]
    before = digest()
    assert killed(lambda: act(place), before_commit) == KILLED
    assert digest() == before
    assert killed(lambda: act(place), after_commit) == KILLED
    assert digest() != before
    assert list(broken_links()) == []


@pytest.mark.parametrize("name", ["save", "welcome", "swap", "leave", "chair to bed", "undo", "offer taken up"])
def test_killed_at_any_statement_an_act_left_nothing(place: Place, name: str) -> None:
    before = digest()
    number, code = 0, KILLED
    while code == KILLED:
        number += 1
        code = killed(lambda: ACTS[name](place), at_statement(number))
        if code == KILLED:
            assert digest() == before, f"half of it stood after statement {number}"
    assert code == DONE
    assert number > 10
    assert digest() != before
