"""What a guest asked to pass on, the line that is taken down again, and taking any act back."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.forms import Form, Shown
from respite.guests.access import for_stay
from respite.guests.models import LeftLine, Note, Stay, Undoable
from respite.guests.service.notes import LONGEST_NOTE, make_note, pass_on, take_line_down
from respite.guests.service.undo import undo as take_back
from respite.guests.views.answering import came_from, desk, happened_at, said, sent, stay_page, tapped, wall_now
from respite.guests.views.routes import blueprint
from respite.houses.access import for_row
from respite.houses.models import House


@blueprint.route("/stays/<uuid:stay_id>/notes/new", methods=["GET", "POST"])
@for_stay(May.KEEP_BEDS)
def note_form(stay: Stay, house: House) -> ResponseReturnValue:
    stay_id, house_id, now, home = stay.id, house.id, house_now(), desk(house)

    def draw(form: Shown, sentence: str | None = None) -> str:
        found, place = db.session.get_one(Stay, stay_id), db.session.get_one(House, house_id)
        return render_template(
            "guests/note.html",
            house=place,
            stay=found,
            form=form,
            sentence=sentence,
            latest=wall_now(place, now),
            back=came_from(home),
        )

    def act() -> ResponseReturnValue:
        form = Form(request.form)
        words = form.text("words", most=LONGEST_NOTE, lines=True)
        at = happened_at(form, "at", db.session.get_one(House, house_id), now)
        form.done()

        def once() -> Answer:
            make_note(acting(), stay_id, words, at=at, now=now)
            return said(came_from(home), _("Kept, to pass on."))

        return act_form(acting(), once)

    return draw(Shown()) if request.method == "GET" else sent(draw, act)


@blueprint.post("/notes/<uuid:note_id>/passed-on")
@for_row(Note, "note", May.KEEP_BEDS)
def note_passed_on(note: Note) -> ResponseReturnValue:
    note_id, home = note.id, stay_page(note.stay_id)

    def act() -> Answer:
        pass_on(acting(), note_id, now=house_now())
        return said(came_from(home), _("Passed on."))

    return tapped(act, home)


@blueprint.post("/lines/<uuid:line_id>/taken-down")
@for_row(LeftLine, "line", May.KEEP_BEDS)
def line_down(line: LeftLine) -> ResponseReturnValue:
    line_id, home = line.id, desk(db.session.get_one(House, line.house_id))

    def act() -> Answer:
        take_line_down(acting(), line_id, now=house_now())
        return said(came_from(home), _("Taken down."))

    return tapped(act, home)


@blueprint.post("/undo/<uuid:undoable_id>")
@for_row(Undoable, "undoable", May.KEEP_BEDS)
def undo(undoable: Undoable) -> ResponseReturnValue:
    undoable_id, home = undoable.id, desk(db.session.get_one(House, undoable.house_id))

    def act() -> Answer:
        take_back(acting(), undoable_id, now=house_now())
        return said(came_from(home), _("Taken back."))

    return tapped(act, home)
