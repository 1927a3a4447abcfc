"""What guests asked, on a page of the house: taken in one tap and answered in words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, Shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_words, moment_words
from respite.core.web import own_page
from respite.guests.ask_queries import AskRow, asks_of
from respite.guests.models import Guest, GuestAsk, NamelessIdea
from respite.guests.service import asks as service
from respite.guests.service import nameless_ideas
from respite.guests.service.erasing import erase_guest
from respite.guests.views.answering import desk, stay_page, tapped
from respite.guests.views.routes import blueprint
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local

LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked, as people here read it."""

    row: AskRow
    asked: str
    by: str | None
    late: bool
    answered: str | None
    mine: bool
    page: str | None


@blueprint.get("/houses/<slug>/asks")
@for_house(May.KEEP_BEDS)
def asks_page(house: House) -> ResponseReturnValue:
    return _draw(house.id)


@blueprint.post("/asks/<uuid:ask_id>/take")
@for_row(GuestAsk, "ask", May.KEEP_BEDS)
def take_ask(ask: GuestAsk) -> ResponseReturnValue:
    ask_id, page = ask.id, _asks_url(ask.house_id)
    form = Form(request.form)
    seen = form.version()
    form.done()

    def act() -> Answer:
        service.take_ask(acting(), ask_id, version_seen=seen, now=house_now())
        return done(own_page(page), _("You see to it."))

    return tapped(act, page)


@blueprint.post("/asks/<uuid:ask_id>/answer")
@for_row(GuestAsk, "ask", May.KEEP_BEDS)
def answer_ask(ask: GuestAsk) -> ResponseReturnValue:
    ask_id, house_id = ask.id, ask.house_id

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        seen = form.version()
        words = form.text("words", most=service.LONGEST_ANSWER, lines=True)
        form.done()

        def act() -> Answer:
            service.answer_ask(acting(), ask_id, words, version_seen=seen, now=house_now())
            return done(own_page(_asks_url(house_id)), _("They read your answer on their page."))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _draw(house_id, ask_id, refusal))


@blueprint.route("/asks/<uuid:ask_id>/forgetting", methods=["GET", "POST"])
@for_row(GuestAsk, "ask", May.DECIDE_STAYS)
def forget_asked(ask: GuestAsk) -> ResponseReturnValue:
    """What they asked for is done, also for somebody who only waits; the same words as on a guest's card."""
    guest_id, house_id, page = ask.guest_id, ask.house_id, _asks_url(ask.house_id)

    def draw(refusal: Refusal | None = None) -> str:
        form = shown({}, refusal)
        return drawn(
            "guests/forget.html",
            house=db.session.get_one(House, house_id),
            guest=db.session.get_one(Guest, guest_id),
            form=form,
            sentence=form.sentence,
            back=page,
        )

    def forget() -> ResponseReturnValue:
        form = Form(request.form)
        if not form.flag("sure"):
            form.say("sure", _("Please tick this first: there is no way back."))
        form.done()

        def act() -> Answer:
            erase_guest(acting(), guest_id, now=house_now())
            return done(page, _("Everything written about them is gone."))

        return act_form(acting(), act)

    return draw() if request.method == "GET" else or_redraw(forget, draw)


@blueprint.post("/ideas/<uuid:idea_id>/done")
@for_row(NamelessIdea, "idea", May.KEEP_BEDS)
def done_with_idea(idea: NamelessIdea) -> ResponseReturnValue:
    idea_id, page = idea.id, _asks_url(idea.house_id)

    def act() -> Answer:
        nameless_ideas.done_with_idea(acting(), idea_id)
        return done(page, _("Read. Its words are gone."))

    return tapped(act, page)


def _draw(house_id: uuid.UUID, refused: uuid.UUID | None = None, refusal: Refusal | None = None) -> str:
    house, now = db.session.get_one(House, house_id), house_now()
    lines = _lines(asks_of(db.session(), house.id, now - LATELY), house, now)
    return drawn(
        "guests/asks.html",
        house=house,
        open=[line for line in lines if line.row.open],
        answered=[line for line in lines if not line.row.open],
        ideas=[(idea.id, idea.words) for idea in nameless_ideas.ideas_of(db.session(), house.id)],
        here=url_for("guests.asks_page", slug=house.slug),
        back=desk(house),
        refused=refused,
        form=shown({}, refusal),
        **_offered(house),
    )


def _offered(house: House) -> dict[str, Any]:
    return {
        "longest_answer": service.LONGEST_ANSWER,
        "forgets": acting().may(May.DECIDE_STAYS, house.id),
        "no_words": Shown(),
    }


def _lines(rows: list[AskRow], house: House, now: datetime) -> list[Line]:
    today, me = local(now, house.timezone).date(), acting().id
    return [
        Line(
            row=row,
            asked=moment_words(row.asked_at, house.timezone, now),
            by=day_words(row.answer_by, today) if row.answer_by else None,
            late=row.answer_by is not None and row.answered_at is None and row.answer_by < today,
            answered=moment_words(row.answered_at, house.timezone, now) if row.answered_at else None,
            mine=row.taken_by == me,
            page=stay_page(row.stay_id) if row.stay_id else None,
        )
        for row in rows
    ]


def _asks_url(house_id: uuid.UUID) -> str:
    return url_for("guests.asks_page", slug=db.session.get_one(House, house_id).slug)
