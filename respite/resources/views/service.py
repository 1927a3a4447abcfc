"""One service: all that is known of it, how sure that is, and a sheet to give away."""

from __future__ import annotations

import uuid
from datetime import datetime

import segno
import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.audit.models import INSTALLATION, Event
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound
from respite.core.forms import Form
from respite.core.redraw import drawn
from respite.core.times import day_and_month, moment_words
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of
from respite.resources import events
from respite.resources.connections.trust import CameOfIt, trust
from respite.resources.connections.words import came_words
from respite.resources.finding.cards import Card, cards_of
from respite.resources.guards import checks_directory, may_check, may_keep, reads_directory
from respite.resources.models import Source
from respite.resources.policy import OWN_SOURCE, Status
from respite.resources.service.checking import check_service
from respite.resources.views.facts import all_facts
from respite.resources.views.routes import blueprint

CHECKS_SHOWN = 6


@blueprint.get("/resources/services/<uuid:service_id>")
@reads_directory
def show(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    card = _card(service_id, house)
    return drawn(
        "resources/service.html",
        house=house,
        service=all_facts(card, house),
        checks=_checks(db.session(), service_id, house),
        source=_source_words(card.service.source_id),
        checking=may_check(house),
        keeps=may_keep(),
        draft=card.service.status == Status.DRAFT,
        here=card.service.gone_at is None,
        ours_since=_day(card.service.ours_since, house),
        came_of_it=came_words(_came_of_it(service_id, house)),
    )


@blueprint.get("/resources/services/<uuid:service_id>/sheet")
@reads_directory
def sheet(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    """One service on paper: what somebody can take along. How sure it is stands on it, too."""
    card, now = _card(service_id, house, on_paper=True), house_now()
    facts = all_facts(card, house)
    link = facts["link"] or (
        f"tel:{facts['phones'][0]['dialled']}" if facts["phones"] and facts["phones"][0]["dialled"] else None
    )
    return drawn(
        "resources/sheet.html",
        house=house,
        service=facts,
        qr=segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#2b2925", light="#fff") if link else None,
        printed_at=day_and_month(local(now, house.timezone).date(), year=True),
    )


@blueprint.post("/resources/services/<uuid:service_id>/check")
@checks_directory
def check(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody asked there, and it is as it stands here."""
    form = Form(request.form)
    seen, home = form.version(), url_for("resources.show", service_id=service_id)
    form.done()

    def act() -> Answer:
        check_service(acting(), service_id, version_seen=seen, now=house_now())
        return done(home, _("Checked today. Thank you."))

    return act_form(acting(), act)


def _came_of_it(service_id: uuid.UUID, house: House) -> CameOfIt | None:
    return trust(db.session(), [service_id], house_now(), in_the_house=may_check(house)).get(service_id)


def _card(service_id: uuid.UUID, house: House, *, on_paper: bool = False) -> Card:
    """A draft is there for who keeps the directory alone, and on no paper."""
    found = cards_of(db.session(), [service_id], house_now(), house.timezone)
    if not found or (found[0].service.status == Status.DRAFT and (on_paper or not may_keep())):
        raise NotFound
    return found[0]


def _source_words(source_id: uuid.UUID) -> str:
    name = db.session.get_one(Source, source_id).name
    return _("Written here") if name == OWN_SOURCE else name


def _day(at: datetime | None, house: House) -> str | None:
    return None if at is None else day_and_month(local(at, house.timezone).date(), year=True)


def _checks(session: Session, service_id: uuid.UUID, house: House) -> list[str]:
    """Who made sure and when, the last first, from the log."""
    rows = session.execute(
        sa.select(Event.actor, Event.at)
        .where(Event.stream == INSTALLATION, Event.kind == events.CHECKED, Event.subject == service_id)
        .order_by(Event.version.desc())
        .limit(CHECKS_SHOWN)
    ).all()
    names = names_of(session, [row.actor for row in rows])
    now = house_now()
    return [
        _("%(name)s, %(at)s", name=names.get(row.actor) or _("Somebody"), at=moment_words(row.at, house.timezone, now))
        for row in rows
    ]
