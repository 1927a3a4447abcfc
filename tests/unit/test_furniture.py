"""The macros every page is built of, drawn without an app."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[2]
CODES = ("free", "occupied", "held", "readying", "closed")
LARGEST_STYLE = 12_000  # bytes, compressed as they are sent


Draw = Callable[..., str]


@pytest.fixture(scope="module")
def draw() -> Draw:
    pages = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    said: list[tuple[str, object]] = []
    pages.globals |= {"csrf_token": lambda: "token", "get_flashed_messages": lambda **_: said}

    def render(source: str, flashed: object = None, **values: object) -> str:
        said[:] = [] if flashed is None else [("done", flashed)]
        return pages.from_string('{% import "_macros.html" as ui with context %}' + source).render(**values)

    return render


def test_a_state_is_told_by_shape_and_word_alone(draw: Draw) -> None:
    """A grey print has no colours: five shapes and five words, each its own."""
    shapes = {re.sub(r'data-state="\w+"', "", draw("{{ ui.state_mark(s) }}", s=code)) for code in CODES}
    words = [draw("{{ ui.state_word(s) }}", s=code) for code in CODES]
    assert len(shapes) == 5
    assert words == ["free", "here", "saved", "getting ready", "closed"]


def test_the_code_s_own_names_reach_no_page(draw: Draw) -> None:
    drawn = "".join(draw("{{ ui.state(s) }}{{ ui.chip('x', s) }}", s=code) for code in CODES)
    assert not re.search("held|occupied|readying", drawn)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.field(w, 'n', w, help=w, error=w, placeholder=w) }}",
        "{{ ui.field(w, 'n', w, type='textarea') }}",
        "{{ ui.select(w, 'n', [(w, w)], w) }}",
        "{{ ui.choices(w, 'n', [(w, w, w)], w) }}",
        "{{ ui.tick(w, 'n', help=w, value=w) }}",
        "{{ ui.post_button('/x', w, version=w, key=w, fields={'n': w}) }}",
        "{{ ui.chip(w) }}{{ ui.state('free', w) }}{{ ui.banner(w) }}{{ ui.empty(w) }}{{ ui.picture(w, w) }}",
        "{% call ui.card(w, aside=w) %}{{ w }}{% endcall %}",
        "{% call ui.more(w, w) %}{% endcall %}",
    ],
)
def test_words_stay_words(draw: Draw, source: str) -> None:
    drawn = draw(source, w="\"><script>'")
    assert "<script" not in drawn
    assert '"">' not in drawn


def test_an_act_carries_what_makes_it_one_act(draw: Draw) -> None:
    drawn = draw("{{ ui.post_button('/x', 'Welcome', 'main', version=4, key='k1', fields={'nights': 3}) }}")
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', drawn))
    assert hidden == {"csrf_token": "token", "version": "4", "key": "k1", "nights": "3"}


def test_an_error_is_tied_to_its_field(draw: Draw) -> None:
    drawn = draw("{{ ui.field('Phone', 'phone', help='With area code.', error='Too long.') }}")
    assert 'aria-describedby="f-phone-help f-phone-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "aria-" not in draw("{{ ui.field('Phone', 'phone') }}")


def test_an_attribute_is_present_only_when_wanted(draw: Draw) -> None:
    drawn = draw("{{ ui.field('Name', 'name', required=true, readonly=false, maxlength=none) }}")
    assert " required>" in drawn
    assert "readonly" not in drawn
    assert "maxlength" not in drawn


def test_several_boxes_can_be_chosen(draw: Draw) -> None:
    drawn = draw("{{ ui.choices('Tags', 'tag', [(1, 'quiet'), (2, 'step-free')], [1, 2], 'checkbox') }}")
    assert drawn.count(" checked") == 2


def test_undo_is_offered_where_there_is_one(draw: Draw) -> None:
    done = {"text": "Rosa has left.", "undo": "/undo", "fields": {"version": 2}}
    assert 'action="/undo"' in draw("{{ ui.flashes() }}", flashed=done)
    assert "<form" not in draw("{{ ui.flashes() }}", flashed="Saved.")


def test_a_page_s_styles_stay_small() -> None:
    """As they travel: the core's sheets and one of a feature; the wall does without the furniture."""
    sizes = {
        str(path.relative_to(ROOT / "static")): len(gzip.compress(path.read_bytes(), 6))
        for path in (ROOT / "static").rglob("*.css")
        if "vendor" not in path.parts
    }
    wall = sizes.pop("board/wall.css") - sizes["core/components.css"]
    shared = sum(size for name, size in sizes.items() if name.startswith("core/"))
    features = [size for name, size in sizes.items() if not name.startswith("core/")]
    assert shared + max([wall, *features]) <= LARGEST_STYLE
