"""The blueprint of connections."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("connections", __name__)
