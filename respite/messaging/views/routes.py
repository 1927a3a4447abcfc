"""The blueprint that every page and act of texting is registered on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("messaging", __name__)
