"""A guest's card: everything written about a stay, and the way to every act on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import acting
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Shown
from respite.core.phones import shown as phone_shown
from respite.core.times import clock_words, day_and_month, day_words
from respite.guests.access import for_stay, stay_for
from respite.guests.models import Guest, Stay, WallChoice
from respite.guests.policy.calculator import for_guest
from respite.guests.policy.stay_states import EndKind, StayState, hold_stands
from respite.guests.queries import DoorNights, doors_of, name_of, notes_of
from respite.guests.said_queries import Said, said_so_far
from respite.guests.service.ground import Ground, nights_used
from respite.guests.service.staying import PICTURES
from respite.guests.views.answering import desk
from respite.guests.views.answering import stay_page as stay_page_url
from respite.guests.views.earlier import earlier_told
from respite.guests.views.fields import kinds_taken
from respite.guests.views.longer import more_nights, more_words
from respite.guests.views.promises import promised_to
from respite.guests.views.routes import blueprint
from respite.guests.views.text_words import text_forms, texts_facts
from respite.guests.views.wording import (
    companion_words,
    for_a_guest,
    how_it_ended,
    moment,
    nights_words,
    over_words,
    until,
    who_called,
)
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import rules_now, tonight

#: What a picture is called by a reader that cannot show it.
PICTURE_WORDS = dict(
    zip(
        PICTURES,
        (
            _l("sunflower"), _l("pine tree"), _l("mushroom"), _l("turtle"), _l("owl"), _l("bee"),
            _l("moon"), _l("mountain"), _l("apple"), _l("guitar"), _l("cup"), _l("kite"),
        ),
        strict=True,
    )
)  # fmt: skip
WALL_WORDS = {
    WallChoice.NOTHING: _l("Nothing"),
    WallChoice.PICTURE: _l("A picture"),
    WallChoice.INITIAL: _l("An initial"),
    WallChoice.NAME: _l("Their name"),
}

#: Called with (stay, house, now) by the card; upper features put sections on it: a template and what it is drawn with.
sections: list[Callable[[Stay, House, datetime], tuple[str, dict[str, Any]] | None]] = []


@blueprint.get("/stays/<uuid:stay_id>")
@for_stay(May.SEE_GUESTS)
def stay_page(stay: Stay, house: House) -> ResponseReturnValue:
    if stay.state in (StayState.OFFERED, StayState.NOT_TAKEN):  # nobody's stay: what there is stands on the list
        return redirect(url_for("guests.waiting_page", slug=house.slug))
    stay_id, now = stay.id, house_now()
    note_look_hourly(house.id, acting(), stay.guest_id or stay_id, "stay", now)
    return draw_stay(stay_id, None, Shown(), None, stay)


def draw_stay(
    stay_id: uuid.UUID, form_name: str | None, shown: Shown, sentence: str | None, stay: Stay | None = None
) -> str:
    """The card; where one of its forms was refused, that form holds what was typed and says why."""
    now = house_now()
    if stay is None:
        stay, house = stay_for(acting(), stay_id, May.SEE_GUESTS)
    else:
        house = db.session.get_one(House, stay.house_id)
    rules = rules_now(db.session(), house.id)
    here = Ground(house, rules, tonight(house, rules, now), now)
    doors = doors_of(db.session(), house.id, here.tonight, now)
    said = said_so_far(db.session(), stay.guest_id) if stay.guest_id else Said()
    acts = acting().may(May.KEEP_BEDS, house.id)
    texts = texts_facts(stay.guest, house, now) if acts and stay.guest is not None else None
    forms = {name: Shown(stands) for name, stands in _forms(stay).items()}
    forms |= text_forms(texts) if texts else {}
    if form_name is not None:
        forms[form_name] = shown
    return render_template(
        "guests/stay.html",
        house=house,
        rules=rules,
        stay=stay,
        guest=stay.guest,
        forms=forms,
        refused=form_name,
        sentence=sentence,
        acts=acts,
        texts=texts,
        sections=[drawn for each in sections if (drawn := each(stay, house, now)) is not None],
        promised=promised_to(stay, house, rules, now) if acts else [],
        may_erase=acting().may(May.DECIDE_STAYS, house.id),
        kinds=kinds_taken(rules),
        conversation=_until(said.kept_until, here) if acts else None,
        earlier=earlier_told(said.earlier, house, now) if acts else [],
        wall_choices=_wall_choices(rules.wall_most),
        wall_word=WALL_WORDS[WallChoice(stay.guest.wall_choice)] if stay.guest else None,
        pictures_by=PICTURE_WORDS,
        notes=[
            (note.id, note.words, moment(note.at, house, now), note.passed_on_at is not None)
            for note in (notes_of(db.session(), stay.id) if stay.guest_id else [])
        ],
        lines=[(line.id, line.words) for line in said.lines],
        asks=said.asks,
        home=desk(house),
        back=stay_page_url(stay.id),
        **_facts(stay, here, doors),
    )


def _until(kept_until: date | None, here: Ground) -> str | None:
    """What has run out is over when it is read."""
    if kept_until is None or kept_until <= local(here.at, here.house.timezone).date():
        return None
    return day_and_month(kept_until, year=True)


def _forms(stay: Stay) -> dict[str, dict[str, Any]]:
    """What stands in each of the card's forms."""
    guest = stay.guest
    return {
        "settle": {
            "agreed": stay.agreement_at is not None,
            "lockbox": stay.lockbox,
            "key_out": stay.lockbox_key_out,
        },
        "wall": {"choice": guest.wall_choice, "picture": guest.picture} if guest else {},
        "wish": {"wish": stay.check_in_wish},
        "company": {f"with-{companion.kind}": companion.number for companion in stay.companions},
        "out": {},
        "line": {},
        "account": {"words": stay.own_account},
        "name": _name_stands(guest),
    }


