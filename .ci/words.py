"""Find words that a person would read and that no translator has seen.

Everything a person reads comes from gettext. These finders look where a plain string slips through: text
and readable attributes in templates, string constants that a template prints, sentences in scripts and
style sheets, and labels, flashes and refusals in Python. Digits, marks, pictures and the name of the
product are no words. Where a text really belongs to no language (a phone number, a product), HTML has
`translate="no"` for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

GETTEXT = frozenset(
    "_ _l gettext lazy_gettext ngettext lazy_ngettext pgettext lazy_pgettext npgettext lazy_npgettext".split()
)
READABLE_ATTRIBUTES = frozenset(
    "title placeholder alt label aria-label aria-description aria-placeholder aria-roledescription"
    " aria-valuetext".split()
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# The product, and each language as it calls itself.
NAMES = re.compile(r"\b(?:Respite|English|Español)\b")
# A macro, an include or a block may write what stands inside another template's tag.
ATTRIBUTES = re.compile(r"(?=[^\"]*=\")\s*(?:[\w-]+(?:=\"[^\"]*\")?\s*)+")
INSIDE_A_TAG = re.compile(r"_(?:class|attributes)$|^refresh$")
SENTENCE = re.compile(r"[\s¡¿\"“‘(+…·→←↑↓✓○●◐◌▬\ue000]*[A-ZÁÉÍÓÚÑ][a-zà-ÿ']+(?:[ ,.?!…]|$)")
PRINTED = "\ue000"  # stands where a template prints something; a private character, so never in a template


class Bare(NamedTuple):
    """A string outside the catalogues."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: not from gettext: {self.text!r}"


def is_wording(text: str) -> bool:
    """Does it hold a letter that is not of a name?"""
    return any(letter.isalpha() for letter in NAMES.sub("", text.replace(PRINTED, "")))


def looks_like_a_sentence(text: str) -> bool:
    """Does it begin as people write, a capital and then a small letter? Keys and class names do not."""
    return SENTENCE.match(text) is not None and is_wording(text)


# -- templates -----------------------------------------------------------------------------------------------


def in_template(path: Path, source: str) -> Iterator[Bare]:
    yield from (Bare(path, line, text) for line, text in Markup(source).found)
    tree = template_environment().parse(source)
    for node in tree.find_all((nodes.Output, nodes.Assign, nodes.CallBlock)):
        for constant in printed_constants(node):
            text = str(constant.value)
            if looks_like_a_sentence(text):
                yield Bare(path, constant.lineno, text)


def template_environment() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


def printed_constants(node: nodes.Node) -> Iterator[nodes.Const]:
    """String constants under `node` that are not already in the hands of a translator."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            yield child
        elif isinstance(child, nodes.Compare | nodes.Getitem | nodes.Test | nodes.Getattr):
            continue  # compared or looked up, not printed
        elif isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in GETTEXT:
            continue
        elif isinstance(child, nodes.Stmt) and not isinstance(node, nodes.Output):
            continue  # a statement inside a block is visited for itself
        else:
            yield from printed_constants(child)


class Markup(HTMLParser):
    """The readable text of a template's own HTML, with what Jinja prints or decides taken out."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(without_jinja(source))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = dict(attrs).get("translate") == "no" or self.kept()
        if tag not in VOID:
            self.open.append((tag, kept))
        if kept:
            return
        given = {name: value for name, value in attrs if value}
        for name, value in given.items():
            readable = is_wording if is_readable(tag, name, given) else looks_like_a_sentence
            if (readable is is_wording or name.startswith("data-")) and readable(value):
                self.note(f'{name}="{value}"')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in ("script", "style"):
            return
        if ATTRIBUTES.fullmatch(data):
            self.found += [(self.getpos()[0], text) for _, text in Markup(f"<br {data.strip()}>").found]
            return
        if is_wording(data) and not self.kept():
            self.note(" ".join(data.replace(PRINTED, "…").split()), data)

    def kept(self) -> bool:
        """Are we inside something that says of itself that it is not to be translated?"""
        return bool(self.open) and self.open[-1][1]

    def note(self, text: str, data: str = "") -> None:
        before_first_word = re.match(r"\s*", data)
        skipped = before_first_word[0].count("\n") if before_first_word else 0
        self.found.append((self.getpos()[0] + skipped, text))


def is_readable(tag: str, name: str, given: dict[str, str]) -> bool:
    if name == "value":
        return tag == "input" and given.get("type") in ("submit", "button", "reset")
    if name == "content":
        return tag == "meta" and given.get("name") == "description"
    return name in READABLE_ATTRIBUTES


