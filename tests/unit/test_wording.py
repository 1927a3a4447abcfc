"""A word is found in its simple forms, without regard to accents and capitals, and never within a quotation."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.wording.hints import SHIPPED
from respite.wording.policy import Found, Hint, are_words, found, words_in

HINTS = list(SHIPPED.values())
QUOTES = [("“", "”"), ("„", "“"), ("«", "»"), ("‹", "›"), ('"', '"'), ("'", "'"), ("‘", "’")]
#: Words that the shipped list knows nothing of, to stand around those it does.
OTHERS = st.lists(
    st.sampled_from(["the", "Kettle", "sang", "la", "tetera", "cantó", "soup,", "5", "gäste"]), max_size=6
)
WORDS = st.sampled_from([word for hint in HINTS for word in hint.words])


def hit(text: str, hints: list[Hint] = HINTS) -> list[str]:
    return [text[each.start : each.end] for each in found(text, hints)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A patient came", ["patient"]),
        ("Two PATIENTS and a client's bag", ["PATIENTS", "client"]),
        ("He was discharged, or is discharging", ["discharged", "discharging"]),
        ("noncompliant, non-compliant, non compliant", ["noncompliant", "non-compliant", "non compliant"]),
        ("a frequent   flyer", ["frequent   flyer"]),
        ("treatment goals", ["treatment goals"]),
        ("La paciente y los pacientes", ["paciente", "pacientes"]),
        ("Rechazó la cena; fueron rechazadas", ["Rechazó"]),
        ("rechazo rechazos", ["rechazo", "rechazos"]),
        ("la dieron de ALTA", ["de ALTA"]),
        ("Es muy manipuladora, son manipuladores", ["manipuladora", "manipuladores"]),
        ("no cooperó", ["no cooperó"]),
        ("No coopero", ["No coopero"]),
        # What only looks like one of them.
        ("Be patient, just in case. A pillow case. Patiently. Impatient.", []),
        ("En caso de duda hizo caso. Los ingresos del mes. Una mesa alta.", []),
        ("The guest declined", []),
        ("", []),
    ],
)
def test_words_are_found_and_others_are_not(text: str, words: list[str]) -> None:
    assert hit(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She said “they discharged me” and left", []),
        ('She said "they discharged me" and the patient left', ["patient"]),
        ("Dijo «me dieron de alta» y el paciente salió", ["paciente"]),
        ('She said “he called me a "patient" today” to a client', ["client"]),
        ("He wrote 'I don't want to be a patient' on the door of the client", ["client"]),
        ("the guests' room, a patient's bag and the kids' room", ["patient"]),
        ("She began to say “I was discharged", []),
    ],
)
def test_a_quotation_is_theirs(text: str, words: list[str]) -> None:
    assert hit(text) == words


@given(OTHERS, WORDS, OTHERS, st.sampled_from(QUOTES), OTHERS)
def test_within_marks_nothing_is_found_and_outside_it_is(
    before: list[str], word: str, within: list[str], marks: tuple[str, str], after: list[str]
) -> None:
    begins, ends = marks
    quoted = " ".join([*before, f"{begins}{' '.join([*within, word, *within])}{ends}", *after])
    assert found(quoted, HINTS) == []
    assert found(" ".join([*before, word, *after]), HINTS), "the same word without marks"


@given(OTHERS, WORDS, OTHERS, st.sampled_from(["NFC", "NFD", "plain"]), st.booleans())
def test_accents_and_capitals_make_no_difference(
    before: list[str], word: str, after: list[str], form: str, upper: bool
) -> None:
    text = " ".join([*before, word.upper() if upper else word, *after])
    written = (
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        if form == "plain"
        else unicodedata.normalize(form, text)
    )
    assert [each.hint for each in found(written, HINTS)] == [each.hint for each in found(text, HINTS)] != []


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_is_read_and_each_hit_is_where_it_says(begin: str, end: str) -> None:
    text = f"{begin} patient {end}"
    over = 0
    for each in found(text, HINTS):
        assert isinstance(each, Found)
        assert over <= each.start < each.end <= len(text)
        over = each.end


def test_every_shipped_word_can_be_looked_for_and_is_found_by_its_own_hint() -> None:
    assert {each.language for each in HINTS} == {"en", "es"}
    for hint in HINTS:
        assert are_words(hint.words), hint.entry
        assert hint.say
        for word in hint.words:
            assert [each.hint.entry for each in found(f"x {word}.", HINTS)] == [hint.entry], word


def test_one_that_is_not_offered_is_not_found() -> None:
    assert found("a patient", [Hint("x", "en", ("patient",), "guest", offered=False)]) == []


@pytest.mark.parametrize("written", ["", "a", "x(", "[a-z]+", "no.1", "one,two,three,four,five,six,seven", "c\\d"])
def test_what_could_not_be_looked_for_is_no_word(written: str) -> None:
    assert not are_words(words_in(written))


def test_words_of_a_house_are_read_with_commas_between() -> None:
    assert words_in(" meds ,  med   seeking,, niño ") == ("meds", "med seeking", "niño")
    assert are_words(words_in("meds, med-seeking, d'accord, niño"))
