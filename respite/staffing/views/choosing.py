"""Choosing weeks as pages: each person's own, and what who keeps the shifts does with one."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY
from respite.houses.queries import houses_of
from respite.staffing.errors import DoesNotFit
from respite.staffing.models import Roster
from respite.staffing.queries.choosing import answer_of, goes_on
from respite.staffing.queries.places import place_of
from respite.staffing.roster.reasons import Reason
from respite.staffing.service import choosing as service
from respite.staffing.service import choosing_weeks as weeks
from respite.staffing.views import blueprint
from respite.staffing.views.choosing_shown import (
    choose_until_in,
    days_to_choose,
    own_weeks_to_choose,
    span_of,
    until_words,
    week_with,
    weeks_of,
)
from respite.staffing.views.reason_words import reason_words
from respite.staffing.views.rosters import draw
from respite.staffing.views.shown import hours_words, whole_day
from respite.staffing.views.week import span_words

MOST_WEEKS = 60  # far more than a draft has


# -- each person's own ---------------------------------------------------------------------------------------------


@blueprint.get("/me/choosing")
@signed_in
def own_choosing() -> ResponseReturnValue:
    """To the one week, or which one; where a text leads."""
    actor, now = acting(), house_now()
    houses = [house for house in houses_of(actor) if actor.may(May.SEE_SHIFTS, house.id)]
    found = own_weeks_to_choose(db.session(), houses, actor.id, now)
    if len(found) == 1:
        page = url_for("staffing.choosing", choosing_id=found[0].id)
        end_read()
        return redirect(page)
    return drawn("staffing/choosing_which.html", weeks=found)


@blueprint.get("/me/choosing/<uuid:choosing_id>")
@for_row(Roster, "choosing", May.SEE_SHIFTS)
def choosing(choosing: Roster) -> ResponseReturnValue:
    return _draw(choosing)


def _draw(roster: Roster, refusal: Refusal | None = None, week: int | None = None) -> str:
    session, now, me = db.session(), house_now(), acting().id
    house, answer = session.get_one(House, roster.house_id), answer_of(session, roster.id, me)
    on = goes_on(roster, now)
    if not on and (roster.choose_until is None or answer is None):
        raise NotFound  # a draft is nobody else's business
    spans = weeks_of(roster)
    number = min(_week() if week is None else week, len(spans) - 1)
    return drawn(
        "staffing/choosing.html",
        house=house,
        roster_id=roster.id,
        goes_on=on,
        span=span_of(roster),
        until=until_words(roster, house),
        done=answer is not None and answer.answered_at is not None,
        week=number,
        weeks=[span_words(first, until - ONE_DAY) for first, until in spans],
        days=days_to_choose(session, house, roster, me, *spans[number], now) if on else [],
        form=shown({}, refusal),
    )


def _week() -> int:
    """The week of the page, from 0; the address counts from 1."""
    form = Form(request.args)
    number = form.whole_number("week", least=1, most=MOST_WEEKS, needed=False)
    form.done()
    return (number or 1) - 1


@blueprint.post("/me/choosing/<uuid:choosing_id>/take", endpoint="choose_shift")
@for_row(Roster, "choosing", May.SEE_SHIFTS)
def take(choosing: Roster) -> ResponseReturnValue:
    roster_id, shift_id, week, words = _asked(choosing)
    house_id, page = choosing.house_id, url_for("staffing.choosing", choosing_id=roster_id, week=week + 1)

    def act() -> Answer:
        reasons = service.take(acting(), roster_id, shift_id, now=house_now())
        if reasons:
            raise DoesNotFit(_why_not(house_id, shift_id, reasons))
        undo = url_for("staffing.give_choice_back", choosing_id=roster_id)
        return done(page, _("%(shift)s: chosen.", shift=words), undo, shift=shift_id)

    return or_redraw(lambda: act_form(acting(), act), _again(roster_id, week))


@blueprint.post("/me/choosing/<uuid:choosing_id>/back", endpoint="give_choice_back")
@for_row(Roster, "choosing", May.SEE_SHIFTS)
def give_back(choosing: Roster) -> ResponseReturnValue:
    roster_id, shift_id, week, words = _asked(choosing)
    page = url_for("staffing.choosing", choosing_id=roster_id, week=week + 1)

    def act() -> Answer:
        service.give_back(acting(), roster_id, shift_id, now=house_now())
        undo = url_for("staffing.choose_shift", choosing_id=roster_id)
        return done(page, _("%(shift)s: given back.", shift=words), undo, shift=shift_id)

    return or_redraw(lambda: act_form(acting(), act), _again(roster_id, week))


@blueprint.post("/me/choosing/<uuid:choosing_id>/done", endpoint="done_choosing")
@for_row(Roster, "choosing", May.SEE_SHIFTS)
def say_done(choosing: Roster) -> ResponseReturnValue:
    said = _("Thank you. What you chose stays, and the rest is filled in.")
    return _say(choosing, service.done, said, "staffing.not_done_choosing")


@blueprint.post("/me/choosing/<uuid:choosing_id>/not-done", endpoint="not_done_choosing")
@for_row(Roster, "choosing", May.SEE_SHIFTS)
def say_not_done(choosing: Roster) -> ResponseReturnValue:
    return _say(choosing, service.not_done, _("You are choosing again."), "staffing.done_choosing")


def _say(roster: Roster, say: Callable[..., None], said: str, undo: str) -> ResponseReturnValue:
    roster_id = roster.id
    page = url_for("staffing.choosing", choosing_id=roster_id)

    def act() -> Answer:
        say(acting(), roster_id, now=house_now())
        return done(page, said, url_for(undo, choosing_id=roster_id))

    return or_redraw(lambda: act_form(acting(), act), _again(roster_id, 0))


def _asked(roster: Roster) -> tuple[uuid.UUID, uuid.UUID, int, str]:
    """The shift that was sent, the week that it lies in, and its words."""
    form = Form(request.form)
    shift_id = form.uuid("shift")
    form.done()
    house = db.session.get_one(House, roster.house_id)
    place = place_of(db.session(), house, shift_id, drafts=True)
    if place is None or not roster.first_day <= place.day < roster.until:
        raise NotFound
    hours = hours_words(place.starts_at, place.ends_at, house)
    words = _("%(day)s, %(hours)s", day=whole_day(place.day), hours=hours)
    return roster.id, shift_id, week_with(roster, place.day), words


def _why_not(house_id: uuid.UUID, shift_id: uuid.UUID, reasons: list[Reason]) -> str:
    session = db.session()
    house = session.get_one(House, house_id)
    place = place_of(session, house, shift_id, drafts=True)
    assert place is not None
    return _(
        "That one does not fit: %(reasons)s",
        reasons="; ".join(reason_words(session, house, place.day, reasons, named=False)),
    )


def _again(roster_id: uuid.UUID, week: int) -> Callable[[Refusal], str]:
    """The page again, with the sentence of what stands against it."""
    return lambda refusal: _draw(db.session.get_one(Roster, roster_id), refusal, week)


# -- by who keeps the shifts ---------------------------------------------------------------------------------------


@blueprint.post("/rosters/<uuid:roster_id>/choosing", endpoint="begin_choosing")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def begin(roster: Roster) -> ResponseReturnValue:
    said = _("People can choose now. Whoever agreed to texts about shifts is asked by text.")
    return _until(roster, weeks.start, said, "staffing.end_choosing")


@blueprint.post("/rosters/<uuid:roster_id>/choosing/until", endpoint="prolong_choosing")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def prolong(roster: Roster) -> ResponseReturnValue:
    return _until(roster, weeks.prolong, _("Choosing has another end now."), None)


@blueprint.post("/rosters/<uuid:roster_id>/choosing/end", endpoint="end_choosing")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def end(roster: Roster) -> ResponseReturnValue:
    return _ended(roster, weeks.end, _("Choosing is over. What was chosen stays."), "staffing.go_on_choosing")


@blueprint.post("/rosters/<uuid:roster_id>/choosing/go-on", endpoint="go_on_choosing")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def go_on(roster: Roster) -> ResponseReturnValue:
    return _ended(roster, weeks.go_on, _("They choose on."), "staffing.end_choosing")


@blueprint.post("/rosters/<uuid:roster_id>/choosing/nudge", endpoint="nudge_choosing")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def nudge(roster: Roster) -> ResponseReturnValue:
    house, roster_id = db.session.get_one(House, roster.house_id), roster.id

    def act() -> Answer:
        told = weeks.nudge(acting(), roster_id, now=house_now())
        said = ngettext("%(num)s person is asked once more.", "%(num)s people are asked once more.", len(told))
        return done(_page(house), said if told else _("Nobody is left to ask once more by text."))

    return or_redraw(lambda: act_form(acting(), act), lambda refusal: draw(house, refusal))


def _until(roster: Roster, move: Callable[..., Roster], said: str, undo: str | None) -> ResponseReturnValue:
    house, roster_id = db.session.get_one(House, roster.house_id), roster.id

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        until = choose_until_in(form, house, needed=True)
        form.done()

        def act() -> Answer:
            move(acting(), roster_id, choose_until=until, now=house_now())
            return done(_page(house), said, url_for(undo, roster_id=roster_id) if undo else None)

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: draw(house, refusal, roster_id))


def _ended(roster: Roster, move: Callable[..., Roster], said: str, undo: str) -> ResponseReturnValue:
    house, roster_id = db.session.get_one(House, roster.house_id), roster.id

    def act() -> Answer:
        move(acting(), roster_id, now=house_now())
        return done(_page(house), said, url_for(undo, roster_id=roster_id))

    return or_redraw(lambda: act_form(acting(), act), lambda refusal: draw(house, refusal))


def _page(house: House) -> str:
    return url_for("staffing.roster", slug=house.slug)
