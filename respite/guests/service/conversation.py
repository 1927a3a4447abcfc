"""The conversation before a stay: written together, changed when the guest likes, forgotten when its time is over."""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.due import DueRow, clear_due, set_due, take
from respite.core.errors import Invalid, StaleVersion
from respite.guests import due_kinds, events
from respite.guests.errors import ConversationFirst
from respite.guests.models import QUESTIONS, Conversation, Guest, Written
from respite.guests.service.ground import Ground
from respite.guests.service.on_file import forget_later
from respite.houses.models import House, HouseRules
from respite.houses.policy.house_time import day_begins, local
from respite.houses.queries import rules_now

LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said: words by question, all of them optional."""

    words: Mapping[str, str] = field(default_factory=dict)
    written: str = Written.TOGETHER


def write_conversation(
    actor: Actor, guest_id: uuid.UUID, talk: Talk, *, number_seen: int | None = None, now: datetime
) -> Conversation:
    """Keep what a guest wants known as the next version. Raises StaleVersion over a newer one, Invalid by field."""
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        newest = newest_of(session, guest.id)
        if number_seen is not None and number_seen != (newest.number if newest else 0):
            raise StaleVersion
        house, rules = session.get_one(House, guest.house_id), rules_now(session, guest.house_id)
        return keep_talk(session, actor, guest, talk, house, rules, now)


def keep_talk(
    session: Session, actor: Actor, guest: Guest, talk: Talk, house: House, rules: HouseRules, now: datetime
) -> Conversation:
    """`write_conversation` inside the transaction of another act, such as saving a bed."""
    said = checked_words(talk)
    newest = newest_of(session, guest.id)
    row = Conversation(
        house_id=guest.house_id,
        guest_id=guest.id,
        number=newest.number + 1 if newest else 1,
        at=now,
        kept_until=months_after(local(now, house.timezone).date(), rules.conversation_months),
        written=talk.written,
        made_by=actor.ref,
    )
    for question, words in said.items():
        setattr(row, question, words)
    session.add(row)
    session.flush()
    set_due(session, due_kinds.CONVERSATION_OVER, guest.id, day_begins(row.kept_until, house.timezone), house.id)
    record(session, house.id, events.CONVERSATION_WRITTEN, subject=row.id, actor=actor, at=now, number=row.number)
    return row


def checked_words(talk: Talk) -> dict[str, str | None]:
    """The words as they are kept. Raises Invalid with a sentence for each that is too long."""
    too_long = _("Please keep this to %(most)s letters.", most=LONGEST_ANSWER)
    said = {question: (talk.words.get(question) or "").strip() for question in QUESTIONS}
    wrong = {question: too_long for question, words in said.items() if len(words) > LONGEST_ANSWER}
    if talk.written not in set(Written):
        wrong["written"] = _("Please choose one of the answers shown.")
    if wrong:
        raise Invalid(fields=wrong)
    return {question: words or None for question, words in said.items()}


def must_have_talked(session: Session, guest: Guest | None, here: Ground, talk: Talk | None) -> None:
    """The house's rule that a conversation comes before the first night. Raises ConversationFirst.

    A stay without a name has nobody to ask; whether the house offers those is a rule of its own.
    """
    if guest is None or talk is not None or not here.rules.conversation_first:
        return
    if on_file(session, guest.id, local(here.at, here.house.timezone).date()) is None:
        raise ConversationFirst


def newest_of(session: Session, guest_id: uuid.UUID) -> Conversation | None:
    return session.scalar(
        sa.select(Conversation).where(Conversation.guest_id == guest_id).order_by(Conversation.number.desc()).limit(1)
    )


def on_file(session: Session, guest_id: uuid.UUID, today: date) -> Conversation | None:
    """The newest version, while it is kept: what has run out is over when it is read, sweep or no sweep."""
    newest = newest_of(session, guest_id)
    return newest if newest is not None and today < newest.kept_until else None


def keeps_on_file(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    """A conversation that is still kept is a reason to know its guest."""
    newest = newest_of(session, guest_id)
    if newest is None:
        return False
    house = session.get_one(House, newest.house_id)
    return local(now, house.timezone).date() < newest.kept_until


def run_out(row: DueRow, now: datetime) -> None:
    """The time that the house keeps a conversation is over: every version goes."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        forget(session, row.subject)
        record(session, row.house_id, events.CONVERSATION_FORGOTTEN, subject=None, actor=CLOCK, at=now)
        forget_later(session, row.house_id, row.subject, now)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(Conversation).where(Conversation.guest_id == guest_id))
    clear_due(session, guest_id, due_kinds.CONVERSATION_OVER)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
