"""Reading what a program sent: one JSON object or a plain query, and nothing that could mean two things.

A body is refused that is no object, repeats a name, nests without end, or is no UTF-8. What a field may hold
is said in `core.api.fields`; here its sentence finds its way into the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from webargs.core import is_json
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from respite.core.errors import Invalid, Refusal

LONGEST_NAME_TOLD = 40
_OTHER = "?"


class NotJson(Refusal):
    """The body came as something else."""

    status = 415
    sentence = _l('Please send JSON, with the header "Content-Type: application/json".')


class _Ambiguous(ValueError):
    """A name stands twice in one object."""


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`; an empty one where nothing was sent. Raises Invalid."""
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_plain_object, parse_constant=_no_constant)
    except _Ambiguous as error:
        raise Invalid(_("One name stands twice in what you sent. Please send each name once.")) from error
    except (ValueError, RecursionError) as error:
        raise Invalid(_("What you sent could not be read as JSON.")) from error
    if not isinstance(found, dict):
        raise Invalid(_('Please send one JSON object, such as {"nights": 2}.'))
    return found


def _plain_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Ambiguous
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("no such number in JSON")


class StrictParser(FlaskParser):
    """Reads body and query for `Blueprint.arguments`; what is wrong with them becomes one Invalid."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        raw = req.get_data(cache=True)
        # A body that came in chunks, without its length, is cut at the limit instead of being refused there.
        if req.max_content_length is not None and len(raw) >= req.max_content_length:
            raise RequestEntityTooLarge
        if raw.strip() and not is_json(req.mimetype):
            raise NotJson
        return read_object(raw)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        twice = {_told(name): _("Please send this once.") for name, values in req.args.lists() if len(values) > 1}
        if twice:
            raise Invalid(fields=twice)
        return req.args.to_dict()

    def handle_error(self, error: ma.ValidationError, *_rest: Any, **_more: Any) -> NoReturn:
        messages = error.messages
        assert isinstance(messages, dict)
        fields = dict(_flat(next(iter(messages.values()))))
        raise Invalid(fields=fields) from error


def _flat(messages: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each sentence under its field's name, `guest.name` inside an object."""
    if isinstance(messages, Mapping):
        for name, inside in messages.items():
            told = _told(str(name))
            own_place = place if told == "_schema" else f"{place}.{told}".lstrip(".")
            yield from _flat(inside, own_place)
    else:
        first = messages[0] if isinstance(messages, list) and messages else messages
        yield place or _OTHER, str(first)


def _told(name: str) -> str:
    """A field's name as it can be told back: what is no plain name stays unsaid."""
    plain = name.isascii() and name.replace("_", "").isalnum() and len(name) <= LONGEST_NAME_TOLD
    return name if plain else _OTHER
