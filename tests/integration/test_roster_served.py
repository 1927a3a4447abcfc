"""A roster is filled while the house is served: pages go on, and whatever is killed leaves the draft as it was."""

from __future__ import annotations

import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND
from respite.accounts.models import Membership, Person
from respite.accounts.roles import Role
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.service.opening import open_house
from respite.staffing.models import Availability, RosterRun, RosterSeat, Shift
from respite.staffing.policy.patterns import Starter, starters
from respite.staffing.queries.runs import SILENT
from respite.staffing.service.patterns import make_patterns
from respite.staffing.service.rosters import begin_roster
from tests.places import settings_for
from tests.servers import Server, server_for
from tests.texting_world import until
from tests.visitors import Visitor

pytestmark = pytest.mark.slow

PAGE, BOARD, SHIFTS = (f"/houses/juniper-house/{each}" for each in ("roster", "board", "shifts"))
PEERS = 14
T = TypeVar("T")
WEEKS = 4


@dataclass
class Filled:
    """A house with a draft that takes longer to fill than anything else here; Dana keeps it."""

    server: Server
    roster_id: uuid.UUID
    people: dict[str, uuid.UUID]

    def runs(self) -> list[str]:
        """The states of all fillings, the first one first."""
        return self.read(sa.select(RosterRun.state).order_by(RosterRun.made_at))

    def seats(self) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
        with db.engine.connect() as connection:
            found = connection.execute(sa.select(RosterSeat.shift_id, RosterSeat.person_id))
            return {(row[0], row[1]) for row in found}

    def read(self, wanted: sa.Select[tuple[T]]) -> list[T]:
        """What stands in the database now; nothing is held, so that the server can write."""
        with db.engine.connect() as connection:
            return list(connection.scalars(wanted))

    def begins(self, dana: Visitor, seconds: int) -> None:
        letter = dana.fill(PAGE, f"/rosters/{self.roster_id}/fill", seconds=str(seconds))
        assert dana.send(letter).status == 200
        until(lambda: self.runs()[-1] == "running" and self.solver(), "it is being filled")

    def ended(self) -> str:
        """Wait until the latest filling is over; how it ended."""
        until(lambda: self.runs()[-1] not in ("waiting", "running"), "it ends", seconds=120)
        return self.runs()[-1]

    def solver(self) -> int | None:
        """The solver's process, which the server started."""
        assert self.server.process is not None
        for path in Path("/proc").glob("[0-9]*"):
            try:
                group = int((path / "stat").read_text().rpartition(")")[2].split()[2])
                if group == self.server.process.pid and b"roster.alone" in (path / "cmdline").read_bytes():
                    return int(path.name)
            except OSError:
                continue  # it ended meanwhile
        return None


@pytest.fixture
def house(tmp_path: Path, migrated_sqlite: Path, key_file: Path) -> Iterator[Filled]:
    shutil.copy(migrated_sqlite, tmp_path / "house.db")
    url, now = f"sqlite:///{tmp_path / 'house.db'}", machine_now()
    with create_app(settings_for(url, key_file)).app_context():
        juniper = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=now)
        people = {name: joins(juniper.id, name, now) for name in ("Dana", *(f"Peer {n}" for n in range(PEERS)))}
        today = now.date()
        monday = today + timedelta(days=7 - today.weekday())
        asked = starters(Starter.THREE, ("Day", "Evening", "Night"))
        make_patterns(COMMAND, juniper.id, asked, first_day=monday, now=now)
        wishes(juniper.id, list(people.values())[1:])
        roster = begin_roster(COMMAND, juniper.id, first_day=monday, until=monday + timedelta(weeks=WEEKS), now=now)
        filled = Filled(server_for(url, key_file, tmp_path, REDIS_URL="").start(), roster.id, people)
        try:
            yield filled
        finally:
            filled.server.kill()
            db.session.remove()
            db.engine.dispose()


def joins(house_id: uuid.UUID, name: str, now: datetime) -> uuid.UUID:
    role = Role.COORDINATOR if name == "Dana" else Role.PEER
    with transaction() as session:
        person = Person(email=f"{uuid.uuid4().hex}@example.org", name=name, password_hash=None, made_at=now)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, house_id=house_id, role=role, began_at=now))
    return person.id


def wishes(house_id: uuid.UUID, people: list[uuid.UUID]) -> None:
    """Each would gladly do something and rather not do something else, so that much has to be weighed."""
    with transaction() as session:
        for place, person_id in enumerate(people):
            for turn, how in enumerate(("gladly", "rather-not")):
                begin = (7 + 8 * (place + turn)) % 24
                session.add(
                    Availability(
                        house_id=house_id, person_id=person_id, how=how, weekday=(place * 3 + turn) % 7,
                        begins=time(begin), ends=time((begin + 8) % 24),
                    )
                )  # fmt: skip


def test_pages_and_acts_are_answered_while_a_roster_is_filled(house: Filled) -> None:
    dana, peer = (Visitor(house.server.url, house.people[name]) for name in ("Dana", "Peer 3"))
    house.begins(dana, seconds=120)
    for _again in range(3):
        assert dana.get(BOARD).status == dana.get(PAGE).status == peer.get("/me").status == 200
    letter = peer.fill(SHIFTS, f"{SHIFTS}/here", until="23:59")
    assert peer.send(letter).status == 200
    assert house.read(sa.select(Shift.person_id).where(Shift.came_at.is_not(None))) == [house.people["Peer 3"]]
    assert house.runs() == ["running"], "everything was answered before it ended"
    assert house.solver() is not None


def test_a_killed_solver_leaves_the_draft_and_the_next_filling_works(house: Filled) -> None:
    dana = Visitor(house.server.url, house.people["Dana"])
    house.begins(dana, seconds=10)
    assert house.ended() == "done"
    before = house.seats()
    assert len(before) >= WEEKS * 7 * 3
    house.begins(dana, seconds=120)
    child = house.solver()
    assert child is not None
    os.kill(child, signal.SIGKILL)
    assert house.ended() == "lost"
    assert "It ended without an answer. The draft is as it was" in dana.get(PAGE).body
    assert house.seats() == before
    goes_again(house, dana)


def test_a_killed_server_takes_its_solver_along_and_the_next_filling_works(house: Filled) -> None:
    house.begins(Visitor(house.server.url, house.people["Dana"]), seconds=120)
    child = house.solver()
    assert child is not None
    assert house.server.process is not None
    worker = next(
        int(pid)
        for path in Path(f"/proc/{house.server.process.pid}/task").glob("*/children")
        for pid in path.read_text().split()
    )
    for pid in (house.server.process.pid, worker):  # and not the solver: it finds out by itself
        os.kill(pid, signal.SIGKILL)
    house.server.process.wait(timeout=20)
    until(lambda: not Path(f"/proc/{child}").exists(), "the solver ends with the server")
    assert house.seats() == set()
    house.server.start()
    with transaction() as session:  # as when a minute has gone by
        session.execute(sa.update(RosterRun).values(heard_at=machine_now() - SILENT - timedelta(seconds=1)))
    dana = Visitor(house.server.url, house.people["Dana"])
    assert "It ended without an answer. The draft is as it was" in dana.get(PAGE).body
    goes_again(house, dana)


def goes_again(house: Filled, dana: Visitor) -> None:
    house.begins(dana, seconds=10)
    assert house.ended() == "done"
    assert len(house.seats()) >= WEEKS * 7 * 3
