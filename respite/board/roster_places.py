"""Where the roster leads: the pages and acts of guests and houses that exist and the viewer may use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.board.acts import address
from respite.board.roster import Bar, BarKind
from respite.houses.models import House

#: Stands in an address for the row that it is about; roster_menu.js puts the row's own id there.
SOME = uuid.UUID(int=0)
#: What can be done: name -> endpoint, what its address asks for, the right it takes.
KNOWN = {
    "card": ("guests.stay_page", "stay_id", May.KEEP_BEDS),
    "move": ("guests.move_form", "stay_id", May.KEEP_BEDS),
    "more": ("guests.extend_form", "stay_id", May.KEEP_BEDS),
    "longer": ("guests.longer", "stay_id", May.KEEP_BEDS),
    "free": ("guests.let_go", "stay_id", May.KEEP_BEDS),
    "save": ("guests.save_form", "bed_id", May.KEEP_BEDS),
    "open": ("houses.open_again", "closure_id", May.CLOSE_BEDS),
    "close": ("houses.close_form", "bed_id", May.CLOSE_BEDS),
    "nights": ("guests.nights", "slug", May.KEEP_BEDS),
}


@dataclass(frozen=True, slots=True)
class Places:
    known: Mapping[str, str]

    def get(self, name: str) -> str | None:
        return self.known.get(name)

    def of(self, name: str, row: uuid.UUID) -> str | None:
        """The address for this row."""
        found = self.known.get(name)
        return found.replace(str(SOME), str(row)) if found else None

    def bar(self, bar: Bar) -> dict[str, Any]:
        """A bar's attributes: how it looks, where it leads, and what roster_menu.js and roster_drag.js need."""
        shape = {
            "before": bar.began_before,
            "on": bar.goes_on,
            "past": bar.past_leaving,
            "one": bar.span == 1,
            "short": bar.span <= 2,
        }
        facts: dict[str, Any] = {
            "class": " ".join(["bar", *(f"bar--{name}" for name, stands in shape.items() if stands)]),
            "data-state": str(bar.kind),
            "href": None if bar.kind == BarKind.CLOSED else self.of("card", bar.claim_id),
        }
        if bar.standing and self.known:
            facts |= {"data-id": bar.claim_id, "data-version": bar.version}
            if bar.saved_until is not None:
                facts["data-clock"] = ""
            if bar.moves_to:
                facts["data-to"] = " ".join(map(str, bar.moves_to))
            if bar.more_nights:
                facts |= {"data-more": bar.more_nights, "data-end": "" if bar.ends_here else None}
        return facts


ON_PAPER = Places({})


def places_for(actor: Actor, house: House) -> Places:
    known: dict[str, str] = {}
    for name, (endpoint, asks_for, right) in KNOWN.items():
        row = house.slug if asks_for == "slug" else SOME
        found = address(endpoint, {asks_for: row}) if actor.may(right, house.id) else None
        if found is not None:
            known[name] = found[0]
    return Places(known)
