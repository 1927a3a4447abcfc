"""`/demo/phones`: everybody's phone on one page, to see texts arrive and to answer them. Only the demo has it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.actor import ActorKind
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form, new_key
from respite.core.phones import shown as number_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.settings import Settings
from respite.core.times import clock_words, moment_words, weekday
from respite.core.web import guard
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.messaging.phones import (
    Phone,
    houses_for,
    mark_of,
    mark_on_page,
    new_number,
    next_text_at,
    phones_of,
    write_as,
)
from respite.messaging.policy.segments import LONGEST
from respite.messaging.simulator import phones_are_simulated
from respite.messaging.views.routes import blueprint


def _where_phones_are_simulated(_arguments: dict[str, Any]) -> None:
    """Somebody signed in, in demo mode, while no real provider carries the texts."""
    settings: Settings = current_app.extensions["respite.settings"]
    if not settings.demo or not phones_are_simulated():
        raise NotFound
    if acting().kind != ActorKind.PERSON:
        raise NotFound


in_the_demo = guard("demo", _where_phones_are_simulated)


@blueprint.get("/demo/phones")
@in_the_demo
def phones() -> ResponseReturnValue:
    return _draw(None)


@blueprint.get("/demo/phones/parts")
@in_the_demo
def phones_parts() -> ResponseReturnValue:
    """What looks different since the page was drawn: nothing (204) while its mark is still the same."""
    houses, now = houses_for(acting()), house_now()
    mark = mark_of(db.session(), houses, now)
    if request.args.get("mark") == mark:
        end_read()
        return "", 204
    facts = _facts(houses, now)
    end_read()
    parts = {
        part_name(phone): render_template("messaging/_phone_texts.html", phone=phone, **facts)
        for phone in facts["phones"]
    }
    parts["clock"] = render_template("messaging/_phones_clock.html", **facts)
    return jsonify(mark=mark, names=sorted(parts), parts=parts)


@blueprint.post("/demo/phones")
@in_the_demo
def phone_writes() -> ResponseReturnValue:
    return or_redraw(_write, _draw)


def _write() -> ResponseReturnValue:
    form = Form(request.form)
    number = form.text("number", most=20)
    words = form.text("words", most=LONGEST, lines=True)
    houses, now = houses_for(acting()), house_now()
    known = {phone.number: phone.mark for phone in phones_of(db.session(), houses)}
    to_house = None if number in known else form.choice("house", [str(house.id) for house in houses])
    if number not in known and number != new_number(db.session()):
        raise NotFound
    form.done()
    end_read()

    def act() -> Answer:
        write_as(number, words, now, uuid.UUID(to_house) if to_house else None)
        return done(url_for("messaging.phones", _anchor=f"phone-{known.get(number) or mark_on_page(number)}"))

    return act_form(acting(), act)


def _draw(refusal: Refusal | None) -> str:
    houses, now = houses_for(acting()), house_now()
    g.house = houses[0] if len(houses) == 1 else None
    facts = _facts(houses, now)
    fresh = new_number(db.session()) if houses else None
    mark = mark_of(db.session(), houses, now)
    return drawn(
        "messaging/phones.html",
        house=g.house,
        mark=mark,
        fresh=fresh,
        form=shown({}, refusal),
        typed_on=request.form.get("number") if refusal else None,
        form_key=new_key,
        longest=LONGEST,
        **facts,
    )


def _facts(houses: Sequence[House], now: datetime) -> dict[str, Any]:
    def moment(phone: Phone, at: datetime) -> str:
        return moment_words(at, phone.zone, now)

    found = phones_of(db.session(), houses)
    next_at = next_text_at(db.session(), houses)
    return {
        "phones": found,
        "here": [(each, weekday(local(now, each.timezone).date()), clock_words(now, each.timezone)) for each in houses],
        "next_text": moment_words(next_at, houses[0].timezone, now) if next_at and next_at > now else None,
        "to_next_text": _length(next_at - now) if next_at and next_at > now else None,
        "moment": moment,
        "number_shown": number_shown,
        "kind_words": kind_words,
        "part_name": part_name,
        "name_of": name_of,
        "houses": houses,
    }


def part_name(phone: Phone) -> str:
    return f"{'phone' if phone.texts else 'silent'}-{phone.mark}"


def name_of(phone: Phone) -> str:
    """Whose phone it is; several who share it are named together."""
    names = dict.fromkeys(owner.name for owner in phone.owners)
    return " · ".join(names) if names else number_shown(phone.number)


def kind_words(phone: Phone) -> str:
    if not phone.owners:
        return _("wrote by themselves")
    return _("works here") if phone.works_here else _("guest of the house")


def _length(wait: timedelta) -> str:
    """As ISO 8601 writes it, a moment longer: the clock keeps whole seconds."""
    return f"P{wait.days}DT{wait.seconds + 1}S"
