"""The one blueprint of hard moments."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("moments", __name__)
