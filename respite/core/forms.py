"""Reading what a form sent: every field becomes a value of its type or a sentence beside it.

    form = Form(request.form)
    name = form.text("name", most=40)
    nights = form.whole_number("nights", least=1, most=366)
    form.done()  # raises Invalid with a sentence for each field that cannot be used

The `as_…` functions read one value alone and raise Unusable with its sentence; the API uses them too.
After `done()` every value is a good one; before it, a field that was wrong holds a plain stand-in.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid as uuids
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Literal, TypeVar, overload

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from respite.core.errors import Invalid

T = TypeVar("T")

MOST_DIGITS = 6
FIRST_YEAR, LAST_YEAR = 1900, 2199  # so that nights counted from a day stay on the calendar
# Invisible marks that turn the direction of whatever follows: one left open in a name would turn the page around.
# The plain marks of Arabic and Hebrew (U+200E, U+200F, U+061C) stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_UNREADABLE = "\ufffd"  # what a decoder leaves where bytes were no text
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?", re.ASCII)
_WHOLE = re.compile(rf"[+-]?\d{{1,{MOST_DIGITS}}}", re.ASCII)
YES, _NO = ("yes", "on", "true", "1"), ("", "no", "off", "false", "0")


class Unusable(ValueError):
    """One value cannot be used; the message is the sentence for the person who typed it."""


def as_text(raw: str, *, most: int, lines: bool = False) -> str:
    """Text in composed form (NFC), without spaces around it and without marks that turn the page's direction.

    `most` counts letters. `lines` allows line ends. Raises Unusable for control characters, NUL, halves of
    surrogate pairs, unreadable bytes, and text that is too long.
    """
    text = unicodedata.normalize("NFC", _TURNING.sub("", raw)).replace("\r\n", "\n")
    text = text.strip() if lines else text.strip().replace("\t", " ")
    if any(not _is_plain(letter, lines) for letter in text):
        raise Unusable(_("There are characters in this that cannot be kept. Please type it again."))
    if len(text) > most:
        raise Unusable(_("Please keep this to %(most)s letters.", most=most))
    return text if any(_is_seen(letter) for letter in text) else ""


def _is_plain(letter: str, lines: bool) -> bool:
    if letter == _UNREADABLE:
        return False
    if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"):
        return lines and letter in "\n\t"
    return True


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "ZC"


def as_whole_number(raw: str, *, least: int, most: int) -> int:
    """A whole number of up to six digits. Raises Unusable outside `least` to `most`."""
    text = raw.strip()
    if _WHOLE.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise Unusable(_("This must be a whole number from %(least)s to %(most)s.", least=least, most=most))


def as_day(raw: str) -> date:
    text = raw.strip()
    if _DAY.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    raise Unusable(_("This must be a day, such as %(example)s.", example="2026-11-22"))


def as_clock_time(raw: str) -> time:
    """A time of day in hours and minutes, by the clock on the house's wall."""
    found = _CLOCK.fullmatch(raw.strip())
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    raise Unusable(_("This must be a time of day, such as 22:00."))


def as_wall_time(raw: str) -> datetime:
    """A day and a time by the house's clock (naive), as a browser sends them: 2026-11-22T14:30."""
    day, mark, clock = raw.strip().replace(" ", "T").partition("T")
    try:
        if mark:
            return datetime.combine(as_day(day), as_clock_time(clock))
    except Unusable:
        pass
    raise Unusable(_("This must be a day and a time, such as %(example)s.", example="2026-11-22 14:30"))


def as_choice(raw: str, among: Iterable[str]) -> str:
    if raw in set(among):
        return raw
    raise Unusable(_("Please choose one of the answers shown."))


def as_flag(raw: str) -> bool:
    if raw.strip().lower() in (*YES, *_NO):
        return raw.strip().lower() in YES
    raise Unusable(_("This must be yes or no."))


def as_uuid(raw: str) -> uuids.UUID:
    try:
        return uuids.UUID(raw.strip())
    except ValueError as error:
        raise Unusable(_("Please choose one of the answers shown.")) from error


