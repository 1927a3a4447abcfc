"""The blueprint of the figures."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
