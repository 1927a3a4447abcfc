"""A yes to texts: per person, number and purpose; a guest and who may be texted stay in step, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db, transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.errors import CannotUndo
from respite.guests.models import Guest, Stay
from respite.guests.service import texting
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.died import say_died, say_lives
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest
from respite.guests.service.texting import Reconfirmed
from respite.guests.service.undo import last_undoable, undo
from respite.houses.models import House
from respite.messaging.errors import NoContactWanted, NumberOptedOut, NumberUnusable
from respite.messaging.models import Consent, Correspondent, Inbound, Message, NumberStop, Thread, Wording
from respite.messaging.models.people import PersonState
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service import consent, gate
from respite.messaging.service.correspondents import Wishes, put, put_state
from respite.messaging.service.ground import number_mark
from respite.messaging.service.writing import write
from tests.at_once import at_once
from tests.places import SUNDAY
from tests.texts_in import alerts, rows, says

ActorIn = Callable[..., Actor]
NUMBER, OTHER = "+13035550142", "+13035550177"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WISHES = Wishes(safe_to_text=True, language="es", hours_from=time(10), hours_until=time(18))


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peer(juniper: House, actor_in: ActorIn) -> Actor:
    return actor_in(juniper.id, Role.PEER)


@pytest.fixture
def stay(juniper: House, peer: Actor) -> Stay:
    return welcome_new(peer, juniper.id, who=Named("Sam", phone=NUMBER), nights=2, now=SUNDAY)


@pytest.fixture
def guest_id(stay: Stay) -> uuid.UUID:
    assert stay.guest_id is not None
    return stay.guest_id


def person() -> Correspondent:
    db.session.expire_all()
    return db.session.scalars(sa.select(Correspondent)).one()


def consents() -> list[tuple[str, str, bool, str | None]]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Consent).order_by(Consent.purpose, Consent.ended_at.is_(None)))
    numbers = {number_mark(NUMBER): NUMBER, number_mark(OTHER): OTHER}
    return [(row.purpose, numbers[row.number_index], row.ended_at is None, row.ended_why) for row in rows]


def texts(**where: object) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Message).filter_by(**where).order_by(Message.made_at, Message.id)))


def stop(number: str, source: str) -> None:
    with transaction() as session:
        session.add(NumberStop(number_index=number_mark(number), source=source, said_at=SUNDAY, heard_at=SUNDAY))


def waits(guest: uuid.UUID, house: House, purpose: Purpose, key: str = "a") -> Message:
    with transaction() as session:
        them = session.scalars(sa.select(Correspondent).where(Correspondent.subject_id == guest)).one()
        return write(
            session,
            house.id,
            number=them.number,
            purpose=purpose,
            words="Thinking of you today.",
            dedupe_key=key,
            made_by="clock:",
            not_before=SUNDAY + DAY,
            correspondent_id=them.id,
            now=SUNDAY,
        )


def said_yes(actor: Actor, guest: uuid.UUID, purpose: str = "follow-up", number: str = NUMBER) -> Consent:
    return texting.give_consent(actor, guest, purpose, number, "in-person", now=SUNDAY)


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).where(Event.kind.like("text.%")).order_by(Event.version)))


# -- in step ---------------------------------------------------------------------------------------------------------


def test_a_guest_with_a_number_may_be_texted_in_the_language_of_the_house(juniper: House, peer: Actor) -> None:
    save_bed(peer, juniper.id, who=Named("Sam", phone=NUMBER), nights=1, now=SUNDAY)
    them = person()
    assert (them.name, them.number, them.language, them.kind) == ("Sam", NUMBER, "en", "guest")
    assert (them.number_index, them.state, them.safe_to_text) == (number_mark(NUMBER), PersonState.OPEN, True)


def test_a_guest_without_a_number_is_nobody_to_text(juniper: House, peer: Actor) -> None:
    save_bed(peer, juniper.id, who=Named("Sam"), nights=1, now=SUNDAY)
    assert db.session.scalar(sa.select(Correspondent.id)) is None


def test_name_and_number_change_together(peer: Actor, guest_id: uuid.UUID) -> None:
    change_guest(peer, guest_id, name="Robin", pronouns=None, phone=OTHER, now=SUNDAY)
    assert (person().name, person().number) == ("Robin", OTHER)
    change_guest(peer, guest_id, name="Robin", pronouns=None, phone=None, now=SUNDAY)
    assert (person().number, person().number_index) == (None, None)


def test_a_number_said_on_the_phone_is_known_to_both(juniper: House, peer: Actor, guest_id: uuid.UUID) -> None:
    leave(peer, db.session.scalars(sa.select(Stay)).unique().one().id, now=SUNDAY)
    save_bed(peer, juniper.id, who=Known(guest_id, OTHER), nights=1, now=SUNDAY + DAY)
    assert person().number == OTHER


def test_whoever_is_in_the_house_is_not_texted(peer: Actor, stay: Stay) -> None:
    assert person().state == PersonState.BACK
    leave(peer, stay.id, now=SUNDAY + HOUR)
    assert person().state == PersonState.OPEN
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY + HOUR)
    assert person().state == PersonState.BACK


def test_an_arrival_taken_back_is_none(juniper: House, peer: Actor) -> None:
    saved = save_bed(peer, juniper.id, who=Named("Sam", phone=NUMBER), nights=1, now=SUNDAY)
    welcome(peer, saved.id, now=SUNDAY)
    assert person().state == PersonState.BACK
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY)
    assert person().state == PersonState.OPEN


def test_a_guest_who_was_made_by_mistake_is_no_longer_there_to_text(peer: Actor, stay: Stay) -> None:
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY)
    assert db.session.scalar(sa.select(Guest.id)) is None
    assert db.session.scalar(sa.select(Correspondent.id)) is None


def test_an_arrival_is_not_taken_back_over_what_they_agreed_to(peer: Actor, stay: Stay, guest_id: uuid.UUID) -> None:
    arrival = last_undoable(db.session())
    said_yes(peer, guest_id)
    with pytest.raises(CannotUndo):
        undo(peer, arrival or uuid.uuid4(), now=SUNDAY)
    assert len(consents()) == 1


def test_what_somebody_wrote_does_not_go_with_an_arrival_taken_back(app: Flask, juniper: House, peer: Actor) -> None:
    came = says("I want to die", NUMBER)
    welcome_new(peer, juniper.id, who=Named("Sam", phone=NUMBER), nights=2, now=SUNDAY)
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY)
    assert db.session.scalar(sa.select(Correspondent.id)) is None
    assert [alert.inbound_id for alert in alerts()] == [came.id]
    (kept,) = rows(Inbound)
    assert kept.body == "I want to die"
    (thread,) = rows(Thread)
    assert (thread.number, thread.unseen_since) == (NUMBER, SUNDAY)
    (answer,) = texts(template="answer-danger")
    assert (answer.number, answer.state) == (NUMBER, State.QUEUED)


def test_an_undo_does_not_bring_a_yes_back_beside_a_newer_one(peer: Actor, stay: Stay, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    leave(peer, stay.id, texts=Reconfirmed(answers={Purpose.CARING: False}), now=SUNDAY + HOUR)
    leaving = last_undoable(db.session())
    said_yes(peer, guest_id, "caring")
    with pytest.raises(CannotUndo):
        undo(peer, leaving or uuid.uuid4(), now=SUNDAY + HOUR)
    assert consents() == [("caring", NUMBER, False, "withdrawn"), ("caring", NUMBER, True, None)]


@pytest.mark.parametrize("lasting", [PersonState.DIED, PersonState.NO_CONTACT])
def test_coming_and_going_change_nothing_for_who_is_not_to_be_texted(
    juniper: House, peer: Actor, stay: Stay, lasting: PersonState
) -> None:
    with transaction() as session:
        put_state(session, juniper.id, stay.guest_id or uuid.uuid4(), lasting, SUNDAY)
    leave(peer, stay.id, now=SUNDAY + HOUR)
    assert person().state == lasting


def test_who_has_died_is_not_texted_and_a_mistake_is_mended(peer: Actor, guest_id: uuid.UUID) -> None:
    say_died(peer, guest_id, now=SUNDAY)
    assert person().state == PersonState.DIED
    with pytest.raises(NoContactWanted):
        said_yes(peer, guest_id)
    say_lives(peer, guest_id, now=SUNDAY)
    assert person().state == PersonState.BACK  # they are here


# -- a yes -----------------------------------------------------------------------------------------------------------


def test_a_yes_keeps_who_said_it_how_in_which_words_and_who_wrote_it_down(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id)
    row = db.session.scalars(sa.select(Consent)).one()
    assert (row.purpose, row.method, row.wording, row.recorded_by) == ("follow-up", "in-person", 2, peer.ref)
    assert (row.given_at, row.number_index, row.ended_at) == (SUNDAY, number_mark(NUMBER), None)
    assert kinds() == ["text.consent.given"]
    assert person().confirmed_at == SUNDAY


def test_saying_yes_twice_is_one_yes(peer: Actor, guest_id: uuid.UUID) -> None:
    assert said_yes(peer, guest_id).id == said_yes(peer, guest_id).id
    assert (len(consents()), kinds()) == (1, ["text.consent.given"])


def test_the_first_yes_is_confirmed_to_the_number_once(peer: Actor, guest_id: uuid.UUID) -> None:
    for purpose in ("follow-up", "caring", "follow-up"):
        said_yes(peer, guest_id, purpose)
    (sent,) = texts()
    assert (sent.template, sent.purpose, sent.number) == ("consent-confirmed", Purpose.AUTOMATIC, NUMBER)
    assert sent.body is not None
    assert sent.body.startswith("Juniper House")


def test_the_confirmation_waits_for_their_hours(peer: Actor, guest_id: uuid.UUID) -> None:
    late = SUNDAY + 8 * HOUR  # 22:32 in Denver
    texting.give_consent(peer, guest_id, "caring", NUMBER, "in-person", now=late)
    (sent,) = texts()
    assert sent.not_before == SUNDAY + timedelta(hours=18, minutes=28)  # nine in the morning
    assert sent.state == State.SCHEDULED


def confirmation_at(at: datetime) -> gate.Verdict:
    (sent,) = texts(template="consent-confirmed")
    found = gate.look(db.session(), sent, at)
    db.session.rollback()
    return found


def test_the_confirmation_leaves_in_their_hours_alone_whenever_it_is_tried(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id)
    assert isinstance(confirmation_at(SUNDAY), gate.Go)
    night = SUNDAY + 8 * HOUR  # 22:32 in Denver: a pause, or a busy provider, kept it until now
    assert isinstance(confirmation_at(night), gate.End | gate.Later)


def test_what_changed_before_the_confirmation_left_counts(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id)
    change_guest(peer, guest_id, name="Sam", pronouns=None, phone=OTHER, now=SUNDAY)
    assert confirmation_at(SUNDAY + HOUR) == gate.End(State.CANCELED, "number-changed"), "the number is not theirs"
    change_guest(peer, guest_id, name="Sam", pronouns=None, phone=NUMBER, now=SUNDAY)
    assert confirmation_at(SUNDAY + HOUR) == gate.End(State.SUPPRESSED, "no-consent"), "each yes ended with it"
    said_yes(peer, guest_id, "caring")
    not_safe = Wishes(safe_to_text=False, language="en", hours_from=time(9), hours_until=time(20))
    texting.change_wishes(peer, guest_id, not_safe, now=SUNDAY)
    (first, second) = texts(template="consent-confirmed")
    for sent in (first, second):
        assert gate.look(db.session(), sent, SUNDAY + HOUR) == gate.End(State.SUPPRESSED, "not-safe")
    db.session.rollback()


def test_who_has_died_is_sent_no_confirmation(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id)
    say_died(peer, guest_id, now=SUNDAY)
    assert confirmation_at(SUNDAY + HOUR) == gate.End(State.SUPPRESSED, "person-died")
    (sent,) = texts(template="consent-confirmed")
    assert (sent.state, sent.reason) == (State.CANCELED, "person-died"), "called back at once"


def test_whom_texts_are_not_safe_for_is_not_confirmed_by_one(peer: Actor, guest_id: uuid.UUID) -> None:
    not_safe = Wishes(safe_to_text=False, language="en", hours_from=time(9), hours_until=time(20))
    texting.change_wishes(peer, guest_id, not_safe, now=SUNDAY)
    said_yes(peer, guest_id)
    assert texts() == []


def test_a_houses_own_words_confirm_with_their_name_and_the_houses_number(
    juniper: House, peer: Actor, guest_id: uuid.UUID
) -> None:
    with transaction() as session:
        own = Wording(
            house_id=juniper.id,
            template="consent-confirmed",
            language="en",
            number=1,
            words="{brand}: thank you[, {first_name}].[ Call {house_phone}.] HELP for help, STOP to end.",
            made_at=SUNDAY,
            made_by=peer.ref,
        )
        session.add(own)
        session.get_one(House, juniper.id).phone = "+13035550100"
    said_yes(peer, guest_id)
    (sent,) = texts()
    assert sent.body == "Juniper House: thank you, Sam. Call (303) 555-0100. HELP for help, STOP to end."
    assert (sent.wording, sent.rank) == (1, 1)


def test_two_who_write_the_same_yes_down_at_once_write_one(app: Flask, peer: Actor, guest_id: uuid.UUID) -> None:
    kept = at_once(app, *[lambda: said_yes(peer, guest_id).id] * 2)
    assert kept[0] == kept[1]
    assert (len(consents()), len(texts())) == (1, 1)


@pytest.mark.parametrize(
    ("purpose", "number", "method", "field"),
    [
        ("shifts", NUMBER, "in-person", "purpose"),
        ("answer", NUMBER, "in-person", "purpose"),
        ("", NUMBER, "in-person", "purpose"),
        ("caring", "twelve", "in-person", "number"),
        ("caring", "", "in-person", "number"),
        ("caring", NUMBER, "telepathy", "method"),
    ],
)
def test_what_is_no_yes_is_told(
    peer: Actor, guest_id: uuid.UUID, purpose: str, number: str, method: str, field: str
) -> None:
    with pytest.raises(Invalid) as told:
        texting.give_consent(peer, guest_id, purpose, number, method, now=SUNDAY)
    assert list(told.value.fields) == [field]
    assert consents() == []


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("stop", NumberOptedOut),
        ("words", NumberOptedOut),
        ("asked", NumberOptedOut),
        ("twilio", NumberOptedOut),
        ("wrong-number", NumberUnusable),
    ],
)
def test_a_yes_said_in_the_house_does_not_undo_a_stop(
    peer: Actor, guest_id: uuid.UUID, source: str, refusal: type[Exception]
) -> None:
    stop(NUMBER, source)
    with pytest.raises(refusal):
        said_yes(peer, guest_id)
    assert (consents(), texts()) == ([], [])


def test_a_text_that_only_may_mean_stop_waits_for_a_reader(peer: Actor, guest_id: uuid.UUID) -> None:
    stop(NUMBER, "perhaps")
    said_yes(peer, guest_id)
    assert len(consents()) == 1


def test_only_who_keeps_texts_may_write_a_yes_down(
    app: Flask, juniper: House, aspen: House, actor_in: ActorIn, guest_id: uuid.UUID
) -> None:
    for stranger in (actor_in(juniper.id, Role.VOLUNTEER), actor_in(aspen.id, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            said_yes(stranger, guest_id)
        with pytest.raises(NotFound):
            consent.give(stranger, juniper.id, guest_id, "caring", NUMBER, "in-person", now=SUNDAY)
        with pytest.raises(NotFound):
            texting.change_wishes(stranger, guest_id, WISHES, now=SUNDAY)


def test_a_stale_version_is_told(peer: Actor, guest_id: uuid.UUID) -> None:
    with pytest.raises(StaleVersion):
        texting.give_consent(peer, guest_id, "caring", NUMBER, "in-person", version_seen=99, now=SUNDAY)
    with pytest.raises(StaleVersion):
        texting.change_wishes(peer, guest_id, WISHES, version_seen=99, now=SUNDAY)


def test_a_peer_is_asked_about_what_concerns_peers(juniper: House, peer: Actor) -> None:
    with transaction() as session:
        put(session, juniper.id, "peer", peer.id, name="Luis", number=NUMBER, language="es", now=SUNDAY)
    consent.give(peer, juniper.id, peer.id, "shifts", NUMBER, "web", now=SUNDAY)
    assert (person().language, consents()) == ("es", [("shifts", NUMBER, True, None)])
    with pytest.raises(Invalid):
        consent.give(peer, juniper.id, peer.id, "caring", NUMBER, "web", now=SUNDAY)
    assert consent.withdraw(peer, juniper.id, peer.id, "shifts", now=SUNDAY) == 0
    assert consents() == [("shifts", NUMBER, False, "withdrawn")]
    with pytest.raises(NotFound):
        consent.give(peer, juniper.id, uuid.uuid4(), "shifts", NUMBER, "web", now=SUNDAY)


# -- taking it back --------------------------------------------------------------------------------------------------


def test_taking_a_yes_back_calls_back_what_waits_for_that_purpose_alone(
    juniper: House, peer: Actor, guest_id: uuid.UUID
) -> None:
    said_yes(peer, guest_id, "caring")
    said_yes(peer, guest_id, "follow-up")
    caring, other = waits(guest_id, juniper, Purpose.CARING), waits(guest_id, juniper, Purpose.FOLLOW_UP, "b")
    assert texting.take_consent_back(peer, guest_id, "caring", now=SUNDAY + HOUR) == 1
    assert consents() == [("caring", NUMBER, False, "withdrawn"), ("follow-up", NUMBER, True, None)]
    db.session.expire_all()
    assert (caring.state, caring.reason, other.state) == (State.CANCELED, "no-consent", State.SCHEDULED)
    assert [text.state for text in texts(template="consent-confirmed")] == [State.QUEUED]
    assert texting.take_consent_back(peer, guest_id, "caring", now=SUNDAY + HOUR) == 0
    assert kinds().count("text.consent.ended") == 1


def test_the_last_yes_taken_back_is_not_confirmed_any_more(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id)
    texting.take_consent_back(peer, guest_id, "follow-up", now=SUNDAY)
    assert [text.state for text in texts()] == [State.CANCELED]
    said_yes(peer, guest_id)
    assert [text.state for text in texts()].count(State.QUEUED) == 1


# -- another number --------------------------------------------------------------------------------------------------


def test_a_new_number_ends_every_yes_at_the_old_one_and_wishes_stay(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    texting.change_wishes(peer, guest_id, WISHES, now=SUNDAY)
    with transaction() as session:
        session.scalars(sa.select(Correspondent)).one().number_bad = "no-mobile"
    change_guest(peer, guest_id, name="Sam", pronouns=None, phone=OTHER, now=SUNDAY)
    assert consents() == [("caring", NUMBER, False, "new-number")]
    them = person()
    assert (them.number, them.number_bad, them.language, them.hours_from) == (OTHER, None, "es", time(10))


def test_undo_brings_number_and_yes_back(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    change_guest(peer, guest_id, name="Robin", pronouns=None, phone=OTHER, now=SUNDAY)
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY)
    assert consents() == [("caring", NUMBER, True, None)]
    assert (person().name, person().number) == ("Sam", NUMBER)


def test_the_same_number_again_changes_nothing(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    before = person().version
    change_guest(peer, guest_id, name="Sam", pronouns="they/them", phone="303 555 0142", now=SUNDAY)
    assert (person().version, consents()) == (before, [("caring", NUMBER, True, None)])


def test_a_yes_at_another_number_makes_it_theirs_everywhere(peer: Actor, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    said_yes(peer, guest_id, "follow-up", "303 555 0177")
    assert consents() == [("caring", NUMBER, False, "new-number"), ("follow-up", OTHER, True, None)]
    assert person().number == OTHER
    assert db.session.get_one(Guest, guest_id).phone == OTHER


def test_a_guest_without_a_number_gets_one_with_their_yes(juniper: House, peer: Actor) -> None:
    here = welcome_new(peer, juniper.id, who=Named("Kit"), nights=1, now=SUNDAY)
    assert here.guest_id is not None
    said_yes(peer, here.guest_id)
    assert db.session.get_one(Guest, here.guest_id).phone == NUMBER
    assert (person().state, consents()) == (PersonState.BACK, [("follow-up", NUMBER, True, None)])


def test_two_who_share_a_phone_each_say_their_own_yes(juniper: House, peer: Actor, guest_id: uuid.UUID) -> None:
    saved = save_bed(peer, juniper.id, who=Named("Robin", phone=NUMBER), nights=1, now=SUNDAY)
    assert saved.guest_id is not None
    said_yes(peer, guest_id)
    said_yes(peer, saved.guest_id)
    assert len(consents()) == 2
    texting.take_consent_back(peer, guest_id, "follow-up", now=SUNDAY)
    assert [live for _purpose, _number, live, _why in consents()] == [False, True]


# -- wishes ----------------------------------------------------------------------------------------------------------


def test_wishes_are_kept_with_when_they_were_gone_through(peer: Actor, guest_id: uuid.UUID) -> None:
    wishes = Wishes(
        safe_to_text=False,
        language="es",
        hours_from=time(12),
        hours_until=time(1),
        timezone="America/Chicago",
        sign_off=" Su amiga del jardín ",
        may_be_shared=True,
    )
    texting.change_wishes(peer, guest_id, wishes, version_seen=person().version, now=SUNDAY)
    them = person()
    assert (them.safe_to_text, them.may_be_shared, them.language, them.timezone) == (
        False,
        True,
        "es",
        "America/Chicago",
    )
    assert (them.hours_from, them.hours_until, them.sign_off) == (time(12), time(1), "Su amiga del jardín")
    assert them.confirmed_at == SUNDAY


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"sign_off": "x" * 41}, "sign_off"),
        ({"sign_off": "your respite"}, "sign_off"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_told(
    peer: Actor, guest_id: uuid.UUID, change: dict[str, str], field: str
) -> None:
    values = {"safe_to_text": True, "language": "en", "hours_from": time(9), "hours_until": time(20)}
    with pytest.raises(Invalid) as told:
        texting.change_wishes(peer, guest_id, Wishes(**(values | change)), now=SUNDAY)  # type: ignore[arg-type]
    assert list(told.value.fields) == [field]


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_leaving_without_a_word_about_texts_changes_nothing_about_them(
    peer: Actor, stay: Stay, guest_id: uuid.UUID
) -> None:
    said_yes(peer, guest_id)
    leave(peer, stay.id, follow_up=True, now=SUNDAY + HOUR)
    assert consents() == [("follow-up", NUMBER, True, None)]
    assert person().confirmed_at == SUNDAY


def test_leaving_goes_through_number_and_purposes(juniper: House, peer: Actor, stay: Stay, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    caring = waits(guest_id, juniper, Purpose.CARING)
    said = Reconfirmed(answers={Purpose.CARING: False, Purpose.FOLLOW_UP: True}, together=True)
    leave(peer, stay.id, texts=said, follow_up=True, now=SUNDAY + HOUR)
    assert consents() == [("caring", NUMBER, False, "withdrawn"), ("follow-up", NUMBER, True, None)]
    db.session.expire_all()
    assert (caring.state, person().confirmed_at) == (State.CANCELED, SUNDAY + HOUR)
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY + HOUR)
    assert consents() == [("caring", NUMBER, True, None)]
    assert person().state == PersonState.BACK


def test_a_new_number_at_the_door_and_the_way_back(peer: Actor, stay: Stay, guest_id: uuid.UUID) -> None:
    said_yes(peer, guest_id, "caring")
    leave(peer, stay.id, texts=Reconfirmed(number=OTHER, answers={Purpose.CARING: True}), now=SUNDAY + HOUR)
    assert consents() == [("caring", NUMBER, False, "new-number"), ("caring", OTHER, True, None)]
    assert db.session.get_one(Guest, guest_id).phone == OTHER
    undo(peer, last_undoable(db.session()) or uuid.uuid4(), now=SUNDAY + HOUR)
    assert consents() == [("caring", NUMBER, True, None)]
    assert (db.session.get_one(Guest, guest_id).phone, person().number) == (NUMBER, NUMBER)


def test_a_yes_at_the_door_over_a_stop_stops_the_leaving_with_its_sentence(peer: Actor, stay: Stay) -> None:
    stop(NUMBER, "stop")
    with pytest.raises(NumberOptedOut):
        leave(peer, stay.id, texts=Reconfirmed(answers={Purpose.CARING: True}), now=SUNDAY)
    leave(peer, stay.id, texts=Reconfirmed(together=True), now=SUNDAY)
    assert person().state == PersonState.OPEN


def test_a_yes_on_paper_may_come_from_the_houses_own_commands(guest_id: uuid.UUID) -> None:
    texting.give_consent(COMMAND, guest_id, "stay", NUMBER, "paper", now=SUNDAY)
    assert consents() == [("stay", NUMBER, True, None)]
