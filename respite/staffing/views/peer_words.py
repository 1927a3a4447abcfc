"""The house's own lists about peers: what they are called, and what they may choose to share."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.staffing.models import PeerWord
from respite.staffing.policy.peer_words import KNOWN, LONGEST_WORD, WordKind, word_shown
from respite.staffing.queries.peers import words_of
from respite.staffing.service import peer_words as service
from respite.staffing.views import blueprint


@blueprint.get("/houses/<slug>/settings/peer-words")
@for_house(May.SET_RULES)
def peer_words(house: House) -> ResponseReturnValue:
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    return drawn(
        "staffing/peer_words.html",
        house=house,
        lists=[_listed(house, kind, refusal) for kind in WordKind],
        longest=LONGEST_WORD,
    )


def _listed(house: House, kind: WordKind, refusal: Refusal | None) -> dict[str, Any]:
    words = words_of(db.session(), house.id, kind)
    there = {word.name for word in words}
    return {
        "kind": str(kind),
        "words": [(word.id, word_shown(kind, word.name)) for word in words],
        "known": [str(word) for name, word in KNOWN[kind].items() if name not in there],
        "form": shown({}, refusal if request.form.get("kind") == kind else None),
    }


@blueprint.post("/houses/<slug>/settings/peer-words", endpoint="add_peer_word")
@for_house(May.SET_RULES)
def add(house: House) -> ResponseReturnValue:
    house_id, slug = house.id, house.slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        kind, name = form.choice("kind", WordKind), form.text("name", most=LONGEST_WORD)
        form.done()

        def act() -> Answer:
            word = service.add_word(acting(), house_id, WordKind(kind), name, now=house_now())
            return done(_page(slug), _("It is on the list."), url_for("staffing.drop_peer_word", word_id=word.id))

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _draw(db.session.get_one(House, house_id), refusal))


@blueprint.post("/peer-words/<uuid:word_id>", endpoint="rename_peer_word")
@for_row(PeerWord, "word", May.SET_RULES)
def rename(word: PeerWord) -> ResponseReturnValue:
    word_id, house_id = word.id, word.house_id
    before = word_shown(word.kind, word.name)
    slug = db.session.get_one(House, house_id).slug

    def answer() -> ResponseReturnValue:
        form = Form(request.form)
        name = form.text("name", most=LONGEST_WORD)
        form.done()

        def act() -> Answer:
            service.rename_word(acting(), word_id, name, now=house_now())
            here = url_for("staffing.rename_peer_word", word_id=word_id)
            return done(_page(slug), _("It is called so everywhere now."), here, name=before)

        return act_form(acting(), act)

    return or_redraw(answer, lambda refusal: _draw(db.session.get_one(House, house_id), refusal))


@blueprint.post("/peer-words/<uuid:word_id>/off", endpoint="drop_peer_word")
@for_row(PeerWord, "word", May.SET_RULES)
def drop(word: PeerWord) -> ResponseReturnValue:
    word_id, slug = word.id, db.session.get_one(House, word.house_id).slug

    def act() -> Answer:
        service.take_word_off(acting(), word_id, now=house_now())
        back = url_for("staffing.restore_peer_word", word_id=word_id)
        return done(_page(slug), _("It is off the list, and shown nowhere."), back)

    return act_form(acting(), act)


@blueprint.post("/peer-words/<uuid:word_id>/back", endpoint="restore_peer_word")
@for_row(PeerWord, "word", May.SET_RULES)
def restore(word: PeerWord) -> ResponseReturnValue:
    word_id, house_id = word.id, word.house_id
    slug = db.session.get_one(House, house_id).slug

    def act() -> Answer:
        service.put_word_back(acting(), word_id, now=house_now())
        return done(_page(slug), _("It is on the list."))

    return or_redraw(
        lambda: act_form(acting(), act), lambda refusal: _draw(db.session.get_one(House, house_id), refusal)
    )


def _page(slug: str) -> str:
    return url_for("staffing.peer_words", slug=slug)