class Form:
    """What was sent, read field by field. `wrong` maps a field's name to its sentence."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent
        self.wrong: dict[str, str] = {}

    def done(self) -> None:
        """Raise Invalid when a field was wrong."""
        if self.wrong:
            raise Invalid(fields=self.wrong)

    def say(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field, unless something was noted before."""
        self.wrong.setdefault(name, sentence)

    def text(self, name: str, *, most: int = 200, needed: bool = True, lines: bool = False) -> str:
        """The field's text; empty where nothing was typed, which is wrong only when it is `needed`."""
        found = self._read(name, lambda raw: as_text(raw, most=most, lines=lines), "")
        if needed and not found:
            self.say(name, _("Please fill this in."))
        return found

    @overload
    def whole_number(self, name: str, *, least: int = ..., most: int = ..., needed: Literal[True] = ...) -> int: ...
    @overload
    def whole_number(self, name: str, *, least: int = ..., most: int = ..., needed: bool) -> int | None: ...
    def whole_number(self, name: str, *, least: int = 0, most: int = 999_999, needed: bool = True) -> int | None:
        return self._value(name, lambda raw: as_whole_number(raw, least=least, most=most), least, needed)

    @overload
    def day(self, name: str, *, needed: Literal[True] = ...) -> date: ...
    @overload
    def day(self, name: str, *, needed: bool) -> date | None: ...
    def day(self, name: str, *, needed: bool = True) -> date | None:
        return self._value(name, as_day, date.min, needed)

    @overload
    def clock_time(self, name: str, *, needed: Literal[True] = ...) -> time: ...
    @overload
    def clock_time(self, name: str, *, needed: bool) -> time | None: ...
    def clock_time(self, name: str, *, needed: bool = True) -> time | None:
        return self._value(name, as_clock_time, time.min, needed)

    @overload
    def wall_time(self, name: str, *, needed: Literal[True] = ...) -> datetime: ...
    @overload
    def wall_time(self, name: str, *, needed: bool) -> datetime | None: ...
    def wall_time(self, name: str, *, needed: bool = True) -> datetime | None:
        return self._value(name, as_wall_time, datetime.min, needed)  # noqa: DTZ901  (a stand-in, never kept)

    @overload
    def choice(self, name: str, among: Iterable[str], *, needed: Literal[True] = ...) -> str: ...
    @overload
    def choice(self, name: str, among: Iterable[str], *, needed: bool) -> str | None: ...
    def choice(self, name: str, among: Iterable[str], *, needed: bool = True) -> str | None:
        """One of the answers shown; `among` may be a StrEnum class."""
        return self._value(name, lambda raw: as_choice(raw, among), "", needed)

    def choices(self, name: str, among: Iterable[str]) -> list[str]:
        """The answers that were ticked, each once, in the order shown."""
        ticked = set(self.sent.getlist(name))
        if not ticked <= set(among):
            self.say(name, _("Please choose one of the answers shown."))
        return [answer for answer in among if answer in ticked]

    def flag(self, name: str) -> bool:
        """A box that is ticked or not; one that was not sent is not ticked."""
        return self._read(name, as_flag, False)

    @overload
    def uuid(self, name: str, *, needed: Literal[True] = ...) -> uuids.UUID: ...
    @overload
    def uuid(self, name: str, *, needed: bool) -> uuids.UUID | None: ...
    def uuid(self, name: str, *, needed: bool = True) -> uuids.UUID | None:
        return self._value(name, as_uuid, uuids.UUID(int=0), needed)

    def version(self) -> int | None:
        """The version the form was drawn from; none where the form carries none."""
        return self.whole_number("version", needed=False)

    def _value(self, name: str, read: Callable[[str], T], stand_in: T, needed: bool) -> T | None:
        if not self.sent.get(name, "").strip():
            if not needed:
                return None
            self.say(name, _("Please fill this in."))
            return stand_in
        return self._read(name, read, stand_in)

    def _read(self, name: str, read: Callable[[str], T], stand_in: T) -> T:
        try:
            return read(self.sent.get(name, ""))
        except Unusable as error:
            self.say(name, str(error))
            return stand_in


class Shown:
    """A form as it is drawn: what stands in the house at first, what was typed after a refusal.

    Templates ask `form.value('name')`, `form.values('tags')`, `form.ticked('animal')`, `form.error('name')`.
    """

    def __init__(
        self,
        stands: Mapping[str, Any] | None = None,
        typed: MultiDict[str, str] | None = None,
        wrong: Mapping[str, Any] | None = None,
    ) -> None:
        self._stands = stands or {}
        self._typed = typed
        self.wrong = wrong or {}
        self.sentence: Any = None  # what a refusal said about the whole

    def value(self, name: str) -> Any:
        return self._stands.get(name) if self._typed is None else self._typed.get(name, "")

    def values(self, name: str) -> list[str]:
        if self._typed is not None:
            return self._typed.getlist(name)
        stands = self._stands.get(name) or []
        return [str(each) for each in stands] if isinstance(stands, Iterable) and not isinstance(stands, str) else []

    def ticked(self, name: str) -> bool:
        if self._typed is None:
            return bool(self._stands.get(name))
        return self._typed.get(name, "") in YES

    def error(self, name: str) -> Any:
        return self.wrong.get(name)


def new_key() -> str:
    """A key for one form as it is drawn: sending it twice is one act."""
    return secrets.token_urlsafe(16)
