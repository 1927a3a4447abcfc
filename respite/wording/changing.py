"""A house changes its list of words: another word, another way to say it, one not offered, one of its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.wording import events
from respite.wording.hints import Listed, listed
from respite.wording.models import HintEdition
from respite.wording.policy import LONGEST_SAY, LONGEST_WORDS, MOST_WORDS, are_words, plain, words_in

LANGUAGES = ("en", "es")
MOST_OWN = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """`entry` is one of the list; none adds one."""

    words: str
    say: str
    language: str = "en"
    offered: bool = True
    entry: str | None = None


def change_hint(
    actor: Actor, house_id: uuid.UUID, wanted: Wanted, *, version_seen: int | None = None, now: datetime
) -> HintEdition:
    """Keep another edition of a hint. Raises Invalid by field, NotFound, StaleVersion."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        stands = {each.hint.entry: each for each in listed(session, house_id)}
        before = _before(stands, wanted.entry)
        if before is not None and version_seen is not None and version_seen != before.number:
            raise StaleVersion
        language = before.hint.language if before else wanted.language
        if wrong := _wrong(wanted, language, stands):
            raise Invalid(fields=wrong)
        row = HintEdition(
            house_id=house_id,
            entry=before.hint.entry if before else f"own-{uuid.uuid4()}",
            number=before.number + 1 if before else 1,
            language=language,
            words=_as_kept(words_in(wanted.words)),
            say=wanted.say.strip(),
            offered=wanted.offered,
            made_at=now,
            made_by=actor.ref,
        )
        _keep(session, row, actor, now)
    return row


def _keep(session: Session, row: HintEdition, actor: Actor, now: datetime) -> None:
    session.add(row)
    session.flush()
    record(
        session, row.house_id, events.HINT_CHANGED, subject=row.id, actor=actor, at=now, parts=(),
        number=row.number, offered=row.offered,
    )  # fmt: skip


def _before(stands: dict[str, Listed], entry: str | None) -> Listed | None:
    if entry is None:
        return None
    if entry not in stands:
        raise NotFound
    return stands[entry]


def _wrong(wanted: Wanted, language: str, stands: dict[str, Listed]) -> dict[str, str]:
    words, wrong = words_in(wanted.words), {}
    if max(len(wanted.words), len(_as_kept(words))) > LONGEST_WORDS:
        wrong["words"] = _("Please keep this to %(most)s letters.", most=LONGEST_WORDS)
    elif not are_words(words):
        wrong["words"] = _(
            "Please write words of letters, with commas between them, up to %(most)s of them.", most=MOST_WORDS
        )
    elif twice := _elsewhere(words, wanted.entry, language, stands):
        wrong["words"] = _("The list has “%(word)s” already.", word=twice)
    if not 1 <= len(wanted.say.strip()) <= LONGEST_SAY:
        wrong["say"] = _("Please write up to %(most)s letters.", most=LONGEST_SAY)
    if language not in LANGUAGES:
        wrong["language"] = _("Please choose one of the answers shown.")
    if wanted.entry is None and sum(each.own for each in stands.values()) >= MOST_OWN:
        wrong["words"] = _("The list is full. Please change one that is on it.")
    return wrong


def _as_kept(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def _elsewhere(words: tuple[str, ...], entry: str | None, language: str, stands: dict[str, Listed]) -> str | None:
    """A word that another hint of the same language has."""
    taken = {
        plain(word)[0]
        for each in stands.values()
        for word in each.hint.words
        if each.hint.entry != entry and each.hint.language == language
    }
    return next((word for word in words if plain(word)[0] in taken), None)
