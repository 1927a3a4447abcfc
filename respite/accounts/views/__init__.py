"""Pages of accounts: signing in, the lock, one's own account, links, the waiting screen."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
