"""The cookies of accounts: a session's, a paired screen's, a waiting screen's, a shared tablet's.

Over https each has the prefix `__Host-`, which browsers give only to a cookie of this very host, sent by https
for the whole of it.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from flask import Response, current_app, request


class Cookie(StrEnum):
    SIGN_IN = "sid"
    DISPLAY = "display"
    PAIRING = "pairing"
    TABLET = "tablet"


#: None: gone when the browser closes.
KEPT_FOR: dict[Cookie, timedelta | None] = {
    Cookie.SIGN_IN: None,
    Cookie.DISPLAY: timedelta(days=90),
    Cookie.PAIRING: timedelta(hours=24),
    Cookie.TABLET: timedelta(days=365),
}


def name_of(cookie: Cookie) -> str:
    return f"__Host-{cookie}" if current_app.config["HTTPS"] else cookie


def read(cookie: Cookie) -> str | None:
    return request.cookies.get(name_of(cookie))


def put(response: Response, cookie: Cookie, value: str) -> None:
    kept_for = KEPT_FOR[cookie]
    response.set_cookie(
        name_of(cookie),
        value,
        max_age=None if kept_for is None else int(kept_for.total_seconds()),
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop(response: Response, cookie: Cookie) -> None:
    response.delete_cookie(name_of(cookie), secure=current_app.config["HTTPS"], httponly=True, samesite="Lax", path="/")
