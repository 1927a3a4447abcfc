"""What a guest asks of the house from their own page."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor
from respite.core.db import transaction
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import AskKind
from respite.guests.service import asks


def ask(actor: Actor, kind: AskKind, words: str | None = None, *, now: datetime) -> None:
    """Raises Invalid by field; ForgettingAsked where they asked to be forgotten before and nothing came of it yet."""
    with transaction() as session:
        asks.ask_inside(session, actor, acting_guest(session, actor, now), kind, words, now)


def take_back(actor: Actor, ask_id: uuid.UUID, *, now: datetime) -> None:
    """Raises NotFound for what is not theirs, AskOver for what was answered for good."""
    with transaction() as session:
        asks.take_back_inside(session, actor, acting_guest(session, actor, now), ask_id, now)
