"""One person's texts: reading them, and answering."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from respite.accounts.acting import Answer, act_form, acting, done
from respite.accounts.roles import May
from respite.audit.queries import versions
from respite.audit.service import note_look_hourly
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Refusal
from respite.core.forms import Form, Unusable, as_uuid
from respite.core.redraw import drawn, or_redraw, shown
from respite.houses.access import for_house
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.messaging.errors import WordingNotFit
from respite.messaging.models import Message
from respite.messaging.policy.segments import LONGEST
from respite.messaging.queries import whose_numbers
from respite.messaging.service import inbox as service
from respite.messaging.service.pausing import pauses_on
from respite.messaging.thread_queries import MOST_TEXTS, newest_by_people, passed_by, thread_for
from respite.messaging.views.live import line_values, lived, parts_of
from respite.messaging.views.routes import blueprint
from respite.messaging.views.thread_shown import thread_values
from respite.messaging.views.words import Words, wrong_words

PARTS = {
    "texts-line": "messaging/_line.html",
    "texts": "messaging/_thread_texts.html",
    "texts-soon": "messaging/_soon.html",
    "texts-about": "messaging/_thread_about.html",
}


def thread_url(house: House, thread_id: uuid.UUID) -> str:
    return url_for("messaging.thread", slug=house.slug, thread_id=thread_id)


@blueprint.get("/houses/<slug>/texts/<uuid:thread_id>")
@for_house(May.KEEP_TEXTS)
def thread(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    """The thread's page. Opening it is reading it: what came in counts as seen by whoever opened it."""
    _note_looks(house, thread_id)
    if _opened_by_a_person() and (_reads_on() or not passed_by(db.session(), acting(), house.id, thread_id)):
        _mark_seen(house.id, thread_id)
    return _draw(house, thread_id)


def _opened_by_a_person() -> bool:
    """Whether somebody asked for this page. A browser says so, and a tab that was restored or loaded itself is not."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    return request.headers.get("Sec-Fetch-Mode") is None or request.headers.get("Sec-Fetch-User") == "?1"


def _reads_on() -> bool:
    """Somebody who passed it on, and reads it after all."""
    return request.args.get("read") == "on"


def _note_looks(house: House, thread_id: uuid.UUID) -> None:
    session, house_id = db.session(), house.id
    found = thread_for(session, acting(), house_id, thread_id)
    whose = whose_numbers(session, house_id, {found.number_index: None})[found.number_index]
    subjects = [person.subject_id for person in whose.people if person.is_guest] or [thread_id]
    for subject in subjects:
        note_look_hourly(house_id, acting(), subject, "texts", house_now())


def _mark_seen(house_id: uuid.UUID, thread_id: uuid.UUID, only: Collection[uuid.UUID] | None = None) -> None:
    if thread_for(db.session(), acting(), house_id, thread_id).unseen_since is not None:
        service.seen(acting(), thread_id, house_now(), only)


@blueprint.get("/houses/<slug>/texts/<uuid:thread_id>/parts")
@for_house(May.KEEP_TEXTS)
def thread_parts(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    """The page's parts as they stand now. Nobody has read what a page fetched by itself."""
    values, version, next_at = _values(house, thread_id)
    return parts_of(PARTS, values, version, next_at)


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/seen")
@for_house(May.KEEP_TEXTS)
def seen(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody read what came in while the page was open: the texts that it showed, and no later one."""
    here, house_id = thread_url(house, thread_id), house.id
    shown = {each for each in map(_uuid, request.form.getlist("text")[:MOST_TEXTS]) if each}

    def act() -> Answer:
        _mark_seen(house_id, thread_id, shown)
        return done(here)

    return act_form(acting(), act)


def _uuid(raw: str) -> uuid.UUID | None:
    try:
        return as_uuid(raw)
    except Unusable:
        return None


def _values(house: House, thread_id: uuid.UUID, refusal: Refusal | None = None) -> tuple[dict[str, Any], int, datetime]:
    version = versions(house.id)[0]
    session, now = db.session(), house_now()
    if isinstance(refusal, WordingNotFit):
        refusal.fields = {"words": wrong_words(refusal.facts["wrong"])}  # type: ignore[attr-defined]
    values, next_at = thread_values(
        session,
        acting(),
        house,
        thread_id,
        now,
        before=_instant(request.args.get("before", "")),
        read_on=_reads_on(),
        form=shown({}, refusal),
    )
    here = thread_url(house, thread_id)
    return {**values, **line_values(session, house), "here": here, "longest": LONGEST}, version, next_at


def _draw(house: House, thread_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    values, version, next_at = _values(house, thread_id, refusal)
    asked: dict[str, Any] = {name: request.args[name] for name in ("before", "read") if name in request.args}
    parts_url = url_for("messaging.thread_parts", slug=house.slug, thread_id=thread_id, **asked)
    return drawn("messaging/thread.html", **values, **lived(house, version, next_at, parts_url))


def _instant(raw: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@blueprint.post("/houses/<slug>/texts/<uuid:thread_id>/reply")
@for_house(May.KEEP_TEXTS)
def reply(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    house_id = house.id
    thread_for(db.session(), acting(), house_id, thread_id)

    def again(refusal: Refusal) -> str:
        return _draw(db.session.get_one(House, house_id), thread_id, refusal)

    return or_redraw(lambda: _reply(house, thread_id), again)


def _reply(house: House, thread_id: uuid.UUID) -> ResponseReturnValue:
    form, here, zone = Form(request.form), thread_url(house, thread_id), house.timezone
    words = form.text("words", most=LONGEST, lines=True)
    form.done()
    drawn_at = _instant(request.form.get("after", ""))

    def act() -> Answer:
        now = house_now()
        message = service.reply(acting(), thread_id, words, now)
        said = [_leaves(message, Words(zone, now)), *_others(message, thread_id, drawn_at, Words(zone, now))]
        return done(f"{here}#newest", " ".join(said))

    return act_form(acting(), act)


def _leaves(message: Message, words: Words) -> str:
    if pauses_on(db.session(), message.house_id):
        return _("Texts are paused; it leaves when they go on.")
    if message.not_before > words.now:
        return _("It leaves in their hours: %(at)s.", at=words.moment(message.not_before))
    return _("Your answer is on its way.")


def _others(message: Message, thread_id: uuid.UUID, drawn_at: datetime | None, words: Words) -> list[str]:
    """Who else answered while this was being written."""
    if drawn_at is None:
        return []
    session = db.session()
    others = newest_by_people(session, thread_id, drawn_at, message)
    names = names_of(session, (other.made_by for other in others))
    return [
        _("%(name)s answered too, %(at)s.", name=names[other.made_by], at=words.moment(other.made_at))
        for other in others
    ]
