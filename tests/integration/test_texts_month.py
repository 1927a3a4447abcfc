"""A month passes in the demo by skipping ahead: each text arrives on its phone once, in its hours, on the right day.

It passes day by day and all at once, from before either change of the clocks, and ends the same.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from respite.accounts.actor import COMMAND
from respite.audit.service import lock_stream
from respite.cli.demo import load
from respite.core import clock as clocks
from respite.core.clock import MovableClock, StillClock, house_now
from respite.core.db import after_commit, db, transaction
from respite.core.demo_clock import reader
from respite.factory import create_app
from respite.followup.models import FollowUp
from respite.followup.models import State as Followed
from respite.guests.models import Stay
from respite.houses.models import House
from respite.houses.policy.house_time import instant_of, local
from respite.houses.service.opening import open_house
from respite.messaging.models import Attempt, Correspondent, Message, SimText
from respite.messaging.policy.states import State
from respite.messaging.policy.templates import TEMPLATES
from respite.messaging.purposes import PEER_PURPOSES, RULES, Purpose
from respite.messaging.service import pausing, sending
from respite.messaging.service.writing import write
from respite.scheduler import walk
from respite.scheduler.walk import skip_ahead
from tests.people import quick_hashes  # noqa: F401  (passwords without their cost)
from tests.places import settings_for
from tests.thorough import times

DENVER, PHOENIX = "America/Denver", "America/Phoenix"
DAY = timedelta(days=1)
BACK, FORWARD = date(2026, 11, 1), date(2027, 3, 14)  # the clocks go back, and forward
OFFSETS = {"h48": 2, "d7": 7, "d30": 30}  # what follows a stay: days after leaving


@dataclass(frozen=True)
class Arrived:
    """A text on a phone: whose, of which kind, when it was due, when it arrived."""

    name: str
    dedupe_key: str
    template: str | None
    not_before: datetime
    at: datetime
    zone: str
    hours: tuple[time, time]  # their own, by their own clock


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def machine(app: Flask, monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """The machine's clock, standing still under the demo's movable one."""
    machine = StillClock(at("2026-10-25T14:32"))
    for module in (clocks, walk, sending):
        monkeypatch.setattr(module, "machine_now", machine.now)
    app.extensions["respite.clock"] = MovableClock(reader(app))
    return machine


def at(wall: str, zone: str = DENVER) -> datetime:
    return instant_of(datetime.fromisoformat(wall), zone)


def load_demo() -> None:
    for demo in load.missing():
        load.make(demo, house_now())
    db.session.expire_all()


def arrived() -> list[Arrived]:
    """What stands on the phones and was sent by the house, by its message."""
    rows = db.session.execute(
        sa.select(SimText, Message, Correspondent)
        .join(Attempt, Attempt.sid == SimText.sid)
        .join(Message, Message.id == Attempt.message_id)
        .join(Correspondent, Correspondent.id == Message.correspondent_id)
        .where(SimText.to_phone.is_(True))
        .order_by(SimText.at, Message.dedupe_key)
    )
    found = [
        Arrived(
            person.name or "",
            message.dedupe_key,
            message.template,
            message.not_before,
            text.at,
            PHOENIX if (person.number or "").startswith(("+1480", "+1520")) else DENVER,
            (person.hours_from, person.hours_until),
        )
        for text, message, person in rows
    ]
    db.session.rollback()
    return found


def must_be_once_in_their_hours(texts: list[Arrived]) -> None:
    assert [key for key, times in Counter(text.dedupe_key for text in texts).items() if times > 1] == []
    for text in texts:
        if text.template is None or text.template.startswith(("answer-", "read-soon")):
            continue  # an answer to somebody's own text, or what a peer is asked: at any hour
        clock, purpose = local(text.at, text.zone).time(), TEMPLATES[text.template].purpose
        due = text.not_before
        if purpose in PEER_PURPOSES:
            due = due if RULES[purpose].any_hour else opening(text)
        else:
            assert time(9) <= clock < time(20), text
        assert timedelta(0) <= text.at - due < timedelta(seconds=2), text
    on_phones = db.session.scalar(sa.select(sa.func.count()).where(SimText.to_phone.is_(True)))
    sent = db.session.scalar(sa.select(sa.func.count()).where(Message.state == State.DELIVERED))
    db.session.rollback()
    assert on_phones == sent


def opening(text: Arrived) -> datetime:
    """When it could first arrive: as soon as it was due within their own hours."""
    due, (begins, ends) = local(text.not_before, text.zone), text.hours
    if begins <= due.time() < ends:
        return text.not_before
    day = due.date() + (DAY if due.time() >= ends else timedelta(0))
    return instant_of(datetime.combine(day, begins), text.zone)


def follow_ups_of(texts: list[Arrived], name: str) -> dict[str, date]:
    return {
        text.dedupe_key.rpartition(":")[2]: local(text.at, text.zone).date()
        for text in texts
        if text.name == name and text.dedupe_key.startswith("fu:")
    }


def left_on() -> dict[str, date]:
    """The day each guest left, on the clock of their house."""
    found = db.session.execute(
        sa.select(Stay, House.timezone).join(House, House.id == Stay.house_id).where(Stay.left_at.is_not(None))
    )
    days = {stay.guest.name: local(stay.left_at, zone).date() for stay, zone in found.unique() if stay.guest}
    db.session.rollback()
    return days


def must_be_on_the_right_days(texts: list[Arrived], left: dict[str, date], today: date) -> None:
    for name in ("Ro", "Mika", "Noa", "Theo", "Abril", "Teo"):
        assert follow_ups_of(texts, name) == {n: left[name] + days * DAY for n, days in OFFSETS.items()}, name
    assert follow_ups_of(texts, "Bo") == {"h48": left["Bo"] + 2 * DAY}, "Bo said stop"
    assert follow_ups_of(texts, "Del") == {}, "no hour is fit in all the zones that may be Del's"
    caring = [local(text.at, DENVER).date() - today for text in texts if text.dedupe_key.startswith("care:")]
    assert caring == [-DAY, 6 * DAY, 20 * DAY]


def must_keep_their_hour(texts: list[Arrived], name: str, clock: str) -> None:
    """Whether the week between has 167, 168 or 169 hours, texts come around the hour at which they left."""
    hour, minute = map(int, clock.split(":"))
    for text in texts:
        if text.name == name and text.dedupe_key.startswith("fu:"):
            here = local(text.at, text.zone)
            assert abs(here.hour * 60 + here.minute - (hour * 60 + minute)) <= 40, text


ON_POSTGRES = pytest.mark.postgres


#: A month takes a minute: each change of the clocks and each database once, and with THOROUGH each way.
WAYS = (
    pytest.param("sqlite", "2026-10-25T14:32", BACK, 33, id="day by day while the clocks go back"),
    pytest.param("postgresql", "2027-03-11T08:15", FORWARD, 1, id="at once before they go forward", marks=ON_POSTGRES),
    pytest.param("postgresql", "2026-10-31T19:58", BACK, 1, id="at once before they go back", marks=ON_POSTGRES),
    pytest.param("sqlite", "2027-03-10T14:32", FORWARD, 33, id="day by day while they go forward"),
)


@pytest.mark.parametrize(("both_databases", "began", "change", "steps"), WAYS[: times(2)], indirect=["both_databases"])
def test_a_month_of_texts(app: Flask, machine: StillClock, began: str, change: date, steps: int) -> None:
    machine.at = at(began)
    load_demo()
    today = local(machine.at, DENVER).date()
    planned = db.session.scalars(sa.select(FollowUp.id).where(FollowUp.state == Followed.PLANNED)).all()
    assert len(planned) >= 10
    for _step in range(steps):
        skip_ahead(COMMAND, 33 * DAY / steps)
    texts = arrived()
    must_be_once_in_their_hours(texts)
    must_be_on_the_right_days(texts, left_on(), today)
    must_keep_their_hour(texts, "Noa", "10:05")
    must_keep_their_hour(texts, "Ro", "9:50")
    must_keep_their_hour(texts, "Abril", "10:40")
    assert any(local(text.at, DENVER).date() > change for text in texts)
    assert any(local(text.at, DENVER).date() < change for text in texts)
    still = db.session.scalars(sa.select(Message.dedupe_key).where(Message.next_at.is_not(None))).all()
    assert still == []


@pytest.mark.parametrize("both_databases", ["sqlite"], indirect=True)  # nothing of it is the database's
def test_ids_differ_from_one_making_to_the_next_and_what_arrives_when_does_not(
    app: Flask, machine: StillClock, key_file: Path, migrated_sqlite: Path, tmp_path: Path
) -> None:
    def told() -> list[tuple[str, str, datetime]]:
        load_demo()
        skip_ahead(COMMAND, 3 * DAY)
        return sorted((text.name, text.template or "", text.at) for text in arrived())

    once = told()
    db.session.remove()
    shutil.copy(migrated_sqlite, tmp_path / "another.db")
    other = create_app(settings_for(f"sqlite:///{tmp_path / 'another.db'}", key_file))
    with other.app_context():
        other.extensions["respite.clock"] = MovableClock(reader(other))
        again = told()
        db.session.remove()
        db.engine.dispose()
    assert once == again
    assert len(once) > 40


def test_far_ahead_costs_a_few_commits_for_each_text(app: Flask, machine: StillClock) -> None:
    """Four hundred days with two hundred texts: each moves the clock, is claimed, handed over and settled; no more."""
    house = open_house(COMMAND, name="Far House", kind="respite", timezone=DENVER, now=house_now())
    with transaction() as session:
        lock_stream(session, house.id)
        for n in range(200):
            due = machine.at + DAY + n * timedelta(days=1, hours=23)
            put_out(session, house.id, f"far:{n}", due)
    commits: list[None] = []
    forget = after_commit(lambda: commits.append(None))
    _now, done = skip_ahead(COMMAND, timedelta(days=400))
    forget()
    rows = db.session.scalars(sa.select(SimText.at).order_by(SimText.at)).all()
    assert (len(rows), done) == (200, 200)
    assert all(timedelta(0) <= b - a - timedelta(days=1, hours=23) <= timedelta(seconds=1) for a, b in pairwise(rows))
    # Claiming asks once more, and finds nothing. The rest is the end of the walk.
    assert len(commits) <= 200 * 5 + 10


def test_texts_that_wait_for_a_pause_do_not_make_the_walk_long(app: Flask, machine: StillClock) -> None:
    house = open_house(COMMAND, name="Far House", kind="respite", timezone=DENVER, now=house_now())
    with transaction() as session:
        lock_stream(session, house.id)
        for n in range(10):
            put_out(session, house.id, f"far:{n}", machine.at + n * timedelta(hours=1), lasts=30 * DAY)
    pausing.pause(COMMAND, house.id, None, house_now())
    commits: list[None] = []
    forget = after_commit(lambda: commits.append(None))
    skip_ahead(COMMAND, 20 * DAY)
    forget()
    assert len(commits) < 20 * 2 * 10 * 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SimText)) == 0
    pausing.resume(COMMAND, house.id, None, house_now())
    skip_ahead(COMMAND, DAY)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SimText)) == 10


def put_out(
    session: Session, house_id: uuid.UUID, dedupe_key: str, due: datetime, lasts: timedelta = timedelta(hours=1)
) -> None:
    write(
        session,
        house_id,
        number="+13035550177",
        purpose=Purpose.TRYING,
        words="A test.",
        dedupe_key=dedupe_key,
        not_before=due,
        not_after=due + lasts,
        made_by=COMMAND.ref,
        now=house_now(),
    )
