"""Forgetting a guest takes their texts' words and numbers along, on both databases; what another shares stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.accounts.models import Draft
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.core.due import Due
from respite.guests.service import texting
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Named
from respite.guests.service.saving import let_go, save_bed
from respite.guests.service.staying import change_guest
from respite.houses.models import House
from respite.messaging.models import (
    Attempt,
    Consent,
    Correspondent,
    FormerNumber,
    Inbound,
    Message,
    NumberStop,
    ProviderEvent,
    ReadSoon,
    SimText,
    Thread,
)
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import sending, statuses
from respite.messaging.service.finding_out import find_out
from respite.messaging.service.ground import number_mark, thread_of
from respite.messaging.service.writing import write
from tests.integration.test_guests_erasing import places_of
from tests.places import SUNDAY
from tests.texts_in import says

ActorIn = Callable[..., Actor]
NAME, WORD = "Quillwort", "bramblefern"
NUMBER, OLD = "+13035550142", "+13035550177"
MOVES_ON = "text.read-soon.moves-on"
SIDS = [f"SM{n:032d}" for n in range(4)]


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def lead(juniper: House, actor_in: ActorIn) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR)


@pytest.fixture
def guest_id(juniper: House, lead: Actor) -> uuid.UUID:
    """A guest who had another number before, with texts in every state and something that came in from each."""
    stay = welcome_new(lead, juniper.id, who=Named(NAME, phone=OLD), nights=1, now=SUNDAY)
    assert stay.guest_id is not None
    texting.give_consent(lead, stay.guest_id, "caring", OLD, "in-person", now=SUNDAY)
    change_guest(lead, stay.guest_id, name=NAME, pronouns=None, phone=NUMBER, now=SUNDAY)
    texting.give_consent(lead, stay.guest_id, "follow-up", NUMBER, "in-person", now=SUNDAY)
    leave(lead, stay.id, now=SUNDAY)
    with transaction() as session:
        them = session.scalars(sa.select(Correspondent)).one()
        for index, state in enumerate((State.SCHEDULED, State.UNKNOWN, State.DELIVERED)):
            message = write(
                session,
                juniper.id,
                number=NUMBER,
                purpose=Purpose.FOLLOW_UP,
                words=f"{NAME}, about the {WORD}.",
                dedupe_key=f"text {index}",
                made_by="clock:",
                correspondent_id=them.id,
                now=SUNDAY,
            )
            message.state = state
            if state != State.SCHEDULED:
                message.next_at, message.attempt_no = None, 1
                session.flush()
                sid = SIDS[index] if state == State.DELIVERED else None
                message.sid = sid
                session.add(Attempt(message_id=message.id, n=1, started_at=machine_now(), sid=sid))
        _told(session, "status", SIDS[2])
        _came_in(session, juniper, NUMBER, SIDS[0])
        _came_in(session, juniper, OLD, SIDS[1])
        session.add(NumberStop(number_index=number_mark(OLD), source="stop", said_at=SUNDAY, heard_at=SUNDAY))
        phone = SimText(sid=SIDS[3], number_index=number_mark(NUMBER), to_phone=True, at=SUNDAY)
        phone.number, phone.body = NUMBER, f"About the {WORD}."
        session.add(phone)
    return stay.guest_id


def _told(session: sa.orm.Session, source: str, sid: str) -> None:
    event = ProviderEvent(source=source, sid=sid, status="delivered", heard_at=SUNDAY, made_of_it="moved")
    event.raw = f"To={NUMBER}&Body={WORD}"
    session.add(event)


def _came_in(session: sa.orm.Session, house: House, number: str, sid: str) -> None:
    thread = thread_of(session, house.id, number, SUNDAY)
    inbound = Inbound(
        house_id=house.id,
        thread_id=thread.id,
        sid=sid,
        number_index=number_mark(number),
        means="nothing",
        via="webhook",
        sent_at=SUNDAY,
        received_at=SUNDAY,
    )
    inbound.body = f"The {WORD} helped."
    session.add(inbound)
    session.flush()
    soon = ReadSoon(house_id=house.id, thread_id=thread.id, inbound_id=inbound.id, why="words", raised_at=SUNDAY)
    session.add(soon)
    session.flush()
    session.add(Due(kind=MOVES_ON, subject=soon.id, due_at=SUNDAY, house_id=house.id))
    _told(session, "inbound", sid)
    person_id = session.scalar(sa.text("SELECT id FROM person LIMIT 1").columns(id=sa.Uuid()))
    draft = Draft(person_id=person_id, path=f"/houses/x/texts/{thread.id}", form="reply", saved_at=SUNDAY)
    draft.words = f"Dear {NAME}"
    session.add(draft)


def told_of(*words: str) -> set[str]:
    db.session.expire_all()
    return places_of(*words)


def test_every_table_speaks_of_them_before(guest_id: uuid.UUID) -> None:
    assert told_of(NAME, WORD, NUMBER, OLD) >= {
        "correspondent.name_sealed", "correspondent.number_sealed", "message.body_sealed", "message.number_sealed",
        "thread.number_sealed", "inbound.body_sealed", "provider_event.raw_sealed", "sim_text.body_sealed",
        "sim_text.number_sealed", "draft.words_sealed",
    }  # fmt: skip


def test_afterwards_nothing_does_and_the_ledger_is_whole(juniper: House, lead: Actor, guest_id: uuid.UUID) -> None:
    erase_guest(lead, guest_id, now=SUNDAY)
    assert told_of(NAME, WORD, NUMBER, OLD) == set()
    assert places_of(str(guest_id)) == {"event.subject"}
    for gone in (Correspondent, Consent, ReadSoon):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(gone)) == 0
    assert db.session.scalar(sa.select(Due.id).where(Due.kind == MOVES_ON)) is None
    # That a text left, and under which SID, is what the provider's ledger is compared with; so is what came in.
    assert db.session.scalars(sa.select(Attempt.sid).where(Attempt.sid.is_not(None))).all() == [SIDS[2]]
    assert set(db.session.scalars(sa.select(Inbound.sid))) == {SIDS[0], SIDS[1]}
    states = list(db.session.scalars(sa.select(Message.state).where(Message.purpose == Purpose.FOLLOW_UP)))
    assert sorted(states) == [State.CANCELED, State.DELIVERED, State.UNKNOWN]
    assert list(broken_links()) == []


def test_a_number_that_asked_for_no_more_texts_stays_left_alone(lead: Actor, guest_id: uuid.UUID) -> None:
    erase_guest(lead, guest_id, now=SUNDAY)
    assert db.session.scalars(sa.select(NumberStop.number_index)).all() == [number_mark(OLD)]


def test_what_is_on_its_way_ends_by_itself(lead: Actor, guest_id: uuid.UUID) -> None:
    erase_guest(lead, guest_id, now=SUNDAY)
    find_out(SUNDAY)
    db.session.expire_all()
    assert State.UNKNOWN not in set(db.session.scalars(sa.select(Message.state)))


def test_what_is_said_of_a_text_after_that_brings_no_number_back(lead: Actor, guest_id: uuid.UUID) -> None:
    attempt_id = db.session.scalars(sa.select(Attempt.id).where(Attempt.sid == SIDS[2])).one()
    erase_guest(lead, guest_id, now=SUNDAY)
    statuses.heard(attempt_id, {"MessageSid": SIDS[2], "MessageStatus": "read", "To": NUMBER}, SUNDAY)
    assert told_of(NAME, WORD, NUMBER, OLD) == set()
    assert "read" in set(db.session.scalars(sa.select(ProviderEvent.status))), "that it was said is kept"


def test_a_text_that_was_claimed_is_not_handed_over_after_that(
    juniper: House, lead: Actor, guest_id: uuid.UUID
) -> None:
    with transaction() as session:
        waiting = session.scalars(sa.select(Message).where(Message.dedupe_key == "text 0")).one()
        claimed = sending._begin(session, waiting, 3600)
    erase_guest(lead, guest_id, now=SUNDAY)
    sending.carry(claimed, lambda: SUNDAY)
    assert told_of(WORD, NUMBER) == set(), "not on the simulated phone either"
    sending.pump(lambda: SUNDAY, hands=1)
    message = db.session.get_one(Message, claimed.message_id, populate_existing=True)
    assert (message.state, message.reason) == (State.CANCELED, "forgotten")


def test_what_another_shares_stays_theirs(juniper: House, lead: Actor, guest_id: uuid.UUID) -> None:
    saved = save_bed(lead, juniper.id, who=Named("Robin", phone=NUMBER), nights=1, now=SUNDAY)
    assert saved.guest_id is not None
    with transaction() as session:
        robin = session.scalars(sa.select(Correspondent).where(Correspondent.subject_id == saved.guest_id)).one()
        write(
            session,
            juniper.id,
            number=NUMBER,
            purpose=Purpose.CARING,
            words="Robin, all well?",
            dedupe_key="robin",
            made_by="clock:",
            correspondent_id=robin.id,
            now=SUNDAY,
        )
    erase_guest(lead, guest_id, now=SUNDAY)
    assert told_of(NAME, OLD) == set()
    assert told_of("Robin, all well?") == {"message.body_sealed"}
    bodies = {row.number_sealed is not None: row.body_sealed is not None for row in _threads_with_words(NUMBER, OLD)}
    assert bodies == {True: True, False: False}
    let_go(lead, saved.id, now=SUNDAY)
    erase_guest(lead, saved.guest_id, now=SUNDAY)
    assert told_of(NUMBER, WORD, "Robin") == set()


def _threads_with_words(*numbers: str) -> list[sa.Row[tuple[bytes | None, bytes | None]]]:
    marks = [number_mark(number) for number in numbers]
    rows = db.session.execute(
        sa.select(Thread.number_sealed, Inbound.body_sealed)
        .join(Inbound, Inbound.thread_id == Thread.id)
        .where(Thread.number_index.in_(marks))
    )
    return list(rows)


def test_a_guest_from_before_texting_is_forgotten_too(juniper: House, lead: Actor) -> None:
    """Somebody whose number was kept before anybody was known to texting, and who wrote to the house."""
    saved = save_bed(lead, juniper.id, who=Named(NAME, phone=NUMBER), nights=1, now=SUNDAY)
    assert saved.guest_id is not None
    let_go(lead, saved.id, now=SUNDAY)
    with transaction() as session:
        session.execute(sa.delete(Correspondent))
        _came_in(session, juniper, NUMBER, SIDS[0])
    erase_guest(lead, saved.guest_id, now=SUNDAY)
    assert told_of(NAME, NUMBER, WORD) == set()


def test_what_came_from_a_number_they_had_before_goes_too(juniper: House, lead: Actor) -> None:
    """They wrote from it, and nothing else ties it to them: no yes, no text of the house."""
    house_id = juniper.id
    stay = welcome_new(lead, house_id, who=Named(NAME, phone=OLD), nights=1, now=SUNDAY)
    assert stay.guest_id is not None
    with transaction() as session:
        thread = thread_of(session, house_id, OLD, SUNDAY).id
    says(f"{WORD} from me", OLD, at=SUNDAY)
    assert "inbound.body_sealed" in places_of(WORD)
    for phone in (NUMBER, OLD, NUMBER):
        change_guest(lead, stay.guest_id, name=NAME, pronouns=None, phone=phone, now=SUNDAY)
    leave(lead, stay.id, now=SUNDAY)
    erase_guest(lead, stay.guest_id, now=SUNDAY)
    assert places_of(WORD) == set()
    db.session.rollback()
    assert db.session.get_one(Thread, thread).number is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FormerNumber)) == 0
    db.session.rollback()
