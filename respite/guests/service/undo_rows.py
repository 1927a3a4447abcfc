"""Rows as an undo keeps them: what they are called, what stood in them, and whether they have moved since."""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import b64decode, b64encode
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from respite.core.db import Base
from respite.guests.models import (
    ArrivalWish,
    BedOffer,
    Contact,
    CouldNotOffer,
    EarlierWord,
    Guest,
    LeftLine,
    Note,
    PartingTalk,
    Stay,
    Visit,
    Waiting,
)
from respite.houses.models import Bed
from respite.messaging.models import Consent
from respite.promises.models import Promise

KEPT_FOR = timedelta(minutes=30)  # how long an act can be taken back

_MODELS: dict[str, type[Base]] = {
    model.__tablename__: model
    for model in (
        BedOffer,
        Stay,
        Bed,
        Visit,
        Waiting,
        Guest,
        Note,
        LeftLine,
        EarlierWord,
        Consent,
        Contact,
        CouldNotOffer,
        Promise,
        ArrivalWish,
        PartingTalk,
    )
}


def name_of(row: Any) -> str:
    return f"{row.__tablename__}:{row.id}"


def row_of(session: Session, name: str) -> Any:
    table, _colon, row_id = name.partition(":")
    return session.get(_MODELS[table], uuid.UUID(row_id), populate_existing=True)


def columns_of(row: Any) -> dict[str, Any]:
    return {c.key: _stored(getattr(row, c.key)) for c in type(row).__table__.columns if c.key not in ("id", "version")}


def _stored(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, uuid.UUID):
        return {"id": str(value)}
    return value


def restored(value: Any) -> Any:
    match value:
        case {"bytes": text}:
            return b64decode(text)
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case {"id": text}:
            return uuid.UUID(text)
    return value


def mark_of(row: Any) -> int | str:
    """What differs once a row has moved: its version, or a digest of the row where it has none."""
    version: int | None = getattr(row, "version", None)
    if version is not None:
        return version
    return hashlib.sha256(json.dumps(columns_of(row), sort_keys=True).encode()).hexdigest()
