"""Who acts. Loaded again for each request and each socket event, so that a lost role is lost at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from respite.accounts.roles import RIGHTS, May, Role


class ActorKind(StrEnum):
    PERSON = "person"
    DISPLAY = "display"
    TOKEN = "token"  # noqa: S105
    CLOCK = "clock"
    COMMAND = "command"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: uuid.UUID
    roles: Mapping[uuid.UUID, Role] = field(default_factory=dict)
    #: For a guest, who has no role anywhere: what let them in, so that an act is refused once that has ended.
    by: uuid.UUID | None = None
    #: Guests who do not want this person to read of them.
    kept_from: frozenset[uuid.UUID] = frozenset()

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.id}"

    def role_in(self, house_id: uuid.UUID) -> Role | None:
        return self.roles.get(house_id)

    def may(self, right: May, house_id: uuid.UUID) -> bool:
        if self.kind in (ActorKind.CLOCK, ActorKind.COMMAND):
            return True
        role = self.roles.get(house_id)
        return role is not None and right in RIGHTS[role]


def person_in(ref: str) -> uuid.UUID | None:
    """The person of a kept `Actor.ref`; none where it was no person."""
    kind, _colon, actor_id = ref.partition(":")
    return uuid.UUID(actor_id) if kind == ActorKind.PERSON else None


#: The house clock acts when a due row's time has come.
CLOCK = Actor(ActorKind.CLOCK, uuid.UUID(int=0))
#: Someone at the machine's own command line, who could change the database anyway.
COMMAND = Actor(ActorKind.COMMAND, uuid.UUID(int=0))
