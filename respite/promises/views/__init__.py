"""The pages of promises. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.promises.views import acts, changing, page
from respite.promises.views.routes import blueprint

__all__ = ["acts", "blueprint", "changing", "page"]
