"""The last bed, wanted by many at once, over HTTP against the server a house runs.

`THOROUGH=50 make test TESTS=tests/integration/test_races.py` races for it five hundred times.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.clock import machine_now
from respite.core.crypto import digest, new_token
from respite.core.db import db, transaction
from respite.factory import create_app
from respite.houses.models import BedNight
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.places import empty_postgres, settings_for
from tests.races import Answer, Caller, rounds, tally
from tests.servers import Server, server_for
from tests.thorough import times

CONNECTIONS = 64
ROUNDS = times(10)


@dataclass
class Race:
    server: Server
    token: str

    def callers(self, count: int) -> list[Caller]:
        return [Caller(self.server.url, self.token) for _ in range(count)]


# A served house may hold forty of PostgreSQL's hundred connections: two at once beside other tests are too many.
ONE_AT_A_TIME = [pytest.mark.postgres, pytest.mark.xdist_group("many connections")]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ONE_AT_A_TIME)])
def race(request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path, key_file: Path) -> Iterator[Race]:
    """A house of one door, whose rules are wide open, served on either database."""
    if request.param == "sqlite":
        shutil.copy(migrated_sqlite, tmp_path / "house.db")
        url = f"sqlite:///{tmp_path / 'house.db'}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    app = create_app(settings_for(url, key_file))
    token = new_token()
    if request.param == "postgresql":
        empty_postgres(app)
    with app.app_context():
        now = machine_now()
        house = open_house(COMMAND, name="One Door", kind="respite", timezone="America/Denver", beds=1, now=now)
        change_rules(COMMAND, house.id, {"return_kind": "none"}, number_seen=None, now=now)
        with transaction() as session:
            session.add(
                ApiToken(house_id=house.id, role=Role.COORDINATOR, name="race", token_hash=digest(token), made_at=now)
            )
        db.session.remove()
        server = server_for(url, key_file, tmp_path, REDIS_URL="").start()
        try:
            yield Race(server, token)
        finally:
            server.stop()
            db.session.remove()
            db.engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_of_sixty_four_at_the_last_bed_one_wins_every_time(race: Race) -> None:
    house_keeper = race.callers(1)[0]

    def let_go(answers: list[Answer]) -> None:
        stay = next(answer.body["id"] for answer in answers if answer.status == 201)
        assert house_keeper.send("DELETE", f"/stays/{stay}/hold").status in (200, 204)

    answers = rounds(
        race.callers(CONNECTIONS),
        ROUNDS,
        lambda turn, number: (
            "POST",
            "/houses/one-door/holds",
            {"nights": 2, "guest": {"name": f"Guest {turn} {number}"}},
        ),
        let_go,
    )
    assert len(answers) == ROUNDS
    house_keeper.close()
    one_won = {(201, ""): 1, (409, "bed-taken"): CONNECTIONS - 1}
    assert [(number, odd) for number, turn in enumerate(answers) if (odd := tally(turn)) != one_won] == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BedNight)) == 0
    assert list(broken_links()) == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_of_four_hundred_at_once_one_wins_and_the_rest_are_told(race: Race) -> None:
    callers = race.callers(400)
    (answers,) = rounds(
        callers,
        1,
        lambda _turn, number: ("POST", "/houses/one-door/holds", {"nights": 1, "guest": {"name": f"G{number}"}}),
    )
    assert tally(answers) == {(201, ""): 1, (409, "bed-taken"): 399}
    assert all(answer.body["detail"] for answer in answers if answer.status == 409)
