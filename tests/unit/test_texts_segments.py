"""Texts are tidied without changing a word, and counted as networks count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from respite.messaging.policy.segments import Counted, count, tidy

GSM_LETTERS = "abc XYZ 0189 @£ñüàÉ¿¡\n{}[]~^\\|€"
letters = (
    st.text(GSM_LETTERS, max_size=400)
    | st.text("aé€💚…\u0958ñ’—", max_size=400)
    | st.text(max_size=200)
    | st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates too
)


def slowly(text: str) -> tuple[str, int, int]:
    """The same count, another way: cut the encoded text where a network would, piece by piece.

    Python has no GSM-7, so the alphabet is written here as its table stands in 3GPP TS 23.038.
    """
    table = (
        "@£$¥èéùìòÇ\nØø\rÅå Δ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ  !\"#¤%&'()*+,-./ 0123456789:;<=>? ¡ABCDEFGHIJKLMNO "
        "PQRSTUVWXYZÄÖÑÜ§ ¿abcdefghijklmno pqrstuvwxyzäöñüà"
    )
    if all(c in table or c in "€[\\]^{|}~\f" for c in text):
        name, alone, each = "gsm-7", 160, 153
        sent = "".join("\x1b" + c if c in "€[\\]^{|}~\f" else c for c in text)
        cuts_pair = [c == "\x1b" for c in sent]
    else:
        name, alone, each = "ucs-2", 70, 67
        raw = text.encode("utf-16-be", "surrogatepass")
        sent = "".join(chr(int.from_bytes(raw[n : n + 2])) for n in range(0, len(raw), 2))
        pair = "".join("11" if ord(c) > 0xFFFF else "0" for c in text)
        cuts_pair, inside = [], False
        for mark in pair:
            inside = mark == "1" and not inside
            cuts_pair.append(inside)
    if len(sent) <= alone:
        return name, len(sent), 1 if sent else 0
    pieces, begin = 0, 0
    while begin < len(sent):
        end = min(begin + each, len(sent))
        if end < len(sent) and cuts_pair[end - 1]:
            end -= 1
        pieces, begin = pieces + 1, end
    return name, len(sent), pieces


@given(letters)
@example("a" * 152 + "€" * 5)
@example("a" * 66 + "💚" * 3)
def test_two_ways_of_counting_agree(text: str) -> None:
    counted = count(text)
    assert (counted.encoding, counted.units, counted.segments) == slowly(text)


@given(letters)
@example("…" * 70)
@example("💚" + "…" * 68)
@example("\u0958" * 70)
@example("\u1ffd" * 71)
@example("e\u200e\u0301")
@example("=\u0338 \u2000\u2001")
def test_tidying_twice_is_tidying_once_and_never_costs_a_segment(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert count(tidied).segments <= count(text).segments


@given(st.text(max_size=60))
def test_no_word_is_lost(text: str) -> None:
    """Letters and digits, composed alike, are those that were there."""

    def words(some: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFC", some) if unicodedata.category(c)[0] in "LN" and c != "ʼ")

    assert words(tidy(text)) == words(text)


@pytest.mark.parametrize(
    "text, tidied",
    [
        ("It’s “fine” — really…", 'It\'s "fine" - really...'),
        ("Sam\u00a0\u202fJo", "Sam  Jo"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("stop\x00 \x07now", "stop now"),
        ("\u202eevil\u202c \u200bthin\ufeff", "evil thin"),
        ("cafe\u0301 man\u0303ana", "café mañana"),
        ("«Hola», ¿cómo estás?", '"Hola", ¿cómo estás?'),
        ("👩\u200d👩\u200d👧 💚 ❤\ufe0f", "👩\u200d👩\u200d👧 💚 ❤\ufe0f"),
        ("\tx", " x"),
    ],
)
def test_what_is_made_plain_and_what_stays(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    "text, counted",
    [
        ("", Counted("gsm-7", 0, 0)),
        ("a" * 160, Counted("gsm-7", 160, 1)),
        ("a" * 161, Counted("gsm-7", 161, 2)),
        ("a" * 306, Counted("gsm-7", 306, 2)),
        ("a" * 307, Counted("gsm-7", 307, 3)),
        ("€" * 80, Counted("gsm-7", 160, 1)),
        ("€" * 153, Counted("gsm-7", 306, 3)),  # 76 to a segment: the escape is not cut off
        ("ñ" * 160, Counted("gsm-7", 160, 1)),
        ("á" * 70, Counted("ucs-2", 70, 1)),
        ("á" * 71, Counted("ucs-2", 71, 2)),
        ("💚" * 35, Counted("ucs-2", 70, 1)),
        ("💚" * 67, Counted("ucs-2", 134, 3)),  # 33 to a segment
        ("a" * 159 + "’", Counted("ucs-2", 160, 3)),
    ],
)
def test_the_edges(text: str, counted: Counted) -> None:
    assert count(text) == counted


def test_one_curly_quote_makes_two_segments_and_tidying_mends_it() -> None:
    dear = "Hi Sam, it’s Jo at Maple House — thinking of you today. No reply needed, ok"
    assert count(dear).segments == 2
    assert count(tidy(dear)) == Counted("gsm-7", len(dear), 1)
