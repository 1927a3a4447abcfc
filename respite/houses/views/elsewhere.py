"""Where else somebody can turn: the house's list, and the sheet that is read out or handed over."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.phones import phone
from respite.core.phones import shown as phone_shown
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house, for_row
from respite.houses.elsewhere import all_places, places_of
from respite.houses.models import Elsewhere, House
from respite.houses.policy.elsewhere import LONGEST_LINE, LONGEST_NAME, LONGEST_NOTE, PlaceKind, PlaceWords
from respite.houses.queries import house_by_id
from respite.houses.service import elsewhere as service
from respite.houses.views import blueprint
from respite.houses.views.words import moment_words

KINDS = {
    PlaceKind.SUPPORT: _l("Somebody to turn to"),
    PlaceKind.HOUSE: _l("Another house with beds"),
    PlaceKind.CHAIR: _l("Our living room"),
}
LIMITS = {"longest_name": LONGEST_NAME, "longest": LONGEST_LINE, "longest_note": LONGEST_NOTE}


@blueprint.route("/houses/<slug>/settings/elsewhere", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def elsewhere(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _add(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


@blueprint.route("/elsewhere/<uuid:elsewhere_id>", methods=["GET", "POST"])
@for_row(Elsewhere, "elsewhere", May.SET_RULES)
def elsewhere_one(elsewhere: Elsewhere) -> ResponseReturnValue:
    if elsewhere.general is not None:
        raise NotFound
    house = house_by_id(elsewhere.house_id)
    if request.method == "POST":
        return or_redraw(lambda: _change(house, elsewhere), lambda refusal: _draw_one(house, elsewhere, refusal))
    return _draw_one(house, elsewhere)


@blueprint.post("/elsewhere/<uuid:elsewhere_id>/shown")
@for_row(Elsewhere, "elsewhere", May.SET_RULES)
def elsewhere_shown(elsewhere: Elsewhere) -> ResponseReturnValue:
    place_id, home = elsewhere.id, _home(house_by_id(elsewhere.house_id))
    is_shown = _is_shown()
    return act_form(
        acting(),
        lambda: _done(home, service.show_place(acting(), place_id, is_shown, now=house_now())),
    )


@blueprint.post("/houses/<slug>/settings/elsewhere/general")
@for_house(May.SET_RULES)
def elsewhere_general(house: House) -> ResponseReturnValue:
    house_id, home = house.id, _home(house)
    form = Form(request.form)
    key = form.text("general", most=20)
    form.done()
    is_shown = _is_shown()
    return act_form(
        acting(),
        lambda: _done(home, service.show_general(acting(), house_id, key, is_shown, now=house_now())),
    )


@blueprint.get("/houses/<slug>/elsewhere")
@for_house(May.ENTER)
def elsewhere_paper(house: House) -> ResponseReturnValue:
    """The list as a sheet, to read out or to hand over."""
    now, places = house_now(), places_of(db.session(), house.id)
    return drawn("houses/elsewhere_paper.html", house=house, places=places, printed_at=moment_words(now, house, now))


def _draw(house: House, refusal: Refusal | None = None) -> str:
    stands = {"kind": PlaceKind.SUPPORT, "name": "", "phone": "", "text_to": "", "hours": "", "note": "", "note_es": ""}
    return drawn(
        "houses/elsewhere.html",
        house=house,
        places=all_places(db.session(), house.id),
        kinds=KINDS,
        form=shown(stands, refusal),
        **LIMITS,
    )


def _draw_one(house: House, place: Elsewhere, refusal: Refusal | None = None) -> str:
    stands: dict[str, Any] = {
        name: getattr(place, name) for name in ("kind", "name", "text_to", "hours", "note", "note_es")
    }
    stands["phone"] = phone_shown(place.phone) if place.phone else ""
    return drawn(
        "houses/elsewhere_one.html",
        house=house,
        place=place,
        kinds=KINDS,
        form=shown(stands, refusal),
        **LIMITS,
    )


def _read(form: Form) -> PlaceWords:
    return PlaceWords(
        kind=form.choice("kind", PlaceKind),
        name=form.text("name", most=LONGEST_NAME),
        phone=phone(form, "phone"),
        text_to=form.text("text_to", most=LONGEST_LINE, needed=False),
        hours=form.text("hours", most=LONGEST_LINE, needed=False),
        note=form.text("note", most=LONGEST_NOTE, needed=False),
        note_es=form.text("note_es", most=LONGEST_NOTE, needed=False),
    )


def _add(house: House) -> ResponseReturnValue:
    form, house_id, home = Form(request.form), house.id, _home(house)
    wanted = _read(form)
    form.done()
    return act_form(acting(), lambda: _done(home, service.add_place(acting(), house_id, wanted, now=house_now())))


def _change(house: House, place: Elsewhere) -> ResponseReturnValue:
    form, place_id, home = Form(request.form), place.id, _home(house)
    wanted, seen = _read(form), form.version()
    form.done()

    def act() -> Answer:
        return _done(home, service.change_place(acting(), place_id, wanted, version_seen=seen, now=house_now()))

    return act_form(acting(), act)


def _done(home: str, _changed: object) -> Answer:
    return done(home, _("The list says it now."))


def _is_shown() -> bool:
    form = Form(request.form)
    is_shown = form.flag("shown")
    form.done()
    return is_shown


def _home(house: House) -> str:
    return url_for("houses.elsewhere", slug=house.slug)
