"""What guests told this person in confidence, and the answer; and the office outside, under House."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.concerns import service
from respite.concerns.models import Concern
from respite.concerns.office import Office, change_office
from respite.concerns.reading import concern_for, office_of, read_by
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guests.models import Guest
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.views.own_pages import own_page_here

blueprint = Blueprint("concerns", __name__)
own_page_here(60, "concerns.mine", _l("What guests told me"))


@blueprint.get("/me/concerns")
@signed_in
def mine() -> ResponseReturnValue:
    rows = read_by(db.session(), acting())
    return drawn("concerns/mine.html", concerns=[_line(row) for row in rows], house=None)


@blueprint.route("/me/concerns/<uuid:concern_id>", methods=["GET", "POST"])
@signed_in
def one(concern_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _answer(concern_id), lambda refusal: _draw(concern_id, refusal))
    return _draw(concern_id)


def _answer(concern_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    seen = form.version()
    words = form.text("words", most=service.LONGEST_ANSWER, lines=True)
    form.done()

    def act() -> Answer:
        service.answer_concern(acting(), concern_id, words, version_seen=seen, now=house_now())
        return done(url_for("concerns.mine"), _("Sent. Only who told it reads your answer."))

    return act_form(acting(), act)


def _draw(concern_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    row = concern_for(db.session(), acting(), concern_id)
    guest = db.session.get(Guest, row.guest_id) if row.guest_id is not None else None
    return drawn(
        "concerns/one.html",
        concern=_line(row),
        words=row.words,
        name=guest.name if guest is not None else None,
        answer=row.answer,
        form=shown({}, refusal),
        longest=service.LONGEST_ANSWER,
        house=None,
    )


def _line(row: Concern) -> dict[str, object]:
    house = db.session.get_one(House, row.house_id)
    today = local(house_now(), house.timezone).date()
    return {
        "id": row.id,
        "version": row.version,
        "house": house.name,
        "said": day_and_month(row.said_on),
        "by": day_and_month(row.answer_by),
        "late": row.answered_on is None and row.answer_by < today,
        "reminded": row.reminded_at is not None,
        "passed_on": row.passed_on_at is not None and row.to_person_id != acting().id,
        "answered": day_and_month(row.answered_on) if row.answered_on else None,
    }


@blueprint.route("/houses/<slug>/settings/outside-office", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def office(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(house), lambda refusal: _draw_office(house, refusal))
    return _draw_office(house)


def _change(house: House) -> ResponseReturnValue:
    form, house_id, page = Form(request.form), house.id, url_for("houses.settings", slug=house.slug)
    wanted = Office(
        name=form.text("name", most=80, needed=False),
        phone=phone(form, "phone"),
        address=form.text("address", most=200, needed=False),
        website=form.text("website", most=200, needed=False),
    )
    if wanted.website and not _is_address(wanted.website):
        form.say("website", _("Please give the whole address, such as https://example.org."))
    if not wanted.name and (wanted.phone or wanted.address or wanted.website):
        form.say("name", _("Please fill this in."))
    seen = form.version()
    form.done()

    def act() -> Answer:
        change_office(acting(), house_id, wanted, version_seen=seen, now=house_now())
        return done(page, _("This is what guests read from now on."))

    return act_form(acting(), act)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


def _draw_office(house: House, refusal: Refusal | None = None) -> str:
    row = office_of(db.session(), house.id)
    stands = {
        "name": row.name if row else "",
        "phone": phone_shown(row.phone) if row and row.phone else "",
        "address": row.address if row else "",
        "website": row.website if row else "",
    }
    return drawn("concerns/office.html", house=house, version=row.version if row else 0, form=shown(stands, refusal))
