"""A guest has died: what ends with that, said once and with care, and taken back where it was a mistake."""

from __future__ import annotations

import sqlalchemy as sa
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, acting, done
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.redraw import drawn
from respite.guests.models import Guest, Stay, Visit
from respite.guests.policy.stay_states import StayState
from respite.guests.service import died as service
from respite.guests.service.transfers import known_at
from respite.guests.service.waiting import place_of
from respite.guests.views.answering import came_from, desk, stay_page, tapped
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import moment
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.messaging.card import card_of


@blueprint.get("/guests/<uuid:guest_id>/died")
@for_row(Guest, "guest", May.KEEP_BEDS)
def died(guest: Guest) -> ResponseReturnValue:
    """Before it is said: what it ends. Afterwards: who said it, and the way back."""
    session, now = db.session(), house_now()
    if service.is_to_hear(session, acting(), guest.id):
        raise NotFound
    house = session.get_one(House, guest.house_id)
    note_look_hourly(house.id, acting(), guest.id, "texts", now)
    farewell = service.farewell_of(session, guest.id)
    who = names_of(session, [farewell.said_by]).get(farewell.said_by) if farewell else None
    return drawn(
        "guests/died.html",
        house=house,
        guest=guest,
        said=moment(farewell.said_at, house, now) if farewell else None,
        who=who,
        ends=[] if farewell else _what_ends(guest, house),
        is_here=_is_here(guest),
        elsewhere=known_at(session, guest.id),
        back=came_from(_home(guest, house)),
    )


@blueprint.post("/guests/<uuid:guest_id>/died")
@for_row(Guest, "guest", May.KEEP_BEDS)
def died_said(guest: Guest) -> ResponseReturnValue:
    guest_id, home = guest.id, came_from(_home(guest, db.session.get_one(House, guest.house_id)))

    def act() -> Answer:
        service.say_died(acting(), guest_id, now=house_now())
        mistake = url_for("guests.died_mistake", guest_id=guest_id)
        return done(home, _("It is kept. Nothing more goes to them."), mistake, back=home)

    return tapped(act, home)


@blueprint.post("/guests/<uuid:guest_id>/died/mistake")
@for_row(Guest, "guest", May.KEEP_BEDS)
def died_mistake(guest: Guest) -> ResponseReturnValue:
    guest_id, home = guest.id, came_from(_home(guest, db.session.get_one(House, guest.house_id)))

    def act() -> Answer:
        whole = service.say_lives(acting(), guest_id, now=house_now())
        everything = _("Everything stands again as it was, and what was called back waits again.")
        texts = _(
            "They may be texted again. Saved beds, a place on the list and promises that were let go stay so: please "
            "make them anew."
        )
        return done(home, everything if whole else texts)

    return tapped(act, home)


def _home(guest: Guest, house: House) -> str:
    """Their card: the stay that is newest, or else the house's desk."""
    mine = sa.select(Stay.id).where(
        Stay.guest_id == guest.id, Stay.state.not_in((StayState.OFFERED, StayState.NOT_TAKEN))
    )
    newest = db.session.scalar(mine.order_by(Stay.saved_at.desc()).limit(1))
    return stay_page(newest) if newest is not None else desk(house)


def _is_here(guest: Guest) -> bool:
    here = sa.select(Stay.id).where(Stay.guest_id == guest.id, Stay.state == StayState.HERE)
    chair = sa.select(Visit.id).where(Visit.guest_id == guest.id, Visit.left_at.is_(None))
    return any(db.session.scalar(each.limit(1)) is not None for each in (here, chair))


def _what_ends(guest: Guest, house: House) -> list[str]:
    """What there is of it now, each in one line."""
    session = db.session()
    texts = len(card_of(session, house, guest.id, guest.heard_phone).waiting)
    promises, saved = len(service.promised_to(session, guest)), len(service.saved_for(session, guest.id))
    told = []
    if texts:
        told.append(
            ngettext("%(num)s text that waits is called back.", "%(num)s texts that wait are called back.", texts)
        )
    if saved:
        told.append(ngettext("%(num)s saved bed is free again.", "%(num)s saved beds are free again.", saved))
    if place_of(session, guest.id) is not None:
        told.append(_("Their place on the list ends, and so does what they are being offered."))
    if promises:
        told.append(ngettext("%(num)s promise is let go.", "%(num)s promises are let go.", promises))
    return told
