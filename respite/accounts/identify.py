"""Who asks: worked out once for each request, before its guard.

An API token counts under /api/ and nothing else does there; a screen's cookie counts under /wall; on a guest's own
page, under /g/, nobody who works here is anybody; a person's session counts everywhere else, unless it is locked.
"""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from respite.accounts import displays, locking, sessions, tokens
from respite.accounts.actor import Actor
from respite.accounts.errors import SignInNeeded
from respite.core.web import wants_api


def identify() -> ResponseReturnValue | None:
    """Set g.actor, and g.person with g.sign_in or g.screen. Answers itself where the screen is locked."""
    if wants_api():
        g.actor = _bearer()
        return None
    if on_wall():
        _screen()
        return None
    if on_guest_page():
        return None
    return _person()


def on_wall() -> bool:
    return request.path == "/wall" or request.path.startswith("/wall/")


def on_guest_page() -> bool:
    return request.path.startswith("/g/")


def _bearer() -> Actor | None:
    token = tokens.bearer()
    if token is None:
        return None
    actor = tokens.by_token(token)
    if actor is None:
        raise SignInNeeded
    return actor


def _screen() -> None:
    screen = displays.of_request()
    if screen is None:
        return
    g.screen, g.actor, g.language = screen, screen.actor, screen.language
    displays.note_seen(screen)


def _person() -> ResponseReturnValue | None:
    signed_in = sessions.of_request()
    if signed_in is None:
        return None
    g.sign_in, g.language = signed_in, signed_in.person.language
    if signed_in.locked:
        return None if request.endpoint in locking.OPEN_WHILE_LOCKED else locking.lock_page(signed_in)
    g.person, g.actor = signed_in.person, signed_in.actor
    if by_hand():
        sessions.note_seen(signed_in)
    return None


def by_hand() -> bool:
    """Is this request a sign of the person? A page that a script looks at again by itself is none."""
    if request.method not in ("GET", "HEAD"):
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