def _name_stands(guest: Guest | None) -> dict[str, Any]:
    if guest is None:
        return {}
    return {"name": guest.name, "pronouns": guest.pronouns, "phone": phone_shown(guest.phone) if guest.phone else None}


def _wall_choices(most: str) -> list[tuple[str, Any]]:
    allowed = list(WALL_WORDS)[: list(WALL_WORDS).index(WallChoice(most)) + 1]
    return [(str(choice), WALL_WORDS[choice]) for choice in allowed]


def _facts(stay: Stay, here: Ground, doors: list[DoorNights]) -> dict[str, Any]:
    """What the card says, by the stay's state."""
    zone, now = here.house.timezone, here.at
    saved = stay.state == StayState.HELD and hold_stands(stay.saved_until, now)
    state = stay.state if stay.state != StayState.HELD or saved else StayState.RAN_OUT
    return {
        "state": str(state),
        "door": next((door.name for door in doors if door.id == stay.bed_id), None),
        "here_now": state == StayState.HERE,
        "saved": saved,
        "left": state == StayState.LEFT,
        "over": over_words(state),
        "saved_until": until(stay.saved_until, here.house, now) if stay.saved_until else None,
        "first_day": day_words(stay.first_night, here.tonight),
        "first_is_tonight": stay.first_night <= here.tonight,
        "until": day_words(stay.until, here.tonight),
        "nights": nights_words((stay.until - stay.first_night).days),
        "arrived": moment(stay.arrived_at, here.house, now) if stay.arrived_at else None,
        "company": companion_words((c.kind, c.number) for c in stay.companions),
        "back_about": clock_words(stay.back_about, zone) if stay.back_about else None,
        "nights_words": _nights_words(stay, here, doors, state),
        **(_ending(stay, here) if state == StayState.LEFT else {}),
    }


def _nights_words(stay: Stay, here: Ground, doors: list[DoorNights], state: str) -> list[str]:
    if state == StayState.HERE:
        return more_words(more_nights(stay, here, doors, here.rules.extension_nights), here.tonight)
    # Where the house said when somebody may return, that day stands, and nothing beside it.
    if state != StayState.LEFT or stay.guest_id is None or stay.ended_how == EndKind.ASKED_TO_LEAVE:
        return []
    used = nights_used(db.session(), stay.guest_id, now=here.at)
    taken = {door.id: door.taken() for door in doors}
    return [for_a_guest(for_guest(here.tonight, used, here.nights_rule, taken), here.tonight)]


def _ending(stay: Stay, here: Ground) -> dict[str, Any]:
    return {
        "ended": how_it_ended(stay.ended_how),
        "left_at": _when(stay.left_at, here),
        "decided_by": name_of(db.session(), stay.decided_by) if stay.decided_by else None,
        "may_return": _day(stay.may_return_on),
        "called": who_called(stay.who_called),
        "taken": stay.ended_how in (EndKind.TAKEN_BY_AMBULANCE, EndKind.TAKEN_BY_POLICE),
    }


def _when(at: datetime | None, here: Ground) -> str | None:
    if at is None:
        return None
    day = local(at, here.house.timezone).date()
    return f"{day_words(day, here.tonight)}, {clock_words(at, here.house.timezone)}"


def _day(day: date | None) -> str | None:
    return None if day is None else day_and_month(day)
