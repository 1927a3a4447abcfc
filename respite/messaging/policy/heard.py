"""A text that came in, made plain so that words can be looked for: small letters, no accents, no marks."""

from __future__ import annotations

import re
import unicodedata

from respite.messaging.policy.segments import tidy

#: What telephones send for a heart or a thumb put on one of our own texts: it quotes us, and says nothing else.
_QUOTES_US = re.compile(
    r"^(?:[^\w\"]*(?:(?:dis)?liked|loved|emphasized|questioned|laughed at|reacted .{1,20} to|removed an? .{1,30} from"
    r"|(?:no )?le (?:gust|encant)[oó]|le dio risa|enfatiz[oó]|cuestion[oó]|se ri[oó] de|reaccion[oó] .{1,20} a"
    r"|elimin[oó] .{1,30} de)|[^\w\s\"]+ (?:to|a))\s*\"",
    re.IGNORECASE,
)
_ENDS_A_CLAUSE = re.compile(r"[.!?;:,\n()\"]+|\s-+\s|--+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """The words alone, with one space between: "Don’t — STÓP!!" is "dont stop", "mañana" is "manana"."""
    small = unicodedata.normalize("NFKD", tidy(text).casefold().replace("'", ""))
    return _NO_LETTER.sub(" ", "".join(c for c in small if not unicodedata.combining(c))).strip()


def clauses(text: str) -> list[str]:
    """The plain words of each part between marks, so that "No, stop" is not read as "no stop"."""
    return [words for part in _ENDS_A_CLAUSE.split(tidy(text)) if (words := plain(part))]


def only_quotes_us(body: str) -> bool:
    """Is it a reaction to a text of ours, such as: Liked "Hi Sam, … STOP ends texts." """
    return _QUOTES_US.match(tidy(body)) is not None
