"""Pages of hard moments. Importing them puts them on the one blueprint."""

from __future__ import annotations

from respite.moments.views import accounts, lines, one, page, rules, support
from respite.moments.views.routes import blueprint

__all__ = ["accounts", "blueprint", "lines", "one", "page", "rules", "support"]
