"""A guest's account of a hard moment is not there for whom they keep it from; the moment is the house's, and stays."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from respite.accounts.unseen import hidden
from respite.guests.models import Farewell
from respite.moments.farewells.models import PersonToTell
from respite.moments.models import MomentAccount

# As a table and not as a model: what is looked up to leave rows out is not left out itself.
_farewells: Any = Farewell.__table__

hidden(MomentAccount, lambda guests: MomentAccount.guest_id.in_(guests))
hidden(
    PersonToTell,
    lambda guests: PersonToTell.farewell_id.in_(sa.select(_farewells.c.id).where(_farewells.c.guest_id.in_(guests))),
)
