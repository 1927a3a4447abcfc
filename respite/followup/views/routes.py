"""The one blueprint of what follows a stay."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("followup", __name__)
