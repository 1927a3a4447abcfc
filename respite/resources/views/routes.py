"""The blueprint of the directory's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("resources", __name__)
