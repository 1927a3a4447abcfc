"""An inbox with somebody in each state: who wrote, what is to be read soon, what could not be sent, what waits."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from respite.core.db import transaction
from respite.messaging.models import Correspondent, Inbound, Message, ReadSoon, Thread
from respite.messaging.policy.segments import count
from respite.messaging.purposes import rules_of
from respite.messaging.service.ground import number_mark, thread_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAM, ALEX, STRANGER, ROBIN, KIM = (f"+1303555{number}" for number in ("0142", "0142", "0177", "0155", "0161"))


def knows(house_id: uuid.UUID, name: str, number: str, at: datetime, **more: object) -> uuid.UUID:
    """Somebody whom the house knows by this number."""
    values: dict[str, object] = {
        "kind": "guest",
        "subject_id": uuid.uuid4(),
        "made_at": at,
        "timezone": "America/Denver",
    }
    person = Correspondent(house_id=house_id, number_index=number_mark(number), **(values | more))
    person.name, person.number = name, number
    with transaction() as session:
        session.add(person)
    return person.id


def writes(house_id: uuid.UUID, number: str, words: str, at: datetime, **more: object) -> tuple[uuid.UUID, uuid.UUID]:
    """A text that came in and that nobody has seen: its thread's id, and its own."""
    with transaction() as session:
        thread = thread_of(session, house_id, number, at)
        text = Inbound(
            house_id=house_id,
            thread_id=thread.id,
            sid=f"SM{uuid.uuid4().hex}",
            number_index=thread.number_index,
            means="nothing",
            via="webhook",
            sent_at=at,
            received_at=at,
            **more,
        )
        text.body = words
        session.add(text)
        thread.last_at = max(thread.last_at, at)
        thread.unseen_since = thread.unseen_since or at
    return thread.id, text.id


def ours(
    house_id: uuid.UUID, number: str, words: str, at: datetime, state: str = "delivered", **more: object
) -> uuid.UUID:
    """A text of ours as it stands."""
    values: dict[str, object] = {
        "purpose": "answer", "language": "en", "made_by": "clock:0", "made_at": at, "not_before": at,
        "not_after": at + 2 * DAY, "posted_at": at if state in ("accepted", "sent", "delivered") else None,
    }  # fmt: skip
    merged = values | more
    message = Message(
        house_id=house_id,
        number_index=number_mark(number),
        dedupe_key=f"test:{uuid.uuid4()}",
        segments=count(words).segments,
        state=state,
        rank=rules_of(str(merged["purpose"])).rank,
        **merged,
    )
    message.body, message.number = words, number
    with transaction() as session:
        thread = session.get(Thread, message.thread_id) if message.thread_id else None
        if thread is not None:
            thread.last_at = max(thread.last_at, at)
        session.add(message)
    return message.id


def asked_to_read(house_id: uuid.UUID, thread_id: uuid.UUID | None, at: datetime, why: str = "words") -> uuid.UUID:
    row = ReadSoon(house_id=house_id, thread_id=thread_id, why=why, raised_at=at)
    with transaction() as session:
        session.add(row)
    return row.id


def fill(house_id: uuid.UUID, now: datetime, me: str = "clock:0") -> dict[str, uuid.UUID]:
    """One of everything, as of `now`; `me` is who wrote the house's answers."""
    sam = knows(house_id, "Sam", SAM, now)
    knows(house_id, "Alex", ALEX, now + MINUTE)
    robin = knows(house_id, "Robin", ROBIN, now)
    knows(house_id, "Kim", KIM, now, language="es")
    shared, _ = writes(house_id, SAM, "Hi, it's me. Could I come by for tea on Sunday?", now - 2 * HOUR)
    ours(house_id, SAM, "Sunday is good. Come by any time after two.", now - HOUR, made_by=me, thread_id=shared)
    _, last = writes(house_id, SAM, "Thank you. That means a lot to me today.", now - 25 * MINUTE)
    soon, _ = writes(house_id, STRANGER, "i dont know who else to write to", now - 4 * MINUTE)
    quiet, hidden = writes(house_id, KIM, "Words nobody should have to read.", now - 3 * DAY)
    with transaction() as session:
        for thread_id in (shared, quiet):
            session.get_one(Thread, thread_id).unseen_since = now - 25 * MINUTE if thread_id == shared else None
        row = session.get_one(Inbound, hidden)
        row.hidden_at, row.hidden_by, row.seen_at = now, me, now
    failed = ours(
        house_id, ROBIN, "Hi Robin, Jo here. I'm glad our paths crossed.", now - DAY, "failed", purpose="caring",
        template="caring-1", correspondent_id=robin, reason="number-bad", error_code=30006, ended_at=now - DAY,
    )  # fmt: skip
    unclear = ours(
        house_id, ROBIN, "Hi Robin, how are you doing today?", now - HOUR, "needs-human", purpose="caring",
        template="caring-2", correspondent_id=robin, reason="unclear", ended_at=now - HOUR,
    )  # fmt: skip
    waiting = ours(
        house_id, SAM, "Hi Sam, Jo here. No reply needed.", now + 12 * HOUR, "scheduled", purpose="follow-up",
        template="follow-up-1", correspondent_id=sam, reason="their-hours", next_at=now + 12 * HOUR,
    )  # fmt: skip
    asked = asked_to_read(house_id, soon, now - 4 * MINUTE)
    return {
        "thread_id": shared, "stranger_id": soon, "quiet_id": quiet, "inbound_id": last, "message_id": unclear,
        "failed_id": failed, "waiting_text_id": waiting, "read_soon_id": asked,
    }  # fmt: skip
