"""The pages of texting. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.messaging.views import pausing, phones, setup, wording
from respite.messaging.views.routes import blueprint

__all__ = ["blueprint", "pausing", "phones", "setup", "wording"]
