"""The two screens that a peer and a guest read side by side: the welcome, and the talk before leaving.

They speak to the guest, in the guest's language. Everything on them can be skipped.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.core.languages import language_read
from respite.core.views import LANGUAGES
from respite.guests.access import for_stay
from respite.guests.models import Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.policy.together import LONGEST_WISH, LONGEST_WORDS, IfGone
from respite.guests.service.texting import Reconfirmed
from respite.guests.service.together import Wished, keep_parting, keep_wishes, parting_of, wishes_of
from respite.guests.views.answering import said, sent, stay_page, version
from respite.guests.views.reconfirming import reconfirmed, usual_texts
from respite.guests.views.routes import blueprint
from respite.guests.views.text_words import texts_facts
from respite.houses.guest_words import words_to_guests
from respite.houses.models import Bed, House
from respite.messaging.policy.consent_words import sentence as asking_for
from respite.messaging.purposes import Purpose
from respite.messaging.service.correspondents import correspondent_of

#: Called with (stay, house, now): what upper features show on the welcome, a template and what it is drawn with.
on_the_welcome: list[Callable[[Stay, House, datetime], tuple[str, dict[str, Any]] | None]] = []


def section(stay: Stay, house: House, _now: datetime) -> tuple[str, dict[str, Any]] | None:
    """On the stay's page: the way to both screens, where what was said on them can be read."""
    if not acting().may(May.KEEP_BEDS, house.id) or stay.state not in (StayState.HERE, StayState.HELD, StayState.LEFT):
        return None
    if stay.state == StayState.LEFT and stay.guest_id is None:
        return None
    return "guests/_stay_together.html", {"may_part": stay.state != StayState.HELD}


@blueprint.route("/stays/<uuid:stay_id>/welcome", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def welcome_together(stay: Stay, house: House) -> ResponseReturnValue:
    return _answer(_Welcome(stay.id, house_now()), stay, house)


@blueprint.route("/stays/<uuid:stay_id>/parting", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def parting_together(stay: Stay, house: House) -> ResponseReturnValue:
    return _answer(_Parting(stay.id, house_now()), stay, house)


def _answer(page: _Page, stay: Stay, house: House) -> ResponseReturnValue:
    if request.method == "GET":
        note_look_hourly(house.id, acting(), stay.guest_id or stay.id, "stay", page.now)
    read_in_theirs(stay, house)
    if request.method == "POST":
        return sent(page.draw, page.act)
    return page.draw(Shown(page.stands()))


def read_in_theirs(stay: Stay, house: House) -> None:
    """The guest's language, or the one that was tapped; what the peer reads otherwise stays as it is."""
    wanted = request.values.get("in")
    if wanted not in LANGUAGES:
        person = correspondent_of(db.session(), house.id, stay.guest_id) if stay.guest_id is not None else None
        wanted = person.language if person is not None and person.confirmed_at is not None else None
    if wanted is not None:
        g.language = wanted
        refresh()


@dataclass
class _Page(ABC):
    stay_id: uuid.UUID
    now: datetime

    @property
    def stay(self) -> Stay:
        return db.session.get_one(Stay, self.stay_id)

    @abstractmethod
    def stands(self) -> dict[str, Any]: ...

    @abstractmethod
    def act(self) -> ResponseReturnValue: ...

    @abstractmethod
    def draw(self, form: Shown, sentence: str | None = None) -> str: ...

    def _drawn(self, template: str, form: Shown, sentence: str | None, **more: Any) -> str:
        stay = self.stay
        return render_template(
            template,
            stay=stay,
            house=db.session.get_one(House, stay.house_id),
            form=form,
            sentence=sentence,
            here=request.path,
            back=stay_page(stay.id),
            longest=LONGEST_WORDS,
            **more,
        )


class _Welcome(_Page):
    def stands(self) -> dict[str, Any]:
        wishes = wishes_of(db.session(), self.stay_id)
        if wishes is None:
            return {"if_gone": ""}
        return {"stay_words": wishes.stay_words, "if_gone": wishes.if_gone or "", "gone_words": wishes.gone_words}

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        chosen = form.choice("if_gone", IfGone, needed=False)
        wished = Wished(
            stay_words=form.text("stay_words", most=LONGEST_WORDS, needed=False, lines=True),
            if_gone=IfGone(chosen) if chosen else None,
            gone_words=form.text("gone_words", most=LONGEST_WISH, needed=False),
        )
        form.done()

        def act() -> Answer:
            keep_wishes(acting(), self.stay_id, wished, version_seen=version(), now=self.now)
            return said(stay_page(self.stay_id), _("Kept, in their words."))

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay, session = self.stay, db.session()
        house, wishes = session.get_one(House, stay.house_id), wishes_of(session, stay.id)
        door = session.get_one(Bed, stay.bed_id).name if stay.bed_id is not None else None
        shown = [drawn for each in on_the_welcome if (drawn := each(stay, house, self.now)) is not None]
        return self._drawn(
            "guests/welcome_together.html",
            form,
            sentence,
            door=door,
            words=words_to_guests(session, house.id),
            shown=shown,
            may_keep=stay.guest_id is not None and stay.state in (StayState.HERE, StayState.HELD),
            version=wishes.version if wishes else 0,
            choices=[
                ("", _("Nothing")),
                (IfGone.CALL, _("Call me the next day")),
                (IfGone.TEXT, _("Text me the next day")),
                (IfGone.WORDS, _("Something else")),
            ],
            longest_wish=LONGEST_WISH,
        )


class _Parting(_Page):
    def stands(self) -> dict[str, Any]:
        talk, texts = parting_of(db.session(), self.stay_id), self._texts()
        return {
            "people": talk.people if talk else None,
            "places": talk.places if talk else None,
            **(usual_texts(texts) if texts else {}),
        }

    def _texts(self) -> dict[str, Any] | None:
        stay = self.stay
        if stay.guest is None or stay.state != StayState.HERE:
            return None
        return texts_facts(stay.guest, db.session.get_one(House, stay.house_id), self.now)

    def act(self) -> ResponseReturnValue:
        form = Form(request.form)
        words = {name: form.text(name, most=LONGEST_WORDS, needed=False, lines=True) for name in ("people", "places")}
        texts: Reconfirmed | None = reconfirmed(form)
        form.done()

        def act() -> Answer:
            keep_parting(acting(), self.stay_id, **words, texts=texts, version_seen=version(), now=self.now)
            left = self.stay.state == StayState.LEFT
            onwards = stay_page(self.stay_id) if left else url_for("guests.leave_form", stay_id=self.stay_id)
            return said(onwards, _("Kept, in their words."))

        return act_form(acting(), act)

    def draw(self, form: Shown, sentence: str | None = None) -> str:
        stay, session = self.stay, db.session()
        talk, texts = parting_of(session, stay.id), self._texts()
        return self._drawn(
            "guests/parting_together.html",
            form,
            sentence,
            texts=texts,
            asked=_asked(texts) if texts else [],
            may_keep=stay.guest_id is not None and stay.state in (StayState.HERE, StayState.LEFT),
            version=talk.version if talk else 0,
        )


def _asked(texts: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """What is asked about texts later, in the language that is read now: field, words, whether they said yes before."""
    card, language = texts["card"], language_read()
    found = []
    for asking in texts["later"]:
        standing = card.consents[asking.purpose].wording if asking.given else None
        words = asking_for(Purpose(asking.purpose), language, card.brand, standing)
        found.append((asking.field, words, asking.given))
    return found
