"""The registry of event kinds: three words each, with the fields their data may hold.

Data holds only ids, enum words, counts, dates and instants, so that erasing a guest's words leaves the
log whole and silent.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

_KIND = re.compile(r"[a-z-]+\.[a-z-]+\.[a-z-]+")
_WORD = re.compile(r"[a-z0-9_-]{1,40}")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "id": uuid.UUID,
    "word": str,
    "count": int,
    "flag": bool,
    "date": date,
    "instant": datetime,
    "time": time,
}


#: Whether the shift's log tells it: what those who come on have to know. What stands on the desk by itself, what only
#: the office needs, and what is nobody's business is not told.
TOLD, UNTOLD = True, False


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    told: bool
    fields: Mapping[str, str]


_kinds: dict[str, Kind] = {}


def declare(name: str, told: bool, /, **fields: str) -> str:
    """Declare a kind such as `guest.stay.began`, whether the shift's log tells it, and its fields with their types.

    Returns the name.
    """
    if not _KIND.fullmatch(name):
        raise ValueError(f"{name}: a kind is three words with dots between them")
    if name in _kinds:
        raise ValueError(f"{name} is declared twice")
    unknown = set(fields.values()) - set(_TYPES)
    if unknown:
        raise ValueError(f"{name}: no such types {sorted(unknown)}")
    _kinds[name] = Kind(name, told, fields)
    return name


def all_kinds() -> Mapping[str, Kind]:
    return _kinds


def checked(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it is stored. Raises KeyError or ValueError for what the kind does not declare."""
    fields = _kinds[name].fields
    stored: dict[str, Any] = {}
    for field, value in data.items():
        if value is None:
            continue
        stored[field] = _stored(name, field, fields[field], value)
    return stored


def _stored(name: str, field: str, wanted: str, value: Any) -> Any:
    if not isinstance(value, _TYPES[wanted]) or (wanted == "count" and isinstance(value, bool)):
        raise ValueError(f"{name}: {field} must be {wanted}")
    if wanted == "word" and not _WORD.fullmatch(str(value)):
        raise ValueError(f"{name}: {field} must be one plain word, since events hold no sentences")
    if wanted in ("count", "flag"):
        return value
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
