"""The facts of a hard moment: added with the time they happened, corrected with what stood before kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound, StaleVersion
from respite.moments import events
from respite.moments.errors import CannotTakeBack
from respite.moments.models import EarlierFact, HardMoment, MomentFact
from respite.moments.policy import LONGEST_FACT
from respite.moments.service.reached import just_now, not_to_come, open_moment, words_checked
from respite.moments.service.support import offer_to_more
from respite.wording.counting import count_note, uncount_note


def add_fact(
    actor: Actor, moment_id: uuid.UUID, words: str, *, at: datetime | None = None, now: datetime
) -> MomentFact:
    """Raises Invalid by field, PutAway."""
    text = words_checked(words, LONGEST_FACT)
    happened = not_to_come(at or now, now)
    with transaction() as session:
        moment = open_moment(session, actor, moment_id)
        offer_to_more(session, moment, happened, now)
        fact = MomentFact(house_id=moment.house_id, moment_id=moment.id, at=happened, made_by=actor.ref, told_at=now)
        fact.words = text
        session.add(fact)
        session.flush()
        count_note(session, actor, fact.house_id, text, now)
        _tell(session, fact, events.FACT_ADDED, actor, now, happened=happened)
    return fact


def correct_fact(
    actor: Actor,
    fact_id: uuid.UUID,
    words: str,
    *,
    at: datetime,
    version_seen: int | None = None,
    now: datetime,
) -> None:
    """Other words or another time; how it read before stays beside it. Raises Invalid, StaleVersion, PutAway."""
    text, happened = words_checked(words, LONGEST_FACT), not_to_come(at, now)
    with transaction() as session:
        fact, moment = _reached(session, actor, fact_id)
        if version_seen is not None and version_seen != fact.version:
            raise StaleVersion
        if (text, happened) == (fact.words, fact.at):
            return
        before = EarlierFact(fact_id=fact.id, at=fact.at, until=now, changed_by=actor.ref)
        before.words = fact.words
        session.add(before)
        offer_to_more(session, moment, happened, now)
        fact.words, fact.at = text, happened
        session.flush()
        _tell(session, fact, events.FACT_CHANGED, actor, now, happened=happened)


def take_fact_back(actor: Actor, fact_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Undo of `add_fact`, by whoever wrote it, while it reads as they wrote it; returns the moment's id."""
    with transaction() as session:
        fact, moment = _reached(session, actor, fact_id)
        if fact.made_by != actor.ref or fact.version != 1 or not just_now(fact.told_at, now):
            raise CannotTakeBack
        uncount_note(session, actor, fact.house_id, fact.words, fact.told_at, now)
        session.delete(fact)
        session.flush()
        _tell(session, fact, events.FACT_TAKEN_BACK, actor, now)
        return moment.id


def _reached(session: Session, actor: Actor, fact_id: uuid.UUID) -> tuple[MomentFact, HardMoment]:
    """The fact behind its house's lock. Raises NotFound, PutAway."""
    found = session.get(MomentFact, fact_id)
    if found is None:
        raise NotFound
    moment = open_moment(session, actor, found.moment_id)
    fact = session.get(MomentFact, fact_id, populate_existing=True)
    if fact is None:
        raise NotFound
    return fact, moment


def _tell(session: Session, fact: MomentFact, kind: str, actor: Actor, now: datetime, **happened: Any) -> None:
    record(session, fact.house_id, kind, subject=fact.id, actor=actor, at=now, moment_id=fact.moment_id, **happened)
