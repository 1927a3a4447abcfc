"""A request goes on to another house: what goes along is read to the person, and each is ticked with their yes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn
from respite.guests.models import Transfer, Waiting
from respite.guests.policy.transfers import Goes
from respite.guests.service.transfers import hear_for_outside, other_houses, send_on, take_back_transfer
from respite.guests.service.waiting import must_be_waiting
from respite.guests.views.answering import sent, tapped, version
from respite.guests.views.routes import blueprint
from respite.guests.views.waiting import answer_hours, reach_words
from respite.guests.views.wording import moment, nights_words
from respite.houses.access import for_row
from respite.houses.models import House

OUTSIDE = "outside"


@blueprint.route("/waiting/<uuid:waiting_id>/another-house", methods=["GET", "POST"])
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def another_house(waiting: Waiting) -> ResponseReturnValue:
    page = _Page(waiting.id, waiting.house_id, house_now())
    if request.method == "GET":
        must_be_waiting(waiting, waiting.house_id)
        return page.draw(Shown())
    return sent(page.draw, page.act)


@blueprint.post("/transfers/<uuid:transfer_id>/back")
@for_row(Transfer, "transfer", May.KEEP_BEDS)
def transfer_back(transfer: Transfer) -> ResponseReturnValue:
    transfer_id, home = transfer.id, _list(transfer.house_id)

    def act() -> Answer:
        take_back_transfer(acting(), transfer_id, now=house_now())
        return done(home, _("They have their place here again, and none there."))

    return tapped(act, home)


@dataclass
class _Page:
    waiting_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        houses = {str(house.id): house.name for house in other_houses(db.session(), self.house_id)}
        to = form.choice("to", (*houses, OUTSIDE))
        goes = [Goes(each) for each in form.choices("goes", Goes)]
        said_yes = form.flag("said_yes")
        form.done()
        if to == OUTSIDE:
            hear_for_outside(acting(), self.waiting_id, goes, said_yes=said_yes, now=self.now)
            return self._sheet(goes)

        def act() -> Answer:
            transfer = send_on(
                acting(),
                self.waiting_id,
                uuid.UUID(to),
                goes,
                said_yes=said_yes,
                version_seen=version(),
                now=self.now,
            )
            back = url_for("guests.transfer_back", transfer_id=transfer.id)
            return done(_list(self.house_id), _("They are on the list of %(house)s now.", house=houses[to]), back)

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        row, house = db.session.get_one(Waiting, self.waiting_id), db.session.get_one(House, self.house_id)
        houses = [(str(each.id), each.name) for each in other_houses(db.session(), house.id)]
        return drawn(
            "guests/another_house.html",
            house=house,
            row=row,
            name=row.name,
            houses=[*houses, (OUTSIDE, _("A house outside, on paper"))],
            told=self._told(row, house),
            form=form,
            sentence=sentence,
            back=_list(house.id),
        )

    def _sheet(self, goes: list[Goes]) -> str:
        row, house = db.session.get_one(Waiting, self.waiting_id), db.session.get_one(House, self.house_id)
        told = [(words, value) for each, words, value in self._told(row, house) if each in goes and value]
        return drawn(
            "guests/request_sheet.html",
            house=house,
            name=row.name,
            told=told,
            since=moment(row.since, house, self.now),
            printed_at=moment(self.now, house, self.now),
            back=_list(house.id),
        )

    def _told(self, row: Waiting, house: House) -> list[tuple[Goes, str, str]]:
        """What could go along, and what it is."""
        number = row.guest.phone if row.guest is not None else None
        reach = (phone_shown(number) if number else None, reach_words(row.reach) if row.reach else None)
        wish = (nights_words(row.nights) if row.nights else None, row.wish)
        values: dict[Goes, Any] = {
            Goes.REACH: " · ".join(filter(None, reach)),
            Goes.HOURS: answer_hours(row) or "",
            Goes.WISH: " · ".join(filter(None, wish)),
        }
        words = {
            Goes.REACH: _("How to reach them"),
            Goes.HOURS: _("When they can answer"),
            Goes.WISH: _("What they would like"),
        }
        return [(each, words[each], values[each]) for each in Goes]


def _list(house_id: uuid.UUID) -> str:
    return url_for("guests.waiting_page", slug=db.session.get_one(House, house_id).slug)
