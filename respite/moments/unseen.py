"""A guest's account of a hard moment is not there for whom they keep it from; the moment is the house's, and stays."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.moments.models import MomentAccount

hidden(MomentAccount, lambda guests: MomentAccount.guest_id.in_(guests))
