"""What a socket came in with, and whether it still opens anything: read again for every event and every second."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from respite.accounts import cookies, displays
from respite.accounts.actor import Actor, ActorKind
from respite.accounts.models import ApiToken, Display, Membership, Person, SignIn
from respite.accounts.roles import Role
from respite.accounts.sessions import open_now
from respite.core import clock
from respite.core.crypto import digest
from respite.core.db import db


@dataclass(frozen=True, slots=True)
class Viewer:
    """A sign-in, a paired display or an API token, by its row's id."""

    kind: ActorKind
    id: uuid.UUID


def arriving(auth: Any) -> Viewer | None:
    """Who opens this socket: an API token in `auth`, else the signed-in session, else the paired display.

    `{"screen": true}` comes from the wall: somebody may be signed in beside it in the same browser.
    """
    given = auth if isinstance(auth, dict) else {}
    token = given.get("token")
    if token is not None:
        return _by_token(ActorKind.TOKEN, ApiToken, token) if isinstance(token, str) else None
    signed_in = None if given.get("screen") else cookies.read(cookies.Cookie.SIGN_IN)
    found = _by_token(ActorKind.PERSON, SignIn, signed_in) if signed_in else None
    if found is not None:
        return found
    screen = displays.of_request()
    return Viewer(ActorKind.DISPLAY, screen.id) if screen else None


def _by_token(kind: ActorKind, model: Any, token: str) -> Viewer | None:
    found = db.session.scalar(sa.select(model.id).where(model.token_hash == digest(token)))
    return Viewer(kind, found) if found else None


def actor_now(viewer: Viewer) -> Actor | None:
    return actors_now({viewer}).get(viewer)


def actors_now(viewers: Collection[Viewer]) -> Mapping[Viewer, Actor]:
    """The actors these viewers are at this moment; one that was ended, locked or revoked is left out."""
    found: dict[Viewer, Actor] = {}
    ids = {kind: [viewer.id for viewer in viewers if viewer.kind == kind] for kind in ActorKind}
    found.update(_people(ids[ActorKind.PERSON]))
    found.update(_displays(ids[ActorKind.DISPLAY]))
    found.update(_tokens(ids[ActorKind.TOKEN]))
    return found


def _people(sign_ins: Collection[uuid.UUID]) -> dict[Viewer, Actor]:
    if not sign_ins:
        return {}
    live = sa.and_(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    rows = db.session.execute(
        sa.select(SignIn.id, Person.id, Membership.house_id, Membership.role)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Membership, live)
        .where(
            SignIn.id.in_(sign_ins),
            open_now(clock.machine_now()),
            Person.deactivated_at.is_(None),
        )
    )
    people: dict[uuid.UUID, tuple[uuid.UUID, dict[uuid.UUID, Role]]] = {}
    for sign_in, person, house, role in rows:
        roles = people.setdefault(sign_in, (person, {}))[1]
        if house is not None:
            roles[house] = Role(role)
    return {
        Viewer(ActorKind.PERSON, sign_in): Actor(ActorKind.PERSON, person, roles)
        for sign_in, (person, roles) in people.items()
    }


def _displays(ids: Collection[uuid.UUID]) -> dict[Viewer, Actor]:
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(Display.id, Display.house_id).where(Display.id.in_(ids), Display.revoked_at.is_(None))
    )
    return {
        Viewer(ActorKind.DISPLAY, display): Actor(ActorKind.DISPLAY, display, {house: Role.DISPLAY})
        for display, house in rows
    }


def _tokens(ids: Collection[uuid.UUID]) -> dict[Viewer, Actor]:
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(ApiToken.id, ApiToken.house_id, ApiToken.role).where(
            ApiToken.id.in_(ids), ApiToken.revoked_at.is_(None)
        )
    )
    return {
        Viewer(ActorKind.TOKEN, token): Actor(ActorKind.TOKEN, token, {house: Role(role)})
        for token, house, role in rows
    }
