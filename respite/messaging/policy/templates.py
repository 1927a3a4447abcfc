"""Templates of texts: what each is for, what it may hold, and the words that every house begins with.

The words stand in `shipped_texts.toml`, by language, since a house may put its own in their place; the catalogues are
for what everybody reads alike. In words, `{field}` is filled in, and `[a part]` is left out where one of its fields is
empty or not given: "call [{house_phone} or ]988".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from respite.messaging.policy.segments import tidy
from respite.messaging.purposes import Purpose

#: All that a template may hold. No field for another guest, a day somebody was here, or how somebody is.
FIELDS = frozenset(
    "first_name peer_first_name brand house_phone link day_words time_words other_words code sign_off".split()
)
LONGEST_VALUE = 40
LONGEST_LINK = 120  # a link is given whole or not at all

_WHOLE = frozenset({"link", "code"})
_PART = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{([a-z_]+)\}")
_MARKS = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class Template:
    """`given` are the fields that whoever writes the text always has; the rest of `fields` may be empty, so words use
    them inside brackets. `says` is what no wording may leave out. `number` is the version of the shipped words.
    """

    name: str
    purpose: Purpose
    number: int
    fields: frozenset[str]
    needs_answer: bool
    given: frozenset[str]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Misfit:
    """Why words do not fit a template: a bracket or brace that stands alone, a field this template does not have, a
    field that may be empty and stands outside brackets, or something that must be said and is not.
    """

    kind: Literal["mark", "unknown-field", "needs-brackets", "must-say"]
    what: str


def render(words: str, fields: Mapping[str, str]) -> str:
    """The words with their fields filled in: one line each, tidied, cut at 40 characters (links and codes whole).

    Raises KeyError for a field that is not of `FIELDS`, or that is needed and empty, and ValueError for a link of
    more than 120 characters.
    """
    for name in fields:
        if name not in FIELDS:
            raise KeyError(name)
    values = {name: _value(name, raw) for name, raw in fields.items()}

    def part(found: re.Match[str]) -> str:
        return found[1] if all(values.get(name) for name in _FIELD.findall(found[1])) else ""

    def value(found: re.Match[str]) -> str:
        if not values.get(found[1]):
            raise KeyError(found[1])
        return values[found[1]]

    return _FIELD.sub(value, _PART.sub(part, words))


def misfits(words: str, template: Template) -> tuple[Misfit, ...]:
    """What keeps a house's own words from being this template's. Whether they may leave is for `wording.wrong_in`."""
    outside = _PART.sub("", words)
    alone = _MARKS.findall(_FIELD.sub("", _PART.sub(r"\1", words)))
    used, bare = dict.fromkeys(_FIELD.findall(words)), dict.fromkeys(_FIELD.findall(outside))
    return (
        *(Misfit("mark", mark) for mark in dict.fromkeys(alone)),
        *(Misfit("unknown-field", name) for name in used if name not in template.fields),
        *(Misfit("needs-brackets", name) for name in bare if name in template.fields - template.given),
        *(Misfit("must-say", said) for said in template.says if said not in words),
    )


def _value(name: str, raw: str) -> str:
    line = " ".join(tidy(raw).split())
    if name in _WHOLE:
        if len(line) > LONGEST_LINK:
            raise ValueError("a link is cut by nobody")
        return line
    return line[:LONGEST_VALUE].rstrip()


def _shipped() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "shipped_texts.toml").open("rb") as file:
        return tomllib.load(file)


#: The words of each template by its name and language.
SHIPPED: Mapping[str, Mapping[str, str]] = _shipped()


def _of(purpose: Purpose, names: str, given: str, others: str, *, asks: bool = False, says: str = "") -> list[Template]:
    always = frozenset(given.split())
    fields = always | frozenset(others.split())
    return [Template(name, purpose, 0, fields, asks, always, tuple(says.split())) for name in names.split()]


_PERSON = "first_name peer_first_name house_phone sign_off time_words"
_FIRST = "{brand} {time_words} STOP"

#: Every template by its name. `time_words` of a guest's texts are the hours in which the house reads what comes in.
TEMPLATES: Mapping[str, Template] = {
    template.name: template
    for templates in (
        _of(Purpose.AUTOMATIC, "consent-confirmed", "brand", "first_name house_phone", says="{brand} STOP"),
        _of(Purpose.FOLLOW_UP, "follow-up-1", "brand time_words", _PERSON, asks=True, says=_FIRST),
        _of(Purpose.FOLLOW_UP, "follow-up-2 follow-up-3 follow-up-4", "brand", _PERSON, asks=True),
        _of(
            Purpose.FOLLOW_UP,
            "follow-up-call",
            "brand code",
            _PERSON,
            asks=True,
            says="Y{code} N{code} STOP",
        ),
        _of(Purpose.AUTOMATIC, "follow-up-call-yes", "brand time_words", "house_phone", says="{time_words}"),
        _of(Purpose.AUTOMATIC, "follow-up-heard", "brand", "house_phone"),
        _of(Purpose.CARING, "caring-first", "brand peer_first_name time_words", _PERSON, says=_FIRST),
        _of(Purpose.CARING, "caring-discreet", "peer_first_name time_words", "sign_off", says="{time_words} STOP"),
        _of(
            Purpose.CARING,
            "caring-1 caring-2 caring-3 caring-4 caring-5 caring-6",
            "brand peer_first_name",
            _PERSON,
            says="{peer_first_name}",
        ),
        _of(Purpose.CONNECTIONS, "connection", "brand link", _PERSON, says="{link}"),
        _of(Purpose.CONNECTIONS, "connection-asked", "brand code", _PERSON, asks=True, says="Y{code} N{code} X{code}"),
        _of(
            Purpose.STAY,
            "bed-offered",
            "brand time_words code",
            "first_name house_phone",
            asks=True,
            says="{time_words} Y{code} N{code}",
        ),
        _of(Purpose.STAY, "bed-taken-back", "brand", "first_name house_phone"),
        _of(
            Purpose.SHIFTS,
            "shift-open",
            "brand day_words time_words code",
            "first_name house_phone",
            asks=True,
            says="{day_words} {time_words} Y{code} N{code}",
        ),
        _of(
            Purpose.SHIFTS,
            "shift-changed",
            "brand day_words time_words",
            "first_name house_phone",
            says="{day_words} {time_words}",
        ),
        _of(Purpose.SHIFTS, "roster-published", "brand day_words link", "first_name house_phone", says="{link}"),
        _of(
            Purpose.SHIFTS,
            "choosing-asked choosing-nudge",
            "brand day_words time_words link code",
            "first_name house_phone",
            asks=True,
            says="{time_words} {link} Y{code} N{code}",
        ),
        _of(
            Purpose.SHIFTS,
            "time-off-agreed time-off-declined",
            "brand day_words",
            "first_name house_phone",
            says="{day_words}",
        ),
        _of(
            Purpose.SHIFTS,
            "shift-tomorrow",
            "brand day_words time_words",
            "first_name house_phone",
            says="{day_words} {time_words}",
        ),
        _of(
            Purpose.SHIFTS,
            "credential-ends",
            "brand day_words link",
            "first_name house_phone",
            says="{day_words} {link}",
        ),
        _of(
            Purpose.DUTY,
            "shift-soon shift-on-way shift-not-here",
            "brand day_words time_words",
            "first_name house_phone",
            asks=True,
            says="{time_words} 1 2 3",
        ),
        _of(Purpose.DUTY, "shift-stay", "brand code", "first_name house_phone", asks=True, says="Y{code} N{code}"),
        _of(
            Purpose.DUTY,
            "shift-come-in",
            "brand day_words time_words code",
            "first_name house_phone",
            asks=True,
            says="{time_words} Y{code} N{code}",
        ),
        _of(
            Purpose.DUTY,
            "shift-lead",
            "brand day_words time_words code link",
            "first_name house_phone",
            asks=True,
            says="{time_words} Y{code} {link}",
        ),
        _of(Purpose.DUTY, "shift-relieved", "brand", "first_name house_phone"),
        _of(
            Purpose.DUTY,
            "second-wanted",
            "brand time_words code",
            "first_name house_phone",
            asks=True,
            says="{time_words} Y{code} N{code}",
        ),
        _of(Purpose.DUTY, "page", "brand link code", "house_phone", asks=True, says="Y{code} N{code} {link}"),
        _of(Purpose.DUTY, "page-unanswered", "brand link", "house_phone", says="{link}"),
        _of(
            Purpose.SHIFTS,
            "shift-yours shift-filled",
            "brand day_words time_words",
            "first_name house_phone",
            says="{day_words} {time_words}",
        ),
        _of(
            Purpose.SHIFTS,
            "swap-take",
            "brand peer_first_name day_words time_words code",
            "first_name house_phone",
            asks=True,
            says="{day_words} {time_words} Y{code} N{code}",
        ),
        _of(
            Purpose.SHIFTS,
            "swap-for",
            "brand peer_first_name day_words time_words other_words code",
            "first_name house_phone",
            asks=True,
            says="{day_words} {time_words} {other_words} Y{code} N{code}",
        ),
        _of(
            Purpose.SHIFTS,
            "swap-done",
            "brand peer_first_name day_words time_words other_words",
            "first_name house_phone",
            says="{day_words} {time_words} {other_words}",
        ),
        _of(
            Purpose.SHIFTS,
            "swap-given swap-declined swap-looked-at",
            "brand peer_first_name day_words time_words",
            "first_name house_phone",
            says="{day_words} {time_words}",
        ),
        _of(
            Purpose.SHIFTS,
            "swap-over",
            "brand day_words time_words link",
            "first_name peer_first_name house_phone",
            says="{day_words} {time_words} {link}",
        ),
        _of(
            Purpose.DUTY,
            "shift-to-phone",
            "brand day_words time_words link",
            "first_name house_phone",
            says="{day_words} {time_words} {link}",
        ),
        _of(
            Purpose.SHIFTS,
            "gap-ahead gaps-ahead",
            "brand day_words time_words link",
            "first_name house_phone",
            says="{day_words} {time_words} {link}",
        ),
        _of(
            Purpose.DUTY,
            "gap-now",
            "brand day_words time_words link",
            "first_name house_phone",
            says="{day_words} {time_words} {link}",
        ),
        _of(Purpose.SHIFTS, "paper-order", "brand link", "first_name house_phone", says="{link}"),
        _of(Purpose.HANDOFF, "handoff", "brand link code", "house_phone", asks=True, says="Y{code} {link}"),
        _of(Purpose.HANDOFF, "handoff-second-peer", "brand", "first_name house_phone link"),
        _of(Purpose.READ_SOON, "read-soon", "brand link", "first_name house_phone", says="{link}"),
        _of(Purpose.AUTOMATIC, "answer-stopped", "brand", "house_phone", says="{brand} {house_phone} 988 START"),
        _of(Purpose.AUTOMATIC, "answer-started", "brand", "house_phone", says="{brand} STOP"),
        _of(Purpose.AUTOMATIC, "answer-help", "brand", "house_phone", says="{brand} {house_phone} 988 STOP"),
        _of(Purpose.AUTOMATIC, "answer-danger", "brand", "house_phone", says="{brand} {house_phone} 988"),
        _of(Purpose.AUTOMATIC, "answer-wrong-number", "brand", "house_phone"),
        _of(Purpose.AUTOMATIC, "answer-which", "brand", "house_phone"),
        _of(Purpose.AUTOMATIC, "answer-on-way answer-coming", "brand time_words", "house_phone", says="{time_words}"),
        _of(
            Purpose.AUTOMATIC,
            "answer-here answer-passes answer-looks-after answer-settled answer-stays answer-goes",
            "brand",
            "house_phone",
        ),
        _of(Purpose.AUTOMATIC, "connection-glad connection-no-hurry", "brand", "first_name house_phone"),
        _of(Purpose.AUTOMATIC, "bed-yours", "brand time_words", "first_name house_phone", says="{time_words}"),
        _of(Purpose.AUTOMATIC, "bed-not-now bed-over", "brand", "first_name house_phone"),
        _of(Purpose.AUTOMATIC, "offer-passed offer-over offer-moved offer-not-you", "brand", "first_name house_phone"),
        _of(Purpose.AUTOMATIC, "swap-passed swap-waits swap-ended", "brand", "first_name house_phone"),
        _of(
            Purpose.AUTOMATIC,
            "cannot-come-heard",
            "brand day_words time_words code",
            "first_name house_phone",
            says="{day_words} {time_words} Y{code}",
        ),
        _of(Purpose.AUTOMATIC, "choosing-done", "brand time_words", "first_name house_phone", says="{time_words}"),
        _of(Purpose.AUTOMATIC, "choosing-over", "brand", "first_name house_phone"),
        _of(
            Purpose.AUTOMATIC,
            "time-off-heard",
            "brand day_words code",
            "first_name house_phone",
            says="{day_words} N{code}",
        ),
        _of(
            Purpose.AUTOMATIC,
            "time-off-back",
            "brand day_words code",
            "first_name house_phone",
            says="{day_words} Y{code}",
        ),
        _of(
            Purpose.AUTOMATIC,
            "time-off-over time-off-standing time-off-long",
            "brand day_words",
            "first_name house_phone",
            says="{day_words}",
        ),
        _of(Purpose.AUTOMATIC, "time-off-unclear", "brand", "first_name house_phone"),
        _of(Purpose.CARD, "card", "brand link", "house_phone", says="{link}"),
        _of(Purpose.TRYING, "trying", "brand", "house_phone"),
    )
    for template in templates
}
