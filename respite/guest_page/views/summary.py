"""What stands on the page in one line each, beside the way to change it."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from respite.core.db import db
from respite.core.phones import shown as phone_shown
from respite.core.times import time_words
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own import stay_here
from respite.guest_page.views.kind_words import told as kind_words_told
from respite.guest_page.views.yours import ASKED_FOR, LANGUAGE_NAMES, WALL, card_for
from respite.guests.models import Guest, WallChoice
from respite.messaging.card import TextsCard
from respite.messaging.purposes import GUEST_PURPOSES

Line = tuple[str, str, str]  # what, how it stands, and where it is changed


def lines_of(page: Page, guest: Guest) -> list[Line]:
    """In the order in which they are read; company only while they are in the house."""
    card = card_for(page)

    def to(endpoint: str) -> str:
        return url_for(f"guest_page.{endpoint}", token=page.token)

    lines = [
        (_("What we call you"), ", ".join(filter(None, (guest.name, guest.pronouns))), to("name")),
        (_("On the wall"), _wall(guest), to("wall")),
    ]
    stay = stay_here(db.session(), guest.id)
    if stay is not None:
        wish = stay.check_in_wish or _("Nobody needs to look in")
        lines.append((_("Support"), wish, to("company")))
    lines.append((_("How to reach you"), _reached(guest, card), to("contact")))
    lines.append((_("Texts"), _texts(guest, card), to("texts")))
    words = kind_words_told(guest)
    if words is not None:
        lines.append((_("A kind word now and then"), words, to("kind_words")))
    return lines


def _wall(guest: Guest) -> str:
    said = str(WALL[WallChoice(guest.wall_choice)])
    return f"{said} {guest.picture}" if guest.picture else said


def _reached(guest: Guest, card: TextsCard) -> str:
    person = card.person
    said: list[Any] = [phone_shown(guest.phone) if guest.phone else _("We have no number.")]
    if person is not None:
        if not person.safe_to_text:
            said.append(_("A text is not safe."))
        elif guest.heard_phone:
            said.append(_hours(person.hours_from, person.hours_until))
        if person.may_be_shared:
            said.append(_("Someone else may read this phone."))
        said.append(LANGUAGE_NAMES.get(person.language, ""))
    return "\n".join(str(each) for each in said if each)


def _texts(guest: Guest, card: TextsCard) -> str:
    given = [str(ASKED_FOR[each]) for each in GUEST_PURPOSES if card.said_yes(each)]
    if given:
        return "\n".join(given)
    return _("None.") if guest.heard_phone else _("None. Tell one of us your number first.")


def _hours(begin: time, end: time) -> str:
    if begin == end:
        return _("Texts at any hour.")
    return _("Texts from %(begin)s to %(end)s.", begin=time_words(begin), end=time_words(end))
