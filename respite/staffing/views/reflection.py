"""A private reflection on a boundary: written, shared with one supervisor, taken back. Only those two can open it."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.accounts.access import signed_in
from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.models import Person
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import NotFound, Refusal
from respite.core.forms import Form
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import day_and_month
from respite.staffing.models import Reflection
from respite.staffing.policy.together import LONGEST_WORDS
from respite.staffing.service import reflections as service
from respite.staffing.views import blueprint
from respite.staffing.views.own_pages import own_page_here

own_page_here(50, "staffing.reflections", _l("My reflections"))

Whom = tuple[uuid.UUID, uuid.UUID]


@blueprint.route("/me/reflection", methods=["GET", "POST"])
@signed_in
def reflections() -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(_write, _draw)
    return _draw()


@blueprint.route("/me/reflection/<uuid:reflection_id>", methods=["GET", "POST"])
@signed_in
def reflection(reflection_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        return or_redraw(lambda: _change(reflection_id), lambda refusal: _draw_one(reflection_id, refusal))
    return _draw_one(reflection_id)


@blueprint.post("/me/reflection/<uuid:reflection_id>/take-back")
@signed_in
def take_back_reflection(reflection_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        before = service.take_back(acting(), reflection_id, now=house_now())
        undo = url_for("staffing.share_reflection_again", reflection_id=reflection_id)
        page, said = url_for("staffing.reflections"), _("It is yours alone again.")
        return done(page, said, undo, share_with=_as_typed(before)) if before is not None else done(page, said)

    return act_form(acting(), act)


@blueprint.post("/me/reflection/<uuid:reflection_id>/share-again")
@signed_in
def share_reflection_again(reflection_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    whom = _whom(form)
    form.done()
    if whom is None:
        raise NotFound

    def act() -> Answer:
        service.share_again(acting(), reflection_id, whom, house_now())
        return done(url_for("staffing.reflections"), _("It is shared."))

    return act_form(acting(), act)


@blueprint.post("/me/reflection/<uuid:reflection_id>/delete")
@signed_in
def delete_reflection(reflection_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        service.delete_reflection(acting(), reflection_id)
        return done(url_for("staffing.reflections"), _("It is gone. Nobody has a copy."))

    return act_form(acting(), act)


@blueprint.post("/me/reflection/<uuid:reflection_id>/talked")
@signed_in
def talked_about_reflection(reflection_id: uuid.UUID) -> ResponseReturnValue:
    return _talked(reflection_id, True, _("You two have talked."), "staffing.not_talked_about_reflection")


@blueprint.post("/me/reflection/<uuid:reflection_id>/not-talked")
@signed_in
def not_talked_about_reflection(reflection_id: uuid.UUID) -> ResponseReturnValue:
    return _talked(reflection_id, False, _("You two have not talked yet."), "staffing.talked_about_reflection")


def _talked(reflection_id: uuid.UUID, talked: bool, words: str, undo: str) -> ResponseReturnValue:
    def act() -> Answer:
        service.talked(acting(), reflection_id, now=house_now(), after_all=talked)
        page = url_for("staffing.reflection", reflection_id=reflection_id)
        return done(page, words, url_for(undo, reflection_id=reflection_id))

    return act_form(acting(), act)


def _draw(refusal: Refusal | None = None) -> str:
    session, actor = db.session(), acting()
    supervisors = service.supervisors_for(session, actor.id)
    names = {supervisor_id: name for _house, supervisor_id, name in supervisors}
    return drawn(
        "staffing/credentials/reflections.html",
        house=None,
        form=shown({"words": "", "share_with": "", "wants_to_talk": False}, refusal),
        supervisors=_options(supervisors),
        longest=LONGEST_WORDS,
        own=[(each, _written(each), _state(each, names)) for each in service.own_reflections(session, actor.id)],
        shared=[(each, name, _written(each)) for each, name in service.shared_with(session, actor.id)],
    )


def _draw_one(reflection_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    actor = acting()
    found = service.open_reflection(actor, reflection_id, now=house_now())
    own = found.person_id == actor.id
    supervisors = service.supervisors_for(db.session(), found.person_id) if own else []
    whom = (found.house_id, found.supervisor_id) if found.house_id and found.supervisor_id else None
    stands = {"words": found.words, "share_with": _as_typed(whom), "wants_to_talk": found.wants_to_talk}
    return drawn(
        "staffing/credentials/reflection.html",
        house=None,
        found=found,
        own=own,
        author=db.session.get_one(Person, found.person_id).name,
        written=_written(found),
        form=shown(stands, refusal),
        supervisors=_options(supervisors),
        longest=LONGEST_WORDS,
    )


def _write() -> ResponseReturnValue:
    words, wants_to_talk, whom = _read(Form(request.form))

    def act() -> Answer:
        service.write_reflection(acting(), words=words, wants_to_talk=wants_to_talk, share_with=whom, now=house_now())
        return done(url_for("staffing.reflections"), _kept(whom))

    return act_form(acting(), act)


def _change(reflection_id: uuid.UUID) -> ResponseReturnValue:
    form = Form(request.form)
    seen = form.version()
    words, wants_to_talk, whom = _read(form)

    def act() -> Answer:
        service.change_reflection(
            acting(),
            reflection_id,
            words=words,
            wants_to_talk=wants_to_talk,
            share_with=whom,
            version_seen=seen,
            now=house_now(),
        )
        return done(url_for("staffing.reflections"), _kept(whom))

    return act_form(acting(), act)


def _kept(whom: Whom | None) -> str:
    return _("It is kept, for you alone.") if whom is None else _("It is kept and shared.")


def _read(form: Form) -> tuple[str, bool, Whom | None]:
    words = form.text("words", most=LONGEST_WORDS, lines=True)
    wants_to_talk, whom = form.flag("wants_to_talk"), _whom(form)
    form.done()
    return words, wants_to_talk, whom


def _whom(form: Form) -> Whom | None:
    """House and supervisor, as one value of the form."""
    text = form.text("share_with", most=80, needed=False)
    if not text:
        return None
    house, _mark, supervisor = text.partition("/")
    try:
        return uuid.UUID(house), uuid.UUID(supervisor)
    except ValueError:
        form.say("share_with", _("Please choose one of the answers shown."))
        return None


def _as_typed(whom: Whom | None) -> str:
    return f"{whom[0]}/{whom[1]}" if whom is not None else ""


def _options(supervisors: list[tuple[uuid.UUID, uuid.UUID, str]]) -> list[tuple[str, str]]:
    return [("", _("nobody: it is for me alone"))] + [(_as_typed((h, s)), name) for h, s, name in supervisors]


def _written(found: Reflection) -> str:
    return day_and_month(found.written_at.date(), year=True)


def _state(found: Reflection, names: dict[uuid.UUID, str]) -> str:
    name = names.get(found.supervisor_id) if found.supervisor_id else None
    if name is None:
        return _("for you alone")
    if found.talked_at is not None:
        return _("you talked with %(name)s", name=name)
    if found.opened_at is not None:
        return _("%(name)s has read it", name=name)
    return _("shared with %(name)s", name=name)
