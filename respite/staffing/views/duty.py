"""Stepping back and coming back: a question that says what it concerns, and a tap. Nobody is asked why."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.errors import DirectorsOwn, NotYoursToTakeBack
from respite.accounts.roles import May, Role
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House
from respite.staffing.queries.peers import belonging_to
from respite.staffing.service import duty_ends as service
from respite.staffing.views import blueprint


@blueprint.get("/me/details/<slug>/step-back")
@for_house(May.KEEP_OWN)
def step_back_asked(house: House) -> ResponseReturnValue:
    return _ask(house, acting().id)


@blueprint.get("/houses/<slug>/people/<uuid:person_id>/step-back")
@for_house(May.MANAGE_PEOPLE)
def put_back_asked(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    return _ask(house, person_id)


def _ask(house: House, person_id: uuid.UUID) -> str:
    session, now = db.session(), house_now()
    found = belonging_to(session, house.id, person_id)
    if found is None:
        raise NotFound
    person, membership = found
    own = person_id == acting().id
    slug = house.slug
    page = url_for("staffing.own_details", slug=slug) if own else _peer(slug, person_id)
    if own:
        action = url_for("staffing.step_back", slug=slug)
    else:
        action = url_for("staffing.put_back", slug=slug, person_id=person_id)
    return drawn(
        "staffing/step_back.html",
        house=house,
        person=person,
        own=own,
        already=membership.role == Role.STEPPED_BACK,
        shifts=len(service.coming_shifts(session, house.id, person_id, now)),
        action=action,
        page=page,
    )


@blueprint.post("/me/details/<slug>/step-back")
@for_house(May.KEEP_OWN)
def step_back(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug
    page = url_for("staffing.own_details", slug=slug)

    def act() -> Answer:
        opened = service.step_back(acting(), house_id, acting().id, now=house_now())
        said = _("You have no duty and no guests here for now. Take the time you need.")
        return done(page, f"{said} {_opened(opened)}".strip(), url_for("staffing.come_back", slug=slug))

    return act_form(acting(), act)


@blueprint.post("/me/details/<slug>/come-back")
@for_house(May.KEEP_OWN)
def come_back(house: House) -> ResponseReturnValue:
    house_id, page = house.id, url_for("staffing.own_details", slug=house.slug)

    def act() -> Answer:
        service.come_back(acting(), house_id, acting().id, now=house_now())
        return done(page, _("You are back. Good to have you here."))

    return _act(act, page)


@blueprint.post("/houses/<slug>/people/<uuid:person_id>/step-back")
@for_house(May.MANAGE_PEOPLE)
def put_back(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug
    page = _peer(slug, person_id)

    def act() -> Answer:
        opened = service.step_back(acting(), house_id, person_id, now=house_now())
        said = _("They have no duty and no guests here for now.")
        undo = url_for("staffing.bring_back", slug=slug, person_id=person_id)
        return done(page, f"{said} {_opened(opened)}".strip(), undo)

    return _act(act, page)


@blueprint.post("/houses/<slug>/people/<uuid:person_id>/come-back")
@for_house(May.MANAGE_PEOPLE)
def bring_back(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    house_id, page = house.id, _peer(house.slug, person_id)

    def act() -> Answer:
        service.come_back(acting(), house_id, person_id, now=house_now())
        return done(page, _("They are on duty again."))

    return _act(act, page)


def _act(act: Callable[[], Answer], page: str) -> ResponseReturnValue:
    try:
        return act_form(acting(), act)
    except (DirectorsOwn, NotYoursToTakeBack) as refusal:
        flash(str(refusal.sentence), "attention")
        return redirect(page, 303)


def _opened(shifts: int) -> str:
    if not shifts:
        return ""
    return ngettext("%(num)s shift is open for somebody else.", "%(num)s shifts are open for somebody else.", shifts)


def _peer(slug: str, person_id: uuid.UUID) -> str:
    return url_for("staffing.peer", slug=slug, person_id=person_id)
