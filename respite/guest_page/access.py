"""Who opens a guest's page: the browser in which it was opened with its link, and nobody by another right.

What the browser keeps goes to addresses under /g alone. Over https its name has the prefix `__Secure-`; `__Host-` would
send it to every page.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, request

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.views import LANGUAGES
from respite.core.web import guard
from respite.guest_page.errors import PageShut
from respite.guest_page.service.opening import Page, note_seen, page_of
from respite.messaging.service.correspondents import correspondent_of

PATH = "/g"


def for_page(*, token_sent: bool = False) -> Any:
    """Guard of a view at `/g/<token>/…`: the view gets `page` in place of `token`. Raises PageShut.

    With `token_sent` the form brings the token: for what leaves on paper, on whose margin browsers print the address.
    """

    def check(arguments: dict[str, Any]) -> None:
        page = opened(request.form.get("token", "") if token_sent else arguments.pop("token"))
        if page is None:
            raise PageShut
        arguments["page"] = page

    return guard("guest-page", check)


def opened(token: str) -> Page | None:
    """The page, open in this browser; then this request acts as the guest and reads in their language."""
    kept = kept_by_browser()
    page = page_of(token, kept, now=house_now()) if kept else None
    if page is None:
        return None
    note_seen(page)
    g.actor = page.actor
    if chosen_language() is None:
        person = correspondent_of(db.session(), page.house_id, page.guest_id)
        g.language = person.language if person is not None and person.confirmed_at is not None else None
    return page


def kept_by_browser() -> str | None:
    return request.cookies.get(_name("page"))


def chosen_language() -> str | None:
    """What was chosen on this page in this browser; the pages of those who work here keep theirs."""
    chosen = request.cookies.get(_name("page-language"))
    return chosen if chosen in LANGUAGES else None


def keep(response: Response, kept: str) -> None:
    """Gone when the browser closes."""
    _put(response, "page", kept)


def keep_language(response: Response, language: str) -> None:
    _put(response, "page-language", language)


def forget_language(response: Response) -> None:
    """What they chose for themselves counts again."""
    response.delete_cookie(
        _name("page-language"), path=PATH, secure=current_app.config["HTTPS"], httponly=True, samesite="Lax"
    )


def let_go(response: Response) -> None:
    response.delete_cookie(_name("page"), path=PATH, secure=current_app.config["HTTPS"], httponly=True, samesite="Lax")


def _put(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        _name(name), value, path=PATH, secure=current_app.config["HTTPS"], httponly=True, samesite="Lax"
    )


def _name(name: str) -> str:
    return f"__Secure-{name}" if current_app.config["HTTPS"] else name
