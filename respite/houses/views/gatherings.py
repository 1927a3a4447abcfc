"""Meals and activities of a house: what is coming, adding one, changing it, taking it off."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import clock_words, day_words
from respite.houses.access import for_house, for_row
from respite.houses.models import Gathering, House
from respite.houses.policy.house_time import day_begins, local
from respite.houses.queries import gatherings_between
from respite.houses.service import gatherings as service
from respite.houses.service.gatherings import COMING, LONGEST_DETAIL, LONGEST_TITLE, MOST_DAYS, GatheringKind
from respite.houses.views import blueprint


@blueprint.route("/houses/<slug>/settings/gatherings", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def gatherings(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _set(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    now = house_now()
    today = local(now, house.timezone).date()
    stands = {
        "kind": GatheringKind.MEAL,
        "title": "",
        "detail": "",
        "day": today.isoformat(),
        "begins": "18:00",
        "ends": "19:00",
        "days": 1,
    }
    coming = gatherings_between(db.session(), house.id, day_begins(today, house.timezone), now + COMING)
    return drawn(
        "houses/gatherings.html",
        house=house,
        days=_by_day(house, coming, today),
        form=shown(stands, refusal),
        today=today.isoformat(),
        most_days=MOST_DAYS,
        longest_title=LONGEST_TITLE,
        longest_detail=LONGEST_DETAIL,
    )


def _by_day(house: House, coming: list[Gathering], today: date) -> list[tuple[str, list[tuple[Gathering, str]]]]:
    days: dict[date, list[tuple[Gathering, str]]] = {}
    for each in coming:
        day = max(local(each.starts_at, house.timezone).date(), today)
        hours = _("%(begin)s to %(end)s", begin=_clock(each.starts_at, house), end=_clock(each.ends_at, house))
        days.setdefault(day, []).append((each, hours))
    return [(_("Today") if day == today else day_words(day, today), found) for day, found in days.items()]


def _clock(instant: Any, house: House) -> str:
    return clock_words(instant, house.timezone)


def _read(form: Form) -> dict[str, Any]:
    return {
        "kind": form.choice("kind", GatheringKind),
        "title": form.text("title", most=LONGEST_TITLE),
        "detail": form.text("detail", most=LONGEST_DETAIL, needed=False),
        "day": form.day("day"),
        "begins": form.clock_time("begins"),
        "ends": form.clock_time("ends"),
    }


def _set(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    wanted, days = _read(form), form.whole_number("days", least=1, most=MOST_DAYS, needed=False) or 1
    form.done()

    def act() -> Answer:
        made = service.set_gathering(acting(), house_id, **wanted, days=days, now=house_now())
        said = ngettext("%(title)s is set.", "%(title)s is set for %(num)s days.", len(made), title=made[0].title)
        undo = url_for("houses.gathering_off", gathering_id=made[0].id) if len(made) == 1 else None
        return done(url_for("houses.gatherings", slug=slug), said, undo)

    return act_form(acting(), act)


@blueprint.route("/gatherings/<uuid:gathering_id>", methods=["GET", "POST"])
@for_row(Gathering, "gathering", May.KEEP_BEDS)
def gathering(gathering: Gathering) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(gathering), lambda refusal: _draw_one(gathering, refusal))
    return _draw_one(gathering)


def _draw_one(gathering: Gathering, refusal: Refusal | None = None) -> str:
    house = db.session.get_one(House, gathering.house_id)
    begins, ends = local(gathering.starts_at, house.timezone), local(gathering.ends_at, house.timezone)
    stands = {
        "kind": gathering.kind,
        "title": gathering.title,
        "detail": gathering.detail,
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }
    return drawn(
        "houses/gathering.html",
        house=house,
        gathering=gathering,
        form=shown(stands, refusal),
        longest_title=LONGEST_TITLE,
        longest_detail=LONGEST_DETAIL,
    )


def _change(gathering: Gathering) -> ResponseReturnValue:
    form, gathering_id, slug = Form(request.form), gathering.id, _slug(gathering)
    wanted, seen = _read(form), form.version()
    form.done()

    def act() -> Answer:
        changed = service.change_gathering(acting(), gathering_id, **wanted, version_seen=seen, now=house_now())
        return done(url_for("houses.gatherings", slug=slug), _("%(title)s is changed.", title=changed.title))

    return act_form(acting(), act)


@blueprint.post("/gatherings/<uuid:gathering_id>/off")
@for_row(Gathering, "gathering", May.KEEP_BEDS)
def gathering_off(gathering: Gathering) -> ResponseReturnValue:
    gathering_id, slug = gathering.id, _slug(gathering)
    house = db.session.get_one(House, gathering.house_id)
    begins, ends = local(gathering.starts_at, house.timezone), local(gathering.ends_at, house.timezone)
    again = {"kind": gathering.kind, "title": gathering.title, "detail": gathering.detail, "day": begins.date()}
    again |= {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}

    def act() -> Answer:
        service.take_off(acting(), gathering_id, now=house_now())
        page = url_for("houses.gatherings", slug=slug)
        return done(page, _("%(title)s is taken off.", title=again["title"]), page, **again)

    return act_form(acting(), act)


def _slug(gathering: Gathering) -> str:
    return db.session.get_one(House, gathering.house_id).slug
