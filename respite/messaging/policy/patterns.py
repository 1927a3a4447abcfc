"""Word lists as people keep them, with commas between, made into something to look with."""

from __future__ import annotations

import re


def listed(words: str) -> frozenset[str]:
    return frozenset(" ".join(each.split()) for each in words.split(","))


def one_of(words: str) -> str:
    """A group that matches one of the words or patterns. No pattern in such a list may hold a comma."""
    return "(?:" + "|".join(" ".join(each.split()) for each in words.split(",")) + ")"


def some_of(words: str) -> str:
    """Up to five of the words, each with the space after it."""
    return f"(?:{one_of(words)} ){{0,5}}"


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))
