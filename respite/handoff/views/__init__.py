"""The pages of the log and the handoff. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.handoff.views import acts, earlier, from_paper, page
from respite.handoff.views.routes import blueprint

__all__ = ["acts", "blueprint", "earlier", "from_paper", "page"]
