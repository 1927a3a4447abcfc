"""Written together; read once more before it is told, letter by letter; and the ledger's row on paper."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.languages import language_read
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guests.access import for_stay
from respite.guests.models import Guest, Stay
from respite.guests.views.answering import desk, happened_at, stay_page, tapped, wall_now
from respite.guests.views.card import guest_id_of
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now
from respite.messaging.service.correspondents import correspondent_of
from respite.resources.disclosures import service
from respite.resources.disclosures.models import Disclosure, DisclosureTold
from respite.resources.disclosures.policy import LONGEST_PURPOSE, LONGEST_RECIPIENT, LONGEST_WORDS, NOTICE, How
from respite.resources.disclosures.shown import line_of, lines_of
from respite.resources.disclosures.views.routes import blueprint

USUALLY = timedelta(days=30)
HOW = [(How.PHONE, _l("On the phone")), (How.IN_PERSON, _l("Face to face")), (How.PAPER, _l("On paper"))]


def section(stay: Stay, house: House, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: what others may be told, and were."""
    if stay.guest_id is None or not acting().may(May.KEEP_BEDS, house.id):
        return None
    return "disclosures/_card.html", {"lines": lines_of(db.session(), stay.guest_id, house, now)}


@blueprint.route("/stays/<uuid:stay_id>/disclosures/new", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def new(stay: Stay, house: House) -> ResponseReturnValue:
    stay_id, guest_id = stay.id, guest_id_of(stay)
    if request.method == "POST":
        return or_redraw(lambda: _write(guest_id), lambda refusal: _draw_new(stay_id, refusal))
    return _draw_new(stay_id)


def _write(guest_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    wanted = service.Wanted(
        recipient=form.text("recipient", most=LONGEST_RECIPIENT),
        purpose=form.text("purpose", most=LONGEST_PURPOSE),
        words=form.text("words", most=LONGEST_WORDS, lines=True),
        until=form.day("until"),
        once=form.choice("times", ("once", "until")) == "once",
        language=form.choice("language", NOTICE),
    )
    form.done()

    def act() -> Answer:
        row = service.write_down(acting(), guest_id, wanted, now=house_now())
        return done(
            url_for("disclosures.one", disclosure_id=row.id), _("Written down. Nobody is told before their yes.")
        )

    return act_form(acting(), act)


def _draw_new(stay_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    stay = session.get_one(Stay, stay_id)
    guest, house = session.get_one(Guest, guest_id_of(stay)), session.get_one(House, stay.house_id)
    person = correspondent_of(session, house.id, guest.id)
    until = local(now, house.timezone).date() + USUALLY
    language = person.language if person is not None else language_read()
    return drawn(
        "disclosures/new.html",
        house=house,
        guest=guest,
        back=stay_page(stay_id),
        notice=NOTICE if rules_now(session, house.id).part_two else None,
        languages=[("en", "English"), ("es", "Español")],
        limits=(LONGEST_RECIPIENT, LONGEST_PURPOSE, LONGEST_WORDS),
        form=shown({"until": until.isoformat(), "times": "once", "language": language}, refusal),
    )


@blueprint.get("/disclosures/<uuid:disclosure_id>")
@for_row(Disclosure, "disclosure", May.KEEP_BEDS)
def one(disclosure: Disclosure) -> ResponseReturnValue:
    return _draw(disclosure.id)


@blueprint.post("/disclosures/<uuid:disclosure_id>/agreed")
@for_row(Disclosure, "disclosure", May.KEEP_BEDS)
def agree(disclosure: Disclosure) -> ResponseReturnValue:
    row_id = disclosure.id
    page = url_for("disclosures.one", disclosure_id=row_id)

    def act() -> Answer:
        form = Form(request.form)
        mark = form.text("mark", most=64)
        form.done()
        service.agree_here(acting(), row_id, mark, now=house_now())
        return done(page, _("They said yes to these words."))

    return tapped(act, page)


@blueprint.post("/disclosures/<uuid:disclosure_id>/ended")
@for_row(Disclosure, "disclosure", May.KEEP_BEDS)
def end(disclosure: Disclosure) -> ResponseReturnValue:
    row_id, page = disclosure.id, url_for("disclosures.one", disclosure_id=disclosure.id)

    def act() -> Answer:
        service.end_here(acting(), row_id, now=house_now())
        return done(page, _("Nobody is told these words any more."))

    return tapped(act, page)


@blueprint.post("/disclosures/<uuid:disclosure_id>/told")
@for_row(Disclosure, "disclosure", May.KEEP_BEDS)
def tell(disclosure: Disclosure) -> ResponseReturnValue:
    row_id = disclosure.id
    return or_redraw(lambda: _tell(row_id), lambda refusal: _draw(row_id, refusal))


def _tell(row_id: uuid.UUID) -> ResponseReturnValue:
    form, now = Form(request.form), house_now()
    house = db.session.get_one(House, db.session.get_one(Disclosure, row_id).house_id)
    how, mark = How(form.choice("how", How) or How.PHONE), form.text("mark", most=64)
    at = happened_at(form, "at", house, now)
    form.done()

    def act() -> Answer:
        told = service.tell(acting(), row_id, how, mark, at=at, now=now)
        page = url_for("disclosures.one", disclosure_id=row_id)
        paper = url_for("disclosures.paper", disclosure_told_id=told.id)
        return done(paper if how == How.PAPER else page, _("Written down. They see it on their page."))

    return act_form(acting(), act)


@blueprint.get("/disclosures/told/<uuid:disclosure_told_id>")
@for_row(DisclosureTold, "disclosure_told", May.KEEP_BEDS)
def paper(disclosure_told: DisclosureTold) -> ResponseReturnValue:
    """A row of the ledger, to be printed: nothing leaves on paper that does not stand there."""
    house, now = db.session.get_one(House, disclosure_told.house_id), house_now()
    recipient, text = service.to_print(db.session(), disclosure_told, now)
    assert disclosure_told.guest_id is not None, "what was forgotten is not printed"
    note_look_hourly(house.id, acting(), disclosure_told.guest_id, "disclosure", now)
    return drawn(
        "disclosures/paper.html",
        house=house,
        recipient=recipient,
        text=text,
        back=url_for("disclosures.one", disclosure_id=disclosure_told.disclosure_id),
        day=day_and_month(local(disclosure_told.at, house.timezone).date(), year=True),
        printed_at=day_and_month(local(now, house.timezone).date(), year=True),
    )


def _draw(row_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    row = session.get_one(Disclosure, row_id)
    house = session.get_one(House, row.house_id)
    note_look_hourly(house.id, acting(), row.guest_id, "disclosure", now)
    newest = sa.select(Stay.id).where(Stay.guest_id == row.guest_id).order_by(Stay.saved_at.desc()).limit(1)
    stay_id = session.scalar(newest)
    return drawn(
        "disclosures/one.html",
        house=house,
        guest=session.get_one(Guest, row.guest_id),
        line=line_of(session, row, house, now),
        back=stay_page(stay_id) if stay_id is not None else desk(house),
        ways=HOW,
        latest=wall_now(house, now),
        form=shown({}, refusal),
    )
