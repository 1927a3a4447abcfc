"""The pages of connections. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.resources.connections.views import offering, one
from respite.resources.connections.views.routes import blueprint

__all__ = ["blueprint", "offering", "one"]
