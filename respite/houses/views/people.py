"""The people of a house: who they are, inviting them, their roles, and that they leave."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import segno
from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import act_form, act_once, acting, done, form_body
from respite.accounts.errors import DirectorsOwn, LastLead
from respite.accounts.roles import May
from respite.accounts.service import people
from respite.accounts.service.links import LINK_LASTS
from respite.accounts.service.members import members_of
from respite.accounts.words import role_options, role_words
from respite.core.clock import house_now
from respite.core.db import end_read
from respite.core.errors import Invalid
from respite.core.forms import Form, Shown
from respite.houses.access import for_house
from respite.houses.models import House

blueprint = Blueprint("people", __name__, url_prefix="/houses/<slug>/people")
INK, CARD = "#2b2925", "#fffdf8"  # a code is read best dark on light, by night too


@blueprint.get("")
@for_house(May.MANAGE_PEOPLE)
def index(house: House) -> ResponseReturnValue:
    return _page(house)


def _page(house: House, refusal: Invalid | people.BelongsAlready | DirectorsOwn | None = None) -> ResponseReturnValue:
    wrong = refusal.fields if isinstance(refusal, Invalid) else {}
    members = members_of(house.id)
    end_read()
    page = render_template(
        "people/index.html",
        house=house,
        members=members,
        me=acting().id,
        form=Shown({"role": "peer"}, request.form if refusal else None, wrong),
        sentence=refusal.sentence if refusal and not wrong else None,
        roles=role_options(),
        role_words=role_words,
    )
    return make_response(page, refusal.status if refusal else 200)


@blueprint.post("", endpoint="invite")
@for_house(May.MANAGE_PEOPLE)
def invite(house: House) -> ResponseReturnValue:
    """Invite somebody; the link is shown on this page alone."""
    form = Form(request.form)
    name, email = form.text("name", most=80), form.text("email", most=254)
    role = form.choice("role", people.ROLES)

    def act() -> people.Invited:
        form.done()
        return people.invite(acting(), house.id, email=email, name=name, role=role, now=house_now())

    try:
        return _link_page(house, act)
    except (Invalid, people.BelongsAlready, DirectorsOwn) as refusal:
        return _page(house, refusal)


@blueprint.post("/<uuid:person_id>/link", endpoint="link")
@for_house(May.MANAGE_PEOPLE)
def link(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    """Another link for somebody who lost their password, or whose invitation is over."""
    return _link_page(house, lambda: people.new_link(acting(), house.id, person_id, now=house_now()))


def _link_page(house: House, act: Callable[[], people.Invited]) -> ResponseReturnValue:
    """The link, drawn once; a second tap on the same form brings the same one."""

    def kept() -> dict[str, str | None]:
        invited = act()
        return {"name": invited.name, "token": invited.token}

    answer = act_once(acting(), request.form.get("key"), request.path, form_body(), kept)
    address = None
    if answer["token"]:
        address = current_app.config["PUBLIC_URL"] + url_for("accounts.welcome", token=answer["token"])
    end_read()
    return render_template(
        "people/link.html",
        house=house,
        name=answer["name"],
        address=address,
        qr=segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark=INK, light=CARD) if address else None,
        hours=int(LINK_LASTS.total_seconds() // 3600),
    )


@blueprint.post("/<uuid:person_id>/role", endpoint="role")
@for_house(May.MANAGE_PEOPLE)
def role(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    wanted = request.form.get("role", "")

    def act() -> dict[str, object]:
        before = people.change_role(acting(), house.id, person_id, role=wanted, now=house_now())
        here = url_for("people.role", slug=house.slug, person_id=person_id)
        return done(_index(house), _("The role is changed."), undo=here, role=before)

    return _act(house, act)


@blueprint.post("/<uuid:person_id>/end", endpoint="end")
@for_house(May.MANAGE_PEOPLE)
def end(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> dict[str, object]:
        before = people.end_membership(acting(), house.id, person_id, now=house_now())
        back = url_for("people.back", slug=house.slug, person_id=person_id)
        return done(_index(house), _("They do not belong to this house any more."), undo=back, role=before)

    return _act(house, act)


@blueprint.post("/<uuid:person_id>/back", endpoint="back")
@for_house(May.MANAGE_PEOPLE)
def back(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    wanted = request.form.get("role", "")

    def act() -> dict[str, object]:
        people.take_back(acting(), house.id, person_id, role=wanted, now=house_now())
        return done(_index(house), _("They belong to the house again."))

    return _act(house, act)


@blueprint.post("/<uuid:person_id>/sign-out", endpoint="sign_out")
@for_house(May.MANAGE_PEOPLE)
def sign_out(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> dict[str, object]:
        people.sign_out_everywhere(acting(), house.id, person_id, now=house_now())
        return done(_index(house), _("Signed out on every device."))

    return _act(house, act)


def _act(house: House, act: Callable[[], dict[str, object]]) -> ResponseReturnValue:
    """Act and go back to the list; where a rule stands against it, the list says which."""
    try:
        return act_form(acting(), act)
    except (LastLead, DirectorsOwn) as refusal:
        flash(str(refusal.sentence), "attention")
        return redirect(_index(house), 303)


def _index(house: House) -> str:
    return url_for("people.index", slug=house.slug)
