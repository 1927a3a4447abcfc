"""A sentence about a row, which is said in the language of whoever reads it: now, or in a report that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Said:
    """The sentence as it stands in the catalogues, and what is put into it."""

    sentence: str
    values: tuple[tuple[str, str | int | Said], ...] = ()

    def __str__(self) -> str:
        return gettext(self.sentence, **{name: str(value) for name, value in self.values})

    def of(self, **more: str | int | Said) -> Said:
        return Said(self.sentence, (*self.values, *more.items()))

    def kept(self) -> list[Any]:
        """As JSON holds it."""
        return [self.sentence, {name: kept(value) for name, value in self.values}]


#: What stands for a place or a reason: a sentence, or words that are the same in every language.
Words = str | Said


def said(sentence: str, **values: object) -> Said:
    """Take it as `_l`, by which name the catalogues find the sentence."""
    return Said(
        sentence,
        tuple((name, value if isinstance(value, str | int | Said) else str(value)) for name, value in values.items()),
    )


def kept(words: Words | int) -> Any:
    return words.kept() if isinstance(words, Said) else words


def of_kept(words: Any) -> Any:
    """What `kept` made, as it was."""
    if not isinstance(words, list):
        return words
    sentence, values = words
    return Said(sentence, tuple((name, of_kept(value)) for name, value in values.items()))
