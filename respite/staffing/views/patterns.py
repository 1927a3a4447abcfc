"""The patterns of a house: what each asks, a week of them, changing one from a day on, and what no longer fits."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import Shift, ShiftPattern
from respite.staffing.policy.patterns import LONGEST_NAME, MOST_SEATS, Asked, Need, Starter, in_force, starters
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.duty import duty_on
from respite.staffing.queries.patterns import ended_patterns, misfits, patterns_of
from respite.staffing.queries.tags import tags_to_need
from respite.staffing.service import patterns as service
from respite.staffing.views import blueprint
from respite.staffing.views.gap_words import GapWords
from respite.staffing.views.pattern_words import pattern_lines, uncovered, week_rows

NEEDS = 3  # lines for what so many must hold


@blueprint.route("/houses/<slug>/patterns", methods=["GET", "POST"])
@for_house(May.KEEP_SHIFTS)
def patterns(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _make(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    today = local(now, house.timezone).date()
    found = patterns_of(session, house.id, today)
    now_on = [each for each in found if in_force(each, today)]
    names = dict(tags_to_need(session, house.id))
    duty, words = duty_on(session, house, today), GapWords(house.timezone, now, {})
    return drawn(
        "staffing/patterns.html",
        house=house,
        now_on=pattern_lines(now_on, names, today),
        later=pattern_lines([each for each in found if not in_force(each, today)], names, today),
        ended=pattern_lines(ended_patterns(session, house.id, today), names, today),
        week=week_rows(now_on or found),
        uncovered=uncovered(now_on or found, duty.floor_least, all_hours=house.has_beds),
        misfits=[(each, words.when(each.starts_at, each.ends_at)) for each in misfits(session, house.id, now)],
        **_fields(house, shown(_fresh(today), refusal), names, today),
    )


def _fields(house: House, form: Any, names: dict[str, str], today: date) -> dict[str, Any]:
    weekdays = get_day_names("wide", locale=get_locale() or "en")
    return {
        "form": form,
        "weekdays": [(str(n), weekdays[n]) for n in range(7)],
        "tags": list(names.items()),
        "needs": range(NEEDS),
        "longest_name": LONGEST_NAME,
        "most_seats": MOST_SEATS,
        "today": today.isoformat(),
        "starters": _starters(house),
    }


def _starters(house: House) -> list[tuple[str, str, str]]:
    afternoons: tuple[str, str, str] = (
        Starter.AFTERNOONS,
        _("Living room afternoons"),
        _("every day, 1 pm to 9 pm, for two"),
    )
    if not house.has_beds:
        return [afternoons]
    days: list[tuple[str, str, str]] = [
        (Starter.THREE, _("Three of 8 hours"), _("day, evening and night, each for two")),
        (Starter.TWO, _("Two of 12 hours"), _("day and night, each for two")),
    ]
    return [*days, afternoons] if house.has_chairs else days


def _fresh(today: date) -> dict[str, Any]:
    return {
        "name": "",
        "kind": ShiftKind.FLOOR,
        "weekdays": [str(n) for n in range(7)],
        "begins": "07:00",
        "ends": "15:00",
        "seats": 2,
        "awake": False,
        "everyone": [],
        "first_day": today.isoformat(),
    }


def _read(form: Form) -> Asked:
    house_tags = [tag for tag in form.sent.getlist("everyone") if tag]
    needs = []
    for n in range(NEEDS):
        tag = form.text(f"need_{n}", most=80, needed=False)
        least = form.whole_number(f"least_{n}", least=1, most=MOST_SEATS, needed=False)
        if tag:
            needs.append(Need(tag, least or 1))
    return Asked(
        name=form.text("name", most=LONGEST_NAME),
        kind=form.choice("kind", ShiftKind),
        weekdays=tuple(int(day) for day in form.choices("weekdays", [str(n) for n in range(7)])),
        begins=form.clock_time("begins"),
        ends=form.clock_time("ends"),
        seats=form.whole_number("seats", least=1, most=MOST_SEATS),
        awake=form.flag("awake"),
        needs=tuple(needs),
        everyone=tuple(house_tags),
    )


def _make(house: House) -> ResponseReturnValue:
    form, house_id, slug = Form(request.form), house.id, house.slug
    asked, first_day = _read(form), form.day("first_day")
    form.done()

    def act() -> Answer:
        (made,) = service.make_patterns(acting(), house_id, [asked], first_day=first_day, now=house_now())
        return done(_page(slug), _("“%(name)s” comes round now.", name=made.name), *_undo([made]))

    return act_form(acting(), act)


@blueprint.post("/houses/<slug>/patterns/starter")
@for_house(May.KEEP_SHIFTS)
def start_patterns(house: House) -> ResponseReturnValue:
    """Begin from patterns that many houses have; each can be changed after."""
    form, house_id, slug = Form(request.form), house.id, house.slug
    kind = Starter(form.choice("starter", Starter) or Starter.THREE)
    first_day = local(house_now(), house.timezone).date()
    form.done()
    names = {
        Starter.THREE: (_("Day"), _("Evening"), _("Night")),
        Starter.TWO: (_("Day"), _("Night")),
        Starter.AFTERNOONS: (_("Living room"),),
    }[kind]

    def act() -> Answer:
        made = service.make_patterns(acting(), house_id, starters(kind, names), first_day=first_day, now=house_now())
        said = ngettext("One pattern comes round now.", "%(num)s patterns come round now.", len(made))
        return done(_page(slug), said, *_undo(made))

    return act_form(acting(), act)


def _undo(made: list[ShiftPattern]) -> tuple[str | None, ...]:
    """What was just made is taken away whole; several are ended one by one on the page."""
    return (url_for("staffing.drop_pattern", pattern_id=made[0].id),) if len(made) == 1 else ()


@blueprint.route("/patterns/<uuid:pattern_id>", methods=["GET", "POST"])
@for_row(ShiftPattern, "pattern", May.KEEP_SHIFTS)
def pattern(pattern: ShiftPattern) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(pattern), lambda refusal: _draw_one(pattern, refusal))
    return _draw_one(pattern)


def _draw_one(pattern: ShiftPattern, refusal: Refusal | None = None) -> str:
    session = db.session()
    house = session.get_one(House, pattern.house_id)
    today = local(house_now(), house.timezone).date()
    names = dict(tags_to_need(session, house.id))
    first = max(today, pattern.first_day)
    stands: dict[str, Any] = _fresh(first) | {
        "name": pattern.name,
        "kind": pattern.kind,
        "weekdays": [str(day) for day in pattern.weekdays],
        "begins": f"{pattern.begins:%H:%M}",
        "ends": f"{pattern.ends:%H:%M}",
        "seats": pattern.seats,
        "awake": pattern.awake,
        "everyone": list(pattern.everyone),
    }
    for n, need in enumerate(pattern.needs[:NEEDS]):
        stands |= {f"need_{n}": need["tag"], f"least_{n}": need["least"]}
    return drawn(
        "staffing/pattern.html",
        house=house,
        pattern=pattern,
        line=pattern_lines([pattern], names, today)[0],
        over=pattern.until is not None and pattern.until <= today,
        **_fields(house, shown(stands, refusal), names, first),
    )


def _change(pattern: ShiftPattern) -> ResponseReturnValue:
    form, pattern_id, slug = Form(request.form), pattern.id, _slug(pattern)
    asked, from_day, seen = _read(form), form.day("first_day"), form.version()
    form.done()

    def act() -> Answer:
        _new, kept = service.change_pattern(
            acting(), pattern_id, asked, from_day=from_day, version_seen=seen, now=house_now()
        )
        return done(_page(slug), " ".join([_("The pattern is changed."), *_kept(kept)]))

    return act_form(acting(), act)


@blueprint.post("/patterns/<uuid:pattern_id>/end")
@for_row(ShiftPattern, "pattern", May.KEEP_SHIFTS)
def end_pattern(pattern: ShiftPattern) -> ResponseReturnValue:
    form, pattern_id, slug = Form(request.form), pattern.id, _slug(pattern)
    until, seen = form.day("until"), form.version()
    form.done()
    return act_form(acting(), lambda: _ended(pattern_id, slug, until, seen))


@blueprint.post("/patterns/<uuid:pattern_id>/drop")
@for_row(ShiftPattern, "pattern", May.KEEP_SHIFTS)
def drop_pattern(pattern: ShiftPattern) -> ResponseReturnValue:
    """Undo of making it: it never came round."""
    pattern_id, slug, first = pattern.id, _slug(pattern), pattern.first_day
    return act_form(acting(), lambda: _ended(pattern_id, slug, first, None))


def _ended(pattern_id: uuid.UUID, slug: str, until: date, seen: int | None) -> Answer:
    ended, kept = service.end_pattern(acting(), pattern_id, until=until, version_seen=seen, now=house_now())
    said = _("“%(name)s” ends on %(day)s.", name=ended.name, day=day_and_month(until))
    undo = url_for("staffing.resume_pattern", pattern_id=pattern_id)
    return done(_page(slug), " ".join([said, *_kept(kept)]), undo, version=ended.version)


@blueprint.post("/patterns/<uuid:pattern_id>/resume")
@for_row(ShiftPattern, "pattern", May.KEEP_SHIFTS)
def resume_pattern(pattern: ShiftPattern) -> ResponseReturnValue:
    """Undo of an end."""
    form, pattern_id, slug = Form(request.form), pattern.id, _slug(pattern)
    seen = form.version()
    form.done()

    def act() -> Answer:
        again = service.resume_pattern(acting(), pattern_id, version_seen=seen, now=house_now())
        return done(_page(slug), _("“%(name)s” comes round again.", name=again.name))

    return act_form(acting(), act)


@blueprint.post("/shifts/<uuid:shift_id>/keep")
@for_row(Shift, "shift", May.KEEP_SHIFTS)
def keep_shift(shift: Shift) -> ResponseReturnValue:
    """A shift that its pattern asks for no more stays."""
    form, shift_id = Form(request.form), shift.id
    slug, seen = db.session.get_one(House, shift.house_id).slug, form.version()
    form.done()

    def act() -> Answer:
        service.keep_anyway(acting(), shift_id, version_seen=seen, now=house_now())
        return done(_page(slug), _("The shift stays as it is."))

    return act_form(acting(), act)


def _kept(kept: int) -> list[str]:
    if not kept:
        return []
    return [ngettext("One shift no longer fits.", "%(num)s shifts no longer fit.", kept)]


def _page(slug: str) -> str:
    return url_for("staffing.patterns", slug=slug)


def _slug(pattern: ShiftPattern) -> str:
    return db.session.get_one(House, pattern.house_id).slug
