"""A peer's own pages, in the order in which they stand under their shifts. Each view module adds its own."""

from __future__ import annotations

from typing import Any

#: (place in the order, endpoint, label)
_pages: list[tuple[int, str, Any]] = []


def own_page_here(place: int, endpoint: str, label: Any) -> None:
    """Show a page of the signed-in person's own under "My shifts"; it needs no arguments."""
    if all(endpoint != known for _place, known, _label in _pages):
        _pages.append((place, endpoint, label))


def own_pages() -> list[tuple[str, Any]]:
    return [(endpoint, label) for _place, endpoint, label in sorted(_pages, key=lambda each: each[:2])]
