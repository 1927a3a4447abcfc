"""The forms on a guest's card: what waited until they had slept, the wall, out and back, and who they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.times import clock_words
from respite.guests.access import for_stay
from respite.guests.models import Stay, WallChoice
from respite.guests.service import staying
from respite.guests.service.arriving import settle_in
from respite.guests.service.companions import change_companions
from respite.guests.service.leaving import add_account
from respite.guests.service.notes import LONGEST_LINE, leave_line
from respite.guests.service.people import LONGEST_NAME
from respite.guests.views.answering import came_from, desk, next_at, said, sent, stay_page, stay_tap, version
from respite.guests.views.fields import companions as companions_in
from respite.guests.views.routes import blueprint
from respite.guests.views.stay import draw_stay
from respite.houses.models import House

Do = Callable[[Form, Actor, uuid.UUID, datetime], str]


def on_card(stay: Stay, form_name: str, do: Do, home: str | None = None) -> ResponseReturnValue:
    """One form of the card: `do` reads it, calls one use case, and says what was done."""
    stay_id = stay.id

    def act() -> Answer:
        sentence = do(Form(request.form), acting(), stay_id, house_now())
        return said(came_from(home or stay_page(stay_id)), sentence)

    return sent(partial(draw_stay, stay_id, form_name), lambda: act_form(acting(), act))


def guest_id_of(stay: Stay) -> uuid.UUID:
    """Whose card it is. A stay without a name has nothing to change there."""
    if stay.guest_id is None:
        raise NotFound
    return stay.guest_id


@blueprint.post("/stays/<uuid:stay_id>/settling-in")
@for_stay(May.KEEP_BEDS)
def settle(stay: Stay, house: House) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        agreed, key_out = form.flag("agreed"), form.flag("key_out")
        lockbox = form.text("lockbox", most=10, needed=False)
        seen = form.version()
        form.done()
        settle_in(actor, stay_id, agreed=agreed, lockbox=lockbox, lockbox_key_out=key_out, version_seen=seen, now=now)
        return _("Noted.")

    return on_card(stay, "settle", do)


@blueprint.post("/stays/<uuid:stay_id>/wall")
@for_stay(May.KEEP_BEDS)
def wall(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id = guest_id_of(stay)

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        choice = form.choice("choice", list(WallChoice))
        picture = form.choice("picture", staying.PICTURES, needed=False)
        seen = form.version()
        form.done()
        staying.choose_for_wall(actor, guest_id, choice, picture, version_seen=seen, now=now)
        return _("The wall shows what they chose.")

    return on_card(stay, "wall", do)


@blueprint.post("/stays/<uuid:stay_id>/check-in")
@for_stay(May.KEEP_BEDS)
def wish(stay: Stay, house: House) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        words = form.text("wish", most=60, needed=False)
        form.done()
        staying.wish_check_in(actor, stay_id, words, now=now)
        return _("Noted, as they like it.") if words else _("Noted: nobody needs to look in.")

    return on_card(stay, "wish", do)


@blueprint.post("/stays/<uuid:stay_id>/companions")
@for_stay(May.KEEP_BEDS)
def companions(stay: Stay, house: House) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        wanted, seen = companions_in(form), form.version()
        form.done()
        change_companions(actor, stay_id, wanted, version_seen=seen, now=now)
        return _("Noted who came along.")

    return on_card(stay, "company", do)


@blueprint.post("/stays/<uuid:stay_id>/out")
@for_stay(May.KEEP_BEDS)
def out(stay: Stay, house: House) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        place = db.session.get_one(House, db.session.get_one(Stay, stay_id).house_id)
        back_about = next_at(form, "back_about", place, now)
        form.done()
        staying.go_out(actor, stay_id, back_about=back_about, now=now)
        if back_about is None:
            return _("Out.")
        return _("Out, back about %(at)s.", at=clock_words(back_about, place.timezone))

    return on_card(stay, "out", do, desk(house))


@blueprint.post("/stays/<uuid:stay_id>/back")
@for_stay(May.KEEP_BEDS)
def back(stay: Stay, house: House) -> ResponseReturnValue:
    def do(actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        staying.come_back(actor, stay_id, now=now)
        return _("Back in the house.")

    return stay_tap(stay, house, do)


@blueprint.post("/stays/<uuid:stay_id>/name")
@for_stay(May.KEEP_BEDS)
def change(stay: Stay, house: House) -> ResponseReturnValue:
    guest_id = guest_id_of(stay)

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        name = form.text("name", most=LONGEST_NAME)
        pronouns = form.text("pronouns", most=30, needed=False) or None
        number = phone(form, "phone")
        seen = form.version()
        form.done()
        staying.change_guest(actor, guest_id, name=name, pronouns=pronouns, phone=number, version_seen=seen, now=now)
        return _("Changed.")

    return on_card(stay, "name", do)


@blueprint.post("/stays/<uuid:stay_id>/line")
@for_stay(May.KEEP_BEDS)
def line(stay: Stay, house: House) -> ResponseReturnValue:
    house_id = stay.house_id

    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        words = form.text("words", most=LONGEST_LINE)
        form.done()
        leave_line(actor, house_id, words, stay_id=stay_id, now=now)
        return _("Their line stands on the house's wall for the next.")

    return on_card(stay, "line", do)


@blueprint.post("/stays/<uuid:stay_id>/account")
@for_stay(May.KEEP_BEDS)
def account(stay: Stay, house: House) -> ResponseReturnValue:
    def do(form: Form, actor: Actor, stay_id: uuid.UUID, now: datetime) -> str:
        words = form.text("words", most=4000, lines=True)
        version()
        form.done()
        add_account(actor, stay_id, words, now=now)
        return _("Kept, in their own words.")

    return on_card(stay, "account", do)
