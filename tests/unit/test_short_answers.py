"""A peer's short text is an answer, or is left to people."""

from __future__ import annotations

import pytest

from respite.messaging.policy.short_answers import Said, Word, said


@pytest.mark.parametrize(
    ("body", "word", "code"),
    [
        ("Y42", Word.YES, 42),
        ("y 42", Word.YES, 42),
        ("Yes 42!", Word.YES, 42),
        ("yes #42 please", Word.YES, 42),
        ("N42", Word.NO, 42),
        ("no42", Word.NO, 42),
        ("Sí 4821, gracias", Word.YES, 4821),
        ("yes", Word.YES, None),
        ("ok thanks", Word.YES, None),
        ("1", Word.ONE, None),
        ("2.", Word.TWO, None),
        ("3 thanks", Word.THREE, None),
    ],
)
def test_is_an_answer(body: str, word: Word, code: int | None) -> None:
    assert said(body) == Said(word, code)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "42",
        "142",
        "1 42",
        "Y1",
        "Y12345",
        "Y42 but only until six",
        "yes I can come at 4",
        "can't, N42 and I feel awful",
        "stop",
        "4",
        "Liked “open shift Sat 6p-12a. Reply Y42 to take it”",
    ],
)
def test_is_for_people(body: str) -> None:
    assert said(body) is None
