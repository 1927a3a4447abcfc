"""Links: the first set-up, an invitation, a new password."""

from __future__ import annotations

from flask import current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from respite.accounts import devices, tablets
from respite.accounts.errors import LinkUsed, WeakPassword
from respite.accounts.service import links
from respite.accounts.views import blueprint
from respite.accounts.views.coming_in import LONGEST_PASSWORD, PER_ADDRESS, opened
from respite.core import views
from respite.core.clock import house_now
from respite.core.db import end_read
from respite.core.errors import Invalid
from respite.core.forms import Form, Shown
from respite.core.limits import limiter


@blueprint.get("/welcome/<token>")
@limiter.limit(PER_ADDRESS)
def welcome(token: str) -> ResponseReturnValue:
    return _welcome_page(links.link_of(token))


def _welcome_page(link: links.Link, refusal: Invalid | None = None) -> ResponseReturnValue:
    if link.person_id is None:
        raise LinkUsed
    end_read()
    page = render_template("accounts/welcome.html", link=link, form=Shown(wrong=refusal.fields if refusal else {}))
    return make_response(page, refusal.status if refusal else 200)


@blueprint.post("/welcome/<token>", endpoint="welcome_sent")
@limiter.limit(PER_ADDRESS)
def welcome_sent(token: str) -> ResponseReturnValue:
    link, own, tablet = links.link_of(token), g.get("sign_in"), tablets.of_request()
    end_read()
    try:
        begun = links.accept(
            token,
            request.form.get("password", "")[:LONGEST_PASSWORD],
            device=devices.of_request(),
            tablet_id=tablet.id if tablet else None,
            instead_of=own.id if own else None,
            now=house_now(),
        )
    except WeakPassword as refusal:
        return _welcome_page(link, refusal)
    return opened(url_for("accounts.pin") if tablet else "/", begun)


@blueprint.get("/setup/<token>")
@limiter.limit(PER_ADDRESS)
def setup(token: str) -> ResponseReturnValue:
    """The first account of an installation, by a link that the machine's command line printed."""
    return _setup_page(links.link_of(token))


def _setup_page(link: links.Link, refusal: Invalid | None = None) -> ResponseReturnValue:
    if link.person_id is not None:
        raise LinkUsed
    end_read()
    shown = Shown(
        {"language": views.language() or "en"}, request.form if refusal else None, refusal.fields if refusal else {}
    )
    return make_response(render_template("accounts/setup.html", form=shown), refusal.status if refusal else 200)


@blueprint.post("/setup/<token>", endpoint="setup_sent")
@limiter.limit(PER_ADDRESS)
def setup_sent(token: str) -> ResponseReturnValue:
    link, form = links.link_of(token), Form(request.form)
    name, email = form.text("name"), form.text("email", most=254)
    language = form.choice("language", views.LANGUAGES)
    try:
        form.done()
        begun = links.set_up(
            token,
            name=name,
            email=email,
            password=request.form.get("password", "")[:LONGEST_PASSWORD],
            language=language,
            device=devices.of_request(),
            now=house_now(),
        )
    except Invalid as refusal:
        return _setup_page(link, refusal)
    return opened(_first_house(), begun)


def _first_house() -> str:
    """Where the first person goes on: to opening the first house, where this installation has that page."""
    return url_for("houses.new") if "houses.new" in current_app.view_functions else "/"
