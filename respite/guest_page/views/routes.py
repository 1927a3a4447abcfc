"""The blueprints: what a guest opens, and where those who work here give them the way to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("guest_page", __name__)
given = Blueprint("guest_links", __name__)
