"""One hard moment: its story, and what is done with the whole of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.audit.service import note_look, note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import clock_words, day_and_month
from respite.guests.views.answering import desk, happened_at, tapped, version, wall_now
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of
from respite.moments.models import HardMoment
from respite.moments.policy import LONGEST_FACT, title_shown
from respite.moments.queries import Entry, rules_of, story_of
from respite.moments.service import telling
from respite.moments.views.routes import blueprint
from respite.moments.views.shown import began_words, lines_of, title_of, written_later
from respite.wording.beside import hints_for_page


@blueprint.get("/moments/<uuid:moment_id>")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def one(moment: HardMoment) -> ResponseReturnValue:
    return draw(moment.id)


def draw(moment_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    """The page, with its form for one more fact. Whoever has an account there sees who looked at it."""
    now, session = house_now(), db.session()
    told = _told(moment_id)
    for guest_id in _guests_in(told["story"]):
        note_look_hourly(told["house"].id, acting(), guest_id, "moment", now)
    lines = lines_of(session, told["story"], told["house"], now)
    return drawn(
        "moments/one.html",
        **told | {"lines": lines},
        prints=acting().may(May.SET_RULES, told["house"].id),
        latest=wall_now(told["house"], now),
        longest=LONGEST_FACT,
        hints=hints_for_page(session, told["house"].id),
        form=shown({"words": "", "at": None}, refusal),
    )


@blueprint.get("/moments/<uuid:moment_id>/paper")
@for_row(HardMoment, "moment", May.SET_RULES)
def paper(moment: HardMoment) -> ResponseReturnValue:
    """As it stands, for an authority that asks for it; who printed it is kept, and told to whoever has an account."""
    now, session = house_now(), db.session()
    told = _told(moment.id)
    house = told["house"]
    for subject in (moment.id, *_guests_in(told["story"])):
        note_look(house.id, acting(), subject, "moment-paper", now)
    lines = lines_of(session, told["story"], house, now)
    return drawn(
        "moments/paper.html",
        **told | {"lines": lines},
        printed_at=day_and_month(local(now, house.timezone).date(), year=True),
    )


def _told(moment_id: uuid.UUID) -> dict[str, Any]:
    session, now = db.session(), house_now()
    moment = session.get_one(HardMoment, moment_id)
    house = session.get_one(House, moment.house_id)
    names = names_of(session, {moment.made_by, moment.put_away_by})
    return {
        "house": house,
        "moment": moment,
        "title": title_of(moment),
        "began": began_words(moment, house, now),
        "clock": clock_words(moment.began_at, house.timezone),
        "day": day_and_month(local(moment.began_at, house.timezone).date(), year=True),
        "written": written_later(moment.began_at, moment.told_at, house, now),
        "told_by": names.get(moment.made_by, ""),
        "put_away": _put_away(moment, house, names) if moment.put_away_at is not None else None,
        "story": story_of(session, moment_id),
    }


def _put_away(moment: HardMoment, house: House, names: dict[str, str]) -> str:
    assert moment.put_away_at is not None
    day = day_and_month(local(moment.put_away_at, house.timezone).date(), year=True)
    return _("Put away on %(day)s by %(who)s.", day=day, who=names.get(moment.put_away_by or "", ""))


def _guests_in(story: list[Entry]) -> list[uuid.UUID]:
    return [entry.guest.id for entry in story if entry.guest is not None]


@blueprint.route("/moments/<uuid:moment_id>/change", methods=["GET", "POST"])
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def change(moment: HardMoment) -> ResponseReturnValue:
    moment_id = moment.id
    if request.method == "POST":
        return or_redraw(lambda: _change(moment_id), lambda refusal: _draw_change(moment_id, refusal))
    return _draw_change(moment_id)


def _change(moment_id: uuid.UUID) -> ResponseReturnValue:
    moment, now, form = db.session.get_one(HardMoment, moment_id), house_now(), Form(request.form)
    house = db.session.get_one(House, moment.house_id)
    title = form.choice("title", _titles(moment), needed=False)
    at, seen = happened_at(form, "at", house, now), form.version()
    # The field knows minutes: one that was not touched moves nothing.
    began = moment.began_at if at is None or wall_now(house, at) == wall_now(house, moment.began_at) else at
    form.done()

    def act() -> Answer:
        telling.change_moment(acting(), moment_id, title=title, at=began, version_seen=seen, now=now)
        return done(url_for("moments.one", moment_id=moment_id), _("Changed."))

    return act_form(acting(), act)


def _draw_change(moment_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    moment = db.session.get_one(HardMoment, moment_id)
    house = db.session.get_one(House, moment.house_id)
    return drawn(
        "moments/change.html",
        house=house,
        moment=moment,
        titles=[(title, title_shown(title)) for title in _titles(moment)],
        latest=wall_now(house, house_now()),
        form=shown({"title": moment.title, "at": wall_now(house, moment.began_at)}, refusal),
    )


def _titles(moment: HardMoment) -> list[str]:
    """The house's list, and the one that stands there, though it may be off the list by now."""
    listed = list(rules_of(db.session(), moment.house_id).titles)
    return [*listed, moment.title] if moment.title and moment.title not in listed else listed


@blueprint.post("/moments/<uuid:moment_id>/taken-back")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def take_back(moment: HardMoment) -> ResponseReturnValue:
    moment_id, home = moment.id, desk(db.session.get_one(House, moment.house_id))

    def act() -> Answer:
        telling.take_back(acting(), moment_id, now=house_now())
        return done(home, _("Taken back."))

    return tapped(act, url_for("moments.one", moment_id=moment_id))


@blueprint.post("/moments/<uuid:moment_id>/put-away")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def put_away(moment: HardMoment) -> ResponseReturnValue:
    moment_id, page = moment.id, url_for("moments.one", moment_id=moment.id)
    seen = version()

    def act() -> Answer:
        telling.put_away(acting(), moment_id, version_seen=seen, now=house_now())
        return done(page, _("Put away."), url_for("moments.open_again", moment_id=moment_id))

    return tapped(act, page)


@blueprint.post("/moments/<uuid:moment_id>/open-again")
@for_row(HardMoment, "moment", May.KEEP_BEDS)
def open_again(moment: HardMoment) -> ResponseReturnValue:
    moment_id, page = moment.id, url_for("moments.one", moment_id=moment.id)

    def act() -> Answer:
        telling.open_again(acting(), moment_id, now=house_now())
        return done(page, _("It is open again."), url_for("moments.put_away", moment_id=moment_id))

    return tapped(act, page)
