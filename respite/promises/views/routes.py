"""The blueprint that every page and act of promises is registered on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("promises", __name__)
