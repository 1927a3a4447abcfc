"""Words that may mean that somebody is in danger: a person is asked to read such a text sooner.

This is a net with small meshes and no judgement: it gives no score, and nothing happens by itself but that a person
reads, and that the sender is told so. It would rather find too much. A bare "help" is `Means.HELP` and read sooner for
that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from respite.messaging.policy.danger_table import ENGLISH, MISSPELT, PICTURES, SPANISH
from respite.messaging.policy.heard import clauses, only_quotes_us, plain

MOST_HOUSE_WORDS = 200
LONGEST_HOUSE_WORD = 60

#: How letters are dressed up to slip past a net: k1ll, ki11, su!cide, $uicide.
_DRESSED = tuple(str.maketrans("0134578@$!|", ones) for ones in ("oieastbasil", "oleastbasil"))


def danger(body: str, house_words: Sequence[str] = ()) -> bool:
    """May this text mean danger? `house_words` are a house's own words and phrases, looked for as they stand.

    Raises ValueError for house words that are none; whoever calls treats any error as "yes".
    """
    own = _checked(house_words)
    if only_quotes_us(body):
        return False
    return PICTURES.search(body) is not None or any(_found(words, own) for words in _readings(body))


def _found(words: str, own: Sequence[str]) -> bool:
    with_ends = f" {words} "
    return (
        any(phrases.search(words) for phrases in (*ENGLISH, *SPANISH))
        or any(len(word) > 5 and not _ONE_SLIP.isdisjoint(_less_a_letter(word)) for word in words.split())
        or any(f" {word} " in with_ends for word in own)
    )


def _readings(body: str) -> Iterator[str]:
    """The plain words, each clause alone, and what they say undressed: stretched, spaced out, with figures."""
    seen: set[str] = set()
    for text in (body, *(body.translate(undressed) for undressed in _DRESSED)):
        words = plain(text)
        together = re.sub(r"\b\w(?: \w){3,}\b", lambda spaced: spaced[0].replace(" ", ""), words)
        short = (re.sub(r"([a-z])\1{2,}", letters, words) for letters in (r"\1", r"\1\1"))
        for reading in (words, *clauses(text), together, *short):
            if reading not in seen:
                seen.add(reading)
                yield reading


def _less_a_letter(word: str) -> set[str]:
    """The word, and the word without each of its letters: two words that share one of these are one slip apart."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


_ONE_SLIP = {part for word in MISSPELT for part in _less_a_letter(word)}


def _checked(house_words: Sequence[object]) -> list[str]:
    if isinstance(house_words, str) or len(house_words) > MOST_HOUSE_WORDS:
        raise ValueError("a house's words are a list")
    own = [plain(word) if isinstance(word, str) and len(word) <= LONGEST_HOUSE_WORD else "" for word in house_words]
    if not all(own):
        raise ValueError("a house's word has letters, and at most 60 of them")
    return own
