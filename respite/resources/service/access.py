"""Beginning an act on the directory, which is the installation's: whoever keeps it in one house keeps it for all."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import role_now
from respite.accounts.roles import RIGHTS, May
from respite.audit.models import FIRST_HASH, INSTALLATION, Stream
from respite.audit.service import lock_stream
from respite.core.errors import NotFound


def may_anywhere(session: Session, actor: Actor, right: May) -> bool:
    """Whether the actor has the right in some house, as their roles stand in the database."""
    if actor.kind in (ActorKind.CLOCK, ActorKind.COMMAND):
        return True
    roles = (role_now(session, actor, house_id) for house_id in actor.roles)
    return any(role is not None and right in RIGHTS[role] for role in roles)


def lock_directory(session: Session, actor: Actor, right: May) -> None:
    """Lock the installation's stream, then ask again. Raises NotFound."""
    _open(session)
    lock_stream(session, INSTALLATION)
    if not may_anywhere(session, actor, right):
        raise NotFound


def _open(session: Session) -> None:
    """The installation's stream, which the first act upon it opens."""
    if session.scalar(sa.select(Stream.id).where(Stream.id == INSTALLATION)) is not None:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Stream).values(id=INSTALLATION, last_version=0, last_hash=FIRST_HASH)
    session.execute(new.on_conflict_do_nothing())
