"""An entry is written, corrected, published and taken off by hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.resources.finding.cards import cards_of
from respite.resources.guards import keeps_directory
from respite.resources.models import Organization, Service, Source
from respite.resources.policy import OWN_SOURCE, Status
from respite.resources.service import by_hand
from respite.resources.service.by_hand import Place, Written
from respite.resources.views.routes import blueprint
from respite.resources.views.words import week_words

MOST_OURS = 300
LONGEST = {
    "name": 300, "organization": 300, "description": 4000, "email": 254, "url": 500, "street": 300, "city": 120,
    "state": 120, "postal_code": 20, "hours": 1000, "cost": 1000, "eligibility": 2000, "how": 2000,
    "phones": 400, "languages": 300, "kinds": 500, "access": 1000,
}  # fmt: skip
LONGEST_WORD = {"phones": 60, "languages": 120, "kinds": 120, "access": 300}
PUBLISH = "publish"
STATES = {
    Status.DRAFT: _l("draft"),
    Status.ACTIVE: _l("in the directory"),
}


@blueprint.route("/resources/services/new", methods=["GET", "POST"])
@keeps_directory
def add(house: House) -> ResponseReturnValue:
    house_id = house.id
    if request.method == "POST":
        return or_redraw(_add, lambda refusal: _draw(house_id, None, refusal))
    return _draw(house_id, None)


@blueprint.route("/resources/services/<uuid:service_id>/correct", methods=["GET", "POST"])
@keeps_directory
def correct(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    house_id = house.id
    if request.method == "POST":
        return or_redraw(lambda: _correct(service_id), lambda refusal: _draw(house_id, service_id, refusal))
    return _draw(house_id, service_id)


@blueprint.get("/resources/ours")
@keeps_directory
def ours(house: House) -> ResponseReturnValue:
    """What was written or corrected here: the drafts first."""
    rows = db.session.execute(
        sa.select(Service.id, Service.name, Service.status, Organization.name.label("by"), Source.name.label("source"))
        .join(Organization, Organization.id == Service.organization_id)
        .join(Source, Source.id == Service.source_id)
        .where(sa.or_(Source.name == OWN_SOURCE, Service.ours_since.is_not(None)), Service.gone_at.is_(None))
        .order_by((Service.status != Status.DRAFT), Service.name, Service.id)
        .limit(MOST_OURS)
    )
    return drawn(
        "resources/ours.html",
        house=house,
        entries=[
            (
                row.id,
                row.name,
                row.by if row.by != row.name else None,
                STATES.get(row.status, _("not offered")),
                None if row.source == OWN_SOURCE else _("corrected here; from %(source)s", source=row.source),
            )
            for row in rows
        ],
    )


@blueprint.post("/resources/services/<uuid:service_id>/publish")
@keeps_directory
def publish(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    return _act(by_hand.publish, service_id, _("In the directory now. Whoever looks can find it."))


@blueprint.post("/resources/services/<uuid:service_id>/retire")
@keeps_directory
def retire(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    return _act(by_hand.retire, service_id, _("Not offered any more."))


@blueprint.post("/resources/services/<uuid:service_id>/offer")
@keeps_directory
def offer_again(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    return _act(by_hand.offer_again, service_id, _("Offered again."))


@blueprint.post("/resources/services/<uuid:service_id>/give-back")
@keeps_directory
def give_back(house: House, service_id: uuid.UUID) -> ResponseReturnValue:
    return _act(by_hand.give_back, service_id, _("Given back. The next load of its list says how it stands."))


def _act(act_on: Callable[..., None], service_id: uuid.UUID, said: str) -> ResponseReturnValue:
    form = Form(request.form)
    seen = form.version()
    form.done()

    def act() -> Answer:
        act_on(acting(), service_id, version_seen=seen, now=house_now())
        return done(url_for("resources.show", service_id=service_id), said)

    return act_form(acting(), act)


def _draw(house_id: uuid.UUID, service_id: uuid.UUID | None, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    house = session.get_one(House, house_id)
    service = None if service_id is None else _there(session, service_id)
    stands = {} if service is None else _shown(by_hand.written_of(session, service))
    source = None if service is None else session.get_one(Source, service.source_id).name
    return drawn(
        "resources/by_hand.html",
        house=house,
        service_id=service_id,
        name=service.name if service else None,
        version=service.version if service else None,
        draft=service is None or service.status == Status.DRAFT,
        source=source if service is not None and source != OWN_SOURCE and service.ours_since is None else None,
        week=_week(session, service_id, house, now) if service_id is not None else [],
        form=shown(stands, refusal),
        longest=LONGEST,
        organizations=session.scalars(
            sa.select(Organization.name).where(Organization.gone_at.is_(None)).distinct().order_by(Organization.name)
        ).all()[:500],
    )


def _week(session: Session, service_id: uuid.UUID, house: House, now: datetime) -> list[str]:
    """Its hours day by day, as its list has them; what is written by hand has words alone."""
    card = cards_of(session, [service_id], now, house.timezone)[0]
    return [f"{days}: {hours}" for days, hours in week_words(card, local(now, house.timezone).date())]


def _there(session: Session, service_id: uuid.UUID) -> Service:
    service = session.get(Service, service_id)
    if service is None or service.gone_at is not None:
        raise NotFound
    return service


def _shown(written: Written) -> dict[str, Any]:
    place = written.place
    return {
        **{name: value for name, value in asdict(written).items() if isinstance(value, str | bool)},
        "phones": "\n".join(written.phones),
        "languages": ", ".join(written.languages),
        "kinds": ", ".join(written.kinds),
        "street": place.street,
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "access": "\n".join(place.access),
    }


def _read() -> tuple[Written, int | None]:
    form = Form(request.form)

    def text(name: str, *, needed: bool = False, lines: bool = False) -> str:
        return form.text(name, most=LONGEST[name], needed=needed, lines=lines)

    def several(name: str, *, lines: bool) -> tuple[str, ...]:
        """One in each line, or set apart by commas."""
        told = text(name, lines=lines)
        found = [" ".join(each.split()) for each in (told.split("\n") if lines else told.replace(";", ",").split(","))]
        if any(len(each) > LONGEST_WORD[name] for each in found):
            form.say(name, _("Please keep each of these to %(most)s letters.", most=LONGEST_WORD[name]))
        return tuple(dict.fromkeys(each for each in found if each))

    written = Written(
        name=text("name", needed=True),
        organization=text("organization", needed=True),
        description=text("description", lines=True),
        phones=several("phones", lines=True),
        email=text("email"),
        url=text("url"),
        place=Place(text("street"), text("city"), text("state"), text("postal_code"), several("access", lines=True)),
        hours=text("hours", lines=True),
        languages=several("languages", lines=False),
        cost=text("cost", lines=True),
        eligibility=text("eligibility", lines=True),
        how=text("how", lines=True),
        kinds=several("kinds", lines=False),
        peer_run=form.flag("peer_run"),
    )
    seen = form.version()
    form.done()
    return written, seen


def _add() -> ResponseReturnValue:
    written, _seen = _read()
    publish_now = request.form.get("do") == PUBLISH

    def act() -> Answer:
        service = by_hand.add(acting(), written, publish=publish_now, now=house_now())
        said = _("In the directory now. Whoever looks can find it.") if publish_now else _("Kept as a draft.")
        return done(url_for("resources.show", service_id=service.id), said)

    return act_form(acting(), act)


def _correct(service_id: uuid.UUID) -> ResponseReturnValue:
    written, seen = _read()

    def act() -> Answer:
        by_hand.correct(acting(), service_id, written, version_seen=seen, now=house_now())
        return done(url_for("resources.show", service_id=service_id), _("Kept as it is now."))

    return act_form(acting(), act)
