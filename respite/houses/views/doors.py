"""Doors and chairs of a house: adding, naming, ordering, taking out."""

from __future__ import annotations

import uuid
from collections.abc import Callable

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
from respite.houses.models import Bed, Chair, Closure, House
from respite.houses.policy.tags import KNOWN_TAGS, MOST_TAGS, tag_word
from respite.houses.queries import (
    beds_of,
    chairs_of,
    closures_from,
    retired_beds,
    retired_chairs,
    rules_now,
    tonight,
)
from respite.houses.service import chairs, furnishing
from respite.houses.views import blueprint
from respite.houses.views.words import closure_words


@blueprint.route("/houses/<slug>/settings/doors", methods=["GET", "POST"])
@for_house(May.SET_RULES)
def doors(house: House) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _add_bed(house), lambda refusal: _draw(house, refusal))
    return _draw(house)


def _draw(house: House, refusal: Refusal | None = None, *, of_button: bool = False) -> str:
    """The page; after a refusal with the form for a new door as it was typed, or with what a button was told."""
    form = shown({"name": "", "room": ""}, None if of_button else refusal)
    if refusal is not None:
        form.sentence = " ".join(str(each) for each in getattr(refusal, "fields", {}).values()) or refusal.sentence
    session, now = db.session(), house_now()
    tonight_is = tonight(house, rules_now(session, house.id), now)
    closures: dict[uuid.UUID, list[tuple[Closure, str]]] = {}
    for closure in closures_from(session, house.id, tonight_is):
        closures.setdefault(closure.bed_id, []).append((closure, closure_words(closure, tonight_is)))
    return drawn(
        "houses/doors.html",
        house=house,
        beds=beds_of(session, house.id),
        closures=closures,
        chairs=chairs_of(session, house.id),
        retired_beds=retired_beds(session, house.id),
        retired_chairs=retired_chairs(session, house.id),
        form=form,
    )


def _button(house_id: uuid.UUID, act: Callable[[], Answer]) -> ResponseReturnValue:
    """Answer a button of the page; a rule against it is said at the top of the page."""
    return or_redraw(
        lambda: act_form(acting(), act),
        lambda refusal: _draw(db.session.get_one(House, house_id), refusal, of_button=True),
    )


def _page_of(house_id: uuid.UUID, anchor: str) -> str:
    return url_for("houses.doors", slug=db.session.get_one(House, house_id).slug, _anchor=anchor)


def _add_bed(house: House) -> ResponseReturnValue:
    form, house_id = Form(request.form), house.id
    name = form.text("name", most=furnishing.LONGEST_NAME)
    room = form.text("room", most=furnishing.LONGEST_NAME, needed=False)
    form.done()

    def act() -> Answer:
        bed = furnishing.add_bed(acting(), house_id, name=name, room=room, now=house_now())
        said = _("%(door)s is a door of the house now.", door=bed.name)
        return done(_page_of(house_id, "doors"), said, url_for("houses.retire_bed", bed_id=bed.id))

    return act_form(acting(), act)


@blueprint.route("/beds/<uuid:bed_id>/settings", methods=["GET", "POST"])
@for_row(Bed, "bed", May.SET_RULES)
def change_bed(bed: Bed) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change_bed(bed), lambda refusal: _draw_bed(bed, refusal))
    return _draw_bed(bed)


def _draw_bed(bed: Bed, refusal: Refusal | None = None) -> str:
    stands = {
        "name": bed.name,
        "room": "" if bed.room.name == bed.name else bed.room.name,
        "tags": [tag for tag in bed.tags if tag in KNOWN_TAGS],
        "more_tags": ", ".join(tag for tag in bed.tags if tag not in KNOWN_TAGS),
    }
    return drawn(
        "houses/door.html",
        house=db.session.get_one(House, bed.house_id),
        bed=bed,
        known_tags=[(tag, word) for tag, word in KNOWN_TAGS.items()],
        most_tags=MOST_TAGS,
        form=shown(stands, refusal, lambda name, value: tag_word(str(value)) if name == "tags" else str(value)),
    )


def _change_bed(bed: Bed) -> ResponseReturnValue:
    form, bed_id, house_id = Form(request.form), bed.id, bed.house_id
    name = form.text("name", most=furnishing.LONGEST_NAME)
    room = form.text("room", most=furnishing.LONGEST_NAME, needed=False)
    tags = form.choices("tags", KNOWN_TAGS) + form.text("more_tags", most=300, needed=False).split(",")
    seen = form.version()
    form.done()

    def act() -> Answer:
        changed = furnishing.change_bed(
            acting(), bed_id, name=name, room=room, tags=tags, version_seen=seen, now=house_now()
        )
        return done(_page_of(house_id, "doors"), _("%(door)s is kept as you wrote it.", door=changed.name))

    return act_form(acting(), act)


