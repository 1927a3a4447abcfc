"""The texts card's acts: a yes and a no for each purpose, how they would like it, and no more texts at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.phones import phone
from respite.guests.models import Guest
from respite.guests.service import texting
from respite.guests.views.answering import came_from, desk, said, sent, tapped
from respite.guests.views.routes import blueprint
from respite.guests.views.text_words import METHODS, text_forms, texts_facts
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.service.details import LANGUAGES
from respite.messaging.purposes import GUEST_PURPOSES
from respite.messaging.service import stopping
from respite.messaging.service.correspondents import LONGEST_SIGN_OFF, Wishes, correspondent_of

Do = Callable[[Form, Actor, uuid.UUID, datetime], str]


@blueprint.get("/guests/<uuid:guest_id>/texts")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_page(guest: Guest) -> ResponseReturnValue:
    now = house_now()
    note_look_hourly(guest.house_id, acting(), guest.id, "texts", now)
    return _draw(guest.id, None, Shown())


@blueprint.post("/guests/<uuid:guest_id>/texts/yes")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_yes(guest: Guest) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, guest_id: uuid.UUID, now: datetime) -> str:
        purpose, method = form.choice("purpose", GUEST_PURPOSES), form.choice("method", METHODS)
        number, seen = phone(form, "number", needed=True), form.version()
        form.done()
        texting.give_consent(actor, guest_id, purpose, number or "", method, version_seen=seen, now=now)
        return _("Noted: they said yes.")

    return _kept(guest, "yes", do)


@blueprint.post("/guests/<uuid:guest_id>/texts/no")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_no(guest: Guest) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, guest_id: uuid.UUID, now: datetime) -> str:
        purpose = form.choice("purpose", GUEST_PURPOSES)
        form.done()
        texting.take_consent_back(actor, guest_id, purpose, now=now)
        return _("Noted: they would rather not. What was waiting is called back.")

    return _kept(guest, "yes", do)


@blueprint.post("/guests/<uuid:guest_id>/texts/number-heard")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_number_heard(guest: Guest) -> ResponseReturnValue:
    guest_id, page = guest.id, came_from(_page(guest.id))

    def act() -> Answer:
        texting.hear_number(acting(), guest_id, now=house_now())
        return done(page, _("Noted: it is their number."))

    return tapped(act, page)


@blueprint.post("/guests/<uuid:guest_id>/texts/wishes")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_wishes(guest: Guest) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, guest_id: uuid.UUID, now: datetime) -> str:
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

    return _kept(guest, "wishes", do)


@blueprint.post("/guests/<uuid:guest_id>/texts/asked-not-to")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_asked_not_to(guest: Guest) -> ResponseReturnValue:
    guest_id, house_id, page = guest.id, guest.house_id, came_from(_page(guest.id))
    again = url_for("guests.texts_wanted_again", guest_id=guest_id)

    def act() -> Answer:
        now = house_now()
        stopping.asked_not_to(acting(), _correspondent_id(house_id, guest_id, now), now)
        return done(page, _("No more texts go to this number."), again, back=page)

    return tapped(act, page)


@blueprint.post("/guests/<uuid:guest_id>/texts/wanted-again")
@for_row(Guest, "guest", May.KEEP_BEDS)
def texts_wanted_again(guest: Guest) -> ResponseReturnValue:
    guest_id, house_id, page = guest.id, guest.house_id, came_from(_page(guest.id))

    def act() -> Answer:
        now = house_now()
        stopping.lift(acting(), _correspondent_id(house_id, guest_id, now), now)
        return done(page, _("Texts may go to this number again. What was called back stays so."))

    return tapped(act, page)


def _page(guest_id: uuid.UUID) -> str:
    return url_for("guests.texts_page", guest_id=guest_id)


def _kept(guest: Guest, form_name: str, do: Do) -> ResponseReturnValue:
    """One form of the card, which stands on a page of its own too: that is drawn where the form is refused."""
    guest_id = guest.id

    def act() -> Answer:
        sentence = do(Form(request.form), acting(), guest_id, house_now())
        return said(came_from(_page(guest_id)), sentence)

    return sent(partial(_draw, guest_id, form_name), lambda: act_form(acting(), act))


def _draw(guest_id: uuid.UUID, form_name: str | None, shown: Shown, sentence: str | None = None) -> str:
    now = house_now()
    guest = db.session.get_one(Guest, guest_id)
    house = db.session.get_one(House, guest.house_id)
    texts = texts_facts(guest, house, now)
    forms = text_forms(texts)
    if form_name is not None:
        forms[form_name] = shown
    back = came_from(desk(house))
    return render_template(
        "guests/texts.html",
        house=house,
        guest=guest,
        texts=texts,
        forms=forms,
        refused=form_name,
        sentence=sentence,
        back=back,
        here=url_for("guests.texts_page", guest_id=guest_id, back=back),
    )


def _correspondent_id(house_id: uuid.UUID, guest_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Who it is to texting. Only somebody kept from before texting has to be made known first.

    Stopping a number locks every house that knows it, in one order, so it begins without a lock of its own.
    """
    known = correspondent_of(db.session(), house_id, guest_id)
    return known.id if known is not None else texting.correspondent_id_of(acting(), guest_id, now=now)
