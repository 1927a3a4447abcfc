"""The pages of cards. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.resources.cards.views import calling, making, public, texting
from respite.resources.cards.views.routes import blueprint

__all__ = ["blueprint", "calling", "making", "public", "texting"]
