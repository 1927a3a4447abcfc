"""Who would like a bed when one is free: the longest waiting first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.guests.models import Waiting
from respite.guests.queries import waiting_now
from respite.guests.service.people import LONGEST_NAME
from respite.guests.service.waiting import add_waiting, end_waiting
from respite.guests.views.answering import came_from, happened_at, said, sent, tapped, version, wall_now
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import moment, nights_words
from respite.houses.access import for_house, for_row
from respite.houses.models import House


@blueprint.route("/houses/<slug>/waiting", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def waiting_page(house: House) -> ResponseReturnValue:
    page = _Page(house.id, house.slug, house_now())
    return page.draw(Shown()) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Page:
    house_id: uuid.UUID
    slug: str
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        name = form.text("name", most=LONGEST_NAME)
        number = phone(form, "phone")
        wish = form.text("wish", most=120, needed=False)
        nights = form.whole_number("nights", least=1, most=366, needed=False)
        since = happened_at(form, "at", db.session.get_one(House, self.house_id), self.now)
        form.done()

        def act() -> Answer:
            add_waiting(
                acting(),
                self.house_id,
                name=name,
                phone=number,
                wish=wish,
                nights=nights,
                since=since,
                now=self.now,
            )
            return said(came_from(url_for("guests.waiting_page", slug=self.slug)), _("On the list."))

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house = db.session.get_one(House, self.house_id)
        rows = waiting_now(db.session(), house.id)
        return render_template(
            "guests/waiting.html",
            house=house,
            form=form,
            sentence=sentence,
            rows=[
                {
                    "id": row.id,
                    "version": row.version,
                    "name": row.name,
                    "wish": row.wish,
                    "nights": nights_words(row.nights) if row.nights else None,
                    "phone": phone_shown(row.phone) if row.phone else None,
                    "number": row.phone,
                    "since": moment(row.since, house, self.now),
                }
                for row in rows
            ],
            latest=wall_now(house, self.now),
            here=url_for("guests.waiting_page", slug=house.slug),
        )


@blueprint.post("/waiting/<uuid:waiting_id>/off")
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def waiting_off(waiting: Waiting) -> ResponseReturnValue:
    waiting_id = waiting.id
    house = db.session.get_one(House, waiting.house_id)
    home = url_for("guests.waiting_page", slug=house.slug)

    def act() -> Answer:
        end_waiting(acting(), waiting_id, "taken-off", version_seen=version(), now=house_now())
        return said(came_from(home), _("Off the list."))

    return tapped(act, home)
