"""How a hard moment was for a guest, on their own page: said if they like, theirs alone until they are done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.core.db import db, joinable
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.limits import limiter
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.guest_page.access import for_page
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest
from respite.guest_page.views.changing import onto_page, tapped
from respite.guest_page.views.routes import blueprint
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.moments.models import HardMoment
from respite.moments.policy import LONGEST_ACCOUNT
from respite.moments.queries import accounts_of_guest
from respite.moments.service.accounts import leave_own, own_account, say_own

SENT_AT_MOST = "60 per hour"


@dataclass(frozen=True, slots=True)
class Told:
    """`words` none: they are asked."""

    id: uuid.UUID
    day: str
    words: str | None
    done: bool


def moments_of(session: Session, guest_id: uuid.UUID, zone: str) -> list[Told]:
    return [
        Told(row.id, day_and_month(local(moment.began_at, zone).date()), row.words, row.finished_at is not None)
        for row, moment in accounts_of_guest(session, guest_id)
    ]


@blueprint.route("/g/<token>/moments/<uuid:account_id>", methods=["GET", "POST"])
@limiter.limit(SENT_AT_MOST, methods=["POST"])
@for_page()
def hard_moment(page: Page, account_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _say(page, account_id), lambda refusal: _draw(page, account_id, refusal))
    return _draw(page, account_id)


@blueprint.post("/g/<token>/moments/<uuid:account_id>/no")
@limiter.limit(SENT_AT_MOST)
@for_page()
def hard_moment_left(page: Page, account_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        with joinable() as session:
            leave_own(session, acting_guest(session, page.actor, house_now()).id, account_id, house_now())
        return _("That is fine. Nothing of it is kept.")

    return tapped(page, act, onto_page(page, "main"))


def _say(page: Page, account_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    words, done = form.text("words", most=LONGEST_ACCOUNT, lines=True), form.flag("done")
    seen = form.version()
    form.done()

    def act() -> str:
        with joinable() as session:
            guest = acting_guest(session, page.actor, house_now())
            say_own(session, guest.id, account_id, words, done=done, version_seen=seen, now=house_now())
        return _("We can read it now. Thank you.") if done else _("Kept for you. We do not see it yet.")

    return tapped(page, act, url_for("guest_page.hard_moment", token=page.token, account_id=account_id))


def _draw(page: Page, account_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session = db.session()
    row = own_account(session, page.guest_id, account_id)
    house = session.get_one(House, page.house_id)
    moment = session.get_one(HardMoment, row.moment_id)
    return drawn(
        "guest_page/moment.html",
        token=page.token,
        told=Told(
            row.id,
            day_and_month(local(moment.began_at, house.timezone).date()),
            row.words,
            row.finished_at is not None,
        ),
        version=row.version,
        longest=LONGEST_ACCOUNT,
        form=shown({"words": row.words or ""}, refusal),
    )
