"""One's own page in a house: how one is known, one's phone, what one shares, what one would like."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May, Role
from respite.accounts.service.stepping_back import may_come_back, membership_of
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import houses_of
from respite.houses.service.details import LANGUAGES
from respite.messaging.card import TextsCard, card_of
from respite.messaging.models.people import LOST
from respite.messaging.policy.consent_words import sentence
from respite.messaging.policy.hours import Hours
from respite.messaging.purposes import PEER_PURPOSES, Purpose
from respite.messaging.service.correspondents import correspondent_of
from respite.staffing.models import Peer
from respite.staffing.policy.languages import KNOWN, LONGEST, MOST_OTHERS, checked_languages, language_word
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.queries.peers import peer_of, word_options, words_of
from respite.staffing.service import peers as service
from respite.staffing.service.peer_phone import Phone, keep_phone
from respite.staffing.service.peers import Wishes
from respite.staffing.views import blueprint
from respite.staffing.views.own_pages import own_page_here

PURPOSE_WORDS = {
    Purpose.SHIFTS: _l("Shifts: open ones, changes, reminders"),
    Purpose.DUTY: _l("A shift that is on or begins soon"),
    Purpose.HANDOFF: _l("The handoff"),
    Purpose.READ_SOON: _l("Something to read soon"),
}
TEXT_LANGUAGES = (("en", "English"), ("es", "Español"))
HOUR = 60


own_page_here(10, "staffing.details", _l("About you: phone, wishes, what you share"))


@blueprint.get("/me/details")
@signed_in
def details() -> ResponseReturnValue:
    """To the one house, or which one."""
    actor = acting()
    houses = [house for house in houses_of(actor) if actor.may(May.KEEP_OWN, house.id)]
    end_read()
    if len(houses) == 1:
        return redirect(url_for("staffing.own_details", slug=houses[0].slug))
    return which_house(houses, _("About you"), "staffing.own_details")


def which_house(houses: list[House], title: str, to: str) -> str:
    """For somebody with several houses: one's own page in each is a page of its own."""
    return drawn("staffing/which_house.html", house=None, houses=houses, title=title, to=to)


@blueprint.get("/me/details/<slug>")
@for_house(May.KEEP_OWN)
def own_details(house: House) -> ResponseReturnValue:
    return _draw(house)


def _draw(house: House, about: str = "", refusal: Refusal | None = None) -> str:
    session, actor = db.session(), acting()
    peer = peer_of(session, house.id, actor.id)
    known, live = correspondent_of(session, house.id, actor.id), membership_of(session, house.id, actor.id)
    card = card_of(session, house, actor.id, known.number if known else None)
    language = card.person.language if card.person else house.language
    stands = {"known": _known(peer), "phone": _phone(card, language), "shares": _shares(peer), "wishes": _wishes(peer)}
    g.house = house
    return drawn(
        "staffing/details.html",
        house=house,
        peer=peer,
        stepped_back=actor.role_in(house.id) == Role.STEPPED_BACK,
        may_come_back=live is not None and may_come_back(live, actor),
        card=card,
        rests=card.person is not None and card.person.number_bad == LOST,
        number_bad=card.person is not None and card.person.number_bad not in (None, LOST),
        forms={name: shown(each, refusal if name == about else None) for name, each in stands.items()},
        about=about,
        titles=word_options(session, house.id, WordKind.TITLE),
        languages=[(code, str(word)) for code, word in KNOWN.items()],
        words=word_options(session, house.id, WordKind.SHARE),
        asked=[(p, PURPOSE_WORDS[p], sentence(p, language, card.brand)) for p in PEER_PURPOSES],
        text_language=language,
        text_languages=TEXT_LANGUAGES,
    )


def _known(peer: Peer | None) -> dict[str, Any]:
    spoken = peer.languages if peer else []
    return {
        "title": str(peer.title_id or "") if peer else "",
        "pronouns": peer.pronouns if peer else None,
        "languages": [each for each in spoken if each in KNOWN],
        "others": ", ".join(each for each in spoken if each not in KNOWN),
    }


def _phone(card: TextsCard, language: str) -> dict[str, Any]:
    person, usual = card.person, Hours()
    return {
        "number": phone_shown(card.number) if card.number else None,
        "hours_from": f"{person.hours_from if person else usual.start:%H:%M}",
        "hours_until": f"{person.hours_until if person else usual.end:%H:%M}",
        "language": language,
        "purposes": [str(each) for each in PEER_PURPOSES if card.said_yes(each)],
    }


