"""create_app(settings): the one module that knows every feature."""

from __future__ import annotations

import importlib
import logging

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from respite.core import clock, compress, crypto, db, demo_clock, limits, logs, views, web
from respite.core.settings import ROOT, Settings, from_environ

#: Every feature with a `wiring` module, lowest first. `wire(app)` registers its edge and its subscriptions.
FEATURES = (
    "core",
    "audit",
    "accounts",
    "houses",
    "wording",
    "messaging",
    "promises",
    "activities",
    "guests",
    "staffing",
    "concerns",
    "handoff",
    "moments",
    "resources",
    "followup",
    "overnight",
    "board",
    "guest_page",
    "reports",
    "scheduler",
    "cli",
)

#: The whole list of what is served without a guard.
PUBLIC = frozenset(
    {
        "static",
        "core.live",
        "core.ready",
        "core.language",
        "core.theme",
        # A screen on the wall shows its house's doors, or the letters to pair it by.
        "board.wall",
        "board.wall_parts",
        "accounts.sign_in",
        "accounts.sign_in_sent",
        "accounts.sign_out",
        "accounts.lock",
        "accounts.unlock",
        "accounts.unlock_one",
        "accounts.unlock_sent",
        # Free beds of houses that chose to share them, and what the API is.
        "availability-api.show_availability",
        "availability-api.list_availability",
        "shared_beds.every_house",
        "shared_beds.house",
        "shared_beds.hsds",
        "api-docs.openapi_json",
        "accounts.welcome",
        "accounts.welcome_sent",
        "accounts.setup",
        "accounts.setup_sent",
        "accounts.wall_pairing",
        # A peer's own calendar: the link is the key.
        "staffing.calendar",
        # Was this helpful? The link is the key, and names a house and nobody.
        "guests.parting_question",
        "guests.parting_answered",
        "guests.parting_thanks",
        # What a funder asks, apart from everything else: the link is the key, and names a house and nobody.
        "guests.funder_questions",
        "guests.funder_answered",
        # Groups and activities for neighbours, of houses that share their calendar; of others there is none.
        "shared_calendar.show",
        "shared_calendar.feed",
        # A card of places of the directory: the link is the key, and says nothing about anybody.
        "resource_cards.show",
        # A guest's own page: the sheet before it, its one button, the language of both, and the way out.
        "guest_page.show",
        "guest_page.open_",
        "guest_page.shown_in",
        "guest_page.away",
        # The answer to what was told without a name: the code is the key.
        "guest_page.answer_form",
        "guest_page.answer_shown",
        "guest_page.answer_back",
        # Whoever carries texts; its signature is looked at before anything else.
        "webhooks.inbound",
        "webhooks.status",
    }
)


def create_app(settings: Settings | None = None, house_clock: clock.Clock | None = None) -> Flask:
    settings = settings or from_environ()
    app = Flask("respite", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(settings.database_url),
        PUBLIC_URL=settings.public_url,
        HTTPS=settings.https,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "respite" / "translations"),
        SESSION_COOKIE_NAME="__Host-form" if settings.https else "form",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["respite.settings"] = settings
    app.extensions["respite.keys"] = crypto.KeyRing.from_file(settings.keys_file)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # In the demo house the terminal shows how to sign in; a line for every page would push that away.
    logs.configure(logging.WARNING if settings.demo else logging.INFO)
    features = [importlib.import_module(f"respite.{name}.wiring") for name in FEATURES]
    _install_database(app)
    app.extensions["respite.clock"] = house_clock or _house_clock(app, settings)
    Babel(app, locale_selector=views.language)
    web.install(app, PUBLIC)
    compress.install(app)
    limits.install(app, settings)
    for feature in features:
        feature.wire(app)
    return app


def _install_database(app: Flask) -> None:
    db.db.init_app(app)
    with app.app_context():
        db.install(db.db.engine)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)


def _house_clock(app: Flask, settings: Settings) -> clock.Clock:
    if not settings.demo:
        return clock.SystemClock()
    return clock.MovableClock(demo_clock.reader(app))
