"""Passwords and PINs: how they are kept, and which are guessed first.

Argon2id over an HMAC whose key is not in the database, so that a copy of the database alone gives nobody
a password to guess. At most two are worked out at once: each takes 64 MiB, and a flood of sign-ins must not
take the machine from the house.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.errors import WeakPassword
from respite.core.crypto import folded, ring

LEAST = 15  # letters; there is no second factor here (NIST SP 800-63B-4)
MOST = 256
PIN = re.compile(r"\d{6}", re.ASCII)
FEWEST_DIFFERENT = 5

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(2)
# What leet spelling stands for, so that "p4ssw0rd" is the same word.
_LEET = str.maketrans("013457@$!", "oieastasi")


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hash(_keyed("password", password))


def matches(kept: str | None, password: str) -> bool:
    """Does the password belong to what is kept? Takes as long where nothing is kept."""
    return _matches(kept, _keyed("password", password))


def needs_new_hash(kept: str) -> bool:
    return _hasher.check_needs_rehash(kept)


def pin_hashed(sign_in: object, pin: str) -> str:
    """What is kept of a PIN, which belongs to one sign-in alone."""
    return _hash(_keyed("pin", f"{sign_in}\0{pin}"))


def pin_matches(kept: str | None, sign_in: object, pin: str) -> bool:
    return _matches(kept, _keyed("pin", f"{sign_in}\0{pin}"))


def word_hashed(belongs_to: object, word: str) -> str:
    """What is kept of a word that somebody chose, which belongs to one thing alone. Case and spaces do not count."""
    return _hash(_keyed("word", f"{belongs_to}\0{folded(word)}"))


def word_matches(kept: str | None, belongs_to: object, word: str) -> bool:
    """Takes as long where nothing is kept."""
    return _matches(kept, _keyed("word", f"{belongs_to}\0{folded(word)}"))


def _keyed(purpose: str, text: str) -> str:
    return ring().blind(purpose, unicodedata.normalize("NFC", text)).hex()


def _hash(text: str) -> str:
    with _at_once:
        return _hasher.hash(text)


def _matches(kept: str | None, text: str) -> bool:
    if kept is None:
        _hash(text)  # the same work, so that the time says nothing about who has an account
        return False
    try:
        with _at_once:
            return _hasher.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False


# -- which are guessed first -------------------------------------------------------------------------------------

#: Called with the session and a person's id for further words that belong to them: the names of their houses.
more_words: list[Callable[[Session, uuid.UUID], Iterable[str]]] = []


def check(password: str, own_words: Iterable[str] = ()) -> None:
    """Raise WeakPassword for one that is too short, too long, or made of words that are tried first.

    `own_words`: names of the person, the house, the address. Spaces count, and nothing is trimmed.
    """
    password = unicodedata.normalize("NFC", password)
    if len(password) < LEAST:
        sentence = _(
            "Please take at least %(least)s letters. Four words that mean something to you do well.", least=LEAST
        )
    elif len(password) > MOST:
        sentence = _("Please keep this to %(most)s letters.", most=MOST)
    elif _is_common(password, own_words):
        sentence = _("This is one of those that are guessed first. Please take words that only you put together.")
    else:
        return
    raise WeakPassword(fields={"password": sentence})


def check_pin(pin: str) -> None:
    """Raise WeakPassword for a PIN that is not six digits, or is one that is tried first."""
    if not PIN.fullmatch(pin):
        raise WeakPassword(fields={"pin": _("Please take six digits.")})
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {9}) or len(set(pin)) < 3:
        raise WeakPassword(fields={"pin": _("Those digits are guessed first. Please take others.")})


def _is_common(password: str, own_words: Iterable[str]) -> bool:
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT:
        return True
    known = _common_words() | {word for text in own_words for word in _words_of(text)}
    return any(_is_made_of(_letters(spelled), known) for spelled in (folded, folded.translate(_LEET)))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _words_of(text: str) -> set[str]:
    words = {word for word in re.split(r"[\W\d_]+", text.casefold()) if len(word) > 2}
    return words | {_letters(text.casefold())}


def _is_made_of(letters: str, words: AbstractSet[str]) -> bool:
    """Are the letters nothing but these words, one after the other? Digits and marks do not count."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(end - len(word) in reached and letters.endswith(word, 0, end) for word in words if word):
            reached.add(end)
    return len(letters) in reached


@cache
def _common_words() -> frozenset[str]:
    text = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line)
