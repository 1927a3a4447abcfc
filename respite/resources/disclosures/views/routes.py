"""The blueprint of what others are told."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("disclosures", __name__)
