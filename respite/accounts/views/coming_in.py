"""Sign in, sign out, lock, unlock."""

from __future__ import annotations

import uuid

from flask import Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts import cookies, devices, sessions, tablets, throttle
from respite.accounts.errors import PinUsedUp, SignInNeeded, TooManyTries, WrongPin, WrongSignIn
from respite.accounts.locking import page_to_return_to
from respite.accounts.service import signing_in
from respite.accounts.service.addresses import LONGEST_EMAIL, anybody
from respite.accounts.views import blueprint
from respite.core.db import db, end_read
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Unusable, as_text
from respite.core.limits import limiter
from respite.core.web import own_path

PER_ADDRESS = "60 per minute"
LONGEST_PASSWORD = 1024  # what is read at all; longer is never a password here


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The door. Somebody who is signed in already goes on to where they wanted."""
    going_on = own_path(request.args.get("next", ""))
    if g.get("person") is not None:
        return redirect(going_on or "/")
    return _sign_in_page(going_on)


@blueprint.post("/sign-in", endpoint="sign_in_sent")
@limiter.limit(PER_ADDRESS)
def sign_in_sent() -> ResponseReturnValue:
    going_on = own_path(request.form.get("next", ""))
    tablet = tablets.of_request()
    own: sessions.SignedIn | None = g.get("sign_in")
    try:
        token = signing_in.sign_in(
            _typed("email", LONGEST_EMAIL),
            request.form.get("password", "")[:LONGEST_PASSWORD],
            network=throttle.network_of_request(),
            device=devices.of_request(),
            tablet_id=tablet.id if tablet else None,
            instead_of=own.id if own else None,
        )
    except (WrongSignIn, TooManyTries) as refusal:
        return _sign_in_page(going_on, refusal)
    target = url_for("accounts.pin", next=going_on) if tablet else going_on or "/"
    return opened(target, token)


def _typed(name: str, most: int) -> str:
    try:
        return as_text(request.form.get(name, ""), most=most)
    except Unusable:
        return ""  # an address that cannot be kept belongs to nobody


def _sign_in_page(going_on: str | None, refusal: Refusal | None = None) -> Response:
    tablet = tablets.of_request()
    behind = tablets.behind_lock(tablet, None)
    nobody_yet = not behind and not anybody(db.session())
    end_read()
    page = render_template(
        "accounts/sign_in.html",
        tablet=tablet,
        people=behind,
        nobody_yet=nobody_yet,
        next=going_on,
        email=_typed("email", LONGEST_EMAIL),
        error=refusal.sentence if refusal else None,
    )
    response = make_response(page, refusal.status if refusal else 200)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def opened(target: str, token: str) -> Response:
    """Go on with a new session: its cookie, and a fresh token for forms."""
    session.pop("csrf_token", None)
    response = make_response(redirect(target, 303))
    cookies.put(response, cookies.Cookie.SIGN_IN, token)
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    own: sessions.SignedIn | None = g.get("sign_in")
    if own is not None:
        signing_in.sign_out(own.id)
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in"), 303))
    cookies.drop(response, cookies.Cookie.SIGN_IN)
    # What an overnight page entered without the line waits sealed in the browser's storage, and is not lost with it.
    response.headers["Clear-Site-Data"] = '"cache"' if "waits" in request.form else '"cache", "storage"'
    return response


@blueprint.post("/lock")
def lock() -> ResponseReturnValue:
    """Lock this browser's session. The cookie changes too, so that no page kept by the browser comes back."""
    own: sessions.SignedIn | None = g.get("sign_in")
    if own is None:
        return redirect(url_for("accounts.sign_in"), 303)
    token = signing_in.lock(own.id)
    response = make_response(redirect(url_for("accounts.unlock", next=page_to_return_to()), 303))
    if token is not None:
        cookies.put(response, cookies.Cookie.SIGN_IN, token)
    return response


@blueprint.get("/unlock")
def unlock() -> ResponseReturnValue:
    """Who is here? The names behind this browser's lock."""
    own: sessions.SignedIn | None = g.get("sign_in")
    going_on = own_path(request.args.get("next", "")) or "/"
    if own is not None and not own.locked:
        return redirect(going_on)
    tablet = tablets.of_request()
    behind = tablets.behind_lock(tablet, own)
    if not behind:
        return redirect(url_for("accounts.sign_in", next=going_on))
    end_read()
    return render_template("accounts/locked.html", tablet=tablet, people=behind, own=own, next=going_on)


@blueprint.get("/unlock/<uuid:sign_in_id>")
def unlock_one(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    """The six digits, or the password, of the one who was chosen."""
    going_on = own_path(request.args.get("next", "")) or "/"
    return _unlock_page(_chosen(sign_in_id), going_on)


@blueprint.post("/unlock/<uuid:sign_in_id>", endpoint="unlock_sent")
@limiter.limit(PER_ADDRESS)
def unlock_sent(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    chosen = _chosen(sign_in_id)
    going_on = own_path(request.form.get("next", "")) or "/"
    own: sessions.SignedIn | None = g.get("sign_in")
    try:
        if "pin" in request.form:
            token = signing_in.unlock_by_pin(chosen.sign_in_id, request.form["pin"].strip())
        else:
            token = signing_in.unlock_by_password(
                chosen.sign_in_id,
                request.form.get("password", "")[:LONGEST_PASSWORD],
                network=throttle.network_of_request(),
            )
    except WrongPin as refusal:
        return _unlock_page(chosen, going_on, refusal)
    except (WrongSignIn, TooManyTries) as refusal:
        return _unlock_page(chosen, going_on, refusal)
    except PinUsedUp as refusal:
        return _sign_in_page(None, refusal)
    # The page that was open belongs to whoever opened it; somebody else begins at the desk.
    mine = own is not None and own.id == chosen.sign_in_id
    return opened(going_on if mine else "/", token)


def _chosen(sign_in_id: uuid.UUID) -> tablets.Behind:
    behind = tablets.behind_lock(tablets.of_request(), g.get("sign_in"))
    found = next((each for each in behind if each.sign_in_id == sign_in_id), None)
    end_read()
    if found is None:
        raise NotFound
    return found


def _unlock_page(chosen: tablets.Behind, going_on: str, refusal: Refusal | None = None) -> Response:
    by_pin = chosen.has_pin and "password" not in request.values
    page = render_template(
        "accounts/unlock.html",
        chosen=chosen,
        by_pin=by_pin,
        next=going_on,
        error=refusal.sentence if refusal else None,
    )
    return make_response(page, refusal.status if refusal else 200)


def answer_sign_in_needed(refusal: SignInNeeded) -> ResponseReturnValue:
    """Show the door to somebody who asked for a page; a script gets the status and loads the page again."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        response = make_response(_("Please sign in first."), refusal.status)
        response.mimetype = "text/plain"
        return response
    return redirect(url_for("accounts.sign_in", next=page_to_return_to()), 303)
