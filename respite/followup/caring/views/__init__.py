"""Pages of kind words. Importing them puts them on the one blueprint."""

from __future__ import annotations

from respite.followup.caring.views import card, rules, write
from respite.followup.caring.views.routes import blueprint

__all__ = ["blueprint", "card", "rules", "write"]
