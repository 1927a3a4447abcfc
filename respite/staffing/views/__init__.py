"""Pages of shifts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("staffing", __name__)
