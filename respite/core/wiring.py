"""The core's edge."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_babel import get_locale

from respite.core import views
from respite.core.api import document
from respite.core.forms import new_key
from respite.core.realtime import server


def wire(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    document.install(app)
    app.context_processor(_look)
    server.install(app)
    app.context_processor(lambda: {"form_key": new_key})


def _look() -> dict[str, Any]:
    theme = request.cookies.get("theme", "auto")
    return {"theme": theme if theme in views.THEMES else "auto", "lang": str(get_locale() or "en")}
