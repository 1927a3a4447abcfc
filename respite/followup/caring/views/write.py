"""A few lines to somebody who was here: the peer's page, with each text as it would leave."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.followup.caring import service
from respite.followup.caring.models import CaringPlan, CaringText
from respite.followup.caring.policy import LONGEST_WORDS, STEPS, Part, State, part_of
from respite.followup.caring.queries import part_now, plan_of, steps_of, texts_of, wanted_by
from respite.followup.caring.shown import STATES, step_words
from respite.followup.caring.views.routes import blueprint
from respite.followup.caring.words import ideas, opening, signed, whole
from respite.guests.models import Guest
from respite.guests.views.answering import came_from, tapped
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.models import Correspondent
from respite.messaging.policy.segments import count


@blueprint.route("/guests/<uuid:guest_id>/kind-words", methods=["GET", "POST"])
@for_row(Guest, "guest", May.KEEP_BEDS)
def kind_words(guest: Guest) -> ResponseReturnValue:
    if not service.may_write(db.session(), acting(), guest):
        raise NotFound
    if request.method == "POST":
        return or_redraw(lambda: _keep(guest.id), lambda refusal: _draw(guest.id, refusal))
    return _draw(guest.id)


@blueprint.post("/kind-words/<uuid:caring_plan_id>/hand-back")
@for_row(CaringPlan, "caring_plan", May.KEEP_BEDS)
def hand_back(caring_plan: CaringPlan) -> ResponseReturnValue:
    plan_id, me = caring_plan.id, url_for("staffing.mine")

    def act() -> Answer:
        service.hand_back(acting(), plan_id, now=house_now())
        return done(me, _("Thank you. Nothing more leaves under your name; whoever is on reads that it is open."))

    return tapped(act, me)


def _keep(guest_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    seen, here = form.version(), url_for("caring.kind_words", guest_id=guest_id)
    # More than may be kept is read, so that what was typed stands there beside why it cannot be.
    words = {
        n: form.text(f"words-{n}", most=4 * LONGEST_WORDS, needed=False)
        for n in range(len(STEPS))
        if f"words-{n}" in request.form
    }
    form.done()

    def act() -> Answer:
        service.write_words(acting(), guest_id, words, version_seen=seen or None, now=house_now())
        return done(here, _("Kept. Each comes when its time is, and you can change it until then."))

    return act_form(acting(), act)


def _draw(guest_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    guest = session.get_one(Guest, guest_id)
    house = session.get_one(House, guest.house_id)
    note_look_hourly(house.id, acting(), guest.id, "texts", now)
    plan, person = plan_of(session, guest.id), wanted_by(session, guest)
    me = session.get_one(Person, acting().id)
    other = session.get(Person, plan.writer_id) if plan and plan.writer_id not in (None, me.id) else None
    lines: list[dict[str, Any]] = []
    if person is not None and other is None:
        lines = _lines(session, house, person, me.name, plan)
    stands = {f"words-{line['place']}": line["words"] for line in lines}
    return drawn(
        "followup/kind_words.html",
        house=house,
        guest=guest,
        plan=plan,
        mine=plan is not None and plan.writer_id == me.id,
        wanted=person is not None,
        other=other.name if other is not None else None,
        signed=signed(person, me.name) if person is not None else None,
        spanish=person is not None and person.language == "es",
        lines=lines,
        longest=LONGEST_WORDS,
        form=shown(stands, refusal),
        back=came_from(url_for("staffing.mine")),
    )


def _lines(
    session: Session, house: House, person: Correspondent, writer: str, plan: CaringPlan | None
) -> list[dict[str, Any]]:
    """Each of them: when it comes, how the house opens it or words to begin with, and how it would leave now."""
    written = texts_of(session, plan.id) if plan is not None else []
    texts: list[CaringText | None] = [*written]
    steps = steps_of(session, house.id)
    discreet = plan.discreet if plan is not None else person.may_be_shared
    number = len(texts) or len(steps)
    return [
        _line(
            session,
            house,
            person,
            writer,
            place,
            text,
            None if plan else steps[place],
            discreet,
            part_of(place, number) if text is None else part_now(text, written),
        )
        for place, text in enumerate(texts or [None] * number)
    ]


def _line(
    session: Session,
    house: House,
    person: Correspondent,
    writer: str,
    place: int,
    text: CaringText | None,
    step: str | None,
    discreet: bool,
    part: Part | None,
) -> dict[str, Any]:
    words = (text.words if text is not None else None) or ""
    _template, leaves = whole(session, house.id, person, writer, part, words, discreet)
    return {
        "place": place,
        "words": words,
        "waits": text is None or text.state == State.WAITS,
        "state": STATES[text.state] if text is not None else None,
        "when": _day(text.due_at, house) if text is not None else step_words(step or "w1"),
        "opens": opening(session, house.id, person, writer, part, discreet)[1],
        "idea": ideas(session, house.id, person, writer, place) if part is None and not discreet else None,
        "leaves": leaves if words else None,
        "segments": count(leaves).segments if words else None,
    }


def _day(at: datetime, house: House) -> str:
    return day_and_month(local(at, house.timezone).date(), year=True)
