"""The shipped texts: short, kind, whole without any field that may be empty, and silent on what nobody should see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.segments import count, tidy
from respite.messaging.policy.templates import FIELDS, SHIPPED, TEMPLATES, Misfit, misfits, render
from respite.messaging.policy.wording import wrong_in
from respite.messaging.views import template_words

NAMES = sorted(TEMPLATES)
MAY_NAME_988 = {"answer-stopped", "answer-help", "answer-danger"}
OWN = ["maple.example", "texts.juniperhouse.org"]
USUAL = {
    "first_name": "Sam",
    "peer_first_name": "Jo",
    "brand": "Maple House",
    "house_phone": "(303) 555-0123",
    "link": "https://maple.example/t/8f3kq2m9x7",
    "day_words": "Sat",
    "time_words": "9a-9p",
    "other_words": "Sun Nov 29 11:30p-7a",
    "code": "42",
    "sign_off": "Warmly",
}
LONGER = USUAL | {
    "first_name": "Alexandra",
    "peer_first_name": "Marcela",
    "brand": "Juniper House",
    "link": "https://texts.juniperhouse.org/t/Zk3vW8qLr2Xn5Bm7Tc9Yd1",
}
SPANISH = {
    "day_words": "sábado 14",
    "time_words": "de 9 a 21 h",
    "other_words": "dom 29 nov 23:30-7:00",
    "sign_off": "Un abrazo",
    "first_name": "Lucía",
}

every = pytest.mark.parametrize("name, language", [(name, language) for name in NAMES for language in ("en", "es")])


def values(name: str, language: str, some: Mapping[str, str], *, all_fields: bool) -> dict[str, str]:
    template = TEMPLATES[name]
    wanted = template.fields if all_fields else template.given
    chosen = {**some, **(SPANISH if language == "es" else {})}
    return {field: chosen[field] if field in wanted else "" for field in template.fields}


def test_every_template_is_there_in_both_languages() -> None:
    assert set(SHIPPED) == set(TEMPLATES) == set(template_words.NAMES)
    assert all(set(words) == {"en", "es"} for words in SHIPPED.values())
    assert all(template.name == name for name, template in TEMPLATES.items())
    assert all(template.given <= template.fields <= FIELDS for template in TEMPLATES.values())


@every
@pytest.mark.parametrize("all_fields", [True, False])
@pytest.mark.parametrize("some", [USUAL, LONGER])
def test_a_shipped_text_is_short_tidy_and_may_leave(
    name: str, language: str, all_fields: bool, some: Mapping[str, str]
) -> None:
    text = render(SHIPPED[name][language], values(name, language, some, all_fields=all_fields))
    counted = count(text)
    assert counted.segments <= (1 if language == "en" else 2), (counted, text)
    assert language == "es" or counted.encoding == "gsm-7"
    assert tidy(text) == text
    assert not re.search(r"[\[\]{}]|  | [,.:;]|^ | $", text), text
    assert (
        wrong_in(text, own_hosts=["maple.example", "texts.juniperhouse.org"], may_name_988=name in MAY_NAME_988) == ()
    )


@every
def test_a_shipped_text_fits_its_template(name: str, language: str) -> None:
    assert misfits(SHIPPED[name][language], TEMPLATES[name]) == ()


@pytest.mark.parametrize("name", sorted(set(NAMES) - MAY_NAME_988))
def test_only_answers_name_988(name: str) -> None:
    assert not any("988" in words for words in SHIPPED[name].values())


@pytest.mark.parametrize("name", sorted(MAY_NAME_988))
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_house_without_a_telephone_still_gives_988(name: str, language: str) -> None:
    text = render(SHIPPED[name][language], {"brand": "Maple House", "house_phone": ""})
    assert "988" in text
    assert language == "en" or "988, oprime 2" in text
    assert "555" not in text
    assert "(303) 555-0123" in render(
        SHIPPED[name][language], {"brand": "Maple House", "house_phone": "(303) 555-0123"}
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("caring")])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_caring_text_asks_nothing_and_leads_nowhere(name: str, language: str) -> None:
    words = SHIPPED[name][language]
    assert "?" not in words
    assert "{link}" not in words
    assert "{peer_first_name}" in words
    assert "link" not in TEMPLATES[name].fields
    assert not TEMPLATES[name].needs_answer


@pytest.mark.parametrize(
    "name, language, said",
    [
        ("caring-5", "en", "once more"),
        ("caring-5", "es", "una vez más"),
        ("caring-6", "en", "last"),
        ("caring-6", "es", "último"),
        ("caring-first", "en", "9a-9p"),
        ("caring-first", "en", "not around the clock"),
        ("follow-up-1", "en", "9a-9p"),
        ("follow-up-1", "es", "de 9 a 21 h"),
        ("follow-up-4", "en", "last"),
        ("follow-up-4", "es", "último"),
        ("answer-danger", "en", "a person at Maple House is being asked to read this"),
        ("answer-danger", "en", "Automatic reply: "),
        ("shift-open", "en", "Reply Y42 to take it, N42 to pass"),
        ("answer-stopped", "en", "Reply START"),
        ("consent-confirmed", "en", "Msg & data rates may apply. Reply HELP for help, STOP to end."),
        ("answer-help", "en", "Msg & data rates may apply"),
    ],
)
def test_what_must_be_said_is_said(name: str, language: str, said: str) -> None:
    assert said in render(SHIPPED[name][language], values(name, language, USUAL, all_fields=True))


@pytest.mark.parametrize("name", ["consent-confirmed", "follow-up-1", "caring-first", "answer-started", "answer-help"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_first_text_names_the_house_and_stop(name: str, language: str) -> None:
    assert {"{brand}", "STOP"} <= set(re.findall(r"\{brand\}|STOP", SHIPPED[name][language]))


def test_questions_are_asked_only_where_an_answer_is_looked_for() -> None:
    asking = {name for name, words in SHIPPED.items() if "?" in words["en"] and not name.startswith("answer")}
    assert asking | {"follow-up-2"} <= {name for name, template in TEMPLATES.items() if template.needs_answer}


# -- filling in ---------------------------------------------------------------------------------------------------


def test_a_part_in_brackets_goes_with_its_field() -> None:
    words = "Hi[ {first_name}], call [{house_phone} or ]988.[ {sign_off}, {peer_first_name}]"
    full = {"first_name": "Sam", "house_phone": "555-0100", "sign_off": "Yours", "peer_first_name": "Jo"}
    assert render(words, full) == "Hi Sam, call 555-0100 or 988. Yours, Jo"
    assert render(words, {**full, "peer_first_name": " "}) == "Hi Sam, call 555-0100 or 988."
    assert render(words, {}) == "Hi, call 988."


@pytest.mark.parametrize("fields", [{}, {"brand": ""}, {"brand": " \u200b"}, {"first_name": "Sam"}])
def test_a_field_that_is_needed_and_missing_is_an_error(fields: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="brand"):
        render("{brand}: hello", fields)


@pytest.mark.parametrize("name", ["diagnosis", "last_name", "stay", ""])
def test_a_field_outside_the_list_is_an_error_in_words_and_in_values(name: str) -> None:
    with pytest.raises(KeyError):
        render("{brand}", {"brand": "Maple House", name: "x"})
    if name:
        with pytest.raises(KeyError):
            render(f"{{{name}}}", {"brand": "Maple House"})


def test_values_are_tidied_put_on_one_line_and_cut_and_are_no_words_of_ours() -> None:
    assert render("Hi {first_name}.", {"first_name": "D’Arcy\n\u202eO\u0308zil\t"}) == "Hi D'Arcy Özil."
    assert render("{first_name}", {"first_name": "x" * 90}) == "x" * 40
    assert render("{first_name}", {"first_name": "{brand}[x]", "brand": "Maple"}) == "{brand}[x]"


def test_a_link_is_given_whole_or_not_at_all() -> None:
    long = "https://maple.example/t/" + "x" * 60
    assert render("{link}", {"link": long}) == long
    with pytest.raises(ValueError, match="link"):
        render("{link}", {"link": long + "x" * 60})


@given(st.text(max_size=80), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=60)))
def test_whatever_a_house_wrote_either_renders_or_is_an_error(words: str, fields: dict[str, str]) -> None:
    with suppress(KeyError, ValueError):
        assert isinstance(render(words, fields), str)


# -- a house's own words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, words, found",
    [
        ("trying", "{brand}: a test", ()),
        ("trying", "{brand: a test", (Misfit("mark", "{"),)),
        ("trying", "{brand}: [a [test]]", (Misfit("mark", "["), Misfit("mark", "]"))),
        ("trying", "{Brand}: a test", (Misfit("mark", "{"), Misfit("mark", "}"))),
        ("trying", "{brand} {first_name}", (Misfit("unknown-field", "first_name"),)),
        ("trying", "{brand} {house_phone}", (Misfit("needs-brackets", "house_phone"),)),
        ("trying", "{brand}[ {house_phone}]", ()),
        ("handoff", "{brand}: ready", (Misfit("must-say", "Y{code}"), Misfit("must-say", "{link}"))),
        ("caring-1", "[{peer_first_name}: ]hello", ()),
        ("answer-danger", "{brand}[ {house_phone}]: call us", (Misfit("must-say", "988"),)),
    ],
)
def test_why_words_do_not_fit(name: str, words: str, found: tuple[Misfit, ...]) -> None:
    assert misfits(words, TEMPLATES[name]) == found


@given(st.sampled_from(NAMES), st.text("{}[]abc .", max_size=30) | st.text(max_size=60))
def test_words_that_fit_always_render(name: str, words: str) -> None:
    template = TEMPLATES[name]
    if not {misfit.kind for misfit in misfits(words, template)} - {"must-say"}:
        render(words, {field: USUAL[field] for field in template.given})
