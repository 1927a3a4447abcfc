"""What was offered to a guest is not there for whom they keep it from."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from respite.accounts.unseen import Guests, hidden
from respite.resources.connections.models import Connection, ConnectionStep

# As a table and not as a model: what is looked up to leave rows out is not left out itself.
_connections: Any = Connection.__table__


def _theirs(guests: Guests) -> sa.Select[Any]:
    return sa.select(_connections.c.id).where(_connections.c.guest_id.in_(guests))


hidden(Connection, lambda guests: Connection.guest_id.in_(guests))
hidden(ConnectionStep, lambda guests: ConnectionStep.connection_id.in_(_theirs(guests)))
