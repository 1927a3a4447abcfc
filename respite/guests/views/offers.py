"""Offering a bed to somebody on the list: who is next and why, until when they can answer, and what they said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown, Unusable, as_uuid
from respite.guests.models import BedOffer
from respite.guests.policy.offers import How, InLine, Said, in_order, next_in_line
from respite.guests.queries import DoorNights, doors_of
from respite.guests.service import offering
from respite.guests.service.bed_fit import Fit
from respite.guests.service.ground import Ground
from respite.guests.service.offer_line import Place, line_for, waiting_in_order
from respite.guests.views.answering import came_from, iso, said, sent, tapped
from respite.guests.views.offer_words import fact_words, how_words, said_words, unasked_words
from respite.guests.views.routes import blueprint
from respite.guests.views.saving import door_choices
from respite.guests.views.wording import duration, moment, until
from respite.houses.access import for_house, for_row
from respite.houses.models import Bed, House
from respite.houses.queries import rules_now, tonight


@blueprint.route("/houses/<slug>/waiting/offer", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def offer_form(house: House) -> ResponseReturnValue:
    page = _Page(house.id, house_now())
    if request.method == "GET":
        return page.draw(Shown(page.prefilled()))
    return sent(page.draw, page.act)


@blueprint.post("/bed-offers/<uuid:bed_offer_id>/yes")
@for_row(BedOffer, "bed_offer", May.KEEP_BEDS)
def offer_yes(bed_offer: BedOffer) -> ResponseReturnValue:
    offer_id, house = bed_offer.id, db.session.get_one(House, bed_offer.house_id)

    def act() -> Answer:
        now = house_now()
        stay = offering.say_yes(acting(), offer_id, now=now)
        place, door = db.session.get_one(House, stay.house_id), db.session.get_one(Bed, stay.bed_id).name
        if stay.saved_until is None:
            return said(came_from(waiting_address(place)), _("%(door)s is saved for them.", door=door))
        words = _("%(door)s is saved %(until)s.", door=door, until=until(stay.saved_until, place, now))
        return said(came_from(waiting_address(place)), words)

    return tapped(act, waiting_address(house))


@blueprint.post("/bed-offers/<uuid:bed_offer_id>/not-now")
@for_row(BedOffer, "bed_offer", May.KEEP_BEDS)
def offer_not_now(bed_offer: BedOffer) -> ResponseReturnValue:
    offer_id, home = bed_offer.id, waiting_address(db.session.get_one(House, bed_offer.house_id))

    def act() -> Answer:
        offering.say_not_now(acting(), offer_id, now=house_now())
        return said(came_from(home), _("They keep their place on the list."))

    return tapped(act, home)


@blueprint.post("/bed-offers/<uuid:bed_offer_id>/back")
@for_row(BedOffer, "bed_offer", May.KEEP_BEDS)
def offer_back(bed_offer: BedOffer) -> ResponseReturnValue:
    offer_id, home = bed_offer.id, waiting_address(db.session.get_one(House, bed_offer.house_id))

    def act() -> Answer:
        offering.take_back(acting(), offer_id, now=house_now())
        return said(came_from(home), _("The offer is taken back. They keep their place on the list."))

    return tapped(act, home)


def waiting_address(house: House) -> str:
    return url_for("guests.waiting_page", slug=house.slug)


@dataclass
class _Page:
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        wish: dict[str, Any] = {
            "bed_id": form.uuid("bed_id"),
            "waiting_id": form.uuid("waiting_id"),
            "how": form.choice("how", tuple(How)),
            "nights": form.whole_number("nights", least=1, most=366, needed=False),
            "first_night": form.day("first_night", needed=False),
            "goes_on": form.flag("goes_on"),
            "said": form.choice("said", tuple(Said), needed=False) or None,
            "fit": Fit(all_the_same=form.flag("all_the_same")),
        }
        form.done()

        def act() -> Answer:
            offer = offering.offer_bed(acting(), self.house_id, now=self.now, **wish)
            house, bed = db.session.get_one(House, offer.house_id), db.session.get_one(Bed, offer.bed_id)
            words = _(
                "%(door)s is kept for their answer %(until)s.",
                door=bed.name,
                until=until(offer.runs_out_at, house, self.now),
            )
            return said(came_from(waiting_address(house)), words)

        return act_form(acting(), act)

    def prefilled(self) -> dict[str, Any]:
        """The door that the page was opened for; the rest follows from the list."""
        chosen = {name: _id(request.args.get(name, "")) for name in ("bed_id", "waiting_id")}
        return {name: str(value) for name, value in chosen.items() if value is not None}

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        session = db.session()
        house, rules = session.get_one(House, self.house_id), rules_now(session, self.house_id)
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        doors = doors_of(session, house.id, here.tonight, self.now)
        choices = door_choices(doors, here.tonight)
        door = _chosen_door(doors, choices, form)
        line = line_for(session, here, _place(door, here.tonight), None, self.now) if door else []
        names = {row.id: row.name or "" for row in waiting_in_order(session, house.id)}
        following = _chosen(line, form, self.now)
        return render_template(
            "guests/offer.html",
            house=house,
            form=form,
            sentence=sentence,
            doors=choices,
            door=door,
            line=[self._one(each, names, house) for each in in_order(line)],
            says_no=any(each.rule_says_no is not None for each in line),
            chosen=following.waiting_id if following else None,
            how=form.value("how") or (How.TEXT if following and following.by_text else How.CALL),
            hows=how_words(),
            saids=said_words(),
            stands=duration(rules.offer_minutes),
            tonight=iso(here.tonight),
            back=came_from(waiting_address(house)),
        )

    def _one(self, each: InLine, names: dict[uuid.UUID, str], house: House) -> tuple[str, str, str]:
        since = _("since %(at)s", at=moment(each.since, house, self.now))
        fact = each.fact(self.now)
        against = fact_words(fact, each, house, self.now) if fact else None
        small = " · ".join(filter(None, (since, against, unasked_words(each))))
        return str(each.waiting_id), names[each.waiting_id], small


def _place(door: DoorNights, first: date) -> Place:
    return Place(db.session.get_one(Bed, door.id), first, door.taken())


def _chosen_door(doors: list[DoorNights], choices: list[tuple[str, str, str]], form: Shown) -> DoorNights | None:
    """The door that was chosen where it is open, else the one that is open longest."""
    wanted = str(form.value("bed_id") or "")
    open_ids = [each[0] for each in choices]
    chosen = wanted if wanted in open_ids else next(iter(open_ids), None)
    return next((door for door in doors if str(door.id) == chosen), None)


def _chosen(line: list[InLine], form: Shown, now: datetime) -> InLine | None:
    wanted = str(form.value("waiting_id") or "")
    return next((each for each in line if str(each.waiting_id) == wanted), None) or next_in_line(line, now)


def _id(raw: str) -> uuid.UUID | None:
    try:
        return as_uuid(raw)
    except Unusable:
        return None
