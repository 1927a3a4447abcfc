"""What is missing by role, and each person's credentials: their own page, and the one for who keeps them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.accounts.service.members import members_of
from respite.accounts.words import role_words
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import clock_words
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.houses.queries import houses_of
from respite.staffing.models import Credential, Training
from respite.staffing.policy.credentials import Kind, Sort
from respite.staffing.queries.credential_cards import Card, cards_of
from respite.staffing.queries.credential_gaps import gaps_of
from respite.staffing.service import credentials as service
from respite.staffing.service import training
from respite.staffing.views import blueprint
from respite.staffing.views.credential_words import (
    SORTS,
    about_options,
    day_words,
    entry_words,
    notes,
    stands_words,
    steps,
)
from respite.staffing.views.hours import hours_typed, read_hours
from respite.staffing.views.own_pages import own_page_here
from respite.staffing.views.shown import whole_day

own_page_here(40, "staffing.own_credentials", _l("My credentials"))

WORDS = {
    "stands_words": stands_words,
    "steps": steps,
    "notes": notes,
    "entry_words": entry_words,
    "about_options": about_options,
}


@blueprint.get("/houses/<slug>/credentials")
@for_house(May.KEEP_CREDENTIALS)
def credentials(house: House) -> ResponseReturnValue:
    now = house_now()
    today = local(now, house.timezone).date()
    return drawn(
        "staffing/credentials/gaps.html",
        house=house,
        gaps=gaps_of(db.session(), house, now),
        people=[(each.person_id, each.name, role_words(each.role)) for each in members_of(house.id)],
        role_words=role_words,
        day_words=day_words,
        printed_at=_("%(day)s, %(time)s", day=whole_day(today), time=clock_words(now, house.timezone)),
    )


@blueprint.get("/houses/<slug>/credentials/people/<uuid:person_id>")
@for_house(May.KEEP_CREDENTIALS)
def credentials_of_person(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    return _draw(house, person_id)


@blueprint.get("/me/credentials")
@signed_in
def own_credentials() -> ResponseReturnValue:
    return _draw_own()


@blueprint.post("/houses/<slug>/credentials/people/<uuid:person_id>", endpoint="add_credential")
@for_house(May.KEEP_OWN)
def add_credential(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    return or_redraw(lambda: _add(house, person_id), lambda refusal: _draw(house, person_id, refusal))


@blueprint.post("/houses/<slug>/credentials/people/<uuid:person_id>/training")
@for_house(May.KEEP_OWN)
def add_training(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    return or_redraw(lambda: _add_training(house, person_id), lambda refusal: _draw(house, person_id, refusal))


@blueprint.post("/trainings/<uuid:training_id>/remove")
@for_row(Training, "training", May.KEEP_OWN)
def remove_training(training: Training) -> ResponseReturnValue:
    entry, page = training, _page(training.house_id, training.person_id)
    again = url_for("staffing.add_training", slug=_slug(entry.house_id), person_id=entry.person_id)
    fields = {
        "slug": entry.slug, "sort": entry.sort, "category": entry.category, "hours": hours_typed(entry.minutes),
        "day": entry.day.isoformat(), "provider": entry.provider, "in_group": "yes" if entry.in_group else "",
    }  # fmt: skip

    def act() -> Answer:
        _remove_training(entry.id)
        return done(page, _("The hours are taken out."), again, **fields)

    return act_form(acting(), act)


def _remove_training(training_id: uuid.UUID) -> None:
    training.remove_training(acting(), training_id, now=house_now())


def _add(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    form, house_id = Form(request.form), house.id
    slug, wanted = form.text("slug", most=40), read_credential(form)
    form.done()
    page = _page(house_id, person_id)

    def act() -> Answer:
        added = service.add_credential(acting(), house_id, person_id, slug=slug, **wanted, now=house_now())
        return done(page, _("It is written down."), url_for("staffing.remove_credential", credential_id=added.id))

    return act_form(acting(), act)


def read_credential(form: Form) -> dict[str, Any]:
    return {
        "number": form.text("number", most=60, needed=False),
        "exam_on": form.day("exam_on", needed=False),
        "issued_on": form.day("issued_on", needed=False),
        "expires_on": form.day("expires_on", needed=False),
    }


def _add_training(house: House, person_id: uuid.UUID) -> ResponseReturnValue:
    form, house_id = Form(request.form), house.id
    wanted: dict[str, Any] = {
        "slug": form.text("slug", most=40),
        "sort": form.choice("sort", Sort),
        "category": form.text("category", most=60, needed=False),
        "minutes": read_hours(form, "hours"),
        "day": form.day("day"),
        "provider": form.text("provider", most=80, needed=False),
        "in_group": form.flag("in_group"),
    }
    form.done()
    page = _page(house_id, person_id)

    def act() -> Answer:
        entry = training.add_training(acting(), house_id, person_id, **wanted, now=house_now())
        return done(page, _("The hours are written down."), url_for("staffing.remove_training", training_id=entry.id))

    return act_form(acting(), act)


def _draw(house: House, person_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    """Somebody's page, for who keeps credentials; their own where it is they."""
    actor = acting()
    if person_id == actor.id and (refusal is not None or not actor.may(May.KEEP_CREDENTIALS, house.id)):
        return _draw_own(refusal)
    member = next((each for each in members_of(house.id) if each.person_id == person_id), None)
    person, cards = db.session.get(Person, person_id), cards_of(db.session(), house, person_id, house_now())
    # Who left has a page while something is written down of them, for the state's record.
    if person is None or (member is None and not any(card.terms or card.entries for card in cards)):
        raise NotFound
    return drawn(
        "staffing/credentials/person.html",
        house=house,
        name=person.name,
        role=role_words(member.role) if member is not None else _("left the house"),
        person_id=person_id,
        cards=_in_order(cards),
        **_form(house, refusal),
    )


