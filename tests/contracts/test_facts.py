"""Every column about a guest is told on their own page, or left out for a reason that somebody wrote down."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from respite.core.db import Base, Kept, db
from respite.core.facts import all_told, left_out
from respite.guest_page.record import LOOKED_AT
from respite.messaging.facts import SOON, WHY
from respite.messaging.views import words

ROOT = Path(__file__).resolve().parent.parent.parent
ABOUT_A_GUEST = (Kept.GUEST, Kept.GUEST_WORDS)


def about_a_guest() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.info["kept"] in ABOUT_A_GUEST
    }


def told() -> set[str]:
    return {f"{about.model.__tablename__}.{fact.column}" for about in all_told() for fact in about.facts}


def test_every_column_about_a_guest_is_told_or_left_out_for_a_reason(app: Flask) -> None:
    missing = sorted(about_a_guest() - told() - set(left_out()))
    assert not missing, (
        f"{missing}: a guest reads everything that is kept about them. Tell each in the feature's facts.py "
        "(respite.core.facts: About and Fact), or leave it out there with a reason."
    )


def test_nothing_is_told_or_left_out_that_is_not_there(app: Flask) -> None:
    there = {f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns}
    assert told() | set(left_out()) <= there
    assert told().isdisjoint(left_out())
    assert set(left_out()) <= about_a_guest()
    assert [reason for reason in left_out().values() if len(reason.split()) < 5] == []


def test_each_fact_has_an_attribute_to_be_read_from(app: Flask) -> None:
    for about in all_told():
        assert issubclass(about.model, Base)
        for fact in about.facts:
            assert hasattr(about.model, fact.column.removesuffix("_sealed")), f"{about.model}: {fact.column}"


def test_a_guest_is_told_each_reason_that_those_who_work_here_are_told(app: Flask) -> None:
    assert set(words.WAITS) | set(words.REASONS) <= set(WHY)
    assert set(words.SOON) == set(SOON)


def test_each_kind_of_looking_has_its_words() -> None:
    """What the code writes into the access log, found in the code itself."""
    found = {
        what
        for path in (ROOT / "respite").rglob("*.py")
        for what in re.findall(r"note_look\w*\(.*\"([a-z-]+)\",", path.read_text(encoding="utf-8"))
    }
    assert {"stay", "texts"} <= found <= set(LOOKED_AT)
