"""One's own account: name, language, password, the devices one is signed in on, six digits for a tablet."""

from __future__ import annotations

import uuid

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts import sessions, throttle
from respite.accounts.access import signed_in, this_sign_in
from respite.accounts.acting import act_form, acting, done
from respite.accounts.errors import TooManyTries
from respite.accounts.models import Person
from respite.accounts.service import own, signing_in
from respite.accounts.views import blueprint
from respite.accounts.views.coming_in import LONGEST_PASSWORD
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import Invalid, Refusal
from respite.core.forms import Form, Shown
from respite.core.web import own_path


@blueprint.get("/me/account")
@signed_in
def account() -> ResponseReturnValue:
    return _account_page()


def _account_page(refusal: Refusal | None = None, about: str = "") -> ResponseReturnValue:
    """`about` names the card whose form was sent, so that its sentences stand there."""
    mine = this_sign_in()
    person = db.session.get_one(Person, mine.person.id)
    stands = {"name": person.name, "language": person.language}
    typed = request.form if about == "own" else None
    wrong = refusal.fields if isinstance(refusal, Invalid) else {}
    page = {
        "person": {"email": person.email, "version": person.version},
        "form": Shown(stands, typed, wrong),
        "password_sentence": refusal.sentence if about == "password" and refusal and not wrong else None,
        "sign_ins": sessions.open_of(person.id),
        "this_id": mine.id,
    }
    end_read()
    return make_response(render_template("accounts/account.html", **page), refusal.status if refusal else 200)


@blueprint.post("/me/account", endpoint="account_sent")
@signed_in
def account_sent() -> ResponseReturnValue:
    actor, form = acting(), Form(request.form)
    name = form.text("name", most=own.LONGEST_NAME)
    language, version = form.choice("language", own.LANGUAGES), form.version()

    def act() -> dict[str, object]:
        form.done()
        own.change_own(actor, name=name, language=language, version_seen=version, now=house_now())
        g.language = language
        return done(url_for("accounts.account"), _("Changed."))

    try:
        return act_form(actor, act)
    except Invalid as refusal:
        return _account_page(refusal, "own")


@blueprint.post("/me/password")
@signed_in
def password() -> ResponseReturnValue:
    mine = this_sign_in()
    try:
        own.change_password(
            mine.person.id,
            mine.id,
            current=request.form.get("current", "")[:LONGEST_PASSWORD],
            password=request.form.get("password", "")[:LONGEST_PASSWORD],
            network=throttle.network_of_request(),
        )
    except (Invalid, TooManyTries) as refusal:
        return _account_page(refusal, "password")
    flash(_("Your new password is in use. Your sessions on other devices have ended."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/me/sign-ins/<uuid:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    signing_in.end_own(this_sign_in().person.id, sign_in_id)
    flash(_("Signed out there."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/me/pin")
@signed_in
def pin() -> ResponseReturnValue:
    """Six digits for this shared tablet, offered after a full sign-in there."""
    if not this_sign_in().on_tablet:
        return redirect(url_for("accounts.account"))
    return _pin_page()


def _pin_page(refusal: Invalid | None = None) -> ResponseReturnValue:
    end_read()
    page = render_template(
        "accounts/pin.html",
        next=own_path(request.values.get("next", "")) or "/",
        form=Shown(wrong=refusal.fields if refusal else {}),
    )
    return make_response(page, refusal.status if refusal else 200)


@blueprint.post("/me/pin", endpoint="pin_sent")
@signed_in
def pin_sent() -> ResponseReturnValue:
    mine = this_sign_in()
    try:
        signing_in.choose_pin(mine.id, request.form.get("pin", "").strip())
    except Invalid as refusal:
        return _pin_page(refusal)
    flash(_("From now on your name and these six digits open this tablet, until you sign out."))
    return redirect(own_path(request.form.get("next", "")) or "/", 303)
