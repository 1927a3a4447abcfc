"""The texts card's acts: a yes and a no for each purpose, how they would like it, and no more texts at all."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, acting, done
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.phones import phone
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.service import texting
from respite.guests.views.answering import stay_page, tapped
from respite.guests.views.card import guest_id_of, on_card
from respite.guests.views.routes import blueprint
from respite.guests.views.text_words import METHODS
from respite.houses.models import House
from respite.houses.service.details import LANGUAGES
from respite.messaging.purposes import GUEST_PURPOSES
from respite.messaging.service import stopping
from respite.messaging.service.correspondents import LONGEST_SIGN_OFF, Wishes, correspondent_of


@blueprint.post("/stays/<uuid:stay_id>/texts/yes")
@for_stay(May.KEEP_BEDS)
def texts_yes(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id = guest_id_of(stay)

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        purpose, method = form.choice("purpose", GUEST_PURPOSES), form.choice("method", METHODS)
        number, seen = phone(form, "number", needed=True), form.version()
        form.done()
        texting.give_consent(actor, guest_id, purpose, number or "", method, version_seen=seen, now=now)
        return _("Noted: they said yes.")

    return on_card(stay, "yes", do)


@blueprint.post("/stays/<uuid:stay_id>/texts/no")
@for_stay(May.KEEP_BEDS)
def texts_no(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id = guest_id_of(stay)

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        purpose = form.choice("purpose", GUEST_PURPOSES)
        form.done()
        texting.take_consent_back(actor, guest_id, purpose, now=now)
        return _("Noted: they would rather not. What was waiting is called back.")

    return on_card(stay, "yes", do)


@blueprint.post("/stays/<uuid:stay_id>/texts/number-heard")
@for_stay(May.KEEP_BEDS)
def texts_number_heard(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)

    def act() -> Answer:
        texting.hear_number(acting(), guest_id, now=house_now())
        return done(page, _("Noted: it is their number."))

    return tapped(act, page)


@blueprint.post("/stays/<uuid:stay_id>/texts/wishes")
@for_stay(May.KEEP_BEDS)
def texts_wishes(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id = guest_id_of(stay)

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        wishes = Wishes(
            safe_to_text=form.flag("safe"),
            may_be_shared=form.flag("shared"),
            language=form.choice("language", LANGUAGES),
            hours_from=form.clock_time("hours_from"),
            hours_until=form.clock_time("hours_until"),
            timezone=form.text("timezone", most=60, needed=False) or None,
            sign_off=form.text("sign_off", most=LONGEST_SIGN_OFF, needed=False) or None,
        )
        seen = form.version()
        form.done()
        texting.change_wishes(actor, guest_id, wishes, version_seen=seen, now=now)
        return _("Noted, as they like it.")

    return on_card(stay, "wishes", do)


@blueprint.post("/stays/<uuid:stay_id>/texts/asked-not-to")
@for_stay(May.KEEP_BEDS)
def texts_asked_not_to(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, house_id, page = guest_id_of(stay), house.id, stay_page(stay.id)
    again = url_for("guests.texts_wanted_again", stay_id=stay.id)

    def act() -> Answer:
        now = house_now()
        stopping.asked_not_to(acting(), _correspondent_id(house_id, guest_id, now), now)
        return done(page, _("No more texts go to this number."), again)

    return tapped(act, page)


@blueprint.post("/stays/<uuid:stay_id>/texts/wanted-again")
@for_stay(May.KEEP_BEDS)
def texts_wanted_again(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, house_id, page = guest_id_of(stay), house.id, stay_page(stay.id)

    def act() -> Answer:
        now = house_now()
        stopping.lift(acting(), _correspondent_id(house_id, guest_id, now), now)
        return done(page, _("Texts may go to this number again. What was called back stays so."))

    return tapped(act, page)


@blueprint.post("/stays/<uuid:stay_id>/texts/died")
@for_stay(May.KEEP_BEDS)
def texts_died(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)
    again = url_for("guests.texts_not_died", stay_id=stay.id)

    def act() -> Answer:
        texting.say_died(acting(), guest_id, True, now=house_now())
        return done(page, _("Nobody will text them."), again)

    return tapped(act, page)


@blueprint.post("/stays/<uuid:stay_id>/texts/not-died")
@for_stay(May.KEEP_BEDS)
def texts_not_died(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id, page = guest_id_of(stay), stay_page(stay.id)

    def act() -> Answer:
        texting.say_died(acting(), guest_id, False, now=house_now())
        return done(page, _("It stands again as it was before."))

    return tapped(act, page)


def _correspondent_id(house_id: uuid.UUID, guest_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Who it is to texting. Only somebody kept from before texting has to be made known first.

    Stopping a number locks every house that knows it, in one order, so it begins without a lock of its own.
    """
    known = correspondent_of(db.session(), house_id, guest_id)
    return known.id if known is not None else texting.correspondent_id_of(acting(), guest_id, now=now)
