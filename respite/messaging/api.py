"""Texts for programs: what a house sent and has still to send, without a word of them and without a number."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from respite.accounts.api import ApiBlueprint
from respite.accounts.roles import May
from respite.core.api.fields import Choice, Inside, Instant, Schema, Uuid
from respite.core.db import db
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.models import Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose

MOST = 200

api = ApiBlueprint("texts", "Texts that leave")


class MessageShown(Schema):
    id = Uuid(required=True)
    purpose = Choice(list(Purpose), required=True)
    state = Choice(list(State), required=True)
    due_at = Instant(required=True, metadata={"description": "When it is tried next, or was to be tried first."})
    sid = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The provider's own name for it, once it was taken."}
    )
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why it waits, or ended so; a word of a list."}
    )


class MessagesShown(Schema):
    messages = ma.fields.List(
        Inside(MessageShown), required=True, metadata={"description": "The newest 200, newest first."}
    )


@api.operation("GET", "/houses/<slug>/messages", for_house(May.KEEP_TEXTS), gives=MessagesShown)
def list_messages(house: House) -> dict[str, Any]:
    """The house's texts and where each stands."""
    newest = db.session.scalars(
        sa.select(Message)
        .where(Message.house_id == house.id)
        .order_by(Message.made_at.desc(), Message.not_before.desc(), Message.id)
        .limit(MOST)
    )
    return {
        "messages": [
            {
                "id": message.id,
                "purpose": message.purpose,
                "state": message.state,
                "due_at": message.next_at or message.not_before,
                "sid": message.sid,
                # Who knew somebody who died hears it from a person, and not from a program that reads this.
                "reason": "no-contact" if message.reason == "person-died" else message.reason,
            }
            for message in newest
        ]
    }
