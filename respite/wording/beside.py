"""What is said beside a field while somebody types, and after an act of somebody whose browser runs no scripts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.wording.hints import hints_of
from respite.wording.policy import Hint, apart_pattern, found, pattern


def hints_for_page(session: Session, house_id: uuid.UUID) -> dict[str, Any]:
    """The list as the script beside the fields reads it."""
    hints = hints_of(session, house_id)
    return {
        "apart": apart_pattern(hints),
        "hints": [[pattern(each), each.say] for each in hints],
        "one": _one("{say}", "{word}"),
        "all": _all("{all}"),
    }


def said_with_hints(session: Session, house_id: uuid.UUID, written: str, said: str) -> str:
    """What was done, and what one may also say; only the first where the line beside the field said it already."""
    if "hinted" in request.form:
        return said
    told: dict[str, Hint] = {}
    for each in found(written, hints_of(session, house_id)):
        told.setdefault(written[each.start : each.end].lower(), each.hint)
    if not told:
        return said
    return f"{said} {_all('; '.join(_one(hint.say, word) for word, hint in told.items()))}"


def _one(say: str, word: str) -> str:
    return _("%(say)s (instead of “%(word)s”)", say=say, word=word)


def _all(hints: str) -> str:
    return _("One may also say: %(hints)s.", hints=hints)
