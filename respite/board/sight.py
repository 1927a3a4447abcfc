"""As whom the board is drawn: the wall sees doors and what guests chose, the desk what its person may."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from respite.accounts.actor import Actor
from respite.accounts.roles import May


@dataclass(frozen=True, slots=True)
class Sight:
    wall: bool
    rights: frozenset[May]
    person_id: uuid.UUID | None = None
    """Who looks, where it is a person: what they themselves are asked stands with their own buttons."""
    doors: bool = True
    """A screen in the living room shows the house's face alone and gets no doors at all."""

    def may(self, right: May) -> bool:
        return right in self.rights

    @property
    def guests(self) -> bool:
        """Whether names and words of guests may be drawn."""
        return not self.wall and self.may(May.SEE_GUESTS)


def at_desk(actor: Actor, house_id: uuid.UUID) -> Sight:
    return Sight(wall=False, rights=frozenset(right for right in May if actor.may(right, house_id)), person_id=actor.id)


def on_wall(face: str) -> Sight:
    return Sight(wall=True, rights=frozenset({May.SEE_BOARD}), doors=face == "doors")
