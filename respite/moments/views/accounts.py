"""A guest's own account: whose, and telling it together on the house's screen."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.guests.models import Guest
from respite.guests.views.answering import happened_at, tapped, wall_now
from respite.houses.access import for_row
from respite.houses.models import House
from respite.moments.models import HardMoment, MomentAccount
from respite.moments.policy import LONGEST_ACCOUNT
from respite.moments.queries import accounts_asked, guests_around
from respite.moments.service import accounts as service
from respite.moments.views.routes import blueprint


@blueprint.get("/moments/<uuid:moment_id>/accounts")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def accounts(moment: HardMoment) -> ResponseReturnValue:
    """Whoever was in the house and has not said anything; on whose page it is asked."""
    session = db.session()
    house, asked = session.get_one(House, moment.house_id), accounts_asked(session, moment.id)
    guests = guests_around(session, moment, house_now())
    rows = [
        (guest.id, guest.name, guest.id in asked)
        for guest in guests
        if guest.id not in asked or asked[guest.id].finished_at is None
    ]
    return drawn("moments/accounts.html", house=house, moment=moment, guests=rows)


@blueprint.route("/moments/<uuid:moment_id>/accounts/together", methods=["GET", "POST"])
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def nameless(moment: HardMoment) -> ResponseReturnValue:
    return _together(moment.id, None)


# The guest's id stands in the address, so that what was being typed is forgotten with them.
@blueprint.route("/moments/<uuid:moment_id>/accounts/<uuid:guest_id>", methods=["GET", "POST"])
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def together(moment: HardMoment, guest_id: uuid.UUID) -> ResponseReturnValue:
    if guest_id not in {guest.id for guest in guests_around(db.session(), moment, house_now())}:
        raise NotFound
    return _together(moment.id, guest_id)


@blueprint.post("/moments/<uuid:moment_id>/accounts/<uuid:guest_id>/ask")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def ask(moment: HardMoment, guest_id: uuid.UUID) -> ResponseReturnValue:
    moment_id, page = moment.id, url_for("moments.accounts", moment_id=moment.id)

    def act() -> Answer:
        row = service.ask_on_page(acting(), moment_id, guest_id, now=house_now())
        return done(page, _("Their own page asks them."), url_for("moments.take_account_back", account_id=row.id))

    return tapped(act, page)


@blueprint.post("/moment-accounts/<uuid:account_id>/taken-back")
@for_row(MomentAccount, "account", May.KEEP_BEDS)
def take_account_back(account: MomentAccount) -> ResponseReturnValue:
    account_id, page = account.id, url_for("moments.one", moment_id=account.moment_id)

    def act() -> Answer:
        service.take_telling_back(acting(), account_id, now=house_now())
        return done(page, _("Taken back."))

    return tapped(act, page)


def _together(moment_id: uuid.UUID, guest_id: uuid.UUID | None) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _tell(moment_id, guest_id), lambda refusal: _draw(moment_id, guest_id, refusal))
    return _draw(moment_id, guest_id)


def _tell(moment_id: uuid.UUID, guest_id: uuid.UUID | None) -> ResponseReturnValue:
    moment, form, now = db.session.get_one(HardMoment, moment_id), Form(request.form), house_now()
    house = db.session.get_one(House, moment.house_id)
    words = form.text("words", most=LONGEST_ACCOUNT, lines=True)
    at = happened_at(form, "at", house, now)
    form.done()

    def act() -> Answer:
        row = service.tell_together(acting(), moment_id, guest_id, words, at=at, now=now)
        page, back = (
            url_for("moments.one", moment_id=moment_id),
            url_for("moments.take_account_back", account_id=row.id),
        )
        return done(page, _("Their account is here."), back)

    return act_form(acting(), act)


def _draw(moment_id: uuid.UUID, guest_id: uuid.UUID | None, refusal: Refusal | None = None) -> str:
    session = db.session()
    moment = session.get_one(HardMoment, moment_id)
    house = session.get_one(House, moment.house_id)
    return drawn(
        "moments/account.html",
        house=house,
        moment=moment,
        name=session.get_one(Guest, guest_id).name if guest_id is not None else None,
        latest=wall_now(house, house_now()),
        longest=LONGEST_ACCOUNT,
        form=shown({"words": "", "at": None}, refusal),
    )