def without_jinja(source: str) -> str:
    """The template's HTML: what it prints is one mark, statements and comments are gone, lines stay."""
    kept: list[str] = []
    left_out: list[str] = []  # the open statements whose content is no text of this template
    inside = ""
    block: list[str] = []
    for _line, kind, value in template_environment().lex(source):
        if kind in ("variable_begin", "block_begin", "comment_begin", "raw_begin"):
            inside, block = kind, []
        if inside == "block_begin" and kind == "name":
            block.append(value)
        if kind == "data" and not inside and not any(left_out):
            kept.append(value)
        else:
            kept.append("\n" * value.count("\n"))
        if kind in ("variable_end", "block_end", "comment_end", "raw_begin"):
            if kind == "variable_end":
                kept.append(PRINTED)
            if kind == "block_end" and block:
                if block[0] in ("endtrans", "endblock"):
                    left_out.pop()
                elif block[0] == "trans":
                    left_out.append("seen by a translator")
                elif block[0] == "block":
                    left_out.append("inside a tag" if INSIDE_A_TAG.search(block[1]) else "")
            inside = ""
    return "".join(kept)


# -- scripts and styles --------------------------------------------------------------------------------------

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.DOTALL)
QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')
NOT_SHOWN = re.compile(r"(?:new \w*Error|console\.\w+)\(\s*$")
SHOWN = re.compile(
    r"\.(?:textContent|innerText|innerHTML|title|placeholder|ariaLabel|alt)\s*=\s*$"
    r"|\b(?:alert|confirm|prompt)\(\s*$"
)
CSS_CONTENT = re.compile(r"content:\s*(\"[^\"]*\"|'[^']*')")


def in_script(path: Path, source: str) -> Iterator[Bare]:
    """Sentences in a script. Scripts take their words from data attributes that a template filled."""
    plain = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for quoted in QUOTED.finditer(plain):
        text, before = quoted[0][1:-1], plain[max(0, quoted.start() - 60) : quoted.start()]
        if NOT_SHOWN.search(before):
            continue
        sentence = looks_like_a_sentence(text) and " " in text.strip()
        if sentence or (SHOWN.search(before) and is_wording(re.sub(r"\$\{[^}]*\}", "", text))):
            yield Bare(path, plain.count("\n", 0, quoted.start()) + 1, text)


def in_style(path: Path, source: str) -> Iterator[Bare]:
    plain = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for content in CSS_CONTENT.finditer(plain):
        if is_wording(re.sub(r"\\[0-9a-fA-F]{1,6}", "", content[1])):
            yield Bare(path, plain.count("\n", 0, content.start()) + 1, content[1])


# -- Python --------------------------------------------------------------------------------------------------

BUILT_IN = re.compile(r"(Error|Exception|Exit|Interrupt|Warning)$")


def in_python(path: Path, source: str) -> Iterator[Bare]:
    """Literal sentences that are flashed, label a form's field, or are carried by a refusal."""
    for node in ast.walk(ast.parse(source)):
        for literal in readable_literals(node):
            if looks_like_a_sentence(literal.value):
                yield Bare(path, literal.lineno, literal.value)


def readable_literals(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        if not BUILT_IN.search(called(node.exc)):
            yield from strings(node.exc.args)
    elif isinstance(node, ast.Call):
        name = called(node)
        if name == "flash" or name.endswith("Field"):
            yield from strings(node.args)
        yield from strings(
            k.value for k in node.keywords if k.arg == "message" or (k.arg == "label" and name != "Column")
        )
    elif isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign | ast.AnnAssign) and assigned(line) in ("sentence", "title"):
                yield from strings([line.value] if line.value else [])


def called(call: ast.Call) -> str:
    target = call.func
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def assigned(line: ast.Assign | ast.AnnAssign) -> str:
    target = line.targets[0] if isinstance(line, ast.Assign) else line.target
    return target.id if isinstance(target, ast.Name) else ""


def strings(expressions: Iterator[ast.expr] | list[ast.expr]) -> Iterator[ast.Constant]:
    for expression in expressions:
        if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
            yield expression
        elif isinstance(expression, ast.JoinedStr):
            yield from (part for part in expression.values if isinstance(part, ast.Constant))


# -- the whole tree ------------------------------------------------------------------------------------------

FINDERS = (
    ("templates", "**/*.html", in_template),
    ("templates", "**/*.txt", in_template),
    ("static", "**/*.js", in_script),
    ("static", "**/*.css", in_style),
    ("respite", "**/*.py", in_python),
)


def in_tree(root: Path) -> list[Bare]:
    """Every bare string under `root`, in order of file and line."""
    found: set[Bare] = set()
    for folder, pattern, finder in FINDERS:
        for path in (root / folder).glob(pattern):
            if "vendor" in path.parts:
                continue
            found.update(finder(path.relative_to(root), path.read_text(encoding="utf-8")))
    return sorted(found)
