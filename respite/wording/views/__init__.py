"""The pages of wording. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.wording.views import figures, words
from respite.wording.views.routes import blueprint

__all__ = ["blueprint", "figures", "words"]
