"""The fields of what a program sends and gets.

Each reads one JSON value of exactly its own type, with the sentence that a form would show beside it. Times
go out as RFC 3339 in UTC, to the millisecond.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, NoReturn

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.forms import FIRST_YEAR, LAST_YEAR, Unusable, as_choice, as_day, as_text

MOST = 999_999
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Schema(ma.Schema):
    """An object with exactly these names; another one is refused."""

    error_messages = {  # noqa: RUF012
        "unknown": _l("There is no such name here."),
        "type": _l('This must be an object, such as {"name": "Robin"}.'),
    }

    class Meta:
        unknown = ma.RAISE


class _Strict(ma.fields.Field[Any]):
    """What all fields share: one that need not be sent may be null, and a missing one is told in one sentence."""

    def __init__(self, *args: Any, **more: Any) -> None:
        if not more.get("required"):
            more.setdefault("load_default", None)
        super().__init__(*args, **more)

    def make_error(self, key: str, **_facts: Any) -> ma.ValidationError:
        if key in ("required", "null"):
            return ma.ValidationError(_("Please fill this in."))
        return ma.ValidationError(_("This cannot be used here."))


def _refuse(unusable: Unusable) -> NoReturn:
    raise ma.ValidationError(str(unusable)) from unusable


def _string(value: Any) -> str:
    """The text, or what no field of text can use."""
    return value if isinstance(value, str) else "\0"


class Text(_Strict, ma.fields.String):
    """Text of up to `most` letters; empty text is like none, and refused where the field is required."""

    def __init__(self, *, most: int, lines: bool = False, **more: Any) -> None:
        super().__init__(validate=ma.validate.Length(max=most), **more)
        self.most, self.lines = most, lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError(_("This must be text."))
        try:
            text = as_text(value, most=self.most, lines=self.lines)
        except Unusable as unusable:
            _refuse(unusable)
        if self.required and not text:
            raise self.make_error("required")
        return text


class Whole(_Strict, ma.fields.Integer):
    """A whole number from `least` to `most`; a number in quotes or with a point is none."""

    def __init__(self, *, least: int = 0, most: int = MOST, **more: Any) -> None:
        super().__init__(strict=True, validate=ma.validate.Range(least, most), **more)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if type(value) is int and self.least <= value <= self.most:
            return value
        raise ma.ValidationError(
            _("This must be a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
        )


class Day(_Strict, ma.fields.Date):
    """A calendar day, `2026-11-22`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        try:
            return as_day(_string(value))
        except Unusable as unusable:
            _refuse(unusable)


class Instant(_Strict, ma.fields.DateTime):
    """An instant with its offset (RFC 3339): `2026-11-22T14:30:00-07:00`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        try:
            return as_instant(_string(value))
        except Unusable as unusable:
            _refuse(unusable)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else told_instant(value)


class Uuid(_Strict, ma.fields.UUID):
    """An id as this API gave it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> uuid.UUID:
        if not _UUID.fullmatch(_string(value)):
            raise ma.ValidationError(_("This must be an id, as this house gave it."))
        return uuid.UUID(value)


class Flag(_Strict, ma.fields.Boolean):
    """`true` or `false`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError(_("This must be true or false."))
        return value


class Choice(_Strict, ma.fields.String):
    """One word of a list."""

    def __init__(self, among: Collection[str], **more: Any) -> None:
        self.among = [str(word) for word in among]
        super().__init__(validate=ma.validate.OneOf(self.among), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            return as_choice(_string(value), self.among)
        except Unusable:
            raise ma.ValidationError(_("This must be one of: %(words)s.", words=", ".join(self.among))) from None


class Inside(_Strict, ma.fields.Nested):
    """An object inside the object."""


def as_instant(raw: str) -> datetime:
    """An instant in UTC from RFC 3339 text. Raises Unusable without an offset, or off the calendar."""
    if _INSTANT.fullmatch(raw):
        try:
            instant = datetime.fromisoformat(raw.upper())
            if FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant.astimezone(UTC)
        except ValueError:
            pass
    raise Unusable(_("This must be a time with its offset, such as %(example)s.", example="2026-11-22T14:30:00-07:00"))


def told_instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
