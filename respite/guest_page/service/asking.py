"""What a guest asks of the house from their own page."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor
from respite.core.db import transaction
from respite.guest_page.service.own_act import acting_guest
from respite.guests.models import AskKind
from respite.guests.service import asks
from respite.guests.service.nameless_ideas import keep_idea_inside


def ask(actor: Actor, kind: AskKind, words: str | None = None, *, now: datetime) -> None:
    """Raises Invalid by field; ForgettingAsked where they asked to be forgotten before and nothing came of it yet."""
    with transaction() as session:
        asks.ask_inside(session, actor, acting_guest(session, actor, now), kind, words, now)


def send_nameless(actor: Actor, words: str, form_key: str, *, now: datetime) -> None:
    """An idea that is joined to nobody. Raises Invalid by field."""
    with transaction() as session:
        house_id = acting_guest(session, actor, now).house_id
        keep_idea_inside(session, house_id, words, form_key, now)


def take_back(actor: Actor, ask_id: uuid.UUID, *, now: datetime) -> None:
    """Raises NotFound for what is not theirs, AskOver for what was answered for good."""
    with transaction() as session:
        asks.take_back_inside(session, actor, acting_guest(session, actor, now), ask_id, now)
