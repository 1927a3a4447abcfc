"""Whom a guest would like to sit with: peers and guests come together here, since neither feature knows the other."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.board.views import blueprint
from respite.core.clock import house_now
from respite.core.db import db, transaction
from respite.core.errors import NotFound
from respite.core.forms import Form
from respite.guests.access import for_stay
from respite.guests.models import Stay, Visit
from respite.guests.policy.stay_states import StayState
from respite.houses.models import House
from respite.staffing.policy.company import How
from respite.staffing.queries.company import company_for
from respite.staffing.service import company as service


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """The card's part about company; none for a stay without a name, or one that is over."""
    if stay.guest_id is None or stay.state not in (StayState.HELD, StayState.HERE):
        return None
    if not acting().may(May.KEEP_BEDS, house.id):
        return None
    people = company_for(db.session(), house.id, stay.guest_id, acting().id, now)
    return "board/_stay_company.html", {"people": people, "stay_id": stay.id}


@blueprint.post("/stays/<uuid:stay_id>/company", endpoint="wish_company")
@for_stay(May.KEEP_BEDS)
def wish_company(stay: Stay, house: House) -> ResponseReturnValue:
    form, house_id, guest_id = Form(request.form), house.id, stay.guest_id
    person_id, how = form.uuid("person"), form.choice("how", How, needed=False)
    form.done()
    if guest_id is None:
        raise NotFound
    page = url_for("guests.stay_page", stay_id=stay.id) + "#company"

    def act() -> Answer:
        service.wish_company(acting(), house_id, guest_id, person_id, How(how) if how else None, now=house_now())
        return done(page, _("Noted, as they like it."))

    return act_form(acting(), act)


def forget_guest(session: Session, guest_id: uuid.UUID) -> None:
    service.forget_guest(session, guest_id)


def forget_those_who_left() -> int:
    """Wishes are for now: those of guests without a bed or a chair go. Returns how many guests'."""
    with transaction() as session:
        gone = service.guests_with_wishes(session)
        gone -= set(
            session.scalars(
                sa.select(Stay.guest_id).where(
                    Stay.guest_id.in_(gone), Stay.state.in_((StayState.HELD, StayState.HERE))
                )
            )
        )
        gone -= set(session.scalars(sa.select(Visit.guest_id).where(Visit.guest_id.in_(gone), Visit.left_at.is_(None))))
        for guest_id in gone:
            service.forget_guest(session, guest_id)
    return len(gone)
