"""Health, language and theme: what every page shares."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, current_app, g, has_request_context, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from respite.core.db import db, dialect, end_read
from respite.core.web import back_to

blueprint = Blueprint("core", __name__)

LANGUAGES = ("en", "es")
THEMES = ("auto", "day", "night")
YEAR = int(timedelta(days=365).total_seconds())

#: What `/health/ready` asks beside the database: name -> a function that answers what is wrong, or None.
ready_checks: dict[str, Callable[[], str | None]] = {}


@blueprint.get("/health/live")
def live() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/health/ready")
def ready() -> ResponseReturnValue:
    wrong: dict[str, str] = {}
    try:
        db.session.execute(sa.text("SELECT 1"))
    except SQLAlchemyError:
        wrong["database"] = "does not answer"
    finally:
        end_read()
    for name, check in ready_checks.items():
        answer = check()
        if answer is not None:
            wrong[name] = answer
    body: dict[str, object] = {"status": "failing" if wrong else "ok", "database": dialect()}
    if dialect() == "sqlite":
        body["sqlite"] = sqlite3.sqlite_version
    seats = current_app.extensions["respite.seats"]
    # At the limit pages go on and screens look by themselves, so this is told and is no failure.
    body["sockets"] = {"open": seats.taken, "most": seats.most}
    if wrong:
        body["wrong"] = wrong
    return jsonify(body), 503 if wrong else 200


def language() -> str | None:
    """The reader's language: their own setting, then the one chosen on this device, then the browser's."""
    if not has_request_context():
        return None
    own = g.get("language")
    chosen = own or request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES)


@blueprint.post("/language", endpoint="language")
def language_choice() -> ResponseReturnValue:
    return _remember("language", LANGUAGES)


@blueprint.post("/theme")
def theme() -> ResponseReturnValue:
    return _remember("theme", THEMES)


def _remember(name: str, known: tuple[str, ...]) -> ResponseReturnValue:
    response = back_to("/")
    value = request.form.get(name, "")
    if value in known:
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=current_app.config["HTTPS"])
        for heard in chosen:
            heard(name, value)
    return response


#: Called with the name and value when somebody chooses, so that a signed-in person's own setting follows.
chosen: list[Callable[[str, str], None]] = []
