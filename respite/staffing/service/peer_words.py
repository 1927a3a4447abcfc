"""The house's own lists: what peers are called, and what they may choose to share."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.staffing import events
from respite.staffing.models import PeerWord
from respite.staffing.policy.peer_words import LONGEST_WORD, MOST_WORDS, WordKind, kept_as
from respite.staffing.queries.peers import words_of


def add_word(actor: Actor, house_id: uuid.UUID, kind: WordKind, name: str, *, now: datetime) -> PeerWord:
    """Put a word on one of the lists. Raises Invalid."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        word = PeerWord(house_id=house_id, kind=kind)
        word.name = _checked(session, house_id, kind, name)
        if len(words_of(session, house_id, kind)) >= MOST_WORDS:
            raise Invalid(fields={"name": _("The list has room for %(most)s words.", most=MOST_WORDS)})
        session.add(word)
        _changed(session, word, actor, now)
    return word


def rename_word(actor: Actor, word_id: uuid.UUID, name: str, *, now: datetime) -> PeerWord:
    """Another name for it, everywhere at once. Raises NotFound, Invalid."""
    with transaction() as session:
        word = locked_row(session, actor, PeerWord, word_id, May.SET_RULES)
        word.name = _checked(session, word.house_id, WordKind(word.kind), name, but=word.id)
        _changed(session, word, actor, now)
    return word


def take_word_off(actor: Actor, word_id: uuid.UUID, *, now: datetime) -> PeerWord:
    """Nobody is called this, or shares this, any more; what people chose comes back with the word."""
    with transaction() as session:
        word = locked_row(session, actor, PeerWord, word_id, May.SET_RULES)
        word.off_at = word.off_at or now
        _changed(session, word, actor, now)
    return word


def put_word_back(actor: Actor, word_id: uuid.UUID, *, now: datetime) -> PeerWord:
    """Undo of `take_word_off`. Raises Invalid where another one bears the name by now."""
    with transaction() as session:
        word = locked_row(session, actor, PeerWord, word_id, May.SET_RULES)
        word.name = _checked(session, word.house_id, WordKind(word.kind), word.name, but=word.id)
        word.off_at = None
        _changed(session, word, actor, now)
    return word


def _checked(session: Session, house_id: uuid.UUID, kind: WordKind, name: str, but: uuid.UUID | None = None) -> str:
    kept = kept_as(kind, " ".join(name.split()))
    if not 1 <= len(kept) <= LONGEST_WORD:
        raise Invalid(fields={"name": _("Please write a word of up to %(most)s letters.", most=LONGEST_WORD)})
    others = {word.name.casefold() for word in words_of(session, house_id, kind) if word.id != but}
    if kept.casefold() in others:
        raise Invalid(fields={"name": _("That word is on the list already.")})
    return kept


def _changed(session: Session, word: PeerWord, actor: Actor, now: datetime) -> None:
    session.flush()
    record(session, word.house_id, events.WORD_CHANGED, subject=word.id, actor=actor, at=now, parts=("people",))
