"""What guests read is easy to read: English at grade 6 or below, Spanish at 70 or above, page by page."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.extract import extract

from respite.messaging.policy import templates as texts
from respite.messaging.policy.consent_words import SENTENCES, version_of
from respite.messaging.purposes import GUEST_PURPOSES
from tests.reading import ease, english_syllables, grade, measured, report, spanish_syllables, too_hard, too_hard_alone

ROOT = Path(__file__).resolve().parent.parent.parent
BOUND = {"en": 6.0, "es": 70.0}
BOUND_OF_ONE = {"en": 9.0, "es": 55.0}  # of a single sentence

#: What those who work here read beside it: how to give a guest their page.
TO_PEERS = {
    "_link_section.html",
    "given.html",
    "_card_sections.html",
    "_waiting.html",
    "their_part.html",
    "letter_for_them.html",
    "letter_paper.html",
}
PAGES = [
    *(path for path in sorted((ROOT / "templates/guest_page").glob("*.html")) if path.name not in TO_PEERS),
    *sorted((ROOT / "respite/guest_page/views").glob("*.py")),
    *(
        ROOT / "templates/guests" / name
        for name in (
            "welcome_together.html",
            "parting_together.html",
            "agreements_together.html",
            "parting.html",
            "parting_thanks.html",
            "funder.html",
        )
    ),
    ROOT / "templates/activities/public.html",
    ROOT / "respite/houses/guest_words.py",
    ROOT / "respite/guests/starting_agreements.py",
]
#: Spoken to those who work here from code of the guest's page.
SAID_TO_PEERS = {"giving.py", "giving_waiting.py"}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


@pytest.fixture(scope="module")
def spanish() -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / ".ci"))
        tools: ModuleType = importlib.import_module("catalogues")
        found, _problems = tools.translated(ROOT, "es")
        yield {_first(message.id): _first(message.string) for message in found.values() if message.id}


def _first(words: object) -> str:
    return str(words[0]) if isinstance(words, list | tuple) else str(words)


def words_of(page: Path) -> list[str]:
    """Every sentence that the page takes from the catalogues."""
    method = "jinja2" if page.suffix == ".html" else "python"
    options = {"silent": "false", "newstyle_gettext": "true"} if method == "jinja2" else {}
    with io.BytesIO(page.read_bytes()) as source:
        return [_first(found[1]) for found in extract(method, source, keywords=KEYWORDS, options=options)]


def said_aloud(words: str) -> str:
    """With a short name where something is filled in."""
    return re.sub(r"%\(\w+\)[sd]|\{\w+\}", "Ann", words)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in SAID_TO_PEERS], ids=lambda page: page.name)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_page_of_guests_is_easy_to_read(page: Path, language: str, spanish: dict[str, str]) -> None:
    english = words_of(page)
    read = english if language == "en" else [spanish[each] for each in english]
    found = measured([said_aloud(each) for each in read], language)
    assert not too_hard(found, language, BOUND[language]), (
        f"{page.name}: {found.value:.1f}; the hardest sentences are {report(found)}"
    )
    assert too_hard_alone(found, language, BOUND_OF_ONE[language]) == []


def texts_to_guests() -> list[str]:
    """What a guest may get; of the answers those that anybody may get, since the rest go to who works here."""
    anybody = ("consent-confirmed", "answer-danger", "answer-help", "answer-stopped", "answer-wrong-number")
    asked = {name for name, each in texts.TEMPLATES.items() if each.purpose in GUEST_PURPOSES}
    return sorted(asked | set(anybody) & set(texts.TEMPLATES))


#: What a law or the carriers ask for, word by word.
PRESCRIBED = re.compile(
    r"Msg frequency varies\.|Msg & data rates may apply\.|STOP \w+ texts\.|STOP (?:para terminar|termina)\."
)


@pytest.mark.parametrize("name", texts_to_guests())
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_text_to_a_guest_is_easy_to_read(name: str, language: str) -> None:
    words = re.sub(r"[\[\]]", "", texts.SHIPPED[name][language])
    found = measured([said_aloud(PRESCRIBED.sub("", words))], language)
    assert not too_hard(found, language, BOUND[language]), f"{name}: {found.value:.1f}: {report(found)}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_guests_are_asked_before_a_text_is_easy_to_read(language: str) -> None:
    asked = [SENTENCES[each][version_of(each) - 1][language] for each in GUEST_PURPOSES]
    found = measured([said_aloud(each) for each in asked], language)
    assert not too_hard(found, language, BOUND[language]), f"{found.value:.1f}: {report(found)}"


# -- the measures themselves ---------------------------------------------------------------------------------------

ENGLISH = {
    1: "you we house come leave night door page asked texts time here names have one breathe cared walked rules",
    2: "welcome people leaving answer reason mother happy weekend today open decide tables sometimes quiet being",
    3: "together everything tomorrow ambulance remember hospital agreement another coordinate's",
    4: "information coordinator experience conversation",
}
SPANISH = {
    1: "que y el tú son pan bien muy voy hoy",
    2: "casa puedes noche quieres cuarto aquí guerra quiero día",
    3: "personas escribir ayuda ventana",
    4: "policía ambulancia información",
}


@pytest.mark.parametrize(("count", "words"), SPANISH.items())
def test_spanish_syllables_are_counted_as_they_are_spoken(count: int, words: str) -> None:
    assert {word: spanish_syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_english_syllables_are_counted_nearly_as_they_are_spoken() -> None:
    pairs = [(word, count) for count, words in ENGLISH.items() for word in words.split()]
    wrong = {word: english_syllables(word) for word, count in pairs if english_syllables(word) != count}
    assert len(wrong) <= len(pairs) // 15, wrong


def test_a_text_for_lawyers_is_too_hard_and_named() -> None:
    hard = "Participation necessitates authorization of individually identifiable information disclosure."
    found = measured(["You can rest here.", hard], "en")
    assert too_hard(found, "en", BOUND["en"])
    assert hard in report(found)[0]
    assert grade("You can rest here. We make soup at six.") < 2
    assert ease("Puedes venir hoy. La casa es tuya.") > 90
    difficult = "La participación condicionada requiere autorización administrativa extraordinaria."
    assert too_hard(measured([difficult], "es"), "es", BOUND["es"])
