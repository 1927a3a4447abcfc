"""A card is put together from the directory, and printed with a square that opens it."""

from __future__ import annotations

import uuid
from datetime import datetime

import segno
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Unusable, as_text, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guests.access import stay_for
from respite.guests.views.answering import stay_page
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.resources.cards import service
from respite.resources.cards.models import ResourceCard
from respite.resources.cards.service import MOST, link_of, services_on
from respite.resources.cards.views.routes import blueprint
from respite.resources.finding.cards import cards_of
from respite.resources.guards import checks_directory
from respite.resources.views.facts import all_facts
from respite.resources.views.words import card_facts, found_by

LONGEST_SEARCH = 80


@blueprint.route("/resources/card", methods=["GET", "POST"])
@checks_directory
def new(house: House) -> ResponseReturnValue:
    """What stands on it so far is in the address, so nothing is kept before the card is made."""
    stay_id = _stay_id()
    if stay_id is not None:
        house = stay_for(acting(), stay_id, May.KEEP_BEDS)[1]
    house_id = house.id
    if request.method == "POST":
        return or_redraw(lambda: _make(house_id, stay_id), lambda refusal: _draw(house_id, stay_id, refusal))
    return _draw(house_id, stay_id)


@blueprint.get("/resources/cards/<uuid:resource_card_id>")
@for_row(ResourceCard, "resource_card", May.KEEP_BEDS)
def one(resource_card: ResourceCard) -> ResponseReturnValue:
    session, now, stay_id = db.session(), house_now(), _stay_id()
    _still_open(resource_card, now)
    house = session.get_one(House, resource_card.house_id)
    if stay_id is not None:
        stay_for(acting(), stay_id, May.KEEP_BEDS)
    cards = cards_of(session, services_on(session, resource_card.id), now, house.timezone)
    return drawn(
        "cards/one.html",
        house=house,
        card_id=resource_card.id,
        stay_id=stay_id,
        back=stay_page(stay_id) if stay_id is not None else url_for("resources.find"),
        link=link_of(resource_card.id),
        until=_until(resource_card, house),
        cards=[card_facts(each, None, house, now) for each in cards],
    )


@blueprint.get("/resources/cards/<uuid:resource_card_id>/sheet")
@for_row(ResourceCard, "resource_card", May.KEEP_BEDS)
def sheet(resource_card: ResourceCard) -> ResponseReturnValue:
    """On paper. It does not say who gives it."""
    session, now = db.session(), house_now()
    _still_open(resource_card, now)
    house, link = session.get_one(House, resource_card.house_id), link_of(resource_card.id)
    return drawn(
        "cards/sheet.html",
        house=None,
        back=url_for("resource_cards.one", resource_card_id=resource_card.id),
        services=services_told(session, resource_card, house, now),
        qr=segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#2b2925", light="#fff"),
        until=_until(resource_card, house),
        printed_at=day_and_month(local(now, house.timezone).date(), year=True),
    )


def services_told(session: Session, card: ResourceCard, house: House, now: datetime) -> list[dict[str, object]]:
    """All that is told of each service on a card, what is not offered any more included: it says so."""
    return [all_facts(each, house) for each in cards_of(session, services_on(session, card.id), now, house.timezone)]


def _make(house_id: uuid.UUID, stay_id: uuid.UUID | None) -> ResponseReturnValue:
    wanted = _chosen(request.form.getlist("service"))

    def act() -> Answer:
        card = service.make(acting(), house_id, wanted, now=house_now())
        page = url_for("resource_cards.one", resource_card_id=card.id, stay=stay_id)
        return done(page, _("The card is made."))

    return act_form(acting(), act)


def _draw(house_id: uuid.UUID, stay_id: uuid.UUID | None, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    house = session.get_one(House, house_id)
    chosen, words = _chosen(request.values.getlist("service")), _words()
    cards = [each for each in cards_of(session, chosen, now, house.timezone) if each.offered]
    chosen = [each.service.id for each in cards]
    found, some_words = found_by(session, words, house, now) if words and len(chosen) < MOST else ([], False)
    return drawn(
        "cards/new.html",
        house=house,
        stay_id=stay_id,
        back=stay_page(stay_id) if stay_id is not None else url_for("resources.find"),
        chosen=[
            (card_facts(each, None, house, now), _with([one for one in chosen if one != each.service.id], stay_id))
            for each in cards
        ],
        ids=chosen,
        full=len(chosen) >= MOST,
        most=MOST,
        words=words,
        found=[(each, _with([*chosen, each["id"]], stay_id)) for each in found if each["id"] not in chosen],
        some_words=some_words,
        form=shown({}, refusal),
    )


def _with(service_ids: list[uuid.UUID], stay_id: uuid.UUID | None) -> str:
    return url_for("resource_cards.new", service=service_ids, stay=stay_id)


def _chosen(named: list[str]) -> list[uuid.UUID]:
    """The services that an address or a form names, each once. What is no id is none."""
    found = []
    for each in named[: 2 * MOST]:
        try:
            found.append(as_uuid(each))
        except Unusable:
            continue
    return list(dict.fromkeys(found))


def _words() -> str:
    try:
        return as_text(request.args.get("q", ""), most=LONGEST_SEARCH)
    except Unusable:
        return ""


def _stay_id() -> uuid.UUID | None:
    named = request.values.get("stay")
    if not named:
        return None
    try:
        return as_uuid(named)
    except Unusable:
        raise NotFound from None


def _still_open(card: ResourceCard, now: datetime) -> None:
    if card.until <= now:
        raise NotFound


def _until(card: ResourceCard, house: House) -> str:
    return day_and_month(local(card.until, house.timezone).date(), year=True)
