"""The pages of what others are told. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.resources.disclosures.views import pages
from respite.resources.disclosures.views.routes import blueprint

__all__ = ["blueprint", "pages"]
