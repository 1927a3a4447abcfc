"""What waits for a coordinator's yes: who comes, who would be here, and the answer. Nobody else sees this page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import Answer as Answered
from respite.accounts.acting import acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn
from respite.core.times import day_and_month
from respite.guests.models import ApartWish, Guest, YesAsk
from respite.guests.policy.apart import LONGEST_NOTE, MONTHS, USUAL_MONTHS, Answer, IsIt, What
from respite.guests.service.apart import take_apart_back
from respite.guests.service.apart_who import InTheWay
from respite.guests.service.yes_answers import (
    Pair,
    answer_ask,
    asks_of,
    change_yes_rules,
    not_known_after_all,
    rules_row,
    who_is_known,
    wishes_by_ask,
)
from respite.guests.views.answering import desk, tapped
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import moment
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.queries import names_of

WHAT = {
    What.BED: _l("a bed, %(first)s to %(until)s"),
    What.CHAIR: _l("a chair in the living room, %(first)s"),
    What.ACTIVITY: _l("an activity, %(first)s"),
    What.NOW: _l("both are here, or both have a bed saved, %(first)s to %(until)s"),
}


@blueprint.get("/houses/<slug>/yes-first")
@for_house(May.DECIDE_STAYS)
def yes_first(house: House) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    asks = asks_of(session, house.id)
    standing = wishes_by_ask(session, house.id, [ask for ask in asks if ask.answer is None], now)
    known = who_is_known(session, house.id)
    people = _people(asks, known)
    names = names_of(session, {ref for ask in asks for ref in (ask.asked_by, ask.answered_by) if ref})
    rules = rules_row(session, house.id)
    return drawn(
        "guests/yes_first.html",
        house=house,
        open_asks=[_open(ask, standing[ask.id], names, people, house, now) for ask in asks if ask.answer is None],
        answered=[_answered(ask, names, people, house, now) for ask in asks if ask.answer is not None],
        known=[_known(wish, people) for wish in known],
        version=rules.version if rules else 0,
        everything=rules.everything if rules else False,
        months=rules.apart_months if rules else USUAL_MONTHS,
        months_from_to=MONTHS,
        longest=LONGEST_NOTE,
        back=desk(house),
    )


@blueprint.post("/yes-asks/<uuid:yes_ask_id>")
@for_row(YesAsk, "yes_ask", May.DECIDE_STAYS)
def yes_answer(yes_ask: YesAsk) -> ResponseReturnValue:
    ask_id, home = yes_ask.id, _home(yes_ask.house_id)

    def act() -> Answered:
        form = Form(request.form)
        answer = form.choice("answer", Answer)
        note = form.text("note", most=LONGEST_NOTE, needed=False, lines=True)
        is_it, version = _said_who(form), form.version()
        seen = {wish_id for each in form.sent.getlist("seen") if (wish_id := _id_in(each))}
        form.done()
        answer_ask(
            acting(),
            ask_id,
            Answer(answer),
            note=note,
            is_it=is_it,
            seen=seen,
            version_seen=version,
            now=house_now(),
        )
        return done(home, _("Yes is said.") if answer == Answer.YES else _("Not now is said."))

    return tapped(act, home)


@blueprint.post("/apart-wishes/<uuid:apart_wish_id>/end")
@for_row(ApartWish, "apart_wish", May.DECIDE_STAYS)
def apart_end(apart_wish: ApartWish) -> ResponseReturnValue:
    wish_id, home = apart_wish.id, _home(apart_wish.house_id)

    def act() -> Answered:
        take_apart_back(acting(), wish_id, now=house_now())
        return done(home, _("It counts no more."))

    return tapped(act, home)


@blueprint.post("/apart-wishes/<uuid:apart_wish_id>/not-known")
@for_row(ApartWish, "apart_wish", May.DECIDE_STAYS)
def apart_not_known(apart_wish: ApartWish) -> ResponseReturnValue:
    wish_id, home = apart_wish.id, _home(apart_wish.house_id)

    def act() -> Answered:
        not_known_after_all(acting(), wish_id, now=house_now())
        return done(home, _("It counts for everybody of that name again."))

    return tapped(act, home)


@blueprint.post("/houses/<slug>/yes-first")
@for_house(May.DECIDE_STAYS)
def yes_rules(house: House) -> ResponseReturnValue:
    house_id, home = house.id, url_for("guests.yes_first", slug=house.slug)

    def act() -> Answered:
        form = Form(request.form)
        everything, seen = form.flag("everything"), form.version()
        months = form.whole_number("months", least=MONTHS[0], most=MONTHS[1])
        form.done()
        now = house_now()
        change_yes_rules(acting(), house_id, everything=everything, months=months, version_seen=seen, now=now)
        return done(home, _("Kept."))

    return tapped(act, home)


def _said_who(form: Form) -> dict[Pair, IsIt]:
    """Each group of choices names its wish and the other of its two: is-it-<32 digits>-<32 digits>."""
    found = {}
    for name in form.sent:
        if name.startswith("is-it-"):
            said = form.choice(name, IsIt, needed=False)
            wish, _dash, other = name.removeprefix("is-it-").partition("-")
            wish_id, other_id = _id_in(wish), _id_in(other)
            if said and wish_id and other_id:
                found[wish_id, other_id] = IsIt(said)
    return found


def _id_in(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _home(house_id: uuid.UUID) -> str:
    return url_for("guests.yes_first", slug=db.session.get_one(House, house_id).slug)


People = Mapping[uuid.UUID, Guest]


def _people(asks: Iterable[YesAsk], known: Iterable[ApartWish]) -> People:
    """The guests whom the page names, read at once."""
    ids = {ask.guest_id for ask in asks} | {found for wish in known for found in (wish.guest_id, wish.other_guest_id)}
    return {guest.id: guest for guest in db.session.scalars(sa.select(Guest).where(Guest.id.in_(ids - {None})))}


def _open(
    ask: YesAsk, standing: Iterable[InTheWay], names: dict[str, str], people: People, house: House, now: datetime
) -> dict[str, Any]:
    return _told(ask, names, people, house, now) | {
        "version": ask.version,
        "apart": [_between(ask, each) for each in standing],
    }


def _answered(ask: YesAsk, names: dict[str, str], people: People, house: House, now: datetime) -> dict[str, Any]:
    return _told(ask, names, people, house, now) | {
        "yes": ask.answer == Answer.YES,
        "note": ask.note,
        "by": names.get(ask.answered_by or "", ""),
        "when": moment(ask.answered_at, house, now) if ask.answered_at else "",
    }


def _told(ask: YesAsk, names: dict[str, str], people: People, house: House, now: datetime) -> dict[str, Any]:
    first, until = day_and_month(ask.first), day_and_month(ask.until)
    guest = people.get(ask.guest_id) if ask.guest_id is not None else None
    who = names.get(ask.asked_by) or _("the clock")
    return {
        "id": ask.id,
        "name": guest.name if guest is not None else ask.name or _("Somebody without a name"),
        "what": str(WHAT[What(ask.what)]) % {"first": first, "until": until},
        "asked": _("Asked by %(who)s, %(when)s.", who=who, when=moment(ask.asked_at, house, now)),
    }


def _between(ask: YesAsk, each: InTheWay) -> dict[str, Any]:
    wish = each.wish
    said_it = db.session.get_one(Guest, wish.guest_id)
    meant, (first, until) = each.meant, each.days
    return {
        "id": wish.id,
        "pair": f"{wish.id.hex}-{each.other.id.hex}",
        "days": _("Here %(first)s to %(until)s.", first=day_and_month(first), until=day_and_month(until))
        if meant is not None
        else None,
        "phone": phone_shown(meant.heard_phone) if meant is not None and meant.heard_phone else None,
        "said_it": said_it.name,
        "other": each.other.name,
        "named": wish.other_name,
        "until": day_and_month(wish.until, year=True),
        "asks_who": wish.other_guest_id is None and (ask.guest_id is not None or meant is not None),
    }


def _known(wish: ApartWish, people: People) -> dict[str, Any]:
    meant = people.get(wish.other_guest_id) if wish.other_guest_id is not None else None
    return {
        "id": wish.id,
        "said_it": people[wish.guest_id].name,
        "named": wish.other_name,
        "meant": meant.name if meant is not None else None,
        "phone": phone_shown(meant.heard_phone) if meant is not None and meant.heard_phone else None,
    }
