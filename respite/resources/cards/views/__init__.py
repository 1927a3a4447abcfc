"""The pages of cards. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.resources.cards.views import making, public, texting
from respite.resources.cards.views.routes import blueprint

__all__ = ["blueprint", "making", "public", "texting"]
