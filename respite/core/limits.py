"""How often one address may ask for what costs much: kept in Redis where there is one.

Without Redis, or while it is away, each process counts in its own memory, so that a limit never becomes
an error. What an account's password may be tried is counted in the database (`accounts.throttle`).
"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from respite.core.settings import Settings

limiter = Limiter(get_remote_address, strategy="moving-window", in_memory_fallback_enabled=True)


def install(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    limiter.init_app(app)
