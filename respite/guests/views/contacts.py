"""Somebody is in touch: one tap and it is noted. What else there is to say can wait, and need not come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.guests.models import Contact, ContactKind, LedTo, NoBed, Waiting
from respite.guests.queries import contacts_since
from respite.guests.service.contacts import MOST_MINUTES, note_contact, say_more
from respite.guests.service.could_not_offer import not_for_contact, not_for_waiting
from respite.guests.views.answering import came_from, desk, happened_at, said, sent, tapped, version, wall_now
from respite.guests.views.contact_words import kind_words, known_sources, reasons
from respite.guests.views.routes import blueprint
from respite.guests.views.wording import moment
from respite.houses.access import for_house, for_row
from respite.houses.models import House

LATELY = timedelta(hours=24)


@blueprint.route("/houses/<slug>/contacts", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def contacts(house: House) -> ResponseReturnValue:
    page = _Page(house.id, house_now())
    return page.draw(Shown()) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Page:
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        return act_form(acting(), self._note)

    def _note(self) -> Answer:
        house = db.session.get_one(House, self.house_id)
        home = url_for("guests.contacts", slug=house.slug)
        form = Form(request.form)
        kind = form.choice("kind", ContactKind)
        at = happened_at(form, "at", house, self.now)
        form.done()
        note_contact(acting(), self.house_id, kind, at=at, now=self.now)
        return said(home, _("Noted: %(kind)s.", kind=kind_words(kind)))

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        house = db.session.get_one(House, self.house_id)
        found = contacts_since(db.session(), house.id, self.now - LATELY)
        known = known_sources(db.session(), house.id)
        return render_template(
            "guests/contacts.html",
            house=house,
            form=form,
            sentence=sentence,
            kinds=[(str(each), kind_words(each)) for each in ContactKind],
            rows=[_told(row, known, house, self.now) for row in found],
            reasons=reasons(),
            latest=wall_now(house, self.now),
            back=desk(house),
            here=url_for("guests.contacts", slug=house.slug),
            figures=acting().may(May.READ_FIGURES, house.id),
        )


@blueprint.route("/contacts/<uuid:contact_id>", methods=["GET", "POST"])
@for_row(Contact, "contact", May.KEEP_BEDS)
def contact_form(contact: Contact) -> ResponseReturnValue:
    page = _More(contact.id, contact.house_id, house_now())
    if request.method == "GET":
        return page.draw(Shown({"source": contact.source or "", "minutes": contact.minutes}))
    return sent(page.draw, page.act)


@dataclass
class _More:
    contact_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        return act_form(acting(), self._say)

    def _say(self) -> Answer:
        form = Form(request.form)
        source = form.text("source", most=20, needed=False)
        minutes = form.whole_number("minutes", most=MOST_MINUTES, needed=False)
        form.done()
        say_more(
            acting(), self.contact_id, source=source or None, minutes=minutes, version_seen=version(), now=self.now
        )
        return said(came_from(self._list()), _("Noted."))

    def _list(self) -> str:
        return url_for("guests.contacts", slug=db.session.get_one(House, self.house_id).slug)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        contact = db.session.get_one(Contact, self.contact_id)
        house = db.session.get_one(House, self.house_id)
        known = known_sources(db.session(), house.id)
        return render_template(
            "guests/contact.html",
            house=house,
            contact=contact,
            told=_told(contact, known, house, self.now),
            form=form,
            sentence=sentence,
            sources=[
                ("", _("Not said")),
                *((mark, words) for mark, (words, is_shown) in known.items() if is_shown or mark == contact.source),
            ],
            brought=contact.kind == ContactKind.FIRST_RESPONDER,
            most=MOST_MINUTES,
            back=came_from(self._list()),
        )


@blueprint.post("/contacts/<uuid:contact_id>/could-not-offer")
@for_row(Contact, "contact", May.KEEP_BEDS)
def contact_not_offered(contact: Contact) -> ResponseReturnValue:
    contact_id = contact.id
    home = url_for("guests.contacts", slug=db.session.get_one(House, contact.house_id).slug)

    def act() -> Answer:
        not_for_contact(acting(), contact_id, _reason(), version_seen=version(), now=house_now())
        return said(home, _("Counted, without a name: we could not offer a bed."))

    return tapped(act, home)


@blueprint.post("/waiting/<uuid:waiting_id>/could-not-offer")
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def waiting_not_offered(waiting: Waiting) -> ResponseReturnValue:
    waiting_id = waiting.id
    home = url_for("guests.waiting_page", slug=db.session.get_one(House, waiting.house_id).slug)

    def act() -> Answer:
        not_for_waiting(acting(), waiting_id, _reason(), version_seen=version(), now=house_now())
        return said(home, _("Off the list, and counted without a name: we could not offer a bed."))

    return tapped(act, home)


def _reason() -> str:
    form = Form(request.form)
    reason = form.choice("reason", NoBed)
    form.done()
    return reason


def _told(row: Contact, known: dict[str, tuple[str, bool]], house: House, now: datetime) -> dict[str, Any]:
    more = (
        known[row.source][0] if row.source else None,
        ngettext("they could leave after %(num)s minute", "they could leave after %(num)s minutes", row.minutes)
        if row.minutes is not None
        else None,
    )
    return {
        "id": row.id,
        "version": row.version,
        "kind": kind_words(row.kind),
        "at": moment(row.at, house, now),
        "more": " · ".join(filter(None, more)),
        "for_another": row.kind == ContactKind.FOR_ANOTHER,
        "may_ask": house.has_beds and row.led_to is None and row.kind != ContactKind.FOR_ANOTHER,
        "came_of_it": {
            LedTo.REQUEST: _("They asked for a bed."),
            LedTo.NOT_OFFERED: _("We could not offer a bed."),
        }.get(LedTo(row.led_to))
        if row.led_to
        else None,
    }
