"""The edge of accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, make_response
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _

from respite.accounts import models, sessions
from respite.accounts.acting import forget_old_answers
from respite.accounts.errors import SignInNeeded
from respite.accounts.identify import identify
from respite.accounts.service import own
from respite.accounts.service.drafts import forget_old
from respite.accounts.sessions import login
from respite.accounts.views import blueprint, coming_in, drafts, links, own_account, waiting_screen
from respite.core import clock, views
from respite.core.jobs import HOUR, every
from respite.core.web import answer_refusal, identify_by, wants_api

__all__ = ["coming_in", "links", "models", "own_account", "wire"]


def wire(app: Flask) -> None:
    login.init_app(app, add_context_processor=False)
    identify_by(app, identify)
    app.register_blueprint(blueprint)
    app.register_error_handler(SignInNeeded, _answer_sign_in_needed)
    app.context_processor(_whose_page)
    app.after_request(waiting_screen.keep_screen_cookie)
    app.after_request(drafts.forget_when_sent)
    app.add_template_filter(ago)
    if _follow_choice not in views.chosen:
        views.chosen.append(_follow_choice)
    every(HOUR, "forget old answers", forget_old_answers)
    every(HOUR, "forget old drafts", forget_old)
    every(HOUR, "forget old sign-ins", sessions.forget_old)


def ago(at: datetime) -> str:
    """How long ago by the machine's clock, in words: "2 hours ago"."""
    return str(format_timedelta(min(at - clock.machine_now(), -timedelta(minutes=1)), add_direction=True))


def _follow_choice(name: str, value: str) -> None:
    """Somebody signed in chose a language on a page: it is theirs on every device."""
    person = g.get("person")
    if name == "language" and person is not None:
        own.choose_language(person.id, value)


def _answer_sign_in_needed(refusal: SignInNeeded) -> ResponseReturnValue:
    if not wants_api():
        return coming_in.answer_sign_in_needed(refusal)
    token_needed = SignInNeeded(_('Please send a token that is good, in the header "Authorization: Bearer …".'))
    response = make_response(answer_refusal(token_needed))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _whose_page() -> dict[str, Any]:
    person, sign_in = g.get("person"), g.get("sign_in")
    return {
        "current_person": person.name if person else None,
        "on_tablet": person is not None and sign_in.on_tablet,
        "tablet_idle": int(sessions.TABLET_IDLE.total_seconds()),
    }
