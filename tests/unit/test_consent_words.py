"""The sentences that ask for a yes: what they must say, and that a version stays as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from respite.messaging.policy.consent_words import SENTENCES, sentence, version_of
from respite.messaging.policy.wording import wrong_in
from respite.messaging.purposes import GUEST_PURPOSES, PEER_PURPOSES, Purpose

#: What each version said on the day somebody first said yes to it. A line is added here, and never changed.
SAID = {
    ("follow-up", 1): "31ce285f48f28de0",
    ("follow-up", 2): "6a3c1e0aebab40e5",
    ("connections", 1): "a51e81143b45d394",
    ("caring", 1): "c193f67cd4c7349f",
    ("stay", 1): "d3f9150b97b53ba1",
    ("shifts", 1): "2107e6cd8d03a430",
    ("duty", 1): "09cba4e74e2ea10e",
    ("handoff", 1): "7b461292d89e13c9",
    ("read-soon", 1): "e9850847d4681b2e",
}


def every() -> Iterator[tuple[Purpose, int, str]]:
    for purpose, versions in SENTENCES.items():
        for number in range(1, len(versions) + 1):
            for language in ("en", "es"):
                yield purpose, number, language


def digest(purpose: Purpose, number: int) -> str:
    words = "\n".join(sentence(purpose, language, "{brand}", number) for language in ("en", "es"))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def test_everybody_is_asked_in_both_languages() -> None:
    assert set(SENTENCES) == {*GUEST_PURPOSES, *PEER_PURPOSES}
    for purpose, number, language in every():
        assert SENTENCES[purpose][number - 1][language]


@pytest.mark.parametrize(("purpose", "number", "language"), list(every()))
def test_a_sentence_says_what_the_law_wants(purpose: Purpose, number: int, language: str) -> None:
    said = sentence(purpose, language, "Juniper House", number)
    costs, free = {
        "en": ("Message and data rates may apply", "You can say no, and nothing else changes."),
        "es": ("Pueden aplicarse tarifas de mensajes y datos", "Puedes decir que no, y nada más cambia."),
    }[language]
    assert said.count("Juniper House") == 1
    assert all(word in said for word in ("STOP", "HELP", costs))
    assert said.endswith(free)
    assert "{" not in said


@pytest.mark.parametrize(("purpose", "number", "language"), list(every()))
def test_a_sentence_names_no_programme(purpose: Purpose, number: int, language: str) -> None:
    """It may stand on a guest's own phone, where somebody else may read it."""
    found = wrong_in(sentence(purpose, language, "Juniper House", number), own_hosts=(), most_segments=9)
    assert found == ()


def test_a_version_stays_as_it_was() -> None:
    now = {(str(purpose), number): digest(purpose, number) for purpose, number, _language in every()}
    assert now == SAID


def test_today_the_newest_is_asked_with_and_old_ones_stay_readable() -> None:
    assert version_of(Purpose.CARING) == len(SENTENCES[Purpose.CARING])
    assert sentence(Purpose.CARING, "en", "X") == sentence(Purpose.CARING, "en", "X", version_of(Purpose.CARING))
    assert sentence(Purpose.CARING, "fr", "X") == sentence(Purpose.CARING, "en", "X")
    for never in (0, -1, 99):
        with pytest.raises(IndexError):
            sentence(Purpose.CARING, "en", "X", never)
    with pytest.raises(KeyError):
        version_of(Purpose.ANSWER)
