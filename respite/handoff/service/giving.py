"""Giving the handoff: one tap, with words or without."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.handoff import events
from respite.handoff.errors import GivenMeanwhile
from respite.handoff.models import Handoff
from respite.handoff.policy import LONGEST_FEELINGS, LONGEST_WORDS
from respite.handoff.queries import standing, version_now
from respite.handoff.service.calling import ask_next
from respite.handoff.service.entries import PARTS
from respite.wording.counting import count_note


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever goes says themselves; all of it may be empty."""

    words: str = ""
    feelings: str = ""
    would_talk: bool = False
    to_on_call: bool = False


def give(actor: Actor, house_id: uuid.UUID, given: Given, *, last_seen: uuid.UUID | None, now: datetime) -> Handoff:
    """Give what the log tells since the last handoff. `last_seen` is the newest handoff that the giver saw.

    Raises Invalid by field, GivenMeanwhile where a colleague gave one since.
    """
    wrong: dict[str, str] = {}
    for name, text, most in (
        ("words", given.words, LONGEST_WORDS),
        ("feelings", given.feelings, LONGEST_FEELINGS),
    ):
        if len(text.strip()) > most:
            wrong[name] = _("Please write up to %(most)s letters.", most=most)
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        handoff = drafted(session, house_id, last_seen, now)
        handoff.given_by = actor.id if actor.kind == ActorKind.PERSON else None
        handoff.words = given.words.strip() or None
        handoff.feelings = given.feelings.strip() or None
        handoff.would_talk = given.would_talk or None
        session.flush()
        count_note(session, actor, house_id, handoff.words, now)
        record(
            session, house_id, events.GIVEN, subject=handoff.id, actor=actor, at=now, parts=PARTS,
            on_call=given.to_on_call,
        )  # fmt: skip
        if given.to_on_call:
            ask_next(session, handoff, now)
    return handoff


def drafted(session: Session, house_id: uuid.UUID, last_seen: uuid.UUID | None, now: datetime) -> Handoff:
    """A handoff of what the log tells since the last one, not given by anybody yet. Raises GivenMeanwhile."""
    stands = standing(session, house_id, now)
    if (stands.last.id if stands.last else None) != last_seen:
        raise GivenMeanwhile
    handoff = Handoff(
        house_id=house_id,
        log_from=stands.drafted_from,
        log_until=version_now(session, house_id),
        given_at=now,
    )
    session.add(handoff)
    return handoff
