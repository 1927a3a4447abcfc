"""Where a peer gives a guest the way to their page: on the stay's page, shown once as an address and to a camera."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

import segno
from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, act_once, acting, done, form_body
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.crypto import new_token, ring
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.redraw import drawn
from respite.core.times import day_and_month
from respite.guest_page.models import PlanKind
from respite.guest_page.service import links, lost_phone
from respite.guest_page.service.letter import LETTER_STATES
from respite.guest_page.views.plan import THEIRS, part_told
from respite.guest_page.views.routes import given
from respite.guests.access import for_stay
from respite.guests.models import Guest, Stay
from respite.guests.views.answering import stay_page, tapped
from respite.guests.views.card import guest_id_of
from respite.houses.models import House
from respite.houses.policy.house_time import local

SHORTEST_KEY = 16  # of a form; what is shorter was not drawn here


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: whether the guest's own page can be opened, and the way to give it."""
    if stay.guest_id is None or not acting().may(May.KEEP_BEDS, house.id):
        return None
    link, shared = links.live_link_and_shared(db.session(), stay.guest_id, now)
    opens_until = day_and_month(local(link.until, house.timezone).date()) if link is not None else None
    plan = [(part_told(row, (), house, now), THEIRS[PlanKind(row.kind)]) for row in shared]
    return "guest_page/_card_sections.html", {
        "opens_until": opens_until,
        "word": link is not None and link.word_hash is not None,
        "plan": plan,
        "letter": stay.state in LETTER_STATES,
    }


def on_welcome(stay: Stay, _house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the welcome that a peer and a guest read together."""
    return None if stay.guest_id is None else ("guest_page/_welcome_link.html", {})


@given.post("/stays/<uuid:stay_id>/own-page")
@for_stay(May.KEEP_BEDS)
def give(stay: Stay, house: House) -> ResponseReturnValue:
    """The link, drawn once. It is made of the form's key, so that a second tap on it brings the same one."""
    return give_to(guest_id_of(stay), house.id, stay_page(stay.id))


def give_to(guest_id: uuid.UUID, house_id: uuid.UUID, back: str) -> ResponseReturnValue:
    """The page with the link; `back` is where it was asked for."""
    key = request.form.get("key")
    token = _token(guest_id, key)

    def once() -> Answer:
        return {"until": links.give_link(acting(), guest_id, token, now=house_now()).until.isoformat()}

    answer = act_once(acting(), key, request.path, form_body(), once)
    guest = db.session.get(Guest, guest_id)
    if guest is None:
        raise NotFound
    place = db.session.get_one(House, house_id)
    address = current_app.config["PUBLIC_URL"] + url_for("guest_page.show", token=token)
    return drawn(
        "guest_page/given.html",
        house=place,
        name=guest.name,
        address=address,
        qr=segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#2b2925", light="#fffdf8"),
        until=day_and_month(local(datetime.fromisoformat(answer["until"]), place.timezone).date()),
        back=back,
    )


@given.post("/stays/<uuid:stay_id>/own-page/longer")
@for_stay(May.KEEP_BEDS)
def longer(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page, zone = guest_id_of(stay), stay_page(stay.id), house.timezone

    def act() -> Answer:
        link = links.prolong_link(acting(), guest_id, now=house_now())
        return done(page, _("Their link opens until %(day)s.", day=day_and_month(local(link.until, zone).date())))

    return tapped(act, page)


@given.post("/stays/<uuid:stay_id>/own-page/end")
@for_stay(May.KEEP_BEDS)
def end(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)

    def act() -> Answer:
        links.end_link(acting(), guest_id, now=house_now())
        return done(page, _("Their link opens nothing any more."))

    return act_form(acting(), act)


@given.post("/stays/<uuid:stay_id>/own-page/phone-lost")
@for_stay(May.KEEP_BEDS)
def lost(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)

    def act() -> Answer:
        lost_phone.phone_lost(acting(), guest_id, now=house_now())
        return done(page, _("Their link opens nothing any more, and nothing is texted to that number."))

    return act_form(acting(), act)


@given.post("/stays/<uuid:stay_id>/own-page/phone-found")
@for_stay(May.KEEP_BEDS)
def found(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)

    def act() -> Answer:
        lost_phone.phone_found(acting(), guest_id, now=house_now())
        return done(page, _("Texts may go to their number again. They can have a new link."))

    return act_form(acting(), act)


def _token(guest_id: uuid.UUID, key: str | None) -> str:
    """256 bits that only the form's key and the key ring bring again; kept nowhere."""
    if key is None or len(key) < SHORTEST_KEY:
        return new_token()
    return urlsafe_b64encode(ring().blind("guest-link", f"{guest_id}:{key}")).decode().rstrip("=")
