"""The catalogues: English in the code, Spanish in respite/translations/es.

    catalogues.py update    gather every word from code and templates, fold parts/*.po in, write messages.po
    catalogues.py compile   write the .mo files that the app reads
    catalogues.py check     fail where a word has no Spanish, is unsure, or is outside the catalogues

`parts/<area>.po` is where an area's new Spanish may wait, so that two people who add words at once do not
meet in one file; everything reads it as if it stood in messages.po already. Catalogues carry no line
numbers and no dates: a diff shows words.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("es",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = {"**": {"silent": "false", "newstyle_gettext": "true"}}
SOURCES = (
    ("respite", [("**.py", "python")], {}),
    (
        "templates",
        [("**.html", "jinja2"), ("**.txt", "jinja2")],
        JINJA,
    ),
)
HEADER = """\
# Respite in {language}.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
# Of Spanish's three plural forms the third is for round millions, which no house counts.
PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

Key = tuple[str | None, str]


def main() -> int:
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    problems = list(commands[sys.argv[1]]())
    for problem in problems:
        print(problem)
    return 1 if problems else 0


# -- commands ------------------------------------------------------------------------------------------------


def update(root: Path = ROOT) -> Iterator[str]:
    """Write messages.po of each language with exactly the words of the code, and empty the parts into it."""
    wanted = extracted(root)
    for locale in LOCALES:
        known, problems = translated(root, locale)
        yield from problems
        if problems:
            continue
        fresh = empty_catalog(locale)
        for message in wanted.values():
            have = known.get(key(message))
            fresh.add(message.id, have.string if have else "", context=message.context)
        folder = translations(root, locale)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "messages.po", as_po(fresh, locale))
        for part in parts(root, locale):
            part.unlink()


def compile_all(root: Path = ROOT) -> list[str]:
    """Write each language's messages.mo. What is wrong with the words is for `check` to say."""
    for locale in LOCALES:
        known, _ = translated(root, locale)
        catalog = empty_catalog(locale)
        for message in known.values():
            if is_complete(message):
                catalog.add(message.id, message.string, context=message.context)
        out = BytesIO()
        write_mo(out, catalog)
        folder = translations(root, locale)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "messages.mo", out.getvalue())
    return []


def check(root: Path = ROOT) -> Iterator[str]:
    """Say what is missing or wrong, one line each."""
    import words

    yield from map(str, words.in_tree(root))
    wanted = extracted(root)
    for locale in LOCALES:
        known, problems = translated(root, locale)
        yield from problems
        for message in wanted.values():
            have = known.get(key(message))
            if have is None or not is_complete(have):
                yield f"{locale}: no translation: {first_id(message)!r}"
            elif have.fuzzy:
                yield f"{locale}: marked fuzzy: {first_id(message)!r}"
            else:
                yield from (f"{locale}: {what}: {first_id(message)!r}" for what in mismatches(message, have))


# -- words in code and words in catalogues -------------------------------------------------------------------


def extracted(root: Path) -> dict[Key, Message]:
    """Every message that code and templates ask for."""
    catalog = Catalog()
    for folder, methods, options in SOURCES:
        if not (root / folder).is_dir():
            continue
        found = extract_from_dir(
            root / folder, method_map=methods, options_map=options, keywords=KEYWORDS, strip_comment_tags=True
        )
        for _file, _line, message, _comments, context in found:
            catalog.add(message, None, context=context)
    return {key(message): message for message in catalog if message.id}


def translated(root: Path, locale: str) -> tuple[dict[Key, Message], list[str]]:
    """What the language's messages.po and parts say, and where two parts say different things."""
    known: dict[Key, Message] = {}
    said_in: dict[Key, Path] = {}
    problems: list[str] = []
    for path in [translations(root, locale) / "messages.po", *parts(root, locale)]:
        if not path.exists():
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale, abort_invalid=True)
        for message in catalog:
            if isinstance(message.string, tuple):
                message.string = message.string[:2]
            if not message.id or not is_complete(message):
                continue
            before = said_in.get(key(message))
            if before and before.parent.name == "parts" and known[key(message)].string != message.string:
                problems.append(f"{locale}: {before.name} and {path.name} differ: {first_id(message)!r}")
            known[key(message)] = message
            said_in[key(message)] = path
    return known, problems


def empty_catalog(locale: str) -> Catalog:
    catalog = Catalog(locale=locale, fuzzy=False)
    catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS)]
    return catalog


def mismatches(message: Message, have: Message) -> Iterator[str]:
    """How the translation's shape differs from the original's."""
    if isinstance(message.id, tuple) != isinstance(have.string, tuple):
        yield "singular and plural do not match"
        return
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = have.string if isinstance(have.string, tuple) else (have.string,)
    for form, text in enumerate(texts):
        used, wanted = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(originals[form]))
        # A singular may say "one bed" where the original counts.
        if used != wanted and not (form == 0 and len(texts) > 1 and used < wanted):
            yield f"placeholders differ ({', '.join(sorted(used ^ wanted))})"
        if sorted(TAG.findall(text)) not in [sorted(TAG.findall(original)) for original in originals]:
            yield "tags differ"
        if text.startswith((" ", "\n")) != originals[0].startswith((" ", "\n")):
            yield "space at the beginning differs"
        if text.endswith((" ", "\n")) != originals[0].endswith((" ", "\n")):
            yield "space at the end differs"


def key(message: Message) -> Key:
    return message.context, first_id(message)


def first_id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def is_complete(message: Message) -> bool:
    texts: Iterable[str] = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)


# -- files ---------------------------------------------------------------------------------------------------


def translations(root: Path, locale: str) -> Path:
    return root / "respite" / "translations" / locale / "LC_MESSAGES"


def parts(root: Path, locale: str) -> list[Path]:
    return sorted((translations(root, locale).parent / "parts").glob("*.po"))


def as_po(catalog: Catalog, locale: str) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=110, no_location=True, omit_header=True, sort_output=True)
    language = catalog.locale.english_name if catalog.locale else locale
    header = HEADER.format(language=language, locale=locale, plural_forms=PLURAL_FORMS)
    return header.encode() + out.getvalue().strip() + b"\n"


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file in one step: test processes may compile side by side, and the app may be reading."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)


if __name__ == "__main__":
    sys.exit(main())
