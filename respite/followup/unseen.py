"""What follows a stay is not there for whom its guest keeps it from."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.followup.models import FollowUp

hidden(FollowUp, lambda guests: FollowUp.guest_id.in_(guests))
