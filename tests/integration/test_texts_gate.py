"""The outbox and the gate: what may leave, when, and with which reason a text waits or ends."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.houses.service.opening import open_house
from respite.messaging.models import Consent, Correspondent, Message, Pause, SimText
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending
from respite.messaging.service.ground import number_mark
from respite.messaging.service.stopping import stop_number
from respite.messaging.service.writing import WAITING, move, write
from tests.places import SUNDAY

NUMBER = "+13035550142"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house_id(app: Flask) -> uuid.UUID:
    house = open_house(
        COMMAND, name="Maple House", kind="respite", timezone="America/Denver", beds=2, chairs=0, now=SUNDAY
    )
    return house.id


@pytest.fixture
def sam(house_id: uuid.UUID) -> uuid.UUID:
    """A guest who said yes to follow-up texts and to caring ones."""
    with transaction() as session:
        person = Correspondent(
            house_id=house_id, kind="guest", subject_id=uuid.uuid4(), number_index=number_mark(NUMBER), made_at=SUNDAY,
            timezone="America/Denver",
        )  # fmt: skip
        person.number, person.name = NUMBER, "Sam"
        session.add(person)
        session.flush()
        for purpose in (Purpose.FOLLOW_UP, Purpose.CARING):
            session.add(
                Consent(
                    house_id=house_id, correspondent_id=person.id, purpose=purpose, number_index=person.number_index,
                    wording=1, method="in-person", given_at=SUNDAY, recorded_by="command:0",
                )
            )  # fmt: skip
    return person.id


@pytest.fixture
def written(house_id: uuid.UUID, sam: uuid.UUID) -> Callable[..., uuid.UUID]:
    def make(key: str = "one", purpose: Purpose = Purpose.FOLLOW_UP, **changed: object) -> uuid.UUID:
        values: dict[str, object] = {
            "number": NUMBER, "words": "Hi Sam, Jo here. No reply needed.", "correspondent_id": sam,
            "made_by": "command:0", "now": SUNDAY,
        }  # fmt: skip
        with transaction() as session:
            return write(session, house_id, purpose=purpose, dedupe_key=key, **(values | changed)).id  # type: ignore[arg-type]

    return make


def after_pump(message_id: uuid.UUID, now: datetime) -> Message:
    sending.pump(lambda: now, hands=1)
    return db.session.get_one(Message, message_id, populate_existing=True)


def change(person_id: uuid.UUID, **values: object) -> None:
    with transaction() as session:
        person = session.get_one(Correspondent, person_id)
        for name, value in values.items():
            setattr(person, name, value)


def phone() -> list[str | None]:
    return [text.body for text in db.session.scalars(sa.select(SimText).order_by(SimText.at))]


def test_a_text_leaves_once_and_says_so(written: Callable[..., uuid.UUID]) -> None:
    message = after_pump(written(), SUNDAY)
    assert (message.state, message.next_at, message.attempt_no) == (State.DELIVERED, None, 1)
    assert message.sid
    sending.pump(lambda: SUNDAY + timedelta(days=1), hands=1)
    assert phone() == ["Hi Sam, Jo here. No reply needed."]


def test_the_same_key_is_the_same_text(written: Callable[..., uuid.UUID]) -> None:
    assert written("one") == written("one", words="Something else")
    sending.pump(lambda: SUNDAY, hands=1)
    assert len(phone()) == 1


def test_a_text_is_gone_when_its_cause_is(house_id: uuid.UUID, sam: uuid.UUID) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        write(
            session, house_id, number=NUMBER, purpose=Purpose.FOLLOW_UP, words="Hi", dedupe_key="x", made_by="c",
            now=SUNDAY, correspondent_id=sam,
        )  # fmt: skip
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


@pytest.mark.parametrize(
    "person, state, reason",
    [
        ({"state": "back"}, State.SUPPRESSED, "person-back"),
        ({"state": "died"}, State.SUPPRESSED, "person-died"),
        ({"state": "no-contact"}, State.SUPPRESSED, "no-contact"),
        ({"safe_to_text": False}, State.SUPPRESSED, "not-safe"),
        ({"number_bad": "wrong"}, State.SUPPRESSED, "number-bad"),
        ({"number_index": b"another"}, State.CANCELED, "number-changed"),
    ],
)
def test_what_became_of_the_person_since(
    written: Callable[..., uuid.UUID], sam: uuid.UUID, person: dict[str, object], state: State, reason: str
) -> None:
    message_id = written()
    change(sam, **person)
    message = after_pump(message_id, SUNDAY)
    assert (message.state, message.reason) == (state, reason)
    assert phone() == []


def test_a_yes_is_for_one_purpose_at_one_number(written: Callable[..., uuid.UUID]) -> None:
    message = after_pump(written(purpose=Purpose.CONNECTIONS), SUNDAY)
    assert (message.state, message.reason) == (State.SUPPRESSED, "no-consent")
    with transaction() as session:
        session.execute(sa.update(Consent).values(ended_at=SUNDAY))
    message = after_pump(written("two"), SUNDAY)
    assert (message.state, message.reason) == (State.SUPPRESSED, "no-consent")


def test_outside_their_hours_a_text_waits_for_them(written: Callable[..., uuid.UUID], sam: uuid.UUID) -> None:
    change(sam, hours_from=time(9), hours_until=time(14))
    message_id = written()
    message = after_pump(message_id, SUNDAY)  # 14:32 in Denver
    assert (message.state, message.reason) == (State.SCHEDULED, "their-hours")
    opens = SUNDAY.replace(hour=16, minute=0) + timedelta(days=1)
    assert message.next_at == opens
    assert after_pump(message_id, opens - timedelta(seconds=1)).state == State.SCHEDULED
    assert after_pump(message_id, opens).state == State.DELIVERED


def test_an_answer_leaves_at_any_hour(written: Callable[..., uuid.UUID], sam: uuid.UUID) -> None:
    change(sam, hours_from=time(9), hours_until=time(14), state="back")
    assert after_pump(written(purpose=Purpose.ANSWER), SUNDAY).state == State.DELIVERED


def test_too_late_is_told_to_a_person(written: Callable[..., uuid.UUID]) -> None:
    message = after_pump(written(not_after=SUNDAY), SUNDAY)
    assert (message.state, message.reason) == (State.EXPIRED, "too-late")


def test_one_a_day_and_three_a_week(written: Callable[..., uuid.UUID]) -> None:
    later = timedelta(days=30)
    ids = [written(str(n), not_after=SUNDAY + later) for n in range(5)]
    for hour in range(24 * 9):
        sending.pump(lambda at=SUNDAY + timedelta(hours=hour): at, hands=1)  # type: ignore[misc]
    times = sorted(m.posted_at for m in (db.session.get_one(Message, each) for each in ids) if m.posted_at)
    assert len(times) == 5
    assert all(b - a >= timedelta(hours=20) for a, b in itertools.pairwise(times))
    assert times[3] - times[0] >= timedelta(days=7)


def test_two_that_are_due_at_once_are_still_one_a_day(app: Flask, written: Callable[..., uuid.UUID]) -> None:
    ids = [written(str(n), not_after=SUNDAY + timedelta(days=9)) for n in range(4)]
    _touched, first = sending.claim(SUNDAY)
    assert first is not None
    for _other in ids[1:]:
        assert sending.claim(SUNDAY) == (1, None), "the first may turn out to be the day's"
    assert sending.claim(SUNDAY) == (0, None)
    sending.carry(first, lambda: SUNDAY)
    sending.pump(lambda: SUNDAY + timedelta(hours=1))
    assert len(phone()) == 1


def test_claims_of_the_same_moment_are_still_one_a_day(
    app: Flask, written: Callable[..., uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two transactions that both looked before either was written down."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there one claims after the other")
    for n in range(2):
        written(str(n), not_after=SUNDAY + timedelta(days=9))
    both, begin, claimed = threading.Barrier(2), sending._through_the_gate, list[object]()

    def at_once(session: sa.orm.Session, message: Message, now: datetime) -> object:
        both.wait(10)
        found = begin(session, message, now)
        both.wait(10)
        return found

    monkeypatch.setattr(sending, "_through_the_gate", at_once)

    def claims() -> None:
        with app.app_context():
            claimed.append(sending.claim(SUNDAY)[1])

    threads = [threading.Thread(target=claims) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(each is None for each in claimed) == [False, True]


def test_a_stop_calls_back_what_waits_and_lets_nothing_pass(written: Callable[..., uuid.UUID]) -> None:
    waiting = written("waits", not_before=SUNDAY + timedelta(hours=1))
    with transaction() as session:
        assert stop_number(session, number_mark(NUMBER), source="stop", said_at=SUNDAY, now=SUNDAY) == 1
    assert db.session.get_one(Message, waiting, populate_existing=True).state == State.SUPPRESSED
    message = after_pump(written("after", purpose=Purpose.ANSWER), SUNDAY)
    assert (message.state, message.reason) == (State.SUPPRESSED, "stopped")
    assert phone() == []


def test_a_stop_between_claim_and_handing_over(written: Callable[..., uuid.UUID]) -> None:
    message_id = written()
    _touched, claimed = sending.claim(SUNDAY)
    assert claimed is not None
    with transaction() as session:
        stop_number(session, number_mark(NUMBER), source="stop", said_at=SUNDAY, now=SUNDAY)
    sending.carry(claimed, lambda: SUNDAY)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    assert (message.state, message.reason) == (State.SUPPRESSED, "stopped")
    assert phone() == []


@pytest.mark.parametrize("whose", ["all", "house", "purpose"])
def test_a_pause_keeps_texts_until_it_ends(written: Callable[..., uuid.UUID], house_id: uuid.UUID, whose: str) -> None:
    message_id = written()
    pause = Pause(
        house_id=None if whose == "all" else house_id,
        purpose=Purpose.FOLLOW_UP if whose == "purpose" else None,
        why="person",
        since=SUNDAY,
    )
    with transaction() as session:
        session.add(pause)
    assert after_pump(message_id, SUNDAY).state in WAITING
    with transaction() as session:
        session.execute(sa.update(Pause).values(ended_at=SUNDAY))
    assert after_pump(message_id, SUNDAY + timedelta(minutes=11)).state == State.DELIVERED


def test_words_of_the_house_do_not_leave_in_a_text(written: Callable[..., uuid.UUID]) -> None:
    message = after_pump(written(words="How was your stay at the respite?"), SUNDAY)
    assert message.state == State.NEEDS_HUMAN
    assert str(message.reason).startswith("wording-")


def test_a_row_that_cannot_be_read_stops_no_other(written: Callable[..., uuid.UUID]) -> None:
    broken = written("broken")
    with transaction() as session:
        session.execute(sa.update(Message).where(Message.id == broken).values(body_sealed=b"nonsense"))
    fine = written("fine", purpose=Purpose.CARING)
    assert after_pump(fine, SUNDAY).state == State.DELIVERED
    message = db.session.get_one(Message, broken, populate_existing=True)
    assert (message.state, message.reason) == (State.NEEDS_HUMAN, "cannot-be-read")


def test_a_text_moves_with_its_cause(written: Callable[..., uuid.UUID]) -> None:
    message_id = written(not_before=SUNDAY + timedelta(hours=1))
    with transaction() as session:
        assert move(session, "one", SUNDAY + timedelta(days=2)) is not None
    assert after_pump(message_id, SUNDAY + timedelta(hours=2)).state == State.SCHEDULED
    assert after_pump(message_id, SUNDAY + timedelta(days=2)).state == State.DELIVERED


def test_many_hands_send_each_text_once(app: Flask, written: Callable[..., uuid.UUID], clock: StillClock) -> None:
    for n in range(30):
        written(str(n), purpose=Purpose.ANSWER, words=f"Number {n}")

    def pump() -> None:
        with app.app_context():
            sending.pump(clock.now, hands=4)

    threads = [threading.Thread(target=pump) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(str(body) for body in phone()) == sorted(f"Number {n}" for n in range(30))
