"""Pages of a house: opening one, its settings, its doors and its rules."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("houses", __name__)
