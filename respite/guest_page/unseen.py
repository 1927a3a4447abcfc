"""A guest's link and their plan are not there for whom they keep their page from."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.guest_page.models import GuestLink, PlanPart, PlanWord

hidden(GuestLink, lambda guests: GuestLink.guest_id.in_(guests))
hidden(PlanPart, lambda guests: PlanPart.guest_id.in_(guests))
hidden(PlanWord, lambda guests: PlanWord.guest_id.in_(guests))
