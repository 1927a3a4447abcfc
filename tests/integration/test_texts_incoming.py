"""A text comes in: once for each SID, to the right house, with all that follows in one transaction."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.service import broken_links
from respite.core.db import db, transaction
from respite.houses.models import House
from respite.houses.service.opening import open_house
from respite.messaging.models import HouseTexts, Inbound, Message, ProviderEvent, Thread
from respite.messaging.policy.states import State
from respite.messaging.service import answering, incoming, reading
from respite.messaging.service.incoming import NoHouse, as_kept
from tests.places import SUNDAY
from tests.texts_in import SAM, alerts, answers, kinds, new_sid, person_at, rows, says, stops, text_to

HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def test_a_text_is_kept_with_its_thread_and_the_house_is_told(app: Flask, juniper: House) -> None:
    came = says("Thank you for the soup", told={"NumMedia": "0"})
    [inbound] = rows(Inbound)
    [thread] = rows(Thread)
    [event] = rows(ProviderEvent)
    assert (inbound.id, inbound.body, inbound.means, inbound.house_id) == (
        came.id, "Thank you for the soup", "nothing", juniper.id,
    )  # fmt: skip
    assert (thread.number, thread.last_at, thread.unseen_since) == (SAM, SUNDAY, SUNDAY)
    assert (event.source, event.sid, event.status) == ("inbound", inbound.sid, "received")
    assert "soup" not in event.raw
    assert SAM not in event.raw
    assert kinds(juniper) == ["text.inbound.came"]
    assert (stops(), alerts(), answers()) == ([], [], [])
    assert list(broken_links()) == []


def test_a_stop_and_its_text_are_one_transaction(app: Flask, juniper: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails after the stop takes the text with it, and the provider sends it again."""
    waiting = text_to(juniper)

    def falls(*_args: object, **_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_moved", falls)
        with pytest.raises(RuntimeError):
            says("STOP")
    assert (rows(Inbound), rows(ProviderEvent), stops(), kinds(juniper)) == ([], [], [], [])
    says("STOP", sid="SMx")
    assert [each.sid for each in rows(Inbound)] == ["SMx"]
    assert [each.source for each in stops()] == ["stop"]
    [left] = rows(Message, Message.id == waiting.id)
    assert (left.state, left.reason, left.next_at) == (State.SUPPRESSED, "stopped", None)


def test_an_answer_that_cannot_be_written_takes_nothing_along(
    app: Flask, juniper: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(*_args: object, **_more: object) -> None:
        raise KeyError("a field that a house's wording asks for")

    monkeypatch.setattr(answering, "write", falls)
    says("STOP, I want to die")
    assert len(rows(Inbound)) == len(stops()) == len(alerts()) == 1
    assert rows(Message) == []


def test_the_same_text_again_does_nothing(app: Flask, juniper: House) -> None:
    sid = new_sid()
    first = says("STOP", sid=sid)
    before = (kinds(juniper), answers(), len(stops()), len(alerts()))
    again = says("STOP", sid=sid, at=SUNDAY + HOUR, via="sweep")
    assert again.id == first.id
    assert (kinds(juniper), answers(), len(stops()), len(alerts())) == before
    assert len(rows(Inbound)) == len(rows(ProviderEvent)) == 1


def test_the_same_words_in_another_text_are_another_text(app: Flask, juniper: House) -> None:
    says("Hello")
    says("Hello")
    assert [each.body for each in rows(Inbound)] == ["Hello", "Hello"]


def test_one_text_on_many_ways_at_once_is_one_row(app: Flask, juniper: House) -> None:
    sid, ids, failed = new_sid(), [], []

    def send() -> None:
        with app.app_context():
            try:
                ids.append(says("STOP", sid=sid).id)
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failed == []
    assert len(set(ids)) == 1
    assert len(ids) == 6
    assert len(rows(Inbound)) == len(rows(ProviderEvent)) == len(stops()) == len(answers()) == 1


def test_it_belongs_to_the_house_that_wrote_to_the_number_last(app: Flask, juniper: House) -> None:
    aspen = open_house(COMMAND, name="Aspen", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY + HOUR)
    assert says("Hello").house_id == juniper.id, "nobody knows them: the house opened first"
    person_at(aspen, "+13035550999")
    assert says("Hi", "+13035550999").house_id == aspen.id, "their house"
    person_at(juniper, "+13035550999", at=SUNDAY + HOUR)
    assert says("Hi", "+13035550999").house_id == juniper.id, "the house that got to know them last"
    text_to(juniper, "+13035550999", at=SUNDAY)
    text_to(aspen, "+13035550999", at=SUNDAY + HOUR)
    assert says("Hi", "+13035550999").house_id == aspen.id, "the house that wrote last"


def test_a_text_to_no_house_at_all_is_not_lost(app: Flask) -> None:
    with pytest.raises(NoHouse):
        says("Hello")
    assert rows(Inbound) == []
    open_house(COMMAND, name="First House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    assert says("Hello").body == "Hello"


@pytest.mark.parametrize(
    "given, kept",
    [
        ("+13035550143", "+13035550143"),
        ("(303) 555-0143", "+13035550143"),
        ("+447700900123", "+447700900123"),
        ("73529", "73529"),
        ("MAPLE", "MAPLE"),
        ("+266696687", "+266696687"),
        ("", ""),
        ("x" * 200, "x" * 40),
        ("\0+13035550143", "+13035550143"),
    ],
)
def test_numbers_are_kept_in_one_form(app: Flask, given: str, kept: str) -> None:
    assert as_kept(given) == kept


def test_machines_are_not_answered(app: Flask, juniper: House) -> None:
    """A short code or the name of a sender: an answer would only be answered."""
    says("HELP", "73529")
    says("STOP", "BANK")
    assert len(rows(Inbound)) == 2
    assert (answers("73529"), answers("BANK")) == ([], [])
    assert len(stops()) == 1


def test_nul_and_what_no_letter_is_are_kept_out_of_the_way(app: Flask, juniper: House) -> None:
    assert says("He\0llo 💚 \u202e").body == "Hello 💚 \u202e"


def test_a_failing_detector_is_urgent_and_the_text_is_kept(
    app: Flask, juniper: House, aspen: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> bool:
        raise ValueError

    monkeypatch.setattr(incoming, "danger", broken)
    says("see you at six")
    says("hello", "+13035550999")
    assert len(rows(Inbound)) == 2
    assert [(each.why, each.thread_id) for each in alerts()] == [("detector", None)]
    assert answers() == ["answer-danger"]


def test_a_malformed_word_list_of_the_house_is_urgent_too(app: Flask, juniper: House) -> None:
    with transaction() as session:
        session.add(HouseTexts(house_id=juniper.id, brand="Juniper House", danger_words=[""]))
    says("see you at six")
    assert [each.why for each in alerts()] == ["detector"]


def test_a_flood_is_one_alert(app: Flask, juniper: House) -> None:
    for n in range(30):
        says(f"hello {n}", at=SUNDAY + timedelta(seconds=n))
    assert [(each.why, each.thread_id is not None) for each in alerts()] == [("flood", True)]


def test_a_flood_over_the_whole_house_is_one_alert(app: Flask, juniper: House) -> None:
    for n in range(45):
        says("STOP" if n > 40 else "hello", f"+1303555{n:04}", at=SUNDAY + timedelta(seconds=n))
    assert sorted((each.why, each.thread_id) for each in alerts()) == [("flood", None)]
    assert len(stops()) == 4
    says("I want to die", "+13035559999", at=SUNDAY + timedelta(seconds=50))
    assert sorted(each.why for each in alerts()) == ["flood", "words"]


def test_nothing_of_it_stands_in_a_log(app: Flask, juniper: House, capfd: pytest.CaptureFixture[str]) -> None:
    says("STOP quetzal-canary")
    said = capfd.readouterr()
    assert "canary" not in said.out + said.err
    assert SAM not in said.out + said.err
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Inbound)) == 1
