"""No word reaches a person that a translator has not seen, and none that this house does not use."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path("here")

# DESIGN: to many guests a hold is a locked ward. "Just in case" and "the file holds" are not meant.
AVOIDED = {
    "en": r"held|(?:an?|the|this|that|your|no|new|on) holds?|holds? (?:an?|the|this|that|your) (?:bed|door|room|chair)"
    r"|occupied|patients?|clients?|admissions?|admit(?:ted)?|discharged?|intakes?|assessments?"
    r"|(?<!in )cases?|refused|non-?compliant|slots?|shelter beds?|consumers?|eloped|frequent flyers?|symptoms?",
    "es": r"retenid[ao]s?|ocupad[ao]s?|pacientes?|clientes?|admisi[oó]n|ingresos?|(?:dar|dado|dada) de alta"
    r"|evaluaci(?:ones|[oó]n)|incumplid[ao]s?|s[ií]ntomas?",
}


@pytest.fixture(scope="module")
def tools() -> Iterator[tuple[ModuleType, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / ".ci"))
        yield importlib.import_module("catalogues"), importlib.import_module("words")
    for name in ("catalogues", "words"):
        sys.modules.pop(name)


@pytest.fixture(scope="module")
def catalogues(tools: tuple[ModuleType, ModuleType]) -> ModuleType:
    return tools[0]


@pytest.fixture(scope="module")
def words(tools: tuple[ModuleType, ModuleType]) -> ModuleType:
    return tools[1]


def test_every_word_is_in_the_catalogues_and_has_its_spanish(catalogues: ModuleType) -> None:
    assert list(catalogues.check()) == []


def test_no_word_that_this_house_does_not_use(catalogues: ModuleType) -> None:
    avoided = {language: re.compile(rf"\b(?:{some})\b", re.IGNORECASE) for language, some in AVOIDED.items()}
    asked_for = catalogues.extracted(ROOT)
    spanish, _ = catalogues.translated(ROOT, "es")
    assert not [each for message in asked_for.values() for each in forms(message.id) if avoided["en"].search(each)]
    assert not [each for message in spanish.values() for each in forms(message.string) if avoided["es"].search(each)]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """Singular and plural, without the placeholders: their names are code."""
    several = (text,) if isinstance(text, str) else tuple(text)
    return tuple(re.sub(r"%\(\w+\)[sd]", "", each) for each in several)


# -- each finder finds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "<p>Welcome home</p>",
        "<p>{{ name }} is here</p>",
        "{% if free %}free{% else %}{{ _('here') }}{% endif %}",
        "{% block title %}Beds{% endblock %}",
        '<img alt="A door" src="x">',
        '<button aria-label="{{ name }} leaves">{{ _("x") }}</button>',
        '<input type="submit" value="Save">',
        '<div data-saved="Saved just now"></div>',
        "{{ name or 'No name' }}",
        "{{ button('Save the bed') }}",
        "{% set heading = 'Tonight' %}",
        "{{ name | default('Someone') }}",
        "<p>{{ _('Beds') }} and more</p>",
        'data-live data-word="Saved just now"',
        "{% trans %}Beds{% endtrans %} and more",
    ],
)
def test_a_bare_string_in_a_template_is_found(words: ModuleType, template: str) -> None:
    assert list(words.in_template(HERE, template))


@pytest.mark.parametrize(
    "template",
    [
        "<p>{{ _('Welcome home') }}</p>",
        "<p>{{ ngettext('%(num)s bed', '%(num)s beds', free) }} · 7 ○ &times;</p>",
        "{% trans %}Welcome home{% endtrans %} Respite",
        '<p class="card wide" id="Door" hidden {% if x %}data-part="beds"{% endif %}>{{ name }}</p>',
        '<a href="{{ url_for(\'board.wall\', house=slug) }}" title="{{ _("The wall") }}">→</a>',
        '<span translate="no">Juniper <b>Inn</b></span>',
        "{% block page_class %}page--narrow{% endblock %}",
        'data-live data-word="{{ _("Now") }}" data-zone="{{ zone }}"',
        "{# A remark for the next person #}",
        "<script nonce=x>let Word = 'Loading the board';</script><style>p { color: red }</style>",
        "{% if state == 'Held' %}{{ icon('moon') }}{% endif %}",
        '{% from "Macros/ui.html" import button %}{% include "Board/_door.html" %}',
    ],
)
def test_what_a_translator_has_seen_passes(words: ModuleType, template: str) -> None:
    assert list(words.in_template(HERE, template)) == []


@pytest.mark.parametrize(
    ("finder", "source"),
    [
        ("in_script", 'toast("Saved just now");'),
        ("in_script", "door.textContent = `free ${n}`;"),
        ("in_style", '.free::before { content: "free"; }'),
        ("in_python", "flash('Saved a bed')"),
        ("in_python", "name = StringField('Your name')"),
        ("in_python", "DataRequired(message='Please say how many nights')"),
        ("in_python", "raise BedTaken('Somebody was faster')"),
        ("in_python", "raise BedTaken(f'Somebody took {bed}')"),
        ("in_python", "class BedTaken(Refusal):\n    sentence = 'Somebody was faster'"),
    ],
)
def test_a_bare_string_elsewhere_is_found(words: ModuleType, finder: str, source: str) -> None:
    assert list(getattr(words, finder)(HERE, source))


@pytest.mark.parametrize(
    ("finder", "source"),
    [
        (
            "in_script",
            "// Shown to nobody\ndoor.textContent = root.dataset.saved;\nthrow new Error('No such door here');",
        ),
        ("in_script", "import { io } from '/static/vendor/socket.io.esm.min.js'; el.closest('.Door wide');"),
        ("in_style", '.free::before { content: "\\25CB"; } /* content: "free" */'),
        (
            "in_python",
            "flash(_('Saved a bed'))\nraise BedTaken(_('Somebody was faster'))\nraise ValueError('No such thing')",
        ),
        ("in_python", "class BedTaken(Refusal):\n    sentence = _l('Somebody was faster')"),
    ],
)
def test_what_nobody_reads_passes(words: ModuleType, finder: str, source: str) -> None:
    assert list(getattr(words, finder)(HERE, source)) == []


def test_a_bare_string_is_shown_with_the_line_where_it_stands(words: ModuleType) -> None:
    template = "{% macro door(bed) %}\n<p>\n  {{ bed }}\n</p>\n<p>\n  Come in\n</p>\n{% endmacro %}"
    assert [(bare.line, bare.text) for bare in words.in_template(HERE, template)] == [(6, "Come in")]


# -- the catalogues' own rules ----------------------------------------------------------------------------------


def tree(root: Path, template: str, spanish: str) -> Path:
    (root / "templates").mkdir()
    (root / "templates" / "a.html").write_text(template, encoding="utf-8")
    parts = root / "respite" / "translations" / "es" / "parts"
    parts.mkdir(parents=True)
    (parts / "board.po").write_text(spanish, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("spanish", "problem"),
    [
        ("", "no translation"),
        ('msgid "Door %(name)s"\nmsgstr ""\n', "no translation"),
        ('#, fuzzy\nmsgid "Door %(name)s"\nmsgstr "Puerta %(name)s"\n', "marked fuzzy"),
        ('msgid "Door %(name)s"\nmsgstr "Puerta %(nombre)s"\n', "placeholders differ"),
        ('msgid "Door %(name)s"\nmsgstr "Puerta %(name)s "\n', "space at the end differs"),
    ],
)
def test_a_translation_that_is_missing_or_unlike_is_said(
    catalogues: ModuleType, tmp_path: Path, spanish: str, problem: str
) -> None:
    found = list(catalogues.check(tree(tmp_path, "{{ _('Door %(name)s', name=n) }}", spanish)))
    assert len(found) == 1
    assert problem in found[0]


def test_parts_are_folded_into_one_catalogue_and_words_no_longer_used_are_left_out(
    catalogues: ModuleType, tmp_path: Path
) -> None:
    spanish = 'msgid "Door"\nmsgstr "Puerta"\n\nmsgid "Gone"\nmsgstr "Ida"\n\n'
    spanish += 'msgid "%(num)s bed"\nmsgid_plural "%(num)s beds"\nmsgstr[0] "Una cama"\nmsgstr[1] "%(num)s camas"\n'
    root = tree(tmp_path, "{{ _('Door') }} {{ ngettext('%(num)s bed', '%(num)s beds', n) }}", spanish)
    assert list(catalogues.update(root)) == []
    written = (root / "respite/translations/es/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    assert "Puerta" in written
    assert "Gone" not in written
    assert not list((root / "respite/translations/es/parts").glob("*.po"))
    assert list(catalogues.check(root)) == []
    assert list(catalogues.update(root)) == []
    assert (root / "respite/translations/es/LC_MESSAGES/messages.po").read_text(encoding="utf-8") == written


def test_two_parts_that_say_different_things_are_named(catalogues: ModuleType, tmp_path: Path) -> None:
    root = tree(tmp_path, "{{ _('Door') }}", 'msgid "Door"\nmsgstr "Puerta"\n')
    other = root / "respite/translations/es/parts/wall.po"
    other.write_text('msgid "Door"\nmsgstr "La puerta"\n', encoding="utf-8")
    assert [line for line in catalogues.check(root) if "board.po and wall.po differ" in line]


def test_what_is_compiled_is_what_a_page_gets(catalogues: ModuleType, tmp_path: Path) -> None:
    import gettext

    spanish = 'msgid "%(num)s bed"\nmsgid_plural "%(num)s beds"\nmsgstr[0] "una cama"\nmsgstr[1] "%(num)s camas"\n'
    root = tree(tmp_path, "", spanish)
    assert list(catalogues.compile_all(root)) == []
    with (root / "respite/translations/es/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.ngettext("%(num)s bed", "%(num)s beds", 1) == "una cama"
    assert compiled.ngettext("%(num)s bed", "%(num)s beds", 2) == "%(num)s camas"
    assert compiled.ngettext("%(num)s bed", "%(num)s beds", 1_000_000) == "%(num)s camas"
