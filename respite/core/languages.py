"""Which language is read now, and words that somebody wrote in both."""

from __future__ import annotations

from flask_babel import get_locale


def language_read() -> str:
    """The two letters of the reader's language; English where nobody reads yet."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def in_language(english: str, spanish: str) -> str:
    """In the reader's language; where nothing was written in it, in the other."""
    return (spanish or english) if language_read() == "es" else (english or spanish)
