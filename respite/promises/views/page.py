"""What we promised: the open ones by time, adding one, what was kept lately, and one promise by itself."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.rights import people_who_may
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import moment_words
from respite.core.web import own_page
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.queries import rules_now
from respite.promises import queries
from respite.promises.models import Promise
from respite.promises.policy import LONGEST_WORD, LONGEST_WORDS, Kind, When
from respite.promises.service import acts as service
from respite.promises.subjects import reads_it, subjects_of, with_names
from respite.promises.views.acts import given
from respite.promises.views.fields import day_options, owner_in, when_in, words_in
from respite.promises.views.kinds import KINDS
from respite.promises.views.routes import blueprint
from respite.promises.views.shown import Place, line, lines, place_of
from respite.wording.beside import hints_for_page

LATELY = timedelta(days=7)


@blueprint.route("/houses/<slug>/promises", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def page(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _give(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.route("/houses/<slug>/promises/new", methods=["GET", "POST"])
@for_house(May.KEEP_BEDS)
def new(house: House) -> ResponseReturnValue:
    """A promise for nobody by name, such as one made on the phone, in two taps from where one is."""
    if request.method == "POST":
        return or_redraw(lambda: _give(house), lambda refusal: draw_new(house, refusal=refusal))
    return draw_new(house)


def draw_new(house: House, *, home: str | None = None, refusal: Refusal | None = None, **more: Any) -> str:
    """The form of one promise by itself, for upper features too: they say for whom it is, and where one came from."""
    return drawn(
        "promises/new.html",
        house=house,
        form=shown({"words": "", "kind": Kind.OTHER, "day": "", "at": "", "owner": "me", "whom": ""}, refusal),
        back=own_page(home or url_for("promises.page", slug=house.slug)),
        **(fields_of(house, place_here(house)) | more),
    )


def wanted_in(form: Form, when: When) -> service.Wanted:
    """What was typed into the form of a promise, for then."""
    return service.Wanted(
        words=words_in(form),
        kind=Kind(form.choice("kind", dict(KINDS), needed=False) or Kind.OTHER),
        when=when,
        owner_id=owner_in(form, acting().id),
    )


def _give(house: House) -> ResponseReturnValue:
    form, house_id, now = Form(request.form), house.id, house_now()
    wanted = wanted_in(form, when_in(form, place_here(house)))
    back = own_page(url_for("promises.page", slug=house.slug))
    form.done()

    def act() -> Answer:
        return given(service.give(acting(), house_id, wanted, now=now), back)

    return act_form(acting(), act)


def _draw(house: House, refusal: Refusal | None = None) -> str:
    session, place = db.session(), place_here(house)
    reader = acting().id
    rows = queries.open_promises(session, house.id)
    ended = queries.lately_ended(session, house.id, place.now - LATELY)
    subjects = subjects_of(session, house.id, (*rows, *ended))
    return drawn(
        "promises/page.html",
        house=house,
        lines=lines(with_names(rows, subjects), place, reader),
        ended=lines(with_names(ended, subjects), place, reader),
        form=shown({"words": "", "kind": Kind.OTHER, "day": "", "at": "", "owner": "me"}, refusal),
        here=url_for("promises.page", slug=house.slug),
        **fields_of(house, place),
    )


@blueprint.get("/promises/<uuid:promise_id>")
@for_row(Promise, "promise", May.KEEP_BEDS)
def one(promise: Promise) -> ResponseReturnValue:
    return draw_one(promise.id, promise.house_id)


def draw_one(promise_id: uuid.UUID, house_id: uuid.UUID, refusal: Refusal | None = None, word: str = "") -> str:
    """Its page, with a word to whom it is for that was typed before. Raises NotFound where it went meanwhile."""
    session = db.session()
    house = session.get_one(House, house_id)
    row, place = queries.one_promise(session, promise_id), place_here(house)
    promise = session.get(Promise, promise_id)
    if row is None or promise is None:
        raise NotFound
    subjects = subjects_of(session, house_id, [row])
    names = queries.names_of_refs(session, (promise.made_by, promise.ended_by))
    (row,) = with_names([row], subjects)
    subject = subjects.get(row.subject[1]) if row.subject else None
    return drawn(
        "promises/one.html",
        house=house,
        line=line(row, place, acting().id),
        subject=subject,
        kind=_kind_words(row.kind),
        made=_who_and_when(names.get(promise.made_by), moment_words(row.made_at, house.timezone, place.now)),
        ended_by=names.get(promise.ended_by or ""),
        word=row.word,
        longest_word=LONGEST_WORD,
        form=shown({"owner": _next_owner(row.owner_id), "day": "", "at": "", "word": word}, refusal),
        reads=row.subject is not None and reads_it(session, row.subject, place.now),
        here=url_for("promises.one", promise_id=promise_id),
        back=own_page(url_for("promises.page", slug=house.slug)),
        **fields_of(house, place),
    )


def _next_owner(owner_id: uuid.UUID | None) -> str:
    """Who is likely meant when it is handed on."""
    return "me" if owner_id != acting().id else ""


def _kind_words(kind: str) -> str | None:
    """What it is about, where that is said."""
    if kind == Kind.CALLBACK:
        return _("a callback")
    return str(dict(KINDS)[kind]) if kind != Kind.OTHER else None


def _who_and_when(name: str | None, at: str) -> str:
    return _("%(name)s, %(at)s", name=name, at=at) if name else at


def place_here(house: House) -> Place:
    return place_of(house, rules_now(db.session(), house.id).night_turns_at, house_now())


def fields_of(house: House, place: Place) -> dict[str, Any]:
    """What the fields of a promise offer: kinds, days, and who may keep one."""
    me = acting().id
    people = [person for person in people_who_may(db.session(), house.id, May.KEEP_BEDS) if person.id != me]
    return {
        "kinds": KINDS,
        "days": day_options(place),
        "owners": [("me", _("I will")), ("", _("whoever is on")), *((str(p.id), p.name) for p in people)],
        "longest": LONGEST_WORDS,
        "hints": hints_for_page(db.session(), house.id),
    }
