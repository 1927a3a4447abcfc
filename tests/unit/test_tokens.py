"""Text is readable on every ground it stands on, by day and by night: computed from tokens.css itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[2] / "static/core/tokens.css").read_text(encoding="utf-8")
DAY, NIGHT, DEVICE_NIGHT = ":root", '[data-theme="night"]', ':root:not([data-theme="day"])'

STATES = ("free", "here", "saved", "ready", "closed")
GROUNDS = ("paper", "card")
WASHES = tuple(f"{state}-wash" for state in STATES)

TEXT = [
    *((text, ground) for text in ("ink", "quiet", *STATES) for ground in GROUNDS),
    *((text, wash) for text in ("ink", "quiet") for wash in WASHES),
    *((state, f"{state}-wash") for state in STATES),
    ("on-ink", "ink"),
    ("card", "ready"),  # the sign before a field's error
]
WALL_INKS = ("ink", "far-quiet", *(f"far-{state}" for state in STATES))
WALL_TEXT = [(text, ground) for text in WALL_INKS for ground in GROUNDS]
GRAPHICS = [(name, ground) for name in ("edge", "focus") for ground in GROUNDS]


def colours(selector: str) -> dict[str, str]:
    """The colour tokens that the first rule of a selector sets, by name."""
    rule = re.search(re.escape(selector) + r"\s*\{(.*?)\}", SHEET, re.DOTALL)
    assert rule, f"tokens.css has no rule for {selector}"
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", rule[1]))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DAY, NIGHT])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT, 4.5), (WALL_TEXT, 7.0), (GRAPHICS, 3.0)], ids=["text", "wall", "graphics"]
)
def test_every_pair_reads_well(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    shown = colours(theme)
    short = {
        f"{text} on {ground}": round(contrast(shown[text], shown[ground]), 2)
        for text, ground in pairs
        if contrast(shown[text], shown[ground]) < least
    }
    assert not short


def test_the_device_and_the_choice_give_the_same_night() -> None:
    assert colours(DEVICE_NIGHT) == colours(NIGHT)


def test_night_has_every_colour_of_day() -> None:
    assert colours(DAY).keys() == colours(NIGHT).keys()


def test_no_other_sheet_names_a_colour() -> None:
    """Black, white and greys of paper excepted: a print has no theme."""
    sheets = Path(__file__).resolve().parents[2].joinpath("static").rglob("*.css")
    stray = {}
    for sheet in sheets:
        if sheet.name == "tokens.css" or "vendor" in sheet.parts:
            continue
        named = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", sheet.read_text(encoding="utf-8")))
        stray |= {sheet.name: named - {"#fff", "#000", "#333", "#999"}}
    assert not {name: found for name, found in stray.items() if found}
