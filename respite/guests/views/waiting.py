"""Who would like a bed when one is free: who asked first is first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown, Unusable, as_uuid
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.times import time_words
from respite.guests.errors import NotOnTheList
from respite.guests.models import Contact, Guest, Reach, TellIf, Waiting
from respite.guests.queries import waiting_now
from respite.guests.service.bed_fit import judged_of
from respite.guests.service.ground import Ground
from respite.guests.service.people import LONGEST_NAME, Nameless
from respite.guests.service.waiting import Asked, add_waiting, change_waiting, end_waiting
from respite.guests.views.answering import came_from, happened_at, said, sent, tapped, version, wall_now
from respite.guests.views.callbacks import callbacks_of
from respite.guests.views.contact_words import kind_words, reasons
from respite.guests.views.fields import AskWho, who_is_it
from respite.guests.views.offer_words import asked_now
from respite.guests.views.routes import blueprint
from respite.guests.views.rule_words import in_short
from respite.guests.views.wording import moment, nights_words
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.queries import rules_now, tonight


@blueprint.route("/houses/<slug>/waiting", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def waiting_page(house: House) -> ResponseReturnValue:
    page = ListPage(house.id, house.slug, house_now())
    if request.method == "GET":
        return page.draw(Shown({"contact_id": request.args.get("contact", "")}))
    return sent(page.draw, page.act)


@dataclass
class ListPage:
    house_id: uuid.UUID
    slug: str
    now: datetime
    ask: AskWho | None = None

    def act(self) -> ResponseReturnValue:
        try:
            return act_form(acting(), self._add)
        except AskWho as ask:
            self.ask = ask
            return self.draw(Shown(typed=request.form))

    def _add(self) -> Answer:
        form = Form(request.form)
        asked = asked_in(form)
        contact_id = form.uuid("contact_id", needed=False)
        since = happened_at(form, "at", db.session.get_one(House, self.house_id), self.now)
        who = who_is_it(form, self.house_id, rules_now(db.session(), self.house_id))
        if isinstance(who, Nameless) and not form.wrong:
            form.say("name", _("Any chosen name is fine."))
        form.done()
        assert not isinstance(who, Nameless), "refused above"
        add_waiting(acting(), self.house_id, who=who, asked=asked, since=since, contact_id=contact_id, now=self.now)
        return said(came_from(url_for("guests.waiting_page", slug=self.slug)), _("On the list."))

    def _contact(self, form: Shown) -> dict[str, Any] | None:
        """The contact in which somebody asked, while nothing came of it yet."""
        try:
            contact = db.session.get(Contact, as_uuid(str(form.value("contact_id") or "")))
        except Unusable:
            return None
        if contact is None or contact.house_id != self.house_id or contact.led_to is not None:
            return None
        house = db.session.get_one(House, self.house_id)
        return {"id": contact.id, "kind": kind_words(contact.kind), "at": moment(contact.at, house, self.now)}

    def _judged(self, house: House, waiting: list[Waiting]) -> dict[uuid.UUID | None, str | None]:
        """What the house's rules say of each who waits, in short."""
        session, rules = db.session(), rules_now(db.session(), house.id)
        here = Ground(house, rules, tonight(house, rules, self.now), self.now)
        found = judged_of(session, here, [row.guest_id for row in waiting if row.guest_id is not None])
        return {guest_id: in_short(judged) for guest_id, judged in found.items()}

    def draw(self, form: Shown, sentence: str | None = None, refused: tuple[uuid.UUID, Shown] | None = None) -> str:
        """The list; `refused` is the callback's form beside somebody that could not be."""
        house = db.session.get_one(House, self.house_id)
        waiting = waiting_now(db.session(), house.id)
        judged = self._judged(house, waiting)
        return render_template(
            "guests/waiting.html",
            house=house,
            form=form,
            sentence=sentence,
            ask=self.ask,
            rows=[{**_told(row, house, self.now), "rules": judged.get(row.guest_id)} for row in waiting],
            callbacks=callbacks_of(house, waiting, self.now, refused),
            contact=self._contact(form),
            reasons=reasons(),
            reach=reach_choices(),
            asked=asked_now(db.session(), house, self.now),
            latest=wall_now(house, self.now),
            here=url_for("guests.waiting_page", slug=house.slug),
        )


