"""Loading a file in the browser: sent, looked at, its columns said once, loaded, and what came of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.acting import Answer, act_form, act_once, acting, done, form_body
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, Refusal
from respite.core.forms import Form, Shown, as_text
from respite.core.forms import Unusable as UnusableText
from respite.core.redraw import drawn, or_redraw, shown
from respite.core.times import moment_words
from respite.core.web import file_too_large, takes_file
from respite.houses.models import House
from respite.houses.queries import names_of
from respite.resources.guards import keeps_directory
from respite.resources.hsds.files import Sheet, Unusable
from respite.resources.hsds.package import NotHsds
from respite.resources.hsds.sheet import checked, fields
from respite.resources.models import Mapping, Source, Upload
from respite.resources.policy import OWN_SOURCE
from respite.resources.service import uploads
from respite.resources.service.loading import LONGEST_NAME
from respite.resources.service.reports import report_of
from respite.resources.service.uploads import MEGABYTE, MOST_ROWS, MOST_SENT, Sent
from respite.resources.views.fields import likely, offered_fields
from respite.resources.views.reporting import problem_rows, report_words
from respite.resources.views.routes import blueprint

T = TypeVar("T")
LOADS_SHOWN = 10
EXAMPLES = 3  # of what stands in a column
LONGEST_EXAMPLE = 40
LONGEST_FILE_NAME = 200
WHOLE, PART = "whole", "part"
LOAD = "load"


@blueprint.route("/resources/load", methods=["GET", "POST"])
@keeps_directory
@takes_file(MOST_SENT)
def load(house: House) -> ResponseReturnValue:
    house_id = house.id
    if request.method == "POST":
        return or_redraw(_send, lambda refusal: _draw_load(house_id, refusal))
    return _draw_load(house_id)


@blueprint.get("/resources/loads/<uuid:upload_id>")
@keeps_directory
def upload(house: House, upload_id: uuid.UUID) -> ResponseReturnValue:
    """What a file would bring, until it is loaded; then what came of it."""
    session, now = db.session(), house_now()
    found = uploads.upload_for(session, upload_id, now)
    if found.report is None:
        return redirect(url_for("resources.columns", upload_id=upload_id), 303)
    return drawn(
        "resources/loaded.html",
        house=house,
        upload_id=upload_id,
        file_name=found.file_name,
        source=found.source,
        whole=found.whole,
        mapping=found.mapping,
        loaded=_loaded_words(session, found, house, now) if found.loaded_at else None,
        report=report_words(found.report),
    )


@blueprint.get("/resources/loads/<uuid:upload_id>/problems.csv")
@keeps_directory
def upload_problems(house: House, upload_id: uuid.UUID) -> ResponseReturnValue:
    found = uploads.upload_for(db.session(), upload_id, house_now())
    if found.report is None:
        raise NotFound
    answer = make_response(csv_file(problem_rows(report_of(found.report))))
    answer.content_type = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return answer


@blueprint.route("/resources/loads/<uuid:upload_id>/columns", methods=["GET", "POST"])
@keeps_directory
def columns(house: House, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Which column of a spreadsheet is which field: said once, and kept by a name."""
    house_id = house.id
    if request.method == "POST":
        return or_redraw(lambda: _say_columns(upload_id), lambda refusal: _draw_columns(house_id, upload_id, refusal))
    return _draw_columns(house_id, upload_id)


@blueprint.post("/resources/loads/<uuid:upload_id>/load")
@keeps_directory
def load_upload(house: House, upload_id: uuid.UUID) -> ResponseReturnValue:
    """What was looked at is loaded."""
    session, now, page = db.session(), house_now(), url_for("resources.upload", upload_id=upload_id)
    found = uploads.upload_for(session, upload_id, now)
    if found.loaded_at is not None or found.report is None:
        return redirect(page, 303)
    taken = _read(lambda: uploads.read_sent(session, uploads.told_of(found)))

    def act() -> Answer:
        uploads.load_kept(acting(), upload_id, taken, now=now)
        return done(page, _("Loaded."))

    return act_form(acting(), act)


