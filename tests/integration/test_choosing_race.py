"""Many who tap the same place in the same moment: one has it, and the others read a calm sentence."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.houses.service.opening import open_house
from respite.staffing.errors import PlaceTaken
from respite.staffing.models import Roster, RosterSeat
from respite.staffing.service import choosing
from tests.at_once import at_once
from tests.choosing import Week
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import rows

TOGETHER_SECONDS = 3
MANY = 12


@pytest.fixture
def week(app: Flask, actor_in: Callable[..., Actor]) -> Week:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    return Week(house, actor_in)


def both_tap(app: Flask, week: Week) -> list[str]:
    """What the two are told."""
    both, told = (week.crew.peer("Ana"), week.crew.peer("Bo")), []
    roster_id, shift_id = week.begins().id, week.place().shift_id
    db.session.remove()

    def tap(who: Actor) -> None:
        try:
            choosing.take(who, roster_id, shift_id, now=SUNDAY)
            told.append("theirs")
        except PlaceTaken:
            told.append("taken")
        except IntegrityError:
            told.append("an error")

    at_once(app, lambda: tap(both[0]), lambda: tap(both[1]))
    return sorted(told)


class TestTheLock:
    """SQLite's own lock would hide what is looked for: there, one write at a time is the engine's rule."""

    @pytest.fixture
    def database_url(self, migrated_postgres: str) -> str:
        return migrated_postgres

    @pytest.mark.postgres
    def test_without_it_the_later_one_is_told_that_it_is_theirs_or_meets_the_key_of_the_table(
        self, app: Flask, week: Week, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody waits for the house's lock, and both have looked before either writes."""
        both_looked, judge = threading.Barrier(2), choosing.against

        def look_together(*arguments: object, **more: object) -> object:
            found = judge(*arguments, **more)  # type: ignore[arg-type]
            with contextlib.suppress(threading.BrokenBarrierError):
                both_looked.wait(timeout=TOGETHER_SECONDS)
            return found

        def row(session: Session, _actor: Actor, model: type[Roster], row_id: uuid.UUID, *_: object) -> Roster:
            return session.get_one(model, row_id)

        monkeypatch.setattr(choosing, "locked_row", row)
        monkeypatch.setattr(choosing, "against", look_together)
        monkeypatch.setattr(choosing, "_chosen", lambda session, *_: session.flush())
        # Whether the later one finds the row or makes another is a matter of which commits first.
        assert both_tap(app, week) in (["an error", "theirs"], ["theirs", "theirs"])

    @pytest.mark.postgres
    def test_with_it_the_later_one_reads_that_it_is_taken(self, app: Flask, week: Week) -> None:
        assert both_tap(app, week) == ["taken", "theirs"]


class TestManyBrowsers:
    @pytest.fixture
    def database_url(self, both_databases: str) -> str:
        return both_databases

    def test_one_has_it_and_the_others_read_a_sentence(self, app: Flask, week: Week, person: MakePerson) -> None:
        roster, place = week.begins(), week.place()
        browsers = []
        for number in range(MANY):
            person(f"p{number}@example.org", {week.house.id: Role.PEER}, f"P{number}")
            browsers.append(app.test_client())
            assert sign_in(browsers[-1], f"p{number}@example.org").status_code == 303
        address, told = f"/me/choosing/{roster.id}/take", []
        ready = threading.Barrier(MANY)
        db.session.remove()

        def tap(browser: FlaskClient) -> None:
            ready.wait(timeout=30)
            answer = browser.post(address, data={"shift": str(place.shift_id)})
            said = "Somebody chose that one a moment ago." in answer.text
            told.append((answer.status_code, said))

        threads = [threading.Thread(target=tap, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(told) == [(303, False), *[(409, True)] * (MANY - 1)]
        (seat,) = rows(RosterSeat, RosterSeat.shift_id == place.shift_id)
        assert seat.person_id is not None
