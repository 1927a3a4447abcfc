"""The blueprints: what the house keeps, and what anybody may read of a house that shares its calendar."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("activities", __name__)
shared = Blueprint("shared_calendar", __name__)
