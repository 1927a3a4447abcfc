"""The texts card of a guest: its facts and its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import acting
from respite.core.db import db
from respite.core.forms import Shown
from respite.core.phones import shown as phone_shown
from respite.core.times import time_words
from respite.guests.models import Guest
from respite.guests.service.died import farewell_of, is_to_hear
from respite.guests.views.wording import moment
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.houses.zones import home_zones
from respite.messaging.card import TextsCard, card_of
from respite.messaging.models import Consent, Message, NumberStop
from respite.messaging.models.people import LOST, PersonState
from respite.messaging.policy.consent_words import sentence
from respite.messaging.policy.hours import Hours
from respite.messaging.purposes import GUEST_PURPOSES, Purpose
from respite.messaging.service import stopping
from respite.messaging.service.consent import Method
from respite.messaging.service.gate import CONFIRMS
from respite.messaging.views.words import PURPOSES, Words

ASKED_FOR: Mapping[str, Any] = {
    Purpose.FOLLOW_UP: _l("To ask how things are going"),
    Purpose.CONNECTIONS: _l("About places and people they ask about"),
    Purpose.CARING: _l("A kind word now and then"),
    Purpose.STAY: _l("About a bed they asked for"),
}
#: How a peer may have heard a yes; their own page has no peer beside it.
METHODS: Mapping[str, Any] = {
    Method.IN_PERSON: _l("In person"),
    Method.PHONE: _l("By phone"),
    Method.PAPER: _l("On paper"),
    Method.TEXT: _l("By text"),
}
_HOW: Mapping[str, Any] = {
    Method.IN_PERSON: _l("in person"),
    Method.PHONE: _l("by phone"),
    Method.PAPER: _l("on paper"),
    Method.TEXT: _l("by text"),
    Method.WEB: _l("on their own page"),
}
_LANGUAGES = {"en": _l("English"), "es": _l("Español")}


@dataclass(frozen=True, slots=True)
class Asking:
    """One purpose on the card: where it stands, and the words to read out."""

    purpose: str
    label: Any
    given: bool
    how: str
    words: str

    @property
    def field(self) -> str:
        """Its name in the leaving form."""
        return self.purpose.replace("-", "_")


def texts_facts(guest: Guest, house: House, now: datetime) -> dict[str, Any]:
    """What the card and the leaving form are drawn with."""
    card = card_of(db.session(), house, guest.id, guest.phone)
    language = card.person.language if card.person else house.language
    words = Words(house.timezone, now)
    asking = [_asking(card, purpose, language, house, now) for purpose in GUEST_PURPOSES]
    return {
        "card": card,
        "number": phone_shown(card.number) if card.number else None,
        "language": language,
        "asking": asking,
        "later": [each for each in asking if each.purpose != Purpose.STAY],
        "notices": list(_notices(card, guest, house, now)),
        "unheard": _unheard(guest),
        "lost": lost(card),
        "lift": _lift(card.stop),
        "died": _died(card),
        "to_hear": _to_hear(card, guest),
        "waiting": [(_what(each), words.state(each), words.why(each)) for each in card.waiting],
        "thread_url": None if _unheard(guest) else _thread_url(house, card),
        "methods": list(METHODS.items()),
        "languages": list(_LANGUAGES.items()),
        "zones": [("", _("Not known")), *_zones(card)],
        "confirmed": None if _unheard(guest) else _confirmed(card, house, now),
        "summary": _summary(card, language),
    }


def wishes_stand(card: TextsCard, language: str) -> dict[str, Any]:
    """What stands in the form of wishes; the usual ones for somebody who has said none."""
    person, usual = card.person, Hours()
    return {
        "safe": person.safe_to_text if person else True,
        "shared": person.may_be_shared if person else False,
        "hours_from": f"{person.hours_from if person else usual.start:%H:%M}",
        "hours_until": f"{person.hours_until if person else usual.end:%H:%M}",
        "language": language,
        "timezone": (person.timezone if person else None) or "",
        "sign_off": person.sign_off if person else None,
    }


def text_forms(texts: dict[str, Any]) -> dict[str, Shown]:
    """What stands in the card's forms."""
    return {"yes": Shown(), "wishes": Shown(wishes_stand(texts["card"], texts["language"]))}


def _asking(card: TextsCard, purpose: Purpose, language: str, house: House, now: datetime) -> Asking:
    consent = card.consents.get(purpose)
    given = card.said_yes(purpose)
    return Asking(
        purpose=str(purpose),
        label=ASKED_FOR[purpose],
        given=given,
        how=_how(consent, house, now),
        # What they said yes to stays readable in the words of then; who is asked now hears those of today.
        words=sentence(purpose, language, card.brand, consent.wording if consent is not None and given else None),
    )


