"""Where else somebody can turn, as it is read out and printed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.languages import in_language
from respite.core.phones import shown as phone_shown
from respite.houses.models import Elsewhere
from respite.houses.policy.elsewhere import GENERAL, General, PlaceKind


@dataclass(frozen=True, slots=True)
class Place:
    """In the reader's language. `key` names one that comes with Respite, `id` one of the house's own."""

    kind: str
    name: str
    phone: str | None
    number: str | None
    text_to: str
    hours: str
    note: str
    shown: bool = True
    id: uuid.UUID | None = None
    key: str | None = None
    version: int | None = None


def places_of(session: Session, house_id: uuid.UUID, kind: PlaceKind | None = None) -> list[Place]:
    """What the house shows, its own first."""
    return [each for each in all_places(session, house_id) if each.shown and kind in (None, each.kind)]


def all_places(session: Session, house_id: uuid.UUID) -> list[Place]:
    """Those taken off the list with them."""
    rows = list(session.scalars(sa.select(Elsewhere).where(Elsewhere.house_id == house_id).order_by(Elsewhere.made_at)))
    hidden = {row.general for row in rows if row.general is not None and row.hidden_at is not None}
    return [*_own(row for row in rows if row.general is None), *(_general(each, hidden) for each in GENERAL)]


def _own(rows: Iterable[Elsewhere]) -> Iterable[Place]:
    for row in rows:
        number = phone_shown(row.phone) if row.phone else None
        yield Place(
            kind=row.kind,
            name=row.name,
            phone=number,
            number=row.phone,
            text_to=row.text_to,
            hours=row.hours,
            note=in_language(row.note, row.note_es),
            shown=row.hidden_at is None,
            id=row.id,
            version=row.version,
        )


def _general(each: General, hidden: set[str]) -> Place:
    return Place(
        kind=PlaceKind.SUPPORT,
        name=str(each.name),
        phone=each.phone,
        number=each.phone,
        text_to=str(each.text_to),
        hours=str(each.hours),
        note=str(each.note),
        shown=each.key not in hidden,
        key=each.key,
    )
