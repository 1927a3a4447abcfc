"""Pages of what follows a stay. Importing them puts them on the one blueprint."""

from __future__ import annotations

from respite.followup.views import card, coming, plan
from respite.followup.views.routes import blueprint

__all__ = ["blueprint", "card", "coming", "plan"]
