"""The pages of the directory. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.resources.views import by_hand, finding, loading, service
from respite.resources.views.routes import blueprint

__all__ = ["blueprint", "by_hand", "finding", "loading", "service"]
