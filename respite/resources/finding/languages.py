"""Languages by one code, whatever a source calls them: "Spanish", "español", "spa", "es-MX" are `es`."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from flask_babel import get_locale

from respite.resources.finding.words import folded

#: The codes that the page asks for first, as many as people here most often need.
OFTEN = ("es", "en", "zh", "vi", "ar", "ru", "ko", "tl", "ht", "fr", "pt", "so", "am", "ase")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in ("en", "es"):
        for code, name in Locale(locale).languages.items():
            if "_" not in code:
                names.setdefault(folded(name), code)
    return names | {"asl": "ase", "sign language": "ase", "mandarin": "zh", "cantonese": "zh", "tagalog": "tl"}


@cache
def code_of(told: str) -> str | None:
    """The code of a language as its source writes it; none for what is no language."""
    word = folded(told).strip().replace("_", "-")
    word = word.partition("(")[0].strip() or word
    if word in _names():
        return _names()[word]
    short = word.partition("-")[0]
    aliases: dict[str, str] = get_global("language_aliases")  # type: ignore[assignment]
    code = aliases.get(short, short).partition("_")[0]
    return code if code in Locale("en").languages else None


def language_name(code: str) -> str:
    """What the reader calls it."""
    try:
        locale = get_locale() or Locale("en")
        return str(locale.languages.get(code) or Locale("en").languages.get(code) or code)
    except UnknownLocaleError:
        return code
