"""Drafts: what a script keeps of a form, and brings back. And the sign that somebody touches a shared tablet."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from respite.accounts.access import signed_in, this_sign_in
from respite.accounts.service import drafts
from respite.accounts.views import blueprint
from respite.core.api.reading import read_object
from respite.core.db import end_read
from respite.core.errors import Busy, Invalid
from respite.core.forms import Unusable, as_text


@blueprint.post("/seen")
@signed_in
def seen() -> ResponseReturnValue:
    """Somebody touches the tablet without asking for a page; being asked is all that this does."""
    return Response(status=204)


@blueprint.post("/draft")
@signed_in
def draft() -> ResponseReturnValue:
    """Keep `{"path", "form", "fields": {name: [values]}}`; answers with the draft's id."""
    sent = read_object(request.get_data())
    path, form = _plain(sent.get("path")), _plain(sent.get("form"))
    kept = drafts.keep(this_sign_in().person.id, path, form, _fields(sent.get("fields")))
    return jsonify(id=str(kept))


def _plain(sent: Any) -> str:
    if not isinstance(sent, str):
        raise Invalid
    try:
        return as_text(sent, most=drafts.LONGEST_PATH)
    except Unusable as unusable:
        raise Invalid from unusable


def _fields(sent: Any) -> drafts.Fields:
    if not isinstance(sent, dict):
        raise Invalid
    fields: drafts.Fields = {}
    for name, values in sent.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise Invalid
        fields[name] = values
    return fields


@blueprint.get("/draft")
@signed_in
def drafts_of_page() -> ResponseReturnValue:
    found = drafts.of_page(this_sign_in().person.id, _plain(request.args.get("path", "")))
    end_read()
    return jsonify(drafts=[{"id": str(each.id), "form": each.form, "fields": each.fields} for each in found])


@blueprint.post("/draft/<uuid:draft_id>/forget")
@signed_in
def forget_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    drafts.forget(this_sign_in().person.id, draft_id)
    return Response(status=204)


def forget_when_sent(response: Response) -> Response:
    """A form that carries its draft's id and was taken needs the draft no more."""
    person = g.get("person")
    if request.method != "POST" or person is None or response.status_code >= 400:
        return response
    draft_id = _draft_sent()
    if draft_id is not None:
        # The act is done and says so; a draft that could not be forgotten now is gone within a day.
        with suppress(Busy, OperationalError):
            drafts.forget(person.id, draft_id)
    return response


def _draft_sent() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get("draft", ""))
    except (ValueError, RequestEntityTooLarge):  # the view did not read the body, so nobody refused its size
        return None
