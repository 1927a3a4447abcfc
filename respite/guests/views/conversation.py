"""The conversation before a stay: read with the guest, changed with the guest, older versions beneath."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.audit.service import note_look
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.times import day_and_month
from respite.guests.models import QUESTIONS, Conversation, Guest, Written
from respite.guests.queries import conversations_of
from respite.guests.service.conversation import on_file, write_conversation
from respite.guests.views.answering import came_from, desk, said, sent
from respite.guests.views.fields import talk_in
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import questions, way_words, ways
from respite.houses.access import for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import names_of


@blueprint.route("/guests/<uuid:guest_id>/conversation", methods=["GET", "POST"])
@for_row(Guest, "guest", May.KEEP_BEDS)
def conversation(guest: Guest) -> ResponseReturnValue:
    page = _Page(guest.id, guest.house_id, house_now())
    if request.method == "POST":
        return sent(page.draw, page.act)
    note_look(guest.house_id, acting(), guest.id, "conversation", page.now)
    return page.draw()


@dataclass
class _Page:
    guest_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        talk, seen = talk_in(form), form.version()
        form.done()

        def act() -> Answer:
            write_conversation(acting(), self.guest_id, talk, number_seen=seen, now=self.now)
            return said(came_from(self._home()), _("Kept, in their words."))

        return act_form(acting(), act)

    def _home(self) -> str:
        return desk(db.session.get_one(House, self.house_id))

    def draw(self, form: Shown | None = None, sentence: str | None = None) -> str:
        session = db.session()
        house, guest = session.get_one(House, self.house_id), session.get_one(Guest, self.guest_id)
        newest = on_file(session, guest.id, local(self.now, house.timezone).date())
        # Past its time nothing of it is shown, whether or not the clock has taken it away.
        versions = conversations_of(session, guest.id) if newest else []
        names = names_of(session, {each.made_by for each in versions})
        told = [_told(each, house, names, self.now) for each in versions]
        return render_template(
            "guests/conversation.html",
            house=house,
            name=guest.name,
            newest=told[0] if told else None,
            older=told[1:],
            kept_until=day_and_month(newest.kept_until, year=True) if newest else None,
            number=newest.number if newest else None,
            form=form or Shown({name: getattr(newest, name, None) for name in QUESTIONS}),
            sentence=sentence,
            questions=questions(),
            ways=ways(),
            here=url_for("guests.conversation", guest_id=guest.id),
            back=came_from(desk(house)),
        )


def _told(row: Conversation, house: House, names: dict[str, str], now: datetime) -> dict[str, Any]:
    day = local(row.at, house.timezone).date()
    return {
        "said": [(label, words) for name, label, _help in questions() if (words := getattr(row, name))],
        "how": way_words(Written(row.written)),
        "who": names.get(row.made_by, ""),
        "at": day_and_month(day, year=day.year != local(now, house.timezone).year),
    }