@blueprint.post("/resources/loads/<uuid:upload_id>/away")
@keeps_directory
def let_upload_go(house: House, upload_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> Answer:
        uploads.let_file_go(acting(), upload_id, now=house_now())
        return done(url_for("resources.load"), _("Thrown away. Nothing was loaded."))

    return act_form(acting(), act)


def _draw_load(house_id: uuid.UUID, refusal: Refusal | None = None) -> str:
    session, now = db.session(), house_now()
    house = session.get_one(House, house_id)
    form = shown({"whole": WHOLE}, refusal)
    if file_too_large():  # of the form nothing was read
        form = Shown({"whole": WHOLE}, wrong=form.wrong)
    return drawn(
        "resources/load.html",
        house=house,
        form=form,
        refused=None if refusal is None else refusal.sentence,
        all_is_lost=file_too_large(),
        sources=session.scalars(sa.select(Source.name).where(Source.name != OWN_SOURCE).order_by(Source.name)).all(),
        mappings=[(name, name) for name in session.scalars(sa.select(Mapping.name).order_by(Mapping.name))],
        longest=LONGEST_NAME,
        most={"bytes": MOST_SENT, "megabytes": MOST_SENT // MEGABYTE, "rows": format_decimal(MOST_ROWS)},
        loads=[
            (each.id, _("%(source)s, %(file)s", source=each.source, file=each.file_name),
             _loaded_words(session, each, house, now))
            for each in uploads.loaded_lately(session, now, LOADS_SHOWN)
        ],
    )  # fmt: skip


def _loaded_words(session: Session, upload: Upload, house: House, now: datetime) -> str:
    assert upload.loaded_at is not None
    name = names_of(session, [upload.sent_by]).get(upload.sent_by) or _("Somebody")
    return _("%(name)s, %(at)s", name=name, at=moment_words(upload.loaded_at, house.timezone, now))


def _send() -> ResponseReturnValue:
    told, at_once = _sent()
    session, now = db.session(), house_now()
    taken = report = None
    try:
        if at_once:
            taken = uploads.read_sent(session, told)
        else:
            report = uploads.looked_at(session, told, now)
    except NotHsds:
        _read(lambda: uploads.sheet_in(told))  # its columns are said on a page of their own
    except Unusable as refused:
        raise Invalid(fields={"file": str(refused)}) from refused

    def act() -> Answer:
        if taken is not None:
            upload = uploads.load_at_once(acting(), told, taken, now=now)
            return done(url_for("resources.upload", upload_id=upload.id), _("Loaded."))
        upload = uploads.keep_file(acting(), told, report, now=now)
        return done(url_for("resources.upload" if report is not None else "resources.columns", upload_id=upload.id))

    body = form_body() + hashlib.sha256(told.content).digest()
    return redirect(act_once(acting(), request.form.get("key"), request.path, body, act)["location"], 303)


def _sent() -> tuple[Sent, bool]:
    """What was sent, and whether it is to be loaded at once. Raises Invalid."""
    if file_too_large():
        most = MOST_SENT // MEGABYTE
        raise Invalid(fields={"file": _("This file has more than %(most)s MB. Please send it in parts.", most=most)})
    form, file = Form(request.form), request.files.get("file")
    content = file.read() if file is not None else b""
    if file is None or not file.filename:
        form.say("file", _("Please choose a file."))
    elif not content:
        form.say("file", _("There is nothing in this file."))
    elif len(content) > MOST_SENT:
        form.say("file", _("This file has more than %(most)s MB. Please send it in parts.", most=MOST_SENT // MEGABYTE))
    source = form.text("source", most=LONGEST_NAME)
    whole = form.choice("whole", (WHOLE, PART)) == WHOLE
    mapping = form.text("mapping", most=LONGEST_NAME, needed=False) or None
    form.done()
    name = _file_name(file.filename if file is not None else None)
    return Sent(name, content, " ".join(source.split()), whole, mapping), request.form.get("do") == LOAD


def _file_name(told: str | None) -> str:
    """The name without the way to it, as it can be shown; an ending alone where nothing else can be."""
    name = PurePosixPath((told or "").replace("\\", "/")).name
    try:
        return as_text(name, most=LONGEST_FILE_NAME) or "file"
    except UnusableText:
        return f"file{PurePosixPath(name).suffix[:10] if name.isascii() and name.isprintable() else ''}"


def _read(read: Callable[[], T]) -> T:
    """What is read of a file. Raises Invalid at the field of the file."""
    try:
        return read()
    except Unusable as refused:
        raise Invalid(str(refused), fields={"file": str(refused)}) from refused


def _draw_columns(house_id: uuid.UUID, upload_id: uuid.UUID, refusal: Refusal | None = None) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    found = uploads.upload_for(session, upload_id, now)
    if found.loaded_at is not None:
        return redirect(url_for("resources.upload", upload_id=upload_id), 303)
    sheet = _read(lambda: uploads.sheet_in(uploads.told_of(found)))
    guessed = likely(sheet.columns)
    stands: dict[str, Any] = {"name": found.source}
    stands |= {f"column-{number}": guessed.get(name, "") for number, name in enumerate(sheet.columns)}
    return drawn(
        "resources/columns.html",
        house=session.get_one(House, house_id),
        upload_id=upload_id,
        file_name=found.file_name,
        form=shown(stands, refusal),
        columns=[(f"column-{number}", name, examples) for number, name, examples in _with_examples(sheet) if name],
        groups=offered_fields(),
        mappings=session.scalars(sa.select(Mapping.name).order_by(Mapping.name)).all(),
        longest=LONGEST_NAME,
    )


def _with_examples(sheet: Sheet) -> list[tuple[int, str, str]]:
    """Each column by its place, its name, and the first things that stand in it."""
    examples: list[list[str]] = [[] for _column in sheet.columns]
    for _number, (_line, cells) in zip(range(50), _read_on(sheet), strict=False):
        for into, cell in zip(examples, cells, strict=False):
            word = " ".join(cell.split())
            if word and word not in into and len(into) < EXAMPLES:
                into.append(f"{word[:LONGEST_EXAMPLE]}…" if len(word) > LONGEST_EXAMPLE else word)
    return [(number, name, " · ".join(examples[number])) for number, name in enumerate(sheet.columns)]


def _read_on(sheet: Sheet) -> Any:
    try:
        yield from sheet.rows
    except Unusable:
        return  # the report says where it breaks off


def _say_columns(upload_id: uuid.UUID) -> ResponseReturnValue:
    session, now = db.session(), house_now()
    found = uploads.upload_for(session, upload_id, now)
    if found.loaded_at is not None:
        return redirect(url_for("resources.upload", upload_id=upload_id), 303)
    told, form = uploads.told_of(found), Form(request.form)
    sheet = _read(lambda: uploads.sheet_in(told))
    name = form.text("name", most=LONGEST_NAME)
    said = {
        column: field
        for number, column in enumerate(sheet.columns)
        if column and (field := form.choice(f"column-{number}", fields(), needed=False))
    }
    form.done()
    try:
        report = uploads.looked_at(session, told, now, checked(said))
    except Unusable as refused:
        raise Invalid(str(refused)) from refused

    def act() -> Answer:
        uploads.say_columns(acting(), upload_id, name, said, report, now=now)
        return done(url_for("resources.upload", upload_id=upload_id))

    return act_form(acting(), act)
