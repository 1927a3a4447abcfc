"""A house's own words for a template: filled in as they would leave, counted, and what stands in their way."""

from __future__ import annotations

import pytest

from respite.messaging.examples import examples
from respite.messaging.policy.own_words import LONGEST, Fault, Judged, judged
from respite.messaging.policy.templates import FIELDS, TEMPLATES

EXAMPLES = examples("en", "texts.example.org")
FITS = "{brand}: {day_words}, {time_words}? Y{code} or N{code}."


def judge(words: str, template: str = "shift-open", **fields: str) -> Judged:
    return judged(words, TEMPLATES[template], fields=EXAMPLES | fields, own_hosts=("texts.example.org",))


def test_words_are_shown_filled_in_and_counted_so() -> None:
    look = judge(FITS)
    assert look.words == "Juniper House: Saturday, 6 pm to midnight? Y42 or N42."
    assert (look.counted.encoding, look.counted.units, look.counted.segments) == ("gsm-7", len(look.words), 1)
    assert look.faults == ()


def test_dear_marks_are_made_plain_before_they_are_counted() -> None:
    look = judge(FITS + " It’s open – come…")
    assert look.counted.encoding == "gsm-7"
    assert look.words.endswith("It's open - come...")


def test_a_part_with_nothing_in_it_is_left_out_as_it_will_be() -> None:
    words = "{brand}: call [{house_phone} or ]988. START"
    assert judge(words, "answer-stopped").words == "Juniper House: call (303) 555-0100 or 988. START"
    assert judge(words, "answer-stopped", house_phone="").words == "Juniper House: call 988. START"


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        (FITS + " {nickname}", [Fault("unknown-field", "nickname")]),
        (FITS + " {link}", [Fault("unknown-field", "link")]),  # this template is not given it
        (FITS + " Hi {first_name}", [Fault("needs-brackets", "first_name")]),
        (FITS + " {", [Fault("mark", "{")]),
        (FITS + " ]", [Fault("mark", "]")]),
        (FITS.replace("N{code}", "no"), [Fault("must-say", "N{code}")]),
        ("", [Fault("empty")]),
        (FITS + "a" * LONGEST, [Fault("too-long", "4"), Fault("too-many-letters", str(LONGEST))]),
    ],
)
def test_what_stands_in_the_way(words: str, faults: list[Fault]) -> None:
    assert list(judge(words).faults) == faults


@pytest.mark.parametrize(
    ("added", "kind"),
    [(" Your respite", "programme-word"), (" Your meds", "health-word"), (" https://bit.ly/x", "link")],
)
def test_the_gate_looks_at_the_words_filled_in(added: str, kind: str) -> None:
    assert [fault.kind for fault in judge(FITS + added).faults] == [kind]


def test_what_is_filled_in_is_looked_at_too() -> None:
    assert [fault.kind for fault in judge(FITS, brand="Haven Respite").faults] == ["programme-word"]


def test_988_may_be_named_and_has_to_stay_where_it_was() -> None:
    words = "{brand}[, {house_phone}]: 988. STOP ends texts."
    assert judge(words, "answer-help").faults == ()
    assert judge(words.replace("988", "us"), "answer-help").faults == (Fault("must-say", "988"),)


def test_the_examples_know_every_field() -> None:
    for language in ("en", "es"):
        assert set(examples(language, "texts.example.org")) == set(FIELDS)
