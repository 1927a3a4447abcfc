"""The people of a house as colleagues see them, and saying that somebody's phone is lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.access import this_sign_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May, Role
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.redraw import drawn
from respite.houses.access import for_house
from respite.houses.models import House
from respite.staffing.queries.peers import NamedWords, colleagues_of
from respite.staffing.service import duty_ends as service
from respite.staffing.views import blueprint
from respite.staffing.views.details import spoken


@dataclass(frozen=True, slots=True)
class Colleague:
    id: uuid.UUID
    name: str
    title: str | None
    pronouns: str | None
    languages: str
    shares: list[str]  # only what they chose to show to colleagues too
    stepped_back: bool


@blueprint.get("/houses/<slug>/colleagues")
@for_house(May.SEE_SHIFTS)
def colleagues(house: House) -> ResponseReturnValue:
    return drawn("staffing/colleagues.html", house=house, colleagues=_all(house), me=acting().id)


def _all(house: House) -> list[Colleague]:
    session = db.session()
    words = NamedWords(session, house.id)
    return [
        Colleague(
            id=person.id,
            name=person.name,
            title=words.title(peer),
            pronouns=peer.pronouns if peer else None,
            languages=spoken(peer.languages) if peer else "",
            shares=words.shares(peer) if peer and peer.shares_with_colleagues else [],
            stepped_back=membership.role == Role.STEPPED_BACK,
        )
        for person, membership, peer in colleagues_of(session, house.id)
    ]


@blueprint.get("/houses/<slug>/lost-phone")
@for_house(May.SEE_SHIFTS)
def whose_phone(house: House) -> ResponseReturnValue:
    return drawn("staffing/lost_phone.html", house=house, colleagues=_all(house), me=acting().id)


@blueprint.post("/houses/<slug>/lost-phone/<uuid:person_id>")
@for_house(May.SEE_SHIFTS)
def lost_phone(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    house_id, page = house.id, url_for("staffing.colleagues", slug=house.slug)
    this = this_sign_in().id

    def act() -> Answer:
        service.lose_phone(acting(), house_id, person_id, but=this, now=house_now())
        return done(page, _("That phone opens nothing here any more, and no text goes to it until its owner says so."))

    return act_form(acting(), act)
