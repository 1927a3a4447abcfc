"""The one blueprint of kind words."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("caring", __name__)
