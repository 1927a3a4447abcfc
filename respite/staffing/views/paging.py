"""Asking for the clinical on-call, and the one page that they see of the house."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.audit.service import note_look
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form, Unusable, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import clock_words
from respite.core.web import own_page
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.staffing.models import ClinicalPage
from respite.staffing.service import paging
from respite.staffing.views import blueprint


@blueprint.route("/houses/<slug>/page", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def page_form(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _page(house), lambda refusal: _draw_form(house, refusal))
    return _draw_form(house)


def _stay_asked() -> uuid.UUID | None:
    try:
        return as_uuid(request.values.get("stay", ""))
    except Unusable:
        return None


def _draw_form(house: House, refusal: Refusal | None = None) -> str:
    stands: dict[str, Any] = {"words": "", "guest_asked": None}
    return drawn("staffing/page_form.html", house=house, stay=_stay_asked(), form=shown(stands, refusal))


def _page(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    words = form.text("words", most=paging.LONGEST_WORDS, lines=True)
    guest_asked = form.choice("guest_asked", (paging.YES, paging.TOLD), needed=False) or None
    stay_id = _stay_asked()
    form.done()

    def act() -> Answer:
        row = paging.page(acting(), house_id, words=words, stay_id=stay_id, guest_asked=guest_asked, now=house_now())
        where = f"/houses/{slug}/board" if stay_id is None else f"/stays/{stay_id}"
        return done(where, _("They are being asked."), url_for("staffing.page_ended", page_id=row.id))

    return act_form(acting(), act)


@blueprint.get("/pages")
@signed_in
def pages() -> ResponseReturnValue:
    """One's own open pages: when, and from which house."""
    session = db.session()
    found = paging.pages_open_to(session, acting().id)
    houses = {row.house_id: session.get_one(House, row.house_id) for row in found}
    return drawn(
        "staffing/pages.html",
        pages=[(row.id, houses[row.house_id].name, _clock(row, houses[row.house_id])) for row in found],
    )


@blueprint.get("/pages/<uuid:page_id>")
@for_row(ClinicalPage, "page", May.ANSWER_PAGES)
def page(page: ClinicalPage) -> ResponseReturnValue:
    """The page, to whom it was sent and while it is open. Every look is written down."""
    session, house, now = db.session(), db.session.get_one(House, page.house_id), house_now()
    if not paging.open_to(session, page, acting().id):
        raise NotFound
    subject = page.guest_id or page.stay_id or page.id
    values = {
        "page_id": page.id,
        "words": page.words,
        "guest_asked": page.guest_asked,
        "asked_at": _clock(page, house),
        "asked_by": _name(page.asked_by),
        "mine": page.acknowledged_by == acting().id,
        "house_name": house.name,
        "house_phone": house.phone,
    }
    note_look(house.id, acting(), subject, "page", now)
    return drawn("staffing/page.html", **values)


@blueprint.post("/pages/<uuid:page_id>/acknowledged")
@for_row(ClinicalPage, "page", May.ANSWER_PAGES)
def page_acknowledged(page: ClinicalPage) -> ResponseReturnValue:
    page_id = page.id

    def act() -> Answer:
        paging.acknowledge(acting(), page_id, now=house_now())
        return done(url_for("staffing.page", page_id=page_id), _("The house sees that you have it."))

    return act_form(acting(), act)


@blueprint.post("/pages/<uuid:page_id>/over")
@for_row(ClinicalPage, "page", May.ANSWER_PAGES)
def page_over(page: ClinicalPage) -> ResponseReturnValue:
    return _end(page.id, url_for("staffing.pages"))


@blueprint.post("/pages/<uuid:page_id>/ended")
@for_row(ClinicalPage, "page", May.KEEP_BEDS)
def page_ended(page: ClinicalPage) -> ResponseReturnValue:
    house = db.session.get_one(House, page.house_id)
    return _end(page.id, own_page(f"/houses/{house.slug}/board"))


def _end(page_id: uuid.UUID, where: str) -> ResponseReturnValue:
    def act() -> Answer:
        paging.end_page(acting(), page_id, now=house_now())
        return done(where, _("It is over. Nobody can open it any more."))

    return act_form(acting(), act)


def _clock(row: ClinicalPage, house: House) -> str:
    return clock_words(row.asked_at, house.timezone)


def _name(ref: str) -> str | None:
    kind, _colon, person_id = ref.partition(":")
    found = db.session.get(Person, uuid.UUID(person_id)) if kind == "person" else None
    return found.name if found is not None else None
