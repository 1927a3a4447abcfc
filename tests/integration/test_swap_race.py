"""Two who say yes to different questions over one shift at the same moment: one of them happens, and nobody is lost."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable
from datetime import time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.staffing.models import Shift, SwapRequest
from respite.staffing.service import swaps
from respite.staffing.service.shifts import put_on
from tests.offers import BOTH, TODAY
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

ROUNDS = 5
TOGETHER_SECONDS = 3


class Trio:
    """Ana wants to give her shift to Bo; Cy wants it for one of his. Bo and Ana are asked, and are signed in."""

    def __init__(self, app: Flask, house: House, person: MakePerson) -> None:
        self.app, self.house = app, house
        self.ids: dict[str, uuid.UUID] = {}
        self.browsers: dict[str, FlaskClient] = {}
        for n, name in enumerate(("Ana", "Bo", "Cy")):
            email = f"{name.lower()}@example.org"
            self.ids[name] = person(email, {house.id: Role.PEER}, name)
            person_at(
                house, f"+13035550{n + 100}", kind=CorrespondentKind.PEER, subject_id=self.ids[name], consents=BOTH
            )
            self.browsers[name] = app.test_client()
            sign_in(self.browsers[name], email)

    def actor(self, name: str) -> Actor:
        return Actor(ActorKind.PERSON, self.ids[name], {self.house.id: Role.PEER})

    def asks(self, day: int) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]:
        """The shift, the one offered for it, the question to Bo, the question to Ana."""
        hers, his = (
            put_on(COMMAND, self.house.id, person_id=self.ids[name], kind="floor", day=TODAY + timedelta(days=day),
                   begins=time(begins), ends=time(begins + 2), now=SUNDAY).id
            for name, begins in (("Ana", 8), ("Cy", 12))
        )  # fmt: skip
        give = swaps.ask(self.actor("Ana"), hers, self.ids["Bo"], now=SUNDAY).swap.id
        swap = swaps.ask(self.actor("Cy"), his, self.ids["Ana"], other_shift_id=hers, now=SUNDAY).swap.id
        db.session.remove()
        return hers, his, give, swap

    def say_yes(self, *who: tuple[str, uuid.UUID]) -> list[int]:
        """Everybody says yes to their question at the same moment; how each is answered."""
        answers: list[int] = []

        def say(name: str, which: uuid.UUID) -> None:
            answers.append(self.browsers[name].post(f"/swaps/{which}/yes").status_code)

        at_once(*(partial(say, *each) for each in who))
        return answers


def at_once(*acts: Callable[[], object]) -> None:
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait(timeout=60)
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def has(shift_id: uuid.UUID) -> uuid.UUID | None:
    return rows(Shift, Shift.id == shift_id)[0].person_id  # type: ignore[no-any-return]


class TestOverBrowsers:
    @pytest.fixture
    def database_url(self, both_databases: str) -> str:
        return both_databases

    @pytest.fixture
    def trio(self, app: Flask, juniper: House, person: MakePerson) -> Trio:
        return Trio(app, juniper, person)

    def test_of_two_questions_over_one_shift_one_happens(self, trio: Trio) -> None:
        for day in range(2, 2 + ROUNDS):
            hers, his, give, swap = trio.asks(day)
            answers = trio.say_yes(("Bo", give), ("Ana", swap))
            assert answers == [303, 303]
            ends = {each.id: each.ended_why for each in rows(SwapRequest)}
            assert sorted([ends[give], ends[swap]]) == ["changed", "done"]
            happened = (trio.ids["Bo"], trio.ids["Cy"]) if ends[give] == "done" else (trio.ids["Cy"], trio.ids["Ana"])
            assert (has(hers), has(his)) == happened

    def test_one_yes_sent_many_times_at_once_is_one(self, trio: Trio) -> None:
        hers, _his, give, _swap = trio.asks(2)
        answers: list[int] = []
        cookie = trio.browsers["Bo"].get_cookie("sid")
        assert cookie is not None

        def say() -> None:
            browser = trio.app.test_client()
            browser.set_cookie("sid", cookie.value)
            answers.append(browser.post(f"/swaps/{give}/yes").status_code)

        at_once(*[say] * 6)
        assert answers == [303] * 6
        assert has(hers) == trio.ids["Bo"]
        assert len(rows(Event, Event.kind == "staffing.swap.done")) == 1
        assert len(rows(Message, Message.template == "swap-given")) == 1


class TestTheGuard:
    @pytest.fixture
    def database_url(self, migrated_postgres: str) -> str:
        """SQLite's own lock would hide what is looked for: there, one write at a time is the engine's rule."""
        return migrated_postgres

    @pytest.mark.postgres
    def test_without_the_guard_both_are_told_that_it_happened(
        self, app: Flask, juniper: House, person: MakePerson, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trio = Trio(app, juniper, person)
        _hers, _his, give, swap = trio.asks(2)
        drop_the_guard(monkeypatch)
        assert both_say_yes(trio, give, swap) == [True, True]

    @pytest.mark.postgres
    def test_with_the_guard_one_is(self, app: Flask, juniper: House, person: MakePerson) -> None:
        trio = Trio(app, juniper, person)
        _hers, _his, give, swap = trio.asks(2)
        assert both_say_yes(trio, give, swap) == [False, True]


def both_say_yes(trio: Trio, give: uuid.UUID, swap: uuid.UUID) -> list[bool]:
    told: list[bool] = []

    def say(name: str, which: uuid.UUID) -> None:
        with trio.app.app_context():
            try:
                told.append(swaps.say_yes(trio.actor(name), which, now=SUNDAY).happened)
            finally:
                db.session.remove()

    at_once(lambda: say("Bo", give), lambda: say("Ana", swap))
    return sorted(told)


def drop_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the house's lock, both have looked before either writes, and no version is compared."""
    both_looked = threading.Barrier(2)
    judge = swaps.speaks_against

    def look_together(*arguments: object) -> object:
        found = judge(*arguments)  # type: ignore[arg-type]
        with contextlib.suppress(threading.BrokenBarrierError):
            both_looked.wait(timeout=TOGETHER_SECONDS)
        return found

    def written_over(session: sa.orm.Session, swap: SwapRequest, *_more: object) -> None:
        session.execute(sa.update(Shift.__table__).where(Shift.id == swap.shift_id).values(person_id=swap.other_id))

    def row(session: sa.orm.Session, _actor: Actor, model: type[Shift], row_id: uuid.UUID, *_more: object) -> Shift:
        return session.get_one(model, row_id)

    monkeypatch.setattr(swaps, "locked_row", row)
    monkeypatch.setattr(swaps, "speaks_against", look_together)
    monkeypatch.setattr(swaps, "change_hands", written_over)
