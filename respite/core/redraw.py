"""A form that was refused is drawn again: what was typed is kept, and each wrong field has its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from respite.core.db import end_read, finish_reading
from respite.core.errors import Busy, IdempotencyKeyReused, NotFound, Refusal, StaleVersion
from respite.core.forms import YES, Shown

Words = Callable[[str, Any], str]


def or_redraw(
    answer: Callable[[], ResponseReturnValue], draw: Callable[[Refusal], ResponseReturnValue]
) -> ResponseReturnValue:
    """The answer to a sent form, or the form again where a rule stands against it, with the rule's status."""
    try:
        return answer()
    except (NotFound, IdempotencyKeyReused, Busy):
        raise
    except Refusal as refusal:
        end_read()  # what stands in the house is read again
        response = make_response(draw(refusal))
        response.status_code = refusal.status
        return response


def drawn(template: str, **values: Any) -> str:
    """Draw a page when its reads have ended: on SQLite a read that stays open keeps everybody from writing."""
    finish_reading()
    return render_template(template, **values)


def shown(stands: Mapping[str, Any], refusal: Refusal | None = None, words: Words | None = None) -> Shown:
    """A fresh form with what stands in the house, or after a refusal the one that was sent.

    Over a newer version (StaleVersion) each field that differs says what stands there now, in `words(name,
    value)` where its value is not a word by itself.
    """
    if refusal is None:
        return Shown(stands)
    wrong = getattr(refusal, "fields", None)
    if isinstance(refusal, StaleVersion):
        wrong = _what_stands_now(stands, request.form, words or (lambda _name, value: str(value)))
    form = Shown(stands, request.form, wrong)
    form.sentence = refusal.sentence
    return form


def _what_stands_now(stands: Mapping[str, Any], typed: MultiDict[str, str], words: Words) -> dict[str, str]:
    now: dict[str, str] = {}
    for name, value in stands.items():
        if isinstance(value, bool):
            same, said = (typed.get(name, "") in YES) == value, _("yes") if value else _("no")
        elif isinstance(value, list):
            same, said = typed.getlist(name) == [str(each) for each in value], ", ".join(words(name, v) for v in value)
        else:
            same, said = typed.get(name, "") == ("" if value is None else str(value)), words(name, value or "")
        if not same:
            now[name] = _("It says now: %(value)s", value=said or _("nothing"))
    return now
