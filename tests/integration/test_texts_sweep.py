"""What no webhook brought is found in the provider's list: once, at its own time, and STOP before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from respite.audit.models import Event
from respite.core.clock import StillClock, machine_now
from respite.core.db import db
from respite.factory import create_app
from respite.houses.models import House
from respite.messaging import jobs
from respite.messaging.gateway import LineDown
from respite.messaging.models import Inbound, Mark, Message
from respite.messaging.policy.states import State
from respite.messaging.service import incoming, sending, sweeping
from respite.messaging.service.ending import undecided
from respite.messaging.service.ground import number_mark
from respite.messaging.service.marks import marked
from tests.places import TEMPLATES, empty_postgres, settings_for
from tests.texts_in import SAM, alerts, answers, rows, says, stops, text_to
from tests.twilio.companion import FakeTwilio

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def clock() -> StillClock:
    """The fake Twilio goes by real time, and so does this house."""
    return StillClock(machine_now())


@pytest.fixture
def app(database_url: str, key_file: Path, clock: StillClock, twilio: FakeTwilio) -> Iterator[Flask]:
    settings = settings_for(
        database_url,
        key_file,
        mode="production",
        public_url="https://texts.example",
        twilio_account_sid=twilio.account,
        twilio_auth_token=twilio.token,
        twilio_from=twilio.number,
        twilio_api_url=twilio.url,
    )
    app = create_app(settings, house_clock=clock)
    app.config.update(TESTING=True)
    app.jinja_env.bytecode_cache = TEMPLATES
    if database_url.startswith("postgresql"):
        empty_postgres(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_failing", type(sweeping._failing)())


def unheard(twilio: FakeTwilio, number: str, body: str, at: datetime, sid: str | None = None) -> str:
    """Somebody texted, and no webhook came."""
    said = twilio.says(number, body, at=at.timestamp(), deliver=False, **({"sid": sid} if sid else {}))
    return str(said["sid"])


def test_after_six_hours_everything_is_there_and_stop_came_first(
    app: Flask, juniper: House, twilio: FakeTwilio, clock: StillClock
) -> None:
    """Scenario 21: the alert bears the true time, and nothing leaves to who said STOP."""
    now = clock.at
    waiting = text_to(juniper, "+12065550111", at=now - 7 * HOUR, not_before=now - HOUR)
    sids = [
        unheard(twilio, "+12065550112", "Thanks for the soup", now - 6 * HOUR),
        unheard(twilio, "+12065550113", "I want to die", now - 5 * HOUR),
        unheard(twilio, "+12065550111", "STOP", now - 4 * HOUR),
    ]
    jobs.send()
    assert {each.sid for each in rows(Inbound)} == set(sids)
    assert {each.via for each in rows(Inbound)} == {"sweep"}
    [text] = rows(Message, Message.id == waiting.id)
    assert (text.state, text.reason) == (State.SUPPRESSED, "stopped")
    assert twilio.posts(to="+12065550111") == []
    assert sorted(each.why for each in alerts()) == ["stop", "words"]
    [said] = [each for each in rows(Inbound) if each.sid == sids[1]]
    assert abs(said.sent_at - (now - 5 * HOUR)) < timedelta(seconds=2)
    assert answers("+12065550113") == ["answer-danger"]
    assert answers("+12065550111") == [], "too late to confirm: the law gives five minutes"
    assert sweeping.sweep_inbound(now) == 0
    assert len(alerts()) == 2


def test_what_webhooks_brought_is_not_taken_twice(app: Flask, juniper: House, twilio: FakeTwilio) -> None:
    now = machine_now()
    sid = unheard(twilio, SAM, "Hello", now - 3 * MINUTE)
    says("Hello", sid=sid, at=now)
    assert sweeping.sweep_inbound(now) == 0
    [inbound] = rows(Inbound)
    assert inbound.via == "webhook"
    assert abs(inbound.sent_at - (now - 3 * MINUTE)) < timedelta(seconds=2), "its own time, as the list tells it"


def test_the_order_is_theirs_and_the_same_words_twice_are_two_texts(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = machine_now().replace(microsecond=0) - HOUR
    for sid, body in (("SM" + "c" * 32, "third"), ("SM" + "a" * 32, "same"), ("SM" + "b" * 32, "same")):
        unheard(twilio, SAM, body, at, sid)
    unheard(twilio, SAM, "first", at - MINUTE)
    unheard(twilio, "+13035550144", "STOP", at + MINUTE)
    heard = []
    keep = incoming.heard
    monkeypatch.setattr(incoming, "heard", lambda **told: heard.append(told["body"]) or keep(**told))
    assert sweeping.sweep_inbound(machine_now()) == 5
    assert heard == ["STOP", "first", "same", "same", "third"]
    assert len(rows(Inbound)) == 5


def test_stop_and_start_count_by_when_they_were_said(app: Flask, juniper: House, twilio: FakeTwilio) -> None:
    now = machine_now()
    for number, first, then in ((SAM, "STOP", "START"), ("+13035550144", "START", "STOP")):
        unheard(twilio, number, first, now - 10 * MINUTE)
        unheard(twilio, number, then, now - 5 * MINUTE)
    assert sweeping.sweep_inbound(now) == 4
    assert [each.number_index for each in stops()] == [number_mark("+13035550144")]


def test_it_reaches_back_to_the_last_time_that_went_well(
    app: Flask, juniper: House, twilio: FakeTwilio, clock: StillClock
) -> None:
    """However long ago that was; at first two days, and then with half an hour to spare."""
    now = machine_now()
    unheard(twilio, SAM, "long ago", now - 72 * HOUR)
    unheard(twilio, SAM, "the day before yesterday", now - 47 * HOUR)
    assert sweeping.sweep_inbound(now) == 1
    swept = marked(sweeping.SEEN_UNTIL)
    assert swept is not None
    assert abs(swept - now) < MINUTE
    unheard(twilio, SAM, "listed late", now - 20 * MINUTE)
    unheard(twilio, SAM, "older than that", now - 40 * MINUTE)
    assert sweeping.sweep_inbound(now) == 1
    with db.engine.begin() as connection:
        connection.execute(Mark.__table__.update().values(at=now - 6 * 24 * HOUR))
    assert sweeping.sweep_inbound(now) == 2


def test_a_list_that_cannot_be_read_moves_nothing_on(app: Flask, juniper: House, twilio: FakeTwilio) -> None:
    unheard(twilio, SAM, "Hello", machine_now() - MINUTE)
    twilio.fails(on="list", answer="error", http=503, times=2)
    with pytest.raises(LineDown):
        sweeping.sweep_inbound(machine_now())
    jobs.list_incoming()
    assert (marked(sweeping.SEEN_UNTIL), rows(Inbound)) == (None, [])
    jobs.list_incoming()
    assert len(rows(Inbound)) == 1


def test_one_text_that_cannot_be_kept_stands_in_nobodys_way(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, heard = machine_now(), incoming.heard
    unheard(twilio, SAM, "this one fails", now - 2 * MINUTE)
    unheard(twilio, "+13035550144", "STOP", now - MINUTE)

    def falls(**told: object) -> Inbound:
        if told["body"] == "this one fails":
            raise RuntimeError
        return heard(**told)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(incoming, "heard", falls)
        assert sweeping.sweep_inbound(now) == 1
    assert len(stops()) == 1
    assert marked(sweeping.SEEN_UNTIL) is None, "the next sweep has to find it"
    assert sweeping.sweep_inbound(now) == 1
    assert len(rows(Inbound)) == 2


def test_texts_wait_at_the_start_until_the_list_was_read(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    pumped: list[int] = []
    monkeypatch.setattr(sending, "pump", lambda *_args: pumped.append(1))
    monkeypatch.setattr(sweeping, "REST_SECONDS", 0.0)
    twilio.fails(on="list", answer="error", http=503, times=2)
    jobs.send()
    jobs.send()
    assert pumped == []
    jobs.send()
    assert pumped == [1]
    twilio.fails(on="list", answer="error", http=503, times=None)
    jobs.send()
    assert pumped == [1, 1], "it was read a moment ago"


def test_they_do_not_wait_for_ever(
    app: Flask, juniper: House, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    twilio.fails(on="list", answer="error", http=503, times=None)
    monkeypatch.setattr(sweeping, "REST_SECONDS", 0.0)
    assert sweeping.swept_lately() is False
    monkeypatch.setattr(sweeping, "HOLDS_SECONDS", 0.0)
    assert sweeping.swept_lately() is True


def test_without_anybody_to_ask_nothing_is_asked(app: Flask) -> None:
    app.extensions["respite.gateway"] = None
    jobs.list_incoming()
    assert sweeping.swept_lately() is True


def test_a_danger_answer_that_the_provider_refuses_asks_a_person_to_call(
    app: Flask, juniper: House, twilio: FakeTwilio, clock: StillClock
) -> None:
    """Scenario 25, where only the provider had heard the STOP: no second try, and the alert says so."""
    twilio.control(opted_out={SAM: True})
    says("I want to die", at=clock.at)
    assert [(each.why, each.cannot_text) for each in alerts()] == [("words", False)]
    jobs.send()
    jobs.send()
    assert [(each.why, each.cannot_text) for each in alerts()] == [("words", True)]
    [answer] = rows(Message)
    assert (answer.state, answer.reason) == (State.SUPPRESSED, "stopped-at-provider")
    assert len(twilio.posts(to=SAM)) == 1
    assert [each.source for each in stops()] == ["twilio"]


def test_a_confirmation_that_the_provider_has_given_itself_is_no_question_to_a_person(
    app: Flask, juniper: House, twilio: FakeTwilio, clock: StillClock
) -> None:
    """Where the provider answers STOP by itself it refuses ours; nobody has to decide anything then."""
    twilio.control(opted_out={SAM: True})
    says("STOP", at=clock.at)
    jobs.send()
    [confirmation] = rows(Message)
    assert (confirmation.state, confirmation.reason) == (State.SUPPRESSED, "stopped-at-provider")
    assert rows(Message, undecided()) == []
    assert rows(Event, Event.kind == "text.message.needs-person") == []
    assert [each.why for each in alerts()] == ["stop"]
