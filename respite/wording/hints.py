"""The list of words of a house: what comes with Respite, with what the house changed and added."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.wording.models import HintEdition
from respite.wording.policy import Hint, plain, words_in


def _shipped() -> dict[str, Hint]:
    rows = json.loads((Path(__file__).parent / "shipped.json").read_text(encoding="utf-8"))
    hints = [
        Hint(row["entry"], row["language"], tuple(row["words"]), row["say"], tuple(row.get("apart", ())))
        for row in rows
    ]
    return {each.entry: each for each in hints}


SHIPPED = _shipped()


@dataclass(frozen=True, slots=True)
class Listed:
    """A hint as it stands now, and which edition of the house's it is; none is the one that comes with Respite."""

    hint: Hint
    number: int

    @property
    def own(self) -> bool:
        return self.hint.entry not in SHIPPED


def listed(session: Session, house_id: uuid.UUID, at: datetime | None = None) -> list[Listed]:
    """The whole list by language and word, also what is not offered; with `at` as it stood then."""
    asked = sa.select(HintEdition).where(HintEdition.house_id == house_id)
    if at is not None:
        asked = asked.where(HintEdition.made_at <= at)
    found = {entry: Listed(hint, 0) for entry, hint in SHIPPED.items()}
    for row in session.scalars(asked.order_by(HintEdition.number)):
        shipped = SHIPPED.get(row.entry)
        hint = Hint(row.entry, row.language, words_in(row.words), row.say, offered=row.offered)
        found[row.entry] = Listed(replace(hint, apart=shipped.apart) if shipped else hint, row.number)
    return sorted(found.values(), key=lambda each: (each.hint.language, plain(each.hint.words[0])[0]))


def hints_of(session: Session, house_id: uuid.UUID, at: datetime | None = None) -> list[Hint]:
    """What is offered."""
    return [each.hint for each in listed(session, house_id, at) if each.hint.offered]
