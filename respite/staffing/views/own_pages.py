"""A peer's own pages, in the order in which they stand under their shifts. Each view module adds its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor

#: What a card is drawn from; nothing where it is not drawn.
ReadCard = Callable[[Session, Actor, datetime], Any]

#: (place in the order, endpoint, label)
_pages: list[tuple[int, str, Any]] = []


def own_page_here(place: int, endpoint: str, label: Any) -> None:
    """Show a page of the signed-in person's own under "My shifts"; it needs no arguments."""
    if all(endpoint != known for _place, known, _label in _pages):
        _pages.append((place, endpoint, label))


def own_pages() -> list[tuple[str, Any]]:
    return [(endpoint, label) for _place, endpoint, label in sorted(_pages, key=lambda each: each[:2])]


#: (template, what reads it), in the order of wiring
_cards: list[tuple[str, ReadCard]] = []


def own_card_here(template: str, read: ReadCard) -> None:
    """Show a card of an upper feature on "My shifts", above the list. Its template draws `card`."""
    if all(template != known for known, _read in _cards):
        _cards.append((template, read))


def own_cards(session: Session, actor: Actor, now: datetime) -> list[tuple[str, Any]]:
    found = [(template, read(session, actor, now)) for template, read in _cards]
    return [(template, card) for template, card in found if card]
