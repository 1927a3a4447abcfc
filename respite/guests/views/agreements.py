"""Agreements: written by version under House, and read side by side with a guest. Nobody has to agree."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month, moment_words
from respite.core.views import LANGUAGES
from respite.guests.access import for_stay
from respite.guests.agreement_queries import TITLES, standing_of, versions_of
from respite.guests.models import ReadHow, Stay, Topic
from respite.guests.service.agreements import LONGEST_TEXT, read_together, words_about_police, write_version
from respite.guests.starting_agreements import STARTERS, starting_words
from respite.guests.views.answering import stay_page, tapped
from respite.guests.views.routes import blueprint
from respite.guests.views.together import read_in_theirs
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of


@blueprint.get("/houses/<slug>/settings/agreements")
@for_house(May.SET_RULES)
def agreements(house: House) -> ResponseReturnValue:
    return _draw(house.id)


@blueprint.post("/houses/<slug>/settings/agreements")
@for_house(May.SET_RULES)
def write_agreement(house: House) -> ResponseReturnValue:
    house_id, page = house.id, url_for("guests.agreements", slug=house.slug)
    topic = request.form.get("topic", "")

    def write() -> ResponseReturnValue:
        form = Form(request.form)
        form.choice("topic", Topic)
        seen = form.version()
        words = {each: form.text(f"words_{each}", most=LONGEST_TEXT, needed=False, lines=True) for each in LANGUAGES}
        form.done()

        def act() -> Answer:
            row = write_version(acting(), house_id, Topic(topic), words, number_seen=seen, now=house_now())
            return done(page, _("Guests read version %(number)s from now on.", number=row.number))

        return act_form(acting(), act)

    return or_redraw(write, lambda refusal: _draw(house_id, topic, refusal))


@blueprint.post("/houses/<slug>/settings/agreements/start")
@for_house(May.SET_RULES)
def start_agreement(house: House) -> ResponseReturnValue:
    house_id, page = house.id, url_for("guests.agreements", slug=house.slug)
    form = Form(request.form)
    topic = form.choice("topic", STARTERS)
    form.done()

    def act() -> Answer:
        write_version(acting(), house_id, Topic(topic), starting_words(Topic(topic)), number_seen=0, now=house_now())
        return done(page, _("Guests read these words from now on. You can change them as you need."))

    return tapped(act, page)


def _draw(house_id: uuid.UUID, refused: str | None = None, refusal: Refusal | None = None) -> str:
    house, session = db.session.get_one(House, house_id), db.session()
    police = words_about_police(session, house_id)
    topics = []
    for topic in Topic:
        versions = versions_of(session, house_id, topic)
        names = names_of(session, {each.made_by for each in versions})
        stands = {f"words_{each}": getattr(versions[0], f"words_{each}") if versions else "" for each in LANGUAGES}
        now = {f"words_{each}": police[each] for each in LANGUAGES} if topic == Topic.POLICE else stands
        topics.append(
            {
                "topic": topic,
                "title": TITLES[topic],
                "number": versions[0].number if versions else 0,
                "starting": {} if versions else starting_words(topic),
                "form": shown(now, refusal if refused == topic else None),
                "changed": now != stands,
                "versions": [
                    (
                        each.number,
                        day_and_month(local(each.made_at, house.timezone).date(), year=True),
                        names.get(each.made_by),
                    )
                    for each in versions
                ],
            }
        )
    return drawn("guests/agreements.html", house=house, topics=topics, longest=LONGEST_TEXT, languages=LANGUAGES)


@blueprint.get("/stays/<uuid:stay_id>/agreements")
@for_stay(May.KEEP_BEDS)
def agreements_together(stay: Stay, house: House) -> ResponseReturnValue:
    read_in_theirs(stay, house)
    now = house_now()
    return render_template(
        "guests/agreements_together.html",
        stay=stay,
        house=house,
        texts=[
            (each, said_of(each, house.timezone, now)) for each in standing_of(db.session(), house.id, stay.guest_id)
        ],
        here=request.path,
        back=stay_page(stay.id),
        sentence=None,
    )


@blueprint.post("/stays/<uuid:stay_id>/agreements/<uuid:text_id>")
@for_stay(May.KEEP_BEDS)
def agreement_together(stay: Stay, house: House, text_id: uuid.UUID) -> ResponseReturnValue:
    stay_id, page = stay.id, url_for("guests.agreements_together", stay_id=stay.id)
    read_in_theirs(stay, house)
    how = how_in(Form(request.form))
    language = request.form.get("in")
    if language in LANGUAGES:
        page = f"{page}?in={language}"

    def act() -> Answer:
        read_together(acting(), stay_id, text_id, how, now=house_now())
        return done(page, None)

    return tapped(act, page)


def how_in(form: Form) -> ReadHow | None:
    """What was tapped: read, agreed, or taken back."""
    how = form.choice("how", (*ReadHow, "none"))
    form.done()
    return None if how == "none" else ReadHow(how)


def said_of(each: Any, zone: str, now: datetime) -> str | None:
    """How a guest stands to a text, said to the guest."""
    if each.at is None:
        return None
    at = moment_words(each.at, zone, now)
    if each.how == ReadHow.AGREED:
        return _("You agreed to this: %(at)s.", at=at)
    return _("You read this: %(at)s.", at=at)


def on_the_welcome(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    if stay.guest_id is None or not standing_of(db.session(), house.id, None):
        return None
    return "guests/_welcome_agreements.html", {}
