"""What people do with what came in: answering, passing on, resting, deciding. On both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.core import crypto
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.counts import unread_in
from respite.messaging.errors import (
    AlreadyDecided,
    NoRestAsked,
    NothingToAnswer,
    NotSafeToText,
    NumberOptedOut,
    RestAsked,
    RestNeedsAnother,
    WordingNotFit,
)
from respite.messaging.models import Correspondent, Inbound, Message, ReadSoon, SimText, Thread
from respite.messaging.policy.states import State
from respite.messaging.purposes import MOST_TRIES
from respite.messaging.queries import threads_of, to_decide, waiting_to_leave
from respite.messaging.service import ending, inbox, resting, sending
from respite.messaging.service.ground import number_mark
from respite.messaging.service.stopping import stop_number
from respite.messaging.thread_queries import thread_seen
from tests.at_once import at_once
from tests.inboxes import DAY, HOUR, MINUTE, SAM, STRANGER, asked_to_read, knows, ours, writes
from tests.places import SUNDAY

ActorIn = Callable[..., Actor]


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(juniper: House, actor_in: ActorIn) -> Actor:
    return actor_in(juniper.id, Role.PEER, name="Dana")


@pytest.fixture
def luis(juniper: House, actor_in: ActorIn) -> Actor:
    return actor_in(juniper.id, Role.PEER, name="Luis")


@pytest.fixture
def thread_id(juniper: House) -> uuid.UUID:
    """Sam wrote ten minutes ago."""
    knows(juniper.id, "Sam", SAM, SUNDAY - DAY)
    return writes(juniper.id, SAM, "Are you there?", SUNDAY - 10 * MINUTE)[0]


def kinds(house_id: uuid.UUID) -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).where(Event.stream == house_id).order_by(Event.version)))


def rows(model: type, *where: sa.ColumnElement[bool]) -> list:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).where(*where)))


def test_an_answer_is_in_the_outbox_and_leaves_at_once(
    juniper: House, dana: Actor, thread_id: uuid.UUID, clock: StillClock
) -> None:
    message = inbox.reply(dana, thread_id, "Yes — I’m here.", SUNDAY)
    assert (message.body, message.purpose, message.made_by) == ("Yes - I'm here.", "answer", dana.ref)
    assert kinds(juniper.id)[-1] == events.MESSAGE_WRITTEN
    sending.pump(clock.now, hands=1)
    assert [text.body for text in rows(SimText)] == ["Yes - I'm here."]
    assert list(broken_links()) == []


def test_an_answer_to_a_text_of_days_ago_waits_for_their_hours(juniper: House, dana: Actor) -> None:
    thread_id, _ = writes(juniper.id, STRANGER, "hello", SUNDAY - 2 * DAY)
    at_night = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # two in the morning in Denver
    message = inbox.reply(dana, thread_id, "Good to hear from you.", at_night)
    assert message.state == State.SCHEDULED
    assert message.not_before == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    fresh, _ = writes(juniper.id, SAM, "are you up?", at_night - HOUR)
    assert inbox.reply(dana, fresh, "I am.", at_night).not_before == at_night


def test_what_stands_against_an_answer_is_said(juniper: House, dana: Actor, thread_id: uuid.UUID) -> None:
    with pytest.raises(WordingNotFit):
        inbox.reply(dana, thread_id, "The respite has a bed for you.", SUNDAY)
    with pytest.raises(WordingNotFit):
        inbox.reply(dana, thread_id, " \n ", SUNDAY)
    with transaction() as session:
        session.scalars(sa.select(Correspondent)).one().safe_to_text = False
    with pytest.raises(NotSafeToText):
        inbox.reply(dana, thread_id, "I am here.", SUNDAY)
    with transaction() as session:
        stop_number(session, number_mark(SAM), source="stop", said_at=SUNDAY, now=SUNDAY)
    with pytest.raises(NumberOptedOut):
        inbox.reply(dana, thread_id, "I am here.", SUNDAY)
    ours(juniper.id, STRANGER, "Hi", SUNDAY)
    with transaction() as session:
        silent = Thread(house_id=juniper.id, number_index=number_mark(STRANGER), made_at=SUNDAY, last_at=SUNDAY)
        silent.number = STRANGER
        session.add(silent)
    with pytest.raises(NothingToAnswer):
        inbox.reply(dana, silent.id, "Hi again.", SUNDAY)
    assert len(rows(Message)) == 1


def test_on_a_shared_phone_one_who_is_not_safe_decides_for_all(
    juniper: House, dana: Actor, thread_id: uuid.UUID
) -> None:
    knows(juniper.id, "Alex", SAM, SUNDAY, safe_to_text=False)
    with pytest.raises(NotSafeToText):
        inbox.reply(dana, thread_id, "I am here.", SUNDAY)


def test_two_people_answer_at_once_and_both_texts_leave(
    app: Flask, dana: Actor, luis: Actor, thread_id: uuid.UUID, clock: StillClock
) -> None:
    answered = at_once(
        app,
        lambda: inbox.reply(dana, thread_id, "Yes.", SUNDAY),
        lambda: inbox.reply(luis, thread_id, "We are.", SUNDAY),
    )
    assert all(isinstance(each, Message) for each in answered)
    sending.pump(clock.now, hands=1)
    assert sorted(text.body for text in rows(SimText)) == ["We are.", "Yes."]


def test_somebody_is_asked_to_answer_who_may(
    juniper: House, aspen: House, dana: Actor, luis: Actor, thread_id: uuid.UUID, actor_in: ActorIn
) -> None:
    assert inbox.assign(dana, thread_id, luis.id, SUNDAY) is None
    assert inbox.assign(dana, thread_id, None, SUNDAY) == luis.id
    for stranger in (actor_in(juniper.id, Role.VOLUNTEER), actor_in(aspen.id, Role.PEER)):
        with pytest.raises(Invalid):
            inbox.assign(dana, thread_id, stranger.id, SUNDAY)
    with pytest.raises(Invalid):
        inbox.pass_on(dana, thread_id, dana.id, SUNDAY)


def test_who_passes_a_thread_on_reads_no_further_until_they_take_it_back(
    juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID
) -> None:
    inbox.pass_on(dana, thread_id, luis.id, SUNDAY)

    def covered(actor: Actor) -> bool:
        listed = thread_id in threads_of(db.session(), actor, juniper.id, SUNDAY).passed
        assert listed == thread_seen(db.session(), actor, juniper.id, thread_id, SUNDAY).passed
        return listed

    assert (covered(dana), covered(luis)) == (True, False)
    inbox.assign(dana, thread_id, dana.id, SUNDAY)
    assert not covered(dana)


def test_no_right_and_no_house_of_ones_own_is_like_no_thread(
    juniper: House, aspen: House, thread_id: uuid.UUID, actor_in: ActorIn
) -> None:
    [text] = rows(Inbound)
    message_id = ours(juniper.id, SAM, "Hi", SUNDAY, "failed")
    for actor in (actor_in(juniper.id, Role.VOLUNTEER), actor_in(aspen.id, Role.DIRECTOR)):
        for act in (
            lambda a=actor: inbox.reply(a, thread_id, "Hi", SUNDAY),
            lambda a=actor: inbox.seen(a, thread_id, SUNDAY),
            lambda a=actor: inbox.assign(a, thread_id, None, SUNDAY),
            lambda a=actor: inbox.called(a, thread_id, SUNDAY),
            lambda a=actor: inbox.hide(a, text.id, SUNDAY),
            lambda a=actor: resting.ask_rest(a, thread_id, 1, SUNDAY),
            lambda a=actor: ending.send_again(a, message_id, SUNDAY),
            lambda a=actor: ending.let_go(a, message_id, SUNDAY),
            lambda a=actor: threads_of(db.session(), a, juniper.id, SUNDAY),
        ):
            with pytest.raises(NotFound):
                act()


# -- resting ------------------------------------------------------------------------------------------------------


def test_a_rest_needs_two_different_people_and_ends_by_itself(
    juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID
) -> None:
    for days in (0, 8, -1):
        with pytest.raises(Invalid):
            resting.ask_rest(dana, thread_id, days, SUNDAY)
    with pytest.raises(NoRestAsked):
        resting.agree_rest(luis, thread_id, SUNDAY)
    resting.ask_rest(dana, thread_id, 2, SUNDAY)
    assert unread_in(db.session(), juniper.id, SUNDAY).texts == 1
    with pytest.raises(RestNeedsAnother):
        resting.agree_rest(dana, thread_id, SUNDAY)
    with pytest.raises(RestAsked):
        resting.ask_rest(luis, thread_id, 7, SUNDAY)
    until = resting.agree_rest(luis, thread_id, SUNDAY + HOUR)
    assert until == SUNDAY + HOUR + 2 * DAY
    asked_to_read(juniper.id, thread_id, SUNDAY)
    resting_now, after = (unread_in(db.session(), juniper.id, at) for at in (until - MINUTE, until))
    assert (resting_now.texts, resting_now.since, resting_now.soon, resting_now.changes_at) == (0, None, 1, until)
    assert (after.texts, after.soon) == (1, 1)
    with pytest.raises(RestAsked):
        resting.ask_rest(dana, thread_id, 1, until - MINUTE)


def test_a_rest_over_the_night_the_clocks_change_ends_at_the_same_time_of_day(
    dana: Actor, luis: Actor, thread_id: uuid.UUID
) -> None:
    eve = datetime(2027, 3, 13, 22, 0, tzinfo=UTC)  # 15:00 in Denver; the clocks go forward in the night
    resting.ask_rest(dana, thread_id, 1, eve)
    assert resting.agree_rest(luis, thread_id, eve) == eve + timedelta(hours=23)


def test_an_asking_that_nobody_agrees_to_is_over_after_a_day(dana: Actor, luis: Actor, thread_id: uuid.UUID) -> None:
    resting.ask_rest(dana, thread_id, 3, SUNDAY)
    with pytest.raises(NoRestAsked):
        resting.agree_rest(luis, thread_id, SUNDAY + DAY)
    resting.ask_rest(luis, thread_id, 1, SUNDAY + DAY)
    resting.end_rest(dana, thread_id, SUNDAY + DAY)
    with pytest.raises(NoRestAsked):
        resting.agree_rest(dana, thread_id, SUNDAY + DAY)


def test_while_the_house_rests_answers_still_leave(
    dana: Actor, luis: Actor, thread_id: uuid.UUID, clock: StillClock
) -> None:
    resting.ask_rest(dana, thread_id, 7, SUNDAY)
    resting.agree_rest(luis, thread_id, SUNDAY)
    inbox.reply(dana, thread_id, "Our telephone is always open.", SUNDAY)
    sending.pump(clock.now, hands=1)
    assert len(rows(SimText)) == 1


# -- deciding -----------------------------------------------------------------------------------------------------


def test_a_text_of_unclear_end_goes_once_more_when_somebody_says_so(
    juniper: House, dana: Actor, luis: Actor, clock: StillClock
) -> None:
    person = knows(juniper.id, "Sam", SAM, SUNDAY)
    message_id = ours(
        juniper.id, SAM, "Hello Sam.", SUNDAY - DAY, "needs-human", reason="unclear", correspondent_id=person,
        attempt_no=6, tries=6, not_after=SUNDAY - HOUR, ended_at=SUNDAY - HOUR, posted_at=None,
    )  # fmt: skip
    assert [m.id for m in to_decide(db.session(), dana, juniper.id)] == [message_id]
    ending.send_again(dana, message_id, SUNDAY)
    with pytest.raises(AlreadyDecided):
        ending.send_again(luis, message_id, SUNDAY)
    assert to_decide(db.session(), dana, juniper.id) == []
    db.session.rollback()
    sending.pump(clock.now, hands=1)
    [message] = rows(Message)
    assert (message.state, message.attempt_no) == (State.DELIVERED, 7)
    assert message.tries == MOST_TRIES, "one more try is allowed, and then a person is asked again"
    assert [text.body for text in rows(SimText)] == ["Hello Sam."]


def test_a_text_that_fails_again_is_put_to_a_person_again(juniper: House, dana: Actor) -> None:
    message_id = ours(
        juniper.id, SAM, "Hello.", SUNDAY, "undelivered", sid="SM1", reason="not-delivered", ended_at=SUNDAY
    )
    message = ending.send_again(dana, message_id, SUNDAY)
    assert (message.sid, message.next_at) == (None, SUNDAY)
    with transaction() as session:
        row = session.get_one(Message, message_id)
        row.state, row.reason, row.next_at, row.ended_at = State.FAILED, "refused", None, SUNDAY
    assert [m.id for m in to_decide(db.session(), dana, juniper.id)] == [message_id]


@pytest.mark.parametrize(
    ("state", "reason", "ends"),
    [
        (State.NEEDS_HUMAN, "unclear", State.CANCELED),
        (State.FAILED, "number-bad", State.FAILED),
        (State.UNDELIVERED, "not-delivered", State.UNDELIVERED),
        (State.SCHEDULED, "their-hours", State.CANCELED),
        (State.QUEUED, None, State.CANCELED),
    ],
)
@pytest.mark.parametrize("decide", [ending.let_go, ending.told_by_call])
def test_what_is_let_go_leaves_no_more_and_asks_nobody(
    juniper: House,
    dana: Actor,
    clock: StillClock,
    decide: Callable[..., Message],
    state: State,
    reason: str,
    ends: State,
) -> None:
    waits = state in (State.SCHEDULED, State.QUEUED)
    message_id = ours(juniper.id, SAM, "Hi.", SUNDAY, state, reason=reason, next_at=SUNDAY if waits else None)
    assert decide(dana, message_id, SUNDAY).state == ends
    assert to_decide(db.session(), dana, juniper.id) == waiting_to_leave(db.session(), dana, juniper.id) == []
    with pytest.raises(AlreadyDecided):
        ending.let_go(dana, message_id, SUNDAY)
    db.session.rollback()
    sending.pump(clock.now, hands=1)
    assert rows(SimText) == []
    assert kinds(juniper.id)[-1] == events.MESSAGE_DECIDED


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN, State.ACCEPTED, State.SENT, State.DELIVERED])
def test_what_left_or_may_have_left_cannot_be_called_back(juniper: House, dana: Actor, state: State) -> None:
    message_id = ours(juniper.id, SAM, "Hi.", SUNDAY, state)
    for decide in (ending.let_go, ending.send_again, ending.told_by_call):
        with pytest.raises(AlreadyDecided):
            decide(dana, message_id, SUNDAY)


def test_what_would_only_come_to_the_same_end_is_not_offered_again(juniper: House, dana: Actor) -> None:
    for reason in sorted(ending.NOT_AGAIN):
        state = State.DELIVERED if reason == "maybe-twice" else State.NEEDS_HUMAN
        message_id = ours(juniper.id, SAM, "Hi.", SUNDAY, state, reason=reason)
        with pytest.raises(AlreadyDecided):
            ending.send_again(dana, message_id, SUNDAY)
        ending.let_go(dana, message_id, SUNDAY)


def test_what_ended_by_rule_is_put_to_a_person_only_where_somebody_waits(juniper: House, dana: Actor) -> None:
    ours(juniper.id, SAM, "A kind word.", SUNDAY, "expired", purpose="caring", reason="too-late")
    answer = ours(juniper.id, SAM, "An answer.", SUNDAY, "expired", reason="too-late")
    assert [message.id for message in to_decide(db.session(), dana, juniper.id)] == [answer]


# -- reading ------------------------------------------------------------------------------------------------------


def test_two_hundred_threads_cost_as_many_statements_as_two_and_open_only_what_is_shown(
    app: Flask, juniper: House, dana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    unseal = crypto.unseal

    def counted(sealed: bytes, *bound_to: object) -> str:
        opened.append(str(bound_to[1]))
        return unseal(sealed, *bound_to)

    monkeypatch.setattr(crypto, "unseal", counted)

    def looked(many: int) -> tuple[int, int]:
        statements: list[str] = []

        def heard(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            statements.append(statement)

        with transaction() as session:
            for number in range(many):
                _thread_with_ten_texts(session, juniper.id, f"+1720555{number:04}")
        db.session.rollback()
        opened.clear()
        sa.event.listen(db.engine, "before_cursor_execute", heard)
        from respite.messaging.views.inbox_shown import inbox_values

        with app.test_request_context():
            values, _ = inbox_values(db.session(), dana, db.session.get_one(House, juniper.id), SUNDAY)
        sa.event.remove(db.engine, "before_cursor_execute", heard)
        assert len(values["lines"]) == many
        return len(statements), opened.count("body_sealed")

    few, _ = looked(2)
    db.session.rollback()
    with transaction() as session:
        for model in (Inbound, Message, Thread):
            session.execute(sa.delete(model))
    many, bodies = looked(200)
    assert many == few
    assert few < 20
    assert bodies == 200


def _thread_with_ten_texts(session: sa.orm.Session, house_id: uuid.UUID, number: str) -> None:
    thread = Thread(house_id=house_id, number_index=number_mark(number), made_at=SUNDAY, last_at=SUNDAY)
    thread.number = number
    session.add(thread)
    session.flush()
    for n in range(10):
        text = Inbound(
            house_id=house_id, thread_id=thread.id, sid=f"SM{uuid.uuid4().hex}", number_index=thread.number_index,
            means="nothing", via="webhook", sent_at=SUNDAY - n * MINUTE, received_at=SUNDAY,
        )  # fmt: skip
        text.body = f"text {n}"
        session.add(text)


def test_what_a_person_must_decide_is_found_by_its_index(app: Flask, juniper: House) -> None:
    with db.engine.connect() as connection:
        wanted = sa.select(Message.id).where(Message.house_id == juniper.id, ending.undecided())
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))
            plan = connection.execute(sa.text("EXPLAIN " + _literally(wanted, connection)))
        else:
            plan = connection.execute(sa.text("EXPLAIN QUERY PLAN " + _literally(wanted, connection)))
        told = " ".join(str(row) for row in plan)
    assert "ix_message_undecided" in told


def _literally(wanted: sa.Select[tuple[uuid.UUID]], connection: sa.Connection) -> str:
    return str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))


def test_the_rule_in_the_database_and_in_the_code_say_the_same(juniper: House, dana: Actor) -> None:
    for state in State:
        for reason in (None, "maybe-twice"):
            for purpose in ("answer", "caring"):
                ours(juniper.id, SAM, "Hi.", SUNDAY, state, reason=reason, purpose=purpose)
    found = {message.id for message in to_decide(db.session(), dana, juniper.id)}
    assert found == {message.id for message in rows(Message) if ending.is_undecided(message)}
    assert 0 < len(found) < 4 * len(State)


def test_a_thread_shows_both_sides_in_order_and_what_was_done_beside(
    juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID
) -> None:
    ours(juniper.id, SAM, "We are here.", SUNDAY - 5 * MINUTE, made_by=luis.ref)
    writes(juniper.id, SAM, "Thank you.", SUNDAY - 4 * MINUTE)
    ours(juniper.id, SAM, "Hi Sam.", SUNDAY + DAY, "scheduled", purpose="follow-up", next_at=SUNDAY + DAY)
    inbox.called(dana, thread_id, SUNDAY)
    found = thread_seen(db.session(), dana, juniper.id, thread_id, SUNDAY)
    shown = [entry.body if isinstance(entry, Inbound | Message) else entry.kind for entry in found.entries]
    assert shown == ["Are you there?", "We are here.", "Thank you.", events.THREAD_CALLED]
    resting.ask_rest(dana, thread_id, 2, SUNDAY)
    resting.agree_rest(luis, thread_id, SUNDAY)
    beside = thread_seen(db.session(), dana, juniper.id, thread_id, SUNDAY).entries[-3:]
    assert [getattr(entry, "step", "") for entry in beside] == [None, "asked", "agreed"], "in the order they were done"
    assert [message.body for message in found.to_come] == ["Hi Sam."]
    assert found.names[luis.ref] == "Luis"


def test_a_long_thread_is_shown_from_its_end_and_each_text_once(juniper: House, dana: Actor) -> None:
    for n in range(60):
        thread_id, _ = writes(juniper.id, SAM, f"theirs {n}", SUNDAY - DAY + 2 * n * MINUTE)
        ours(juniper.id, SAM, f"ours {n}", SUNDAY - DAY + (2 * n + 1) * MINUTE)
    shown: list[str] = []
    before: datetime | None = None
    while True:
        found = thread_seen(db.session(), dana, juniper.id, thread_id, SUNDAY, before)
        shown = [str(entry.body) for entry in found.entries if isinstance(entry, Inbound | Message)] + shown
        if not found.earlier:
            break
        first = found.entries[0]
        before = first.sent_at if isinstance(first, Inbound) else first.posted_at  # type: ignore[union-attr]
    assert shown == [f"{whose} {n}" for n in range(60) for whose in ("theirs", "ours")]


def test_nothing_said_in_texts_is_in_the_log(juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID) -> None:
    [text] = rows(Inbound)
    inbox.reply(dana, thread_id, "Quetzal answers.", SUNDAY)
    inbox.hide(dana, text.id, SUNDAY)
    inbox.unhide(dana, text.id, SUNDAY)
    inbox.pass_on(dana, thread_id, luis.id, SUNDAY)
    resting.ask_rest(dana, thread_id, 1, SUNDAY)
    told = " ".join(rows(Event, Event.stream == juniper.id)[n].data for n in range(len(kinds(juniper.id))))
    assert "Quetzal" not in told
    assert "3035550142" not in told


def test_who_answers_or_calls_has_read_what_was_to_be_read_soon(
    juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID
) -> None:
    asked_to_read(juniper.id, thread_id, SUNDAY)
    inbox.called(dana, thread_id, SUNDAY)
    assert [row.taken_by for row in rows(ReadSoon)] == [None], "something came that nobody has seen"
    inbox.seen(luis, thread_id, SUNDAY)
    inbox.called(dana, thread_id, SUNDAY)
    assert [row.taken_by for row in rows(ReadSoon)] == [dana.ref]


def test_only_what_a_page_showed_is_read(juniper: House, dana: Actor, luis: Actor, thread_id: uuid.UUID) -> None:
    [shown] = rows(Inbound)
    writes(juniper.id, SAM, "Later.", SUNDAY)
    assert inbox.seen(dana, thread_id, SUNDAY, {shown.id, uuid.uuid4()}) == 1
    assert inbox.seen(dana, thread_id, SUNDAY, {shown.id}) == 0
    assert [thread.unseen_since for thread in rows(Thread)] == [SUNDAY]
    assert inbox.seen(luis, thread_id, SUNDAY) == 1
    assert [thread.unseen_since for thread in rows(Thread)] == [None]
    assert sorted(text.seen_by for text in rows(Inbound)) == sorted((dana.ref, luis.ref))
    assert kinds(juniper.id).count(events.INBOUND_SEEN) == 2
