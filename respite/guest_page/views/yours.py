"""What is a guest's own to change: their name, the wall, company, how they are reached, and texts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form
from respite.core.languages import language_read
from respite.core.limits import limiter
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.guest_page.access import for_page, forget_language
from respite.guest_page.service import own
from respite.guest_page.service.opening import LONGEST_WORD, Page
from respite.guest_page.service.word import has_word, set_word, take_word_away
from respite.guest_page.views.changing import changing, onto_page, tapped
from respite.guest_page.views.routes import blueprint
from respite.guests.models import Guest, WallChoice
from respite.guests.service.people import LONGEST_NAME
from respite.guests.service.staying import LONGEST_PRONOUNS, LONGEST_WISH, PICTURES
from respite.guests.views.stay import PICTURE_WORDS
from respite.guests.views.text_words import wishes_stand
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.houses.service.details import LANGUAGES
from respite.messaging.card import TextsCard, card_of
from respite.messaging.policy.consent_words import sentence
from respite.messaging.purposes import GUEST_PURPOSES, Purpose
from respite.messaging.service.correspondents import LONGEST_SIGN_OFF

CHANGES = "60 per minute"
WALL = {
    WallChoice.NOTHING: _l("Nothing"),
    WallChoice.PICTURE: _l("A picture"),
    WallChoice.INITIAL: _l("My initial"),
    WallChoice.NAME: _l("My name"),
}
ASKED_FOR: Mapping[Purpose, Any] = {
    Purpose.FOLLOW_UP: _l("To ask how you are"),
    Purpose.CONNECTIONS: _l("About places and people you ask for"),
    Purpose.CARING: _l("A kind word now and then"),
    Purpose.STAY: _l("About a bed you asked for"),
}
LANGUAGE_NAMES = {"en": _l("English"), "es": _l("Español")}


@blueprint.route("/g/<token>/name", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def name(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        guest = _guest(page)
        return {"name": guest.name, "pronouns": guest.pronouns}, {"version": guest.version}

    def do(form: Form) -> str:
        called = form.text("name", most=LONGEST_NAME)
        pronouns = form.text("pronouns", most=LONGEST_PRONOUNS, needed=False) or None
        seen = form.version()
        form.done()
        own.change_name(page, name=called, pronouns=pronouns, version_seen=seen, now=house_now())
        return _("Changed. We see it too, from now on.")

    return changing(page, "guest_page/name.html", stands, do)


@blueprint.route("/g/<token>/wall", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def wall(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        guest = _guest(page)
        more = {"version": guest.version, "choices": wall_choices(page.house_id), "pictures": PICTURE_WORDS}
        return {"choice": guest.wall_choice, "picture": guest.picture}, more

    def do(form: Form) -> str:
        choice, picture = form.choice("choice", list(WallChoice)), form.choice("picture", PICTURES, needed=False)
        seen = form.version()
        form.done()
        own.choose_for_wall(page, choice, picture, version_seen=seen, now=house_now())
        return _("The wall shows what you chose.")

    return changing(page, "guest_page/wall.html", stands, do)


@blueprint.route("/g/<token>/company", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def company(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        stay = own.stay_here(db.session(), page.guest_id)
        wish = stay.check_in_wish if stay is not None else None
        return {"wanted": "some" if wish else "none", "wish": wish}, {"here": stay is not None}

    def do(form: Form) -> str:
        wanted = form.choice("wanted", ("none", "some"))
        words = form.text("wish", most=LONGEST_WISH, needed=wanted == "some")
        form.done()
        own.say_company(page, words if wanted == "some" else None, now=house_now())
        return _("Noted, as you like it.") if wanted == "some" else _("Noted: nobody needs to look in.")

    return changing(page, "guest_page/company.html", stands, do)


@blueprint.route("/g/<token>/contact", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def contact(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        guest, card = _guest(page), card_for(page)
        language = card.person.language if card.person else language_read()
        values = wishes_stand(card, language) | {"phone": phone_shown(guest.phone) if guest.phone else None}
        versions = {"version": guest.version, "texts_version": card.person.version if card.person else 0}
        return values, {**versions, "unheard": guest.phone and not guest.heard_phone, "languages": _languages()}

    def do(form: Form) -> str:
        said = own.Contact(
            phone=phone(form, "phone"),
            safe_to_text=form.flag("safe"),
            may_be_shared=form.flag("shared"),
            hours_from=form.clock_time("hours_from"),
            hours_until=form.clock_time("hours_until"),
            language=form.choice("language", LANGUAGES),
            sign_off=form.text("sign_off", most=LONGEST_SIGN_OFF, needed=False) or None,
        )
        seen, texts_seen = form.version(), form.whole_number("texts_version", needed=False)
        form.done()
        own.change_contact(page, said, version_seen=seen, texts_version_seen=texts_seen, now=house_now())
        return _("Changed. We see it too, from now on.")

    response = make_response(changing(page, "guest_page/contact.html", stands, do))
    if response.status_code == 303:
        forget_language(response)
    return response


@blueprint.route("/g/<token>/texts", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def texts(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        card, language = card_for(page), language_read()
        asked = [
            {
                "purpose": str(each),
                "label": ASKED_FOR[each],
                "given": card.said_yes(each),
                "words": sentence(each, language, card.brand, _wording(card, each)),
            }
            for each in GUEST_PURPOSES
        ]
        return {}, {"asked": asked, "number": phone_shown(card.number) if card.number else None}

    def do(form: Form) -> str:
        purpose, answer = form.choice("purpose", GUEST_PURPOSES), form.choice("answer", ("yes", "no"))
        form.done()
        own.answer_texts(page, Purpose(purpose), answer == "yes", now=house_now())
        return _("Noted: you said yes.") if answer == "yes" else _("Noted: no such texts.")

    return changing(page, "guest_page/texts.html", stands, do)


@blueprint.route("/g/<token>/word", methods=["GET", "POST"])
@for_page()
@limiter.limit(CHANGES, methods=["POST"])
def word(page: Page) -> ResponseReturnValue:
    def stands() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        return {}, {"stands": has_word(db.session(), page)}

    def do(form: Form) -> str:
        away = form.flag("none")
        chosen = form.text("word", most=LONGEST_WORD, needed=not away)
        form.done()
        if away:
            take_word_away(page, now=house_now())
            return _("Your link opens without a word again.")
        set_word(page, chosen, now=house_now())
        return _("From now on your link opens only with your word.")

    return changing(page, "guest_page/word.html", stands, do, onto_page(page, "page"))


@blueprint.post("/g/<token>/earlier/<uuid:earlier_id>/gone")
@for_page()
@limiter.limit(CHANGES)
def earlier_gone(page: Page, earlier_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> str:
        own.take_away_earlier(page, earlier_id, now=house_now())
        return _("It is gone, here and for us.")

    return tapped(page, act, onto_page(page, "earlier"))


def card_for(page: Page) -> TextsCard:
    """How texts with them stand. A number that nobody heard is none here."""
    guest, house = _guest(page), db.session.get_one(House, page.house_id)
    return card_of(db.session(), house, guest.id, guest.heard_phone)


def wall_choices(house_id: uuid.UUID) -> list[tuple[str, Any]]:
    """As much of the wall as the house leaves to them."""
    most = WallChoice(rules_now(db.session(), house_id).wall_most)
    allowed = list(WALL)[: list(WALL).index(most) + 1]
    return [(str(choice), WALL[choice]) for choice in allowed]


def _guest(page: Page) -> Guest:
    return db.session.get_one(Guest, page.guest_id)


def _wording(card: TextsCard, purpose: Purpose) -> int | None:
    """What they said yes to stays readable in the words of then."""
    return card.consents[purpose].wording if card.said_yes(purpose) else None


def _languages() -> list[tuple[str, Any]]:
    return list(LANGUAGE_NAMES.items())
