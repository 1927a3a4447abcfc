"""The guard of pages that belong to nobody's house: whoever is signed in."""

from __future__ import annotations

from typing import Any

from flask import g

from respite.accounts.acting import acting
from respite.accounts.actor import ActorKind
from respite.accounts.sessions import SignedIn
from respite.core.errors import NotFound
from respite.core.web import guard


def _is_person(_arguments: dict[str, Any]) -> None:
    if acting().kind != ActorKind.PERSON:
        raise NotFound


#: Decorator: a person who signed in, in whatever role and house.
signed_in = guard("signed-in", _is_person)


def this_sign_in() -> SignedIn:
    """The session of the person who asks, behind the `signed_in` guard."""
    found: SignedIn = g.sign_in
    return found