def _what(message: Message) -> Any:
    return _("confirms what they said yes to") if message.template == CONFIRMS else PURPOSES[message.purpose]


def _how(consent: Consent | None, house: House, now: datetime) -> str:
    if consent is None:
        return _("Not asked")
    if consent.ended_at is None:
        return _("Yes, %(how)s, %(when)s", how=_HOW[consent.method], when=moment(consent.given_at, house, now))
    when = moment(consent.ended_at, house, now)
    return _("No, since %(when)s", when=when) if consent.ended_why == "withdrawn" else _("Not asked anew")


def _notices(card: TextsCard, guest: Guest, house: House, now: datetime) -> list[str]:
    """What stands in the way of texts, in the order in which it matters."""
    if _died(card):
        if _to_hear(card, guest):
            return [_to_hear_words(guest)]
        return [_("They have died. No text goes to this number on their account.")]
    found = []
    if _unheard(guest):
        found.append(
            _(
                "They wrote this number on their own page. Please go through it with them; "
                "until then nothing is texted to it."
            )
        )
    if card.stop is not None:
        found.append(_stopped(card.stop, house, now))
    if lost(card):
        found.append(_("Their phone is lost. Nothing is texted to this number until it is back."))
    elif card.person is not None and card.person.number_bad and card.stop is None:
        found.append(_("Texts to this number did not reach them. Please ask for the right one."))
    if card.person is not None and not card.person.safe_to_text:
        found.append(_("Texts are not safe for them. Please call, or wait until they say otherwise."))
    return found


def lost(card: TextsCard) -> bool:
    return card.person is not None and card.person.number_bad == LOST


def _unheard(guest: Guest) -> bool:
    return guest.phone is not None and guest.heard_phone is None


def _stopped(stop: NumberStop, house: House, now: datetime) -> str:
    when = moment(stop.said_at, house, now)
    match stop.source:
        case stopping.WRONG_NUMBER:
            return _(
                "This number is somebody else's, we were told (%(when)s). Please ask for the right one.", when=when
            )
        case stopping.PERHAPS:
            return _("They may have asked for no more texts (%(when)s). Please read what they wrote.", when=when)
        case "asked" | "words":
            return _("They asked us not to text (%(when)s). Please call instead.", when=when)
    return _(
        "This number texted STOP (%(when)s). Please call instead; only START from that phone undoes it.", when=when
    )


def _lift(stop: NumberStop | None) -> str | None:
    """What lifts a stop by hand, as a button says it; none where only the phone itself does."""
    if stop is None or stop.source in stopping.ONLY_START_UNDOES:
        return None
    if stop.source == stopping.WRONG_NUMBER:
        return _("It is their number after all")
    return _("They did not mean that") if stop.source == stopping.PERHAPS else _("They want texts again")


def _died(card: TextsCard) -> bool:
    return card.person is not None and card.person.state == PersonState.DIED


def _to_hear(card: TextsCard, guest: Guest) -> bool:
    """Whether whoever reads this is to hear it from somebody first."""
    return _died(card) and is_to_hear(db.session(), acting(), guest.id)


def _to_hear_words(guest: Guest) -> str:
    farewell = farewell_of(db.session(), guest.id)
    who = names_of(db.session(), [farewell.said_by]).get(farewell.said_by) if farewell is not None else None
    if who is None:
        return _("Please speak with whoever leads the house before you write or call.")
    return _("Please speak with %(name)s before you write or call.", name=who)


def _confirmed(card: TextsCard, house: House, now: datetime) -> str | None:
    at = card.person.confirmed_at if card.person else None
    return moment(at, house, now) if at else None


def _summary(card: TextsCard, language: str) -> str:
    """ "9:00 to 20:00, in English": how they would like it, in one line."""
    stands = wishes_stand(card, language)
    said = [
        _hours(card),
        _("in Spanish") if language == "es" else _("in English"),
    ]
    if stands["shared"]:
        said.append(_("others may read this phone"))
    return ", ".join(said)


def _hours(card: TextsCard) -> str:
    person, usual = card.person, Hours()
    begin, end = (person.hours_from, person.hours_until) if person else (usual.start, usual.end)
    if begin == end:
        return _("at any hour")
    return _("%(begin)s to %(end)s", begin=time_words(begin), end=time_words(end))


def _zones(card: TextsCard) -> list[tuple[str, str]]:
    zones = home_zones()
    kept = card.person.timezone if card.person else None
    return zones if kept is None or kept in dict(zones) else [*zones, (kept, kept)]


def _thread_url(house: House, card: TextsCard) -> str | None:
    if card.thread_id is None or "messaging.thread" not in current_app.view_functions:
        return None
    return url_for("messaging.thread", slug=house.slug, thread_id=card.thread_id)