def _shares(peer: Peer | None) -> dict[str, Any]:
    return {
        "shares": [str(each) for each in peer.shares] if peer else [],
        "colleagues": peer.shares_with_colleagues if peer else False,
    }


def _wishes(peer: Peer | None) -> dict[str, Any]:
    usual = peer or Peer(on_call_willing=True, asked_from=time(8), asked_until=time(22))
    return {
        "hours": _hours(usual.wanted_minutes),
        "nights": usual.most_nights_in_a_row,
        "rest": _hours(usual.least_rest_minutes),
        "no_nights_until": usual.no_nights_until.isoformat() if usual.no_nights_until else "",
        "on_call": usual.on_call_willing,
        "asked_from": f"{usual.asked_from:%H:%M}",
        "asked_until": f"{usual.asked_until:%H:%M}",
    }


def _hours(minutes: int | None) -> int | None:
    return None if minutes is None else minutes // HOUR


@blueprint.post("/me/details/<slug>/known")
@for_house(May.KEEP_OWN)
def keep_known(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        title, pronouns = form.uuid("title", needed=False), form.text("pronouns", most=30, needed=False) or None
        ticked = form.choices("languages", KNOWN)
        others = form.text("others", most=(LONGEST + 2) * MOST_OTHERS, needed=False)
        seen = form.version()
        form.done()
        languages = checked_languages(ticked, others)

        def act() -> Answer:
            service.keep_known(
                acting(),
                house_id,
                title_id=title,
                pronouns=pronouns,
                languages=languages,
                version_seen=seen,
                now=house_now(),
            )
            return done(_page(slug), _("That is how you are known here."))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _again(house_id, "known", refusal))


@blueprint.post("/me/details/<slug>/phone")
@for_house(May.KEEP_OWN)
def keep_own_phone(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        wanted = Phone(
            number=phone(form, "number"),
            hours_from=form.clock_time("hours_from"),
            hours_until=form.clock_time("hours_until"),
            language=form.choice("language", LANGUAGES),
            purposes=[Purpose(each) for each in form.choices("purposes", PEER_PURPOSES)],
        )
        seen = form.version()
        form.done()

        def act() -> Answer:
            keep_phone(acting(), house_id, wanted, version_seen=seen, now=house_now())
            return done(
                _page(slug), _("Kept. Texts come as you said.") if wanted.purposes else _("Kept. Nobody texts you.")
            )

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _again(house_id, "phone", refusal))


@blueprint.post("/me/details/<slug>/shares")
@for_house(May.KEEP_OWN)
def keep_shares(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form, session = Form(request.form), db.session()
        known = {str(word.id): word.id for word in words_of(session, house_id, WordKind.SHARE)}
        words, colleagues, seen = form.choices("shares", known), form.flag("colleagues"), form.version()
        form.done()

        def act() -> Answer:
            service.keep_shares(
                acting(),
                house_id,
                [known[each] for each in words],
                with_colleagues=colleagues,
                version_seen=seen,
                now=house_now(),
            )
            return done(_page(slug), _("Kept, as you chose.") if words else _("Nothing of it is shown any more."))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _again(house_id, "shares", refusal))


@blueprint.post("/me/details/<slug>/wishes")
@for_house(May.KEEP_OWN)
def keep_wishes(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        wishes, seen = _read_wishes(form), form.version()
        form.done()

        def act() -> Answer:
            service.keep_wishes(acting(), house_id, wishes, version_seen=seen, now=house_now())
            return done(_page(slug), _("Your wishes are kept."))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _again(house_id, "wishes", refusal))


def _read_wishes(form: Form) -> Wishes:
    hours = form.whole_number("hours", least=0, most=80, needed=False)
    rest = form.whole_number("rest", least=0, most=72, needed=False)
    return Wishes(
        wanted_minutes=None if hours is None else hours * HOUR,
        most_nights_in_a_row=form.whole_number("nights", least=0, most=14, needed=False),
        least_rest_minutes=None if rest is None else rest * HOUR,
        no_nights_until=form.day("no_nights_until", needed=False),
        on_call_willing=form.flag("on_call"),
        asked_from=form.clock_time("asked_from"),
        asked_until=form.clock_time("asked_until"),
    )


def _again(house_id: Any, about: str, refusal: Refusal) -> str:
    return _draw(db.session.get_one(House, house_id), about, refusal)


def _page(slug: str) -> str:
    return url_for("staffing.own_details", slug=slug)


def spoken(languages: list[str]) -> str:
    """Languages in one line."""
    return ", ".join(language_word(each) for each in languages)
