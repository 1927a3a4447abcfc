"""The pages of groups and activities. Importing this registers every view on the blueprints."""

from __future__ import annotations

from respite.activities.views import calendar, changing, figures, public
from respite.activities.views.routes import blueprint, shared

__all__ = ["blueprint", "calendar", "changing", "figures", "public", "shared"]