@blueprint.post("/beds/<uuid:bed_id>/order")
@for_row(Bed, "bed", May.SET_RULES)
def move_bed(bed: Bed) -> ResponseReturnValue:
    form, bed_id, house_id = Form(request.form), bed.id, bed.house_id
    places = form.whole_number("places", least=-60, most=60)
    form.done()

    def act() -> Answer:
        furnishing.move_bed(acting(), bed_id, places=places, now=house_now())
        return done(_page_of(house_id, f"door-{bed_id}"))

    return _button(house_id, act)


@blueprint.post("/beds/<uuid:bed_id>/retire")
@for_row(Bed, "bed", May.SET_RULES)
def retire_bed(bed: Bed) -> ResponseReturnValue:
    form, bed_id, house_id = Form(request.form), bed.id, bed.house_id
    seen = form.version()
    form.done()

    def act() -> Answer:
        gone = furnishing.retire_bed(acting(), bed_id, version_seen=seen, now=house_now())
        said = _("%(door)s is no longer a door of the house.", door=gone.name)
        return done(_page_of(house_id, "doors"), said, url_for("houses.bring_back_bed", bed_id=bed_id))

    return _button(house_id, act)


@blueprint.post("/beds/<uuid:bed_id>/bring-back")
@for_row(Bed, "bed", May.SET_RULES)
def bring_back_bed(bed: Bed) -> ResponseReturnValue:
    bed_id, house_id = bed.id, bed.house_id

    def act() -> Answer:
        back = furnishing.bring_back_bed(acting(), bed_id, now=house_now())
        said = _("%(door)s is a door of the house again.", door=back.name)
        return done(_page_of(house_id, "doors"), said, url_for("houses.retire_bed", bed_id=bed_id))

    return _button(house_id, act)


@blueprint.post("/houses/<slug>/settings/chairs")
@for_house(May.SET_RULES)
def add_chair(house: House) -> ResponseReturnValue:
    form, house_id = Form(request.form), house.id
    name = form.text("name", most=furnishing.LONGEST_NAME, needed=False)
    form.done()

    def act() -> Answer:
        chair = chairs.add_chair(acting(), house_id, name=name, now=house_now())
        said = _("Chair %(chair)s stands in the living room now.", chair=chair.name)
        return done(_page_of(house_id, "chairs"), said, url_for("houses.retire_chair", chair_id=chair.id))

    return _button(house_id, act)


@blueprint.post("/chairs/<uuid:chair_id>/name")
@for_row(Chair, "chair", May.SET_RULES)
def rename_chair(chair: Chair) -> ResponseReturnValue:
    form, chair_id, house_id = Form(request.form), chair.id, chair.house_id
    name, seen = form.text("name", most=furnishing.LONGEST_NAME), form.version()
    form.done()

    def act() -> Answer:
        named = chairs.rename_chair(acting(), chair_id, name=name, version_seen=seen, now=house_now())
        return done(_page_of(house_id, "chairs"), _("That chair is called %(chair)s now.", chair=named.name))

    return _button(house_id, act)


@blueprint.post("/chairs/<uuid:chair_id>/retire")
@for_row(Chair, "chair", May.SET_RULES)
def retire_chair(chair: Chair) -> ResponseReturnValue:
    form, chair_id, house_id = Form(request.form), chair.id, chair.house_id
    seen = form.version()
    form.done()

    def act() -> Answer:
        gone = chairs.retire_chair(acting(), chair_id, version_seen=seen, now=house_now())
        said = _("Chair %(chair)s is no longer in the living room.", chair=gone.name)
        return done(_page_of(house_id, "chairs"), said, url_for("houses.bring_back_chair", chair_id=chair_id))

    return _button(house_id, act)


@blueprint.post("/chairs/<uuid:chair_id>/bring-back")
@for_row(Chair, "chair", May.SET_RULES)
def bring_back_chair(chair: Chair) -> ResponseReturnValue:
    chair_id, house_id = chair.id, chair.house_id

    def act() -> Answer:
        back = chairs.bring_back_chair(acting(), chair_id, now=house_now())
        said = _("Chair %(chair)s is back in the living room.", chair=back.name)
        return done(_page_of(house_id, "chairs"), said, url_for("houses.retire_chair", chair_id=chair_id))

    return _button(house_id, act)
