"""A peer as those who keep shifts see them: what the house says of them, and how to reach them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May, Role
from respite.accounts.service.stepping_back import may_come_back
from respite.accounts.words import role_words
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.messaging.models import Correspondent
from respite.messaging.models.people import LOST, CorrespondentKind
from respite.messaging.service.correspondents import correspondent_of
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.queries.peers import NamedWords, belonging_to, peer_of, word_options
from respite.staffing.service import peers as service
from respite.staffing.views import blueprint
from respite.staffing.views.details import HOUR, spoken


@blueprint.get("/houses/<slug>/people/<uuid:person_id>")
@for_house(May.KEEP_SHIFTS)
def peer(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    return _draw(house, person_id)


def _draw(house: House, person_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, actor = db.session(), acting()
    found = belonging_to(session, house.id, person_id)
    if found is None:
        raise NotFound
    person, membership = found
    row = peer_of(session, house.id, person_id)
    stands = {
        "title": str(row.title_id or "") if row else "",
        "hours": row.most_minutes // HOUR if row and row.most_minutes is not None else None,
    }
    return drawn(
        "staffing/peer.html",
        house=house,
        person=person,
        row=row,
        role=role_words(membership.role_before or membership.role),
        stepped_back=membership.role == Role.STEPPED_BACK,
        may_come_back=may_come_back(membership, actor),
        own=person_id == actor.id,
        titles=word_options(session, house.id, WordKind.TITLE),
        languages=spoken(row.languages) if row else "",
        shares=NamedWords(session, house.id).shares(row) if row and row.shares_with_colleagues else [],
        phone=_phone(correspondent_of(session, house.id, person_id)),
        form=shown(stands, refusal),
    )


def _phone(known: Correspondent | None) -> dict[str, Any] | None:
    """Their number and hours, as far as somebody needs them to call."""
    if known is None or known.kind != CorrespondentKind.PEER or known.number is None:
        return None
    begin, end = f"{known.hours_from:%H:%M}", f"{known.hours_until:%H:%M}"
    return {
        "number": phone_shown(known.number),
        "hours": _("%(begin)s to %(end)s", begin=begin, end=end),
        "rests": known.number_bad == LOST,
    }


@blueprint.post("/houses/<slug>/people/<uuid:person_id>", endpoint="keep_contract")
@for_house(May.KEEP_SHIFTS)
def keep_contract(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        title, hours = form.uuid("title", needed=False), form.whole_number("hours", least=0, most=80, needed=False)
        seen = form.version()
        form.done()

        def act() -> Answer:
            service.keep_contract(
                acting(),
                house_id,
                person_id,
                title_id=title,
                most_minutes=None if hours is None else hours * HOUR,
                version_seen=seen,
                now=house_now(),
            )
            return done(url_for("staffing.peer", slug=slug, person_id=person_id), _("Kept."))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _draw(db.session.get_one(House, house_id), person_id, refusal))
