"""The blueprint that every page and act of guests is registered on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from respite.guests.views.wording import month_of

blueprint = Blueprint("guests", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"month": month_of}
