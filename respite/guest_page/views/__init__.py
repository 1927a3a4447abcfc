"""The pages of a guest's own page. Importing this registers every view on the blueprints."""

from __future__ import annotations

from respite.guest_page.views import door, giving, kept, page
from respite.guest_page.views.routes import blueprint, given

__all__ = ["blueprint", "door", "given", "giving", "kept", "page"]
