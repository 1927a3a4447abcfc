"""What a shift may ask of those on it, as tags: `cert:…` a credential, `trained:…` a training, `language:…`."""

from __future__ import annotations

LANGUAGE = "language"


def language_tag(code: str) -> str:
    """Of a language by its code, or by a peer's own word for it."""
    return f"{LANGUAGE}:{code.casefold()}"


def language_in(tag: str) -> str | None:
    """The language a tag is about; none where it is about something else."""
    prefix, mark, code = tag.partition(":")
    return code if mark and prefix == LANGUAGE else None