@blueprint.route("/waiting/<uuid:waiting_id>", methods=["GET", "POST"])
@for_row(Waiting, "waiting", May.KEEP_BEDS)
def waiting_form(waiting: Waiting) -> ResponseReturnValue:
    page = _Change(waiting.id, waiting.house_id, house_now())
    return page.draw(Shown(page.stands())) if request.method == "GET" else sent(page.draw, page.act)


@dataclass
class _Change:
    waiting_id: uuid.UUID
    house_id: uuid.UUID
    now: datetime

    def act(self) -> ResponseReturnValue:
        return act_form(acting(), self._change)

    def _change(self) -> Answer:
        form = Form(request.form)
        name, number = form.text("name", most=LONGEST_NAME), phone(form, "phone")
        asked = asked_in(form)
        guest_version = form.whole_number("guest_version", needed=False)
        form.done()
        change_waiting(
            acting(),
            self.waiting_id,
            name=name,
            phone=number,
            asked=asked,
            version_seen=version(),
            guest_version_seen=guest_version,
            now=self.now,
        )
        return said(came_from(self._list()), _("Noted."))

    def _list(self) -> str:
        return url_for("guests.waiting_page", slug=db.session.get_one(House, self.house_id).slug)

    def _rows(self) -> tuple[Waiting, Guest]:
        row = db.session.get_one(Waiting, self.waiting_id)
        if row.guest is None or row.ended_at is not None:
            raise NotOnTheList
        return row, row.guest

    def stands(self) -> dict[str, Any]:
        row, guest = self._rows()
        return {
            "name": guest.name,
            "phone": phone_shown(guest.phone) if guest.phone else None,
            "wish": row.wish,
            "nights": row.nights,
            "reach": row.reach or "",
            "answer_from": _field(row.answer_from),
            "answer_until": _field(row.answer_until),
        }

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        row, guest = self._rows()
        house = db.session.get_one(House, self.house_id)
        return render_template(
            "guests/waiting_change.html",
            house=house,
            row=row,
            name=guest.name,
            guest_version=guest.version,
            since=moment(row.since, house, self.now),
            form=form,
            sentence=sentence,
            reach=reach_choices(),
            back=came_from(self._list()),
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


def asked_in(form: Form) -> Asked:
    """What the fields of `guests/_asked.html` say."""
    return Asked(
        wish=form.text("wish", most=120, needed=False) or None,
        nights=form.whole_number("nights", least=1, most=366, needed=False),
        reach=form.choice("reach", Reach, needed=False) or None,
        answer_from=form.clock_time("answer_from", needed=False),
        answer_until=form.clock_time("answer_until", needed=False),
    )


def reach_choices() -> list[tuple[str, str]]:
    return [("", _("Not said")), *((str(each), reach_words(each)) for each in Reach)]


def reach_words(reach: str) -> str:
    return {
        Reach.CALL: _("Call me"),
        Reach.TEXT: _("Text me"),
        Reach.WILL_CALL: _("I will call"),
    }[Reach(reach)]


def tell_if_words(chosen: str) -> str:
    """What they said on their own page that they would like to hear of as well."""
    return {
        TellIf.ANY_BED: _("also for fewer nights"),
        TellIf.SAME_DAY: _("also at short notice"),
    }[TellIf(chosen)]


def answer_hours(row: Waiting) -> str | None:
    """ "can answer 9 am to 6 pm", by the house's clock; nothing where they did not say, or at any hour."""
    if row.answer_from is None or row.answer_until is None or row.answer_from == row.answer_until:
        return None
    return _("can answer %(since)s to %(until)s", since=time_words(row.answer_from), until=time_words(row.answer_until))


def _told(row: Waiting, house: House, now: datetime) -> dict[str, Any]:
    number = row.guest.phone if row.guest is not None else None
    asked = (nights_words(row.nights) if row.nights else None, row.wish)
    hear = (
        reach_words(row.reach) if row.reach else None,
        answer_hours(row),
        *(tell_if_words(each) for each in row.tell_if),
    )
    return {
        "id": row.id,
        "guest_id": row.guest_id,
        "version": row.version,
        "name": row.name,
        "asked": " · ".join(filter(None, asked)),
        "hear": " · ".join(filter(None, hear)),
        "phone": phone_shown(number) if number else None,
        "number": number,
        "since": moment(row.since, house, now),
    }


def _field(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at is not None else None
