"""What programs are told about texts, and the yes they may record, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.models import ApiToken
from respite.accounts.roles import RIGHTS, May, Role
from respite.core.clock import machine_now
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.guests.models import Stay
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.models import House
from respite.messaging.models import Consent, Message, NumberStop
from respite.messaging.policy.states import State
from respite.messaging.service.ground import number_mark
from tests.api_client import Program, document_of, rule_of
from tests.places import SUNDAY

NUMBER = "+13035550142"
HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def program(app: Flask, house: House, role: Role = Role.PEER) -> Program:
    token = uuid.uuid4().hex
    with transaction() as session:
        row = ApiToken(house_id=house.id, role=role, name="A script", token_hash=digest(token), made_at=machine_now())
        session.add(row)
    return Program(app, document_of(app), token)


def text(house: House, **changed: Any) -> Message:
    """A text in the outbox, as it stands in the database."""
    values: dict[str, Any] = {
        "house_id": house.id,
        "purpose": "follow-up",
        "language": "en",
        "segments": 1,
        "number_index": number_mark(NUMBER),
        "dedupe_key": uuid.uuid4().hex,
        "made_by": "clock:",
        "made_at": SUNDAY,
        "not_before": SUNDAY + HOUR,
        "not_after": SUNDAY + 9 * HOUR,
        "state": State.SCHEDULED,
        "next_at": SUNDAY + HOUR,
    }
    with transaction() as session:
        message = Message(**values | changed)
        message.number, message.body = NUMBER, "Hi Sam, it's Jo. Thinking of you today."
        session.add(message)
    return message


def test_the_texts_of_a_house_the_newest_first(app: Flask, juniper: House, aspen: House) -> None:
    waits = text(juniper, next_at=SUNDAY + 2 * HOUR, reason="hours")
    sent = text(juniper, made_at=SUNDAY + HOUR, next_at=None, state=State.SENT, sid="SM" + "0" * 32, purpose="caring")
    text(aspen)
    told = program(app, juniper).get(f"/houses/{juniper.slug}/messages")
    assert told.get_json() == {
        "messages": [
            {
                "id": str(sent.id),
                "purpose": "caring",
                "state": "sent",
                "due_at": "2026-11-22T22:32:00.000Z",
                "sid": "SM" + "0" * 32,
                "reason": None,
            },
            {
                "id": str(waits.id),
                "purpose": "follow-up",
                "state": "scheduled",
                "due_at": "2026-11-22T23:32:00.000Z",
                "sid": None,
                "reason": "hours",
            },
        ]
    }


def test_two_hundred_at_most_and_no_word_or_number_of_them(app: Flask, juniper: House) -> None:
    oldest = text(juniper, made_at=SUNDAY - HOUR)
    for _n in range(200):
        text(juniper)
    told = program(app, juniper).get(f"/houses/{juniper.slug}/messages")
    assert len(told.get_json()["messages"]) == 200
    assert str(oldest.id) not in told.get_data(as_text=True)
    assert not [word for word in (NUMBER, NUMBER[2:], "Sam", "Thinking") if word in told.get_data(as_text=True)]


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_the_texts_of_a_house(app: Flask, juniper: House, role: Role) -> None:
    floor = role in (Role.PEER, Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR)
    assert (May.KEEP_TEXTS in RIGHTS[role]) is floor
    answer = program(app, juniper, role).get(f"/houses/{juniper.slug}/messages")
    assert answer.status_code == (200 if floor else 404)


# -- a yes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stay(juniper: House, actor_in: Callable[..., Actor]) -> Stay:
    return save_bed(actor_in(juniper.id), juniper.id, who=Named("Sam", phone=NUMBER), nights=1, now=SUNDAY)


def test_a_program_writes_a_yes_down_once(app: Flask, juniper: House, stay: Stay) -> None:
    asks = program(app, juniper)
    path = f"/guests/{stay.guest_id}/consents"
    body = {"purpose": "follow-up", "number": NUMBER, "method": "phone"}
    first, again = asks.post(path, body), asks.post(path, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    kept = db.session.scalars(sa.select(Consent)).one()
    assert first.get_json() == {
        "id": str(kept.id),
        "guest_id": str(stay.guest_id),
        "purpose": "follow-up",
        "method": "phone",
        "wording": 2,
        "given_at": "2026-11-22T21:32:00.000Z",
    }
    assert NUMBER not in first.get_data(as_text=True)


def test_the_wish_at_leaving_is_no_yes(app: Flask, juniper: House, stay: Stay) -> None:
    asks = program(app, juniper)
    asks.post(f"/stays/{stay.id}/arrival")
    left = asks.post(f"/stays/{stay.id}/departure", {"follow_up": True})
    assert left.get_json()["follow_up"] is True
    assert db.session.scalar(sa.select(Consent.id)) is None


def test_a_stop_is_told_by_its_rule_and_how_it_is_undone(app: Flask, juniper: House, stay: Stay) -> None:
    with transaction() as session:
        session.add(NumberStop(number_index=number_mark(NUMBER), source="stop", said_at=SUNDAY, heard_at=SUNDAY))
    body = {"purpose": "caring", "number": NUMBER, "method": "in-person"}
    refused = program(app, juniper).post(f"/guests/{stay.guest_id}/consents", body)
    assert (refused.status_code, rule_of(refused)) == (409, "number-opted-out")
    assert "START" in refused.get_json()["detail"]


def test_a_yes_minds_the_guests_version(app: Flask, juniper: House, stay: Stay) -> None:
    body = {"purpose": "caring", "number": NUMBER, "method": "in-person"}
    path, headers = f"/guests/{stay.guest_id}/consents", {"If-Match": '"99"'}
    assert rule_of(program(app, juniper).post(path, body, headers=headers)) == "stale-version"
    assert program(app, juniper).post(path, {**body, "purpose": "shifts"}).get_json()["errors"].keys() == {"purpose"}


def test_a_guest_of_another_house_is_not_there(app: Flask, juniper: House, aspen: House, stay: Stay) -> None:
    body = {"purpose": "caring", "number": NUMBER, "method": "in-person"}
    for house, role in ((aspen, Role.DIRECTOR), (juniper, Role.VOLUNTEER)):
        answer = program(app, house, role).post(f"/guests/{stay.guest_id}/consents", body)
        assert (answer.status_code, rule_of(answer)) == (404, "not-found")
