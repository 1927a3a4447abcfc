"""Rules of credentials to start from, as data: `shipped_credentials.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from respite.staffing.policy.credentials import Hours, Part, RuleSet


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of them in a language."""

    slug: str
    place: str  # california, colorado
    kind: str
    name: str
    issuer: str
    rules: RuleSet


def shipped(language: str) -> list[Shipped]:
    """Each of them in that language, English where it has none."""
    return [_read(slug, entry, language) for slug, entry in _entries().items()]


def _entries() -> Mapping[str, dict[str, Any]]:
    with (Path(__file__).parent / "shipped_credentials.toml").open("rb") as file:
        return tomllib.load(file)


def _read(slug: str, entry: dict[str, Any], language: str) -> Shipped:
    experience = entry.get("experience", {})
    rules = RuleSet(
        initial=_hours(entry.get("initial"), language),
        experience=experience.get("hours", 0) * 60,
        experience_months=experience.get("months", 0),
        supervision=_hours(entry.get("supervision"), language),
        exam=_said(entry["exam"], language) if "exam" in entry else "",
        hours_before_exam=entry.get("hours_before_exam", False),
        valid_months=entry.get("valid_months"),
        month_end=entry.get("month_end", False),
        renewal=_hours(entry.get("renewal"), language),
        window_days=entry.get("window_days"),
        needed_by=tuple(entry.get("needed_by", ())),
    )
    return Shipped(slug, entry["place"], entry["kind"], _said(entry["name"], language), entry.get("issuer", ""), rules)


def _hours(entry: dict[str, Any] | None, language: str) -> Hours:
    if entry is None:
        return Hours()
    parts = tuple(Part(_said(part, language), part["hours"] * 60) for part in entry.get("parts", ()))
    most = entry.get("group_most")
    return Hours(entry["hours"] * 60, parts, None if most is None else most * 60)


def _said(words: dict[str, str], language: str) -> str:
    return words.get(language) or words["en"]
