"""Scenarios 16-22 of docs/texting-scenarios.md: what comes in is believed when it is signed, and kept once."""

from __future__ import annotations

import secrets
import sqlite3
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from respite.core.clock import house_now, machine_now
from respite.core.db import db
from respite.messaging import jobs
from respite.messaging.models import Inbound, Mark, Message, ProviderEvent, ReadSoon
from respite.messaging.policy.states import State
from respite.messaging.thread_queries import thread_seen
from tests.texting import ARRIVED, Line
from tests.texting_world import INBOUND, until

pytestmark = pytest.mark.xdist_group("texts d16")

OUTSIDE = "https://texts.example"


def came(line: Line, number: str) -> list[Inbound]:
    """What the house has of this number, in the order in which it was said."""
    return sorted(line.of_number(Inbound, number), key=lambda text: (text.sent_at, text.sid))


def answers(line: Line, sid: str) -> list[int | None]:
    return [each["http"] for each in line.twilio.callbacks(sid=sid, kind="inbound")]


def rows(line: Line) -> list[int]:
    tables = (ProviderEvent, Inbound, Message, ReadSoon)
    return line.read(
        lambda: [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]
    )


def refused(line: Line) -> int:
    return line.read(lambda: db.session.scalar(sa.select(Mark.count).where(Mark.name == "webhook-refused"))) or 0


def test_a_forgery_is_refused_and_nothing_of_it_is_kept(line: Line) -> None:
    """Scenario 16: another token, no signature, the right signature for another address; texts and statuses."""
    said = line.twilio.says(line.number(), line.words("I want to die"), deliver=False)
    text = line.write(line.number())
    sent = line.stands(text, State.DELIVERED)
    line.twilio.quiet()
    before, counted = rows(line), refused(line)
    forged = ({"token": "guessed"}, {"signed_for": None}, {"signed_for": f"{OUTSIDE}{INBOUND}"})
    for how in forged:
        for sid, status in ((said["sid"], "received"), (sent.sid, "failed")):
            assert sid is not None
            (answer,) = line.twilio.calls_back(sid, status, **how)
            assert (answer["http"], answer["body"]) == (403, "")
    assert rows(line) == before
    assert line.text(text).state == State.DELIVERED
    until(lambda: refused(line) > counted, "a counter, and no more")


def test_the_same_signed_text_again_is_nothing_new(line: Line) -> None:
    """Scenario 17: the signature holds for ever, so an old "Y42" comes again and has no second effect."""
    to = line.number()
    said = line.twilio.says(to, "Y42")
    before = rows(line)
    for _again in range(3):
        (answer,) = line.twilio.calls_back(said["sid"], "received")
        assert answer["http"] == 200
    assert [each.sid for each in came(line, to)] == [said["sid"]]
    assert rows(line) == before


def test_an_old_start_does_not_lift_a_newer_stop(line: Line) -> None:
    """Scenario 17: STOP, START, STOP, and then the START comes again."""
    line.twilio.control(opt_out="off")
    to = line.number()
    line.twilio.says(to, "STOP")
    assert line.stop_on(to) is not None
    time.sleep(1.1)  # Twilio's times are whole seconds
    start = line.twilio.says(to, "START")
    assert line.stop_on(to) is None
    time.sleep(1.1)
    line.twilio.says(to, "STOP")
    line.twilio.calls_back(start["sid"], "received")
    assert line.stop_on(to) is not None
    text = line.write(to)
    assert line.stands(text, State.SUPPRESSED).reason == "stopped"
    assert len(came(line, to)) == 3


@pytest.mark.slow
def test_a_start_that_was_late_on_its_way_does_not_lift_a_stop_said_after_it(line: Line) -> None:
    """Scenario 17, as a race: START is said first and its webhook comes after that of the STOP."""
    line.twilio.control(opt_out="off")
    to = line.number()
    line.twilio.says(to, "STOP")
    time.sleep(1.1)
    late = line.twilio.says(to, "START", deliver=False)
    time.sleep(1.1)
    line.twilio.says(to, "STOP")
    line.twilio.calls_back(late["sid"], "received")
    assert line.stop_on(to) is not None


@pytest.mark.slow
def test_two_tokens_in_the_overlap_and_then_only_the_new_one(line: Line) -> None:
    """Scenario 18: the account's token is changed."""
    old, new = line.twilio.token, secrets.token_hex(16)
    both = {"TWILIO_AUTH_TOKEN": new, "TWILIO_PREVIOUS_AUTH_TOKEN": old}
    line.twilio.control(also_accepts=[new])
    one, two, three = (line.number() for _ in range(3))
    with line.another_world(**both):
        assert answers(line, line.twilio.says(one, line.words())["sid"]) == [200]
        line.twilio.control(auth_token=new, also_accepts=[old])
        assert answers(line, line.twilio.says(two, line.words())["sid"]) == [200]
        line.stands(line.write(line.number()), *ARRIVED)
    with line.another_world(TWILIO_AUTH_TOKEN=new):
        said = line.twilio.says(three, line.words(), deliver=False)
        (answer,) = line.twilio.calls_back(said["sid"], "received", token=old)
        assert answer["http"] == 403
        assert came(line, three) == []
        (answer,) = line.twilio.calls_back(said["sid"], "received")
        assert answer["http"] == 200
    line.twilio.control(auth_token=old, also_accepts=[])
    assert [len(came(line, each)) for each in (one, two, three)] == [1, 1, 1]


