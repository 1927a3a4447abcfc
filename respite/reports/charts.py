"""Bars as SVG that stands in the page and wears its colours, by day and by night and on paper.

pygal draws; its styles, its script and its tooltips, which repeat every number, are left out. What a chart says stands
beside it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import pygal
from markupsafe import Markup
from pygal.style import Style

SVG = "http://www.w3.org/2000/svg"
_LEFT_OUT = frozenset({"defs", "title", "desc"})
#: In the units of the drawing; pygal makes room on the left for labels of this size.
WIDTH, BAR, AROUND, LETTERS = 640, 40, 16, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; without a value none is drawn. `words` say the same."""

    label: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    key: str
    title: str
    bars: tuple[Bar, ...]
    svg: Markup


def chart(key: str, title: str, bars: Sequence[Bar], unit: Callable[[float], str], most: float | None = None) -> Chart:
    """The bars one below the other, the first on top. `most` is where the scale ends, if not at the longest."""
    return Chart(key, title, tuple(bars), _drawn(bars, unit, most))


def _drawn(bars: Sequence[Bar], unit: Callable[[float], str], most: float | None) -> Markup:
    longest = max((bar.value for bar in bars if bar.value is not None), default=0.0)
    drawing = pygal.HorizontalBar(
        show_legend=False,
        js=(),
        width=WIDTH,
        height=len(bars) * BAR + AROUND,
        explicit_size=False,
        disable_xml_declaration=True,
        print_values=True,
        print_values_position="center",
        show_x_labels=False,
        show_y_labels=True,
        style=Style(label_font_size=LETTERS, major_label_font_size=LETTERS, value_font_size=LETTERS),
        truncate_label=-1,
        margin=4,
        spacing=8,
        range=(0, most or longest or 1),
        value_formatter=unit,
    )
    upwards = list(reversed(bars))
    drawing.x_labels = [bar.label for bar in upwards]
    drawing.add("", [bar.value for bar in upwards])
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(drawing.render(is_unicode=True))  # noqa: S314  (drawn just now, not taken in)
    _bare(root)
    root.attrib.pop("id", None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704  (escaped by its writer)


def _bare(element: ElementTree.Element) -> None:
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") in _LEFT_OUT:
            element.remove(child)
        else:
            _bare(child)
    for name in ("style", "onload"):
        element.attrib.pop(name, None)
