"""The locked screen: it answers in place of every page until somebody opens it again."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from respite.accounts import sessions, tablets
from respite.core.db import end_read
from respite.core.web import own_path

LOCKED = 423

#: What a locked session may still ask for.
OPEN_WHILE_LOCKED = frozenset(
    {
        "accounts.sign_in",
        "accounts.sign_in_sent",
        "accounts.sign_out",
        "accounts.lock",
        "accounts.unlock",
        "accounts.unlock_one",
        "accounts.unlock_sent",
        "core.language",
        "core.theme",
    }
)


def lock_page(signed_in: sessions.SignedIn) -> Response:
    """The page in place of the one asked for. A script that asks gets a sentence and loads the page again."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        response = make_response(_("This screen is locked."), LOCKED)
        response.mimetype = "text/plain"
        return response
    tablet = tablets.of_request()
    people = tablets.behind_lock(tablet, signed_in)
    end_read()
    page = render_template(
        "accounts/locked.html", tablet=tablet, people=people, own=signed_in, next=page_to_return_to()
    )
    return make_response(page, LOCKED)


def page_to_return_to() -> str:
    """Where the person was: the page asked for, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return own_path(request.full_path.rstrip("?")) or "/"
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return "/"
    return own_path(came_from.path + (f"?{came_from.query}" if came_from.query else "")) or "/"
