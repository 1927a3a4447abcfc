"""Kind words are not there for whom their guest keeps them from."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.followup.caring.models import CaringPlan, CaringText

hidden(CaringPlan, lambda guests: CaringPlan.guest_id.in_(guests))
hidden(CaringText, lambda guests: CaringText.guest_id.in_(guests))