def _draw_own(refusal: Refusal | None = None) -> str:
    actor = acting()
    houses = [house for house in houses_of(actor) if actor.may(May.KEEP_OWN, house.id)]
    g.house = houses[0] if len(houses) == 1 else None
    now, session = house_now(), db.session()
    return drawn(
        "staffing/credentials/own.html",
        house=g.house,
        houses=[(house, _in_order(cards_of(session, house, actor.id, now))) for house in houses],
        together={house.id for house in houses if actor.may(May.SEE_SHIFTS, house.id)},
        person_id=actor.id,
        **_form(g.house, refusal),
    )


def _in_order(cards: list[Card]) -> list[Card]:
    """What the house asks for first; people keep what a house let go, below."""
    return sorted(cards, key=lambda card: not card.asked)


def _form(house: House | None, refusal: Refusal | None) -> dict[str, Any]:
    """The fresh forms of each card, and the refused one as it was typed."""
    now = house_now()
    today = local(now, house.timezone).date() if house is not None else now.date()
    return {
        "words": WORDS,
        "fresh": shown({"day": today.isoformat(), "sort": Sort.LEARNING, "issued_on": ""}),
        "refused": shown({}, refusal) if refusal is not None else None,
        "refused_at": (request.form.get("slug", ""), "training" if "sort" in request.form else "credential"),
        "sorts": [(str(sort), label) for sort, label in SORTS.items()],
        "credential_kind": Kind.CREDENTIAL,
        "day_words": day_words,
        "today": today.isoformat(),
    }


def _page(house_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """Where an act on somebody's credentials leads back to."""
    if person_id == acting().id:
        return url_for("staffing.own_credentials")
    return url_for("staffing.credentials_of_person", slug=_slug(house_id), person_id=person_id)


def page_of(credential: Credential) -> str:
    return _page(credential.house_id, credential.person_id)


def _slug(house_id: uuid.UUID) -> str:
    return db.session.get_one(House, house_id).slug


def as_typed(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
