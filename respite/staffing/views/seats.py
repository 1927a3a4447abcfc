"""One place of a draft: who could have it, who has it, and whether it stays when the draft is filled."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_row
from respite.houses.models import House
from respite.staffing.errors import RulesAgainst
from respite.staffing.models import Roster, Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.overrides import overruled_in
from respite.staffing.queries.places import Place
from respite.staffing.queries.shifts import people_for_shifts
from respite.staffing.service import seats
from respite.staffing.service.overruling import judge
from respite.staffing.views import blueprint
from respite.staffing.views.against import against_shown, decided, judged_words, read_anyway
from respite.staffing.views.shown import hours_words, whole_day

YES_OR_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could have the place, and what speaks against it."""

    person_id: uuid.UUID
    name: str
    reasons: list[str]
    mark: str


@blueprint.route("/rosters/<uuid:roster_id>/places/<uuid:place_id>", methods=["GET", "POST"])
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def seat(roster: Roster, place_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _put_in(roster, place_id), lambda refusal: _draw(roster, place_id, refusal))
    return _draw(roster, place_id)


@blueprint.post("/rosters/<uuid:roster_id>/places/<uuid:place_id>/stays")
@for_row(Roster, "roster", May.KEEP_SHIFTS)
def seat_stays(roster: Roster, place_id: uuid.UUID) -> ResponseReturnValue:
    return or_redraw(lambda: _stays(roster, place_id), lambda refusal: _draw(roster, place_id, refusal))


def _put_in(roster: Roster, place_id: uuid.UUID) -> ResponseReturnValue:
    form, roster_id, house, session = Form(request.form), roster.id, _house(roster), db.session()
    person_id, taken_from = form.uuid("person", needed=False), form.uuid("from", needed=False)
    stays = form.choice("stays", YES_OR_NO, needed=False) != "no"
    anyway = read_anyway(form)
    form.done()
    before = seats.place_in(session, house, roster, place_id)
    stood = overruled_in(session, roster_id).get(place_id)
    undo = {"person": before.person_id or "", "stays": "yes" if before.locked else "no"}
    undo |= {"why": stood.why} if stood is not None else {}
    back = _address(roster, place_id)
    if taken_from is not None:  # whoever was moved goes back, and so does whoever made room
        undo, back = {"person": person_id or "", "from": place_id}, _address(roster, taken_from)
    page, said = _page(house, place_id), _said(session, house, before, person_id)

    def act() -> Answer:
        seats.put_in(
            acting(),
            roster_id,
            place_id,
            person_id=person_id,
            taken_from=taken_from,
            stays=stays,
            anyway=anyway,
            now=house_now(),
        )
        return done(page, said, back, **undo)

    return act_form(acting(), act)


def _stays(roster: Roster, place_id: uuid.UUID) -> ResponseReturnValue:
    form, roster_id, house = Form(request.form), roster.id, _house(roster)
    stays = form.choice("stays", YES_OR_NO) == "yes"
    form.done()
    page = _page(house, place_id)
    undo = url_for("staffing.seat_stays", roster_id=roster_id, place_id=place_id)
    said = _("It stays when the draft is filled.") if stays else _("The next filling may give it to somebody else.")

    def act() -> Answer:
        seats.keep_seat(acting(), roster_id, place_id, stays=stays, now=house_now())
        return done(page, said, undo, stays="no" if stays else "yes")

    return act_form(acting(), act)


def _draw(roster: Roster, place_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, house, now = db.session(), _house(roster), house_now()
    place = seats.place_in(session, house, roster, place_id)
    shift = session.get_one(Shift, place_id)
    people = [each for each in people_for_shifts(session, house.id) if each.id != place.person_id]
    found = [_candidate(session, house, roster, shift, person) for person in people] if place.starts_at > now else []
    wanted = Form(request.form).uuid("person", needed=False) if refusal is not None else None
    return drawn(
        "staffing/roster_place.html",
        house=house,
        roster=roster,
        place_id=place_id,
        day=whole_day(place.day),
        hours=hours_words(place.starts_at, place.ends_at, house),
        name=place.name,
        on_call=place.kind == ShiftKind.ON_CALL,
        over=place.starts_at <= now,
        who=_name(session, place.person_id),
        stays=place.locked,
        decided=decided(overruled_in(session, roster.id).get(place_id)),
        fits=[each for each in found if not each.reasons],
        others=[each for each in found if each.reasons],
        wanted=_name(session, wanted),
        form=shown({}, refusal),
        against=against_shown(session, house, refusal),
    )


def _candidate(session: Session, house: House, roster: Roster, shift: Shift, person: Person) -> Candidate:
    found = judge(session, shift, person.id, house_now(), roster)
    if found is None:
        return Candidate(person.id, person.name, [], "")
    words = judged_words(session, house, [found], named=False)
    return Candidate(person.id, person.name, words, RulesAgainst([found]).mark)


def _said(session: Session, house: House, place: Place, person_id: uuid.UUID | None) -> str:
    shift = _("%(day)s, %(hours)s", day=whole_day(place.day), hours=hours_words(place.starts_at, place.ends_at, house))
    name = _name(session, person_id)
    return _("%(shift)s: %(name)s", shift=shift, name=name) if name else _("%(shift)s is open.", shift=shift)


def _name(session: Session, person_id: uuid.UUID | None) -> str:
    found = session.get(Person, person_id) if person_id is not None else None
    return found.name if found is not None else ""


def _page(house: House, place_id: uuid.UUID) -> str:
    return url_for("staffing.roster", slug=house.slug, _anchor=f"place-{place_id}")


def _address(roster: Roster, place_id: uuid.UUID) -> str:
    return url_for("staffing.seat", roster_id=roster.id, place_id=place_id)


def _house(roster: Roster) -> House:
    return db.session.get_one(House, roster.house_id)
