"""What no text may say, in English and Spanish, and what it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.wording import Kind, Wrong, wrong_in

OWN = ["maple.example", "127.0.0.1:5000"]


def kinds(text: str, *, may_name_988: bool = False) -> list[str]:
    return [wrong.kind for wrong in wrong_in(text, own_hosts=OWN, may_name_988=may_name_988)]


@pytest.mark.parametrize(
    "text",
    [
        "Hi Sam, it's Jo at Maple House. Thinking of you today.",
        "Maple House: open shift Sat 6p-12a. Reply Y42 to take it, N42 to pass. STOP ends texts.",
        "Your page: https://maple.example/t/8f3kq2m9x7",
        "See http://127.0.0.1:5000/t/abc.",
        "Call (303) 988-0123 or 303-988-0123",
        "Hola Lucía: soy Jo, de Casa Arce. ¿Cómo va tu día? 💚",
        "Salud, te escribimos para saludarte",  # a first name
        "Refugio, te escribe Jo",  # a first name too
        "Our door stays open, and we stay in touch. Stay warm!",
        "I'm not in today.See you at 5.ok",
        "St. Mary's House, 9 a.m. to 5 p.m.",
        "We have a healthy garden",
        "A person here will read this",
        "Can you take the shift? It's only 3.5 hours",
    ],
)
def test_it_may_leave(text: str) -> None:
    assert wrong_in(text, own_hosts=OWN) == ()


@pytest.mark.parametrize(
    "text, what",
    [
        ("Maple Respite misses you", "Respite"),
        ("the CRISIS house", "CRISIS"),
        ("your recovery", "recovery"),
        ("a crisis-house", "crisis"),
        ("the shelter on 5th", "shelter"),
        ("your treatment plan", "treatment"),
        ("the clinic called", "clinic"),
        ("back from the hospital?", "hospital"),
        ("our program", "program"),
        ("after your stay", "your stay"),
        ("since you stayed with us", "stayed with"),
        ("your discharge papers", "discharge"),
        ("the patient's page", "patient"),
        ("your case manager", "case manager"),
        ("peer support on Tuesday", "peer support"),
        ("la casa de respiro", "casa de respiro"),
        ("tu recuperación", "recuperación"),
        ("el albergue", "albergue"),
        ("tu tratamiento", "tratamiento"),
        ("la clínica llamó", "clínica"),
        ("nuestro programa", "programa"),
        ("durante tu estadía", "tu estadía"),
        ("cuando te dan de alta", "te dan de alta"),
        ("tu terapeuta", "terapeuta"),
        ("ＣＲＩＳＩＳ", "ＣＲＩＳＩＳ"),
        ("recupe\u0301racion"[:6] + "racio\u0301n", None),
    ],
)
def test_a_word_of_a_programme_is_found_as_it_stands(text: str, what: str | None) -> None:
    found = wrong_in(text, own_hosts=OWN)
    assert found[0].kind == "programme-word"
    assert what is None or Wrong("programme-word", what) in found


@pytest.mark.parametrize(
    "text, what",
    [
        ("about your diagnosis", "diagnosis"),
        ("your medication is here", "medication"),
        ("your meds", "meds"),
        ("feeling suicidal?", "suicidal"),
        ("mental health day", "mental health"),
        ("how is the depression", "depression"),
        ("still sober?", "sober"),
        ("your doctor called", "doctor"),
        ("tu diagnóstico", "diagnóstico"),
        ("tus medicamentos", "medicamentos"),
        ("la salud mental", "salud mental"),
        ("tu depresión", "depresión"),
        ("pensamientos suicidas", "suicidas"),
        ("tus pastillas", "pastillas"),
        ("call 988", "988"),
        ("the Lifeline", "Lifeline"),
        ("la línea de ayuda", "línea de ayuda"),
    ],
)
def test_a_word_about_somebodys_health_is_found_as_it_stands(text: str, what: str) -> None:
    assert wrong_in(text, own_hosts=OWN) == (Wrong("health-word", what),)


def test_an_answer_may_name_988_and_nothing_more() -> None:
    assert kinds("In danger? Call or text 988.", may_name_988=True) == []
    assert kinds("En peligro, llama al 988, oprime 2.", may_name_988=True) == []
    assert kinds("In crisis? Call 988.", may_name_988=True) == ["programme-word"]
    assert kinds("Suicide line: 988", may_name_988=True) == ["health-word"]
    assert kinds("Call 988.") == ["health-word"]


@pytest.mark.parametrize(
    "link",
    [
        "https://bit.ly/3abc",
        "bit.ly/3abc",
        "http://evil.example/x",
        "https://maple.example@evil.example/x",
        "https://maple.example.evil.com/x",
        "https://xmaple.example/",
        "www.maplehouse.org",
        "maplehouse.org",
        "MAPLEHOUSE.ORG/page",
        "jo@maplehouse.org",
        "ftp://maple.example.org/",
        "https://[bad",
        "notes.page/abc",
    ],
)
def test_a_link_that_leads_elsewhere_is_found(link: str) -> None:
    assert kinds(f"Look here: {link} and say") == ["link"]
    assert kinds(link) == ["link"]


@pytest.mark.parametrize("link", ["https://maple.example/t/a", "HTTPS://Maple.Example:443/a", "maple.example/t/a"])
def test_an_own_link_passes_and_its_letters_are_no_words(link: str) -> None:
    assert kinds(f"Here: {link}.") == []
    assert kinds(f"Here: {link}/crisis") == []


def test_an_address_with_a_name_before_it_is_no_own_link() -> None:
    assert [wrong.kind for wrong in wrong_in("write to jo@maplehouse.org", own_hosts=["maplehouse.org"])] == ["link"]
    assert kinds("https://jo@maple.example/t/a") == ["link"]


def test_a_public_shortener_is_nobodys_own() -> None:
    assert wrong_in("https://bit.ly/3abc", own_hosts=["bit.ly"]) == (Wrong("link", "https://bit.ly/3abc"),)


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u202e", "\x00"])
def test_nothing_to_read_is_empty(text: str) -> None:
    assert kinds(text) == ["empty"]


def test_how_long_a_text_may_be() -> None:
    assert wrong_in("a" * 459, own_hosts=OWN) == ()
    assert wrong_in("a" * 460, own_hosts=OWN) == (Wrong("too-long", "4"),)
    assert wrong_in("a" * 161, own_hosts=OWN, most_segments=1) == (Wrong("too-long", "2"),)
    assert wrong_in("a" * 1601, own_hosts=OWN, most_segments=99) == (Wrong("too-long", "11"),)


def test_each_word_is_named_once_and_all_are() -> None:
    found = wrong_in("respite, Respite and your meds: bit.ly/x", own_hosts=OWN)
    assert [(wrong.kind, wrong.what) for wrong in found] == [
        ("programme-word", "respite"),
        ("programme-word", "Respite"),
        ("health-word", "meds"),
        ("link", "bit.ly/x"),
    ]


@given(st.text(max_size=300) | st.text("abc.:/@- éß", max_size=300))
def test_any_text_is_judged(text: str) -> None:
    for wrong in wrong_in(text, own_hosts=OWN):
        assert wrong.kind in Kind.__args__  # type: ignore[attr-defined]
        assert wrong.kind == "too-long" or wrong.what in text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("your mediсation", "mediсation"),
        ("in СRISIS", "СRISIS"),
        ("the cliniϲ", "cliniϲ"),
        ("the Ηospital", "Ηospital"),
        ("la recuperaciόn", "recuperaciόn"),
        ("the ɡroup home, rehаb", "rehаb"),
    ],
)
def test_a_letter_that_looks_like_another_hides_no_word(text: str, what: str) -> None:
    assert what in [wrong.what for wrong in wrong_in(text, own_hosts=OWN)]


def test_words_of_another_alphabet_are_no_words_of_ours() -> None:
    assert wrong_in("Привет, как дела? Καλημέρα!", own_hosts=OWN) == ()


@given(st.text(" .,!?\n'\"()—", max_size=8), st.sampled_from(["crisis", "Recuperación", "medication", "clínica"]))
def test_marks_beside_a_word_do_not_hide_it(marks: str, word: str) -> None:
    assert wrong_in(f"hello {marks}{word}{marks} there", own_hosts=OWN)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("word", ["a.", "a", "a@", "your ", "-", "self ", "http:"])
def test_a_long_text_comes_to_an_end(word: str) -> None:
    """A pattern that went over the same words again and again would not be done in a day."""
    assert all(wrong.kind for wrong in wrong_in(word * (1600 // len(word)), own_hosts=OWN))