@pytest.mark.slow
def test_behind_a_proxy_the_address_is_the_one_that_twilio_was_told(line: Line) -> None:
    """Scenario 19: https, host and port are the proxy's; the address was given with a fragment."""
    to = line.number()
    production = {"RESPITE_MODE": "production", "PUBLIC_URL": OUTSIDE, "TRUSTED_PROXIES": "1"}
    with line.another_world(**production):
        line.twilio.house(line.server.url, OUTSIDE, inbound_path=INBOUND)
        line.twilio.control(headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "else.example"})
        said = line.twilio.says(to, line.words())
        assert answers(line, said["sid"]) == [200]
        text = line.write(to, line.words("Yes"), now=machine_now())
        line.stands(text, State.DELIVERED)
        line.twilio.quiet()
        assert {each["http"] for each in line.twilio.callbacks(sid=line.text(text).sid)} == {204}
        (answer,) = line.twilio.calls_back(said["sid"], "received", signed_for=line.server.url + INBOUND)
        assert answer["http"] == 403
    line.twilio.house(line.server.url, inbound_path=INBOUND)


def test_a_locked_database_delays_a_text_and_loses_none(line: Line) -> None:
    """Scenario 20: somebody holds the write lock for as long as a backup takes."""
    to = line.number()
    with sqlite3.connect(line.database.removeprefix("sqlite:///"), isolation_level=None, timeout=30) as other:
        other.execute("BEGIN IMMEDIATE")
        said = line.twilio.says(to, line.words(), wait=0)
        time.sleep(2)
        assert answers(line, said["sid"]) == []
        other.execute("ROLLBACK")
    until(lambda: answers(line, said["sid"]))
    assert answers(line, said["sid"]) == [200]
    assert len(came(line, to)) == 1


@pytest.mark.slow
def test_a_full_disk_is_said_to_twilio_which_tries_again(line: Line) -> None:
    """Scenario 20: 503 until there is room, then one row."""
    line.twilio.control(retry_pause=0.5)
    to = line.number()
    with line.full_disk():
        said = line.twilio.says(to, line.words(), wait=0)
        until(lambda: len(answers(line, said["sid"])) >= 2)
    until(lambda: 200 in answers(line, said["sid"]))
    assert set(answers(line, said["sid"])) == {503, 200}
    assert len(came(line, to)) == 1
    line.twilio.control(retry_pause=0.05)


@pytest.mark.slow
def test_after_six_hours_away_everything_that_was_said_is_there_before_anything_leaves(line: Line) -> None:
    """Scenario 21: three texts that no webhook brought, one STOP, one of somebody in danger."""
    line.twilio.control(opt_out="off", outage=True)
    away = [line.number() for _ in range(3)]
    due = line.write(away[0], not_before=house_now() + timedelta(hours=1))
    line.server.stop()
    said_at = []
    for number, body in zip(away, ("STOP", line.words("I want to kill myself"), line.words("Hello")), strict=True):
        said_at.append(datetime.fromtimestamp(line.twilio.moves(5400), UTC).replace(microsecond=0))
        line.twilio.says(number, body, wait=0, at=said_at[-1].timestamp())
    line.twilio.moves(5400)
    line.leases_end()
    line.server.start()
    until(lambda: all(came(line, each) for each in away))
    assert [came(line, each)[0].sent_at for each in away] == said_at
    assert {came(line, each)[0].via for each in away} == {"sweep"}
    ended = line.stands(due, State.SUPPRESSED)
    assert (ended.reason, line.posted(due)) == ("stopped", 0)
    stop = line.stop_on(away[0])
    assert stop is not None
    assert stop.said_at == said_at[0]
    danger = came(line, away[1])[0]
    query = sa.select(ReadSoon).where(ReadSoon.inbound_id == danger.id)
    alert = line.read(lambda: db.session.scalar(query))
    assert alert is not None
    assert (alert.why, danger.sent_at) == ("words", said_at[1])
    assert line.twilio.callbacks(kind="inbound", sid=danger.sid) == []


def test_two_texts_of_one_second_keep_their_order_and_the_same_words_twice_are_two(line: Line) -> None:
    """Scenario 22: webhooks bring them in the wrong order."""
    to, words = line.number(), line.words()
    at = datetime.fromtimestamp(line.twilio.moves(0), UTC).replace(microsecond=0).timestamp()
    sids = sorted("SM" + uuid.uuid4().hex for _ in range(3))
    for sid, body in zip(sids, (words, words, line.words("And then")), strict=True):
        line.twilio.says(to, body, sid=sid, at=at, deliver=False)
    for sid in reversed(sids):
        line.twilio.calls_back(sid, "received")
    assert sorted(each.sid for each in came(line, to)) == sids
    jobs.list_incoming()  # the list says when each was said
    found = came(line, to)
    assert [each.sid for each in found] == sids
    assert {each.sent_at.timestamp() for each in found} == {at}
    thread = found[0].thread_id
    seen = line.read(lambda: thread_seen(db.session(), line.dana, line.house_id, thread, house_now()))
    assert [each.id for each in seen.entries if isinstance(each, Inbound)] == [each.id for each in found]
