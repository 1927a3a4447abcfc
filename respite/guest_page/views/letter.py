"""A letter that states the days of a stay and nothing else, drawn for paper and kept nowhere.

A guest makes it on their own page; at the desk it is made only when they asked for it. The name on it is typed for this
letter alone: it stands in no row, no log and no address.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_once, acting, form_body
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.languages import language_read
from respite.core.limits import limiter
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guest_page.access import for_page
from respite.guest_page.record import stay_words
from respite.guest_page.service import letter as letters
from respite.guest_page.service.opening import Page
from respite.guest_page.views.routes import blueprint, given
from respite.guests.access import for_stay
from respite.guests.models import Guest, Stay
from respite.guests.service.died import farewell_of
from respite.guests.service.people import LONGEST_NAME
from respite.guests.views.answering import stay_page
from respite.guests.views.card import guest_id_of
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.service.correspondents import correspondent_of

MADE_AT_MOST = "20 per hour"
LANGUAGES = [("en", "English"), ("es", "Español")]


@blueprint.get("/g/<token>/letter")
@for_page()
def letter_form(page: Page) -> ResponseReturnValue:
    return _draw_own(page)


@blueprint.post("/g/letter")
@limiter.limit(MADE_AT_MOST)
@for_page(token_sent=True)
def letter(page: Page) -> ResponseReturnValue:
    return or_redraw(lambda: _own(page), lambda refusal: _draw_own(page, refusal))


def _own(page: Page) -> str:
    form = Form(request.form)
    stay_id, (name, language) = form.uuid("stay"), _typed(form)
    form.done()

    def act() -> Answer:
        letters.make_own(page.actor, stay_id, now=house_now())
        return {}

    act_once(page.actor, request.form.get("key"), "/g/letter", form_body(), act)
    sheet = _sheet(letters.stay_of(db.session(), page.guest_id, stay_id), name, language)
    return drawn("guest_page/letter_sheet.html", token=page.token, letter=sheet)


def _draw_own(page: Page, refusal: Refusal | None = None) -> str:
    session = db.session()
    guest, house = session.get_one(Guest, page.guest_id), session.get_one(House, page.house_id)
    stays = [
        (str(stay.id), _choice(stay_words(*letters.days_of(stay, house.timezone))))
        for stay in letters.stays_of(session, guest.id)
    ]
    stands = {"stay": stays[0][0] if stays else None, "name": guest.name, "language": language_read()}
    return drawn(
        "guest_page/letter.html",
        token=page.token,
        stays=stays,
        languages=LANGUAGES,
        longest=LONGEST_NAME,
        form=shown(stands, refusal),
    )


@given.route("/stays/<uuid:stay_id>/letter", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def letter_for_them(stay: Stay, house: House) -> ResponseReturnValue:
    """At the desk, at the guest's word."""
    stay_id, guest_id = stay.id, guest_id_of(stay)
    letters.stay_of(db.session(), guest_id, stay_id)
    if farewell_of(db.session(), guest_id) is not None:
        raise NotFound
    if request.method == "POST":
        return or_redraw(lambda: _for_them(guest_id, stay_id), lambda refusal: _draw_for_them(stay_id, refusal))
    return _draw_for_them(stay_id)


def _for_them(guest_id: uuid.UUID, stay_id: uuid.UUID) -> str:
    form, now = Form(request.form), house_now()
    name, language = _typed(form)
    if not form.flag("asked"):
        form.say("asked", _("A letter is made only when they asked for it. If they did, please tick it."))
    form.done()

    def act() -> Answer:
        letters.make_for(acting(), stay_id, now=now)
        return {}

    act_once(acting(), request.form.get("key"), request.path, form_body(), act)
    stay = letters.stay_of(db.session(), guest_id, stay_id)
    house = db.session.get_one(House, stay.house_id)
    return drawn(
        "guest_page/letter_paper.html",
        house=house,
        letter=_sheet(stay, name, language),
        back=stay_page(stay_id),
        printed_at=_today(house, now),
    )


def _draw_for_them(stay_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session = db.session()
    stay = session.get_one(Stay, stay_id)
    guest, house = session.get_one(Guest, guest_id_of(stay)), session.get_one(House, stay.house_id)
    person = correspondent_of(session, house.id, guest.id)
    language = person.language if person is not None else language_read()
    return drawn(
        "guest_page/letter_for_them.html",
        house=house,
        guest=guest,
        stay=stay_words(*letters.days_of(stay, house.timezone)),
        languages=LANGUAGES,
        longest=LONGEST_NAME,
        back=stay_page(stay_id),
        form=shown({"name": guest.name, "language": language}, refusal),
    )


def _choice(words: str) -> str:
    """Words that stand by themselves beside a box begin large."""
    return words[:1].upper() + words[1:]


def _typed(form: Form) -> tuple[str, str]:
    """The name for this letter, and the letter's language."""
    return form.text("name", most=LONGEST_NAME), form.choice("language", [each for each, _label in LANGUAGES])


def _sheet(stay: Stay, name: str, language: str) -> dict[str, Any]:
    """All that stands on it, in its own language."""
    house = db.session.get_one(House, stay.house_id)
    first, last = letters.days_of(stay, house.timezone)
    with force_locale(language):
        begin, end = day_and_month(first, year=True), day_and_month(last, year=True) if last else None
        facts = {"name": name, "place": house.name}
        if end is None:
            words = _("%(name)s has been staying at %(place)s since %(day)s.", day=begin, **facts)
        elif first == last:
            words = _("%(name)s stayed at %(place)s on %(day)s.", day=begin, **facts)
        else:
            words = _("%(name)s stayed at %(place)s from %(first)s to %(last)s.", first=begin, last=end, **facts)
        return {
            "place": house.name,
            "phone": phone_shown(house.phone) if house.phone else None,
            "day": _today(house, house_now()),
            "words": words,
            "language": language,
        }


def _today(house: House, now: datetime) -> str:
    return day_and_month(local(now, house.timezone).date(), year=True)
