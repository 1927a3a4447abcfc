"""The blueprint of cards."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("resource_cards", __name__)
