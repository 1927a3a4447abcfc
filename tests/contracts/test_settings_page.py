"""The page of settings and the code that reads them name the same ones."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_setting_has_a_row_and_every_row_is_a_setting() -> None:
    source = (ROOT / "respite" / "core" / "settings.py").read_text(encoding="utf-8")
    asked_for = set(
        re.findall(r'(?:env.get|WrongSetting|_url|_count)\(\s*(?:env, )?"([A-Z]+(?:_[A-Z]+)*)"', source)
    ) - {"FLASK_DEBUG"}
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == asked_for
