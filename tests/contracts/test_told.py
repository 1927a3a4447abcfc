"""Each kind of event says whether the shift's log tells it, and what is told has words and stands in the draft."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from respite.accounts.roles import Role
from respite.audit.kinds import all_kinds
from respite.audit.service import record
from respite.core.db import db, transaction
from respite.guests.models import ContactKind, NoBed
from respite.handoff.models import LogEntry
from respite.handoff.queries import standing, told_log
from respite.handoff.views.log_words import WORDS
from respite.houses.models import House
from respite.houses.policy.house_time import local
from tests.people import MakePerson, sign_in
from tests.places import SUNDAY

WORD = {
    "guest.contact.noted": ContactKind.WARMLINE,
    "guest.bed.not-offered": NoBed.NIGHTS,
    "guest.act.undone": "guest-stay-ended",
}
#: Two texts that differ by day alone look the same here; each kind says something of its own.
LANGUAGES = ("en", "es")


def told() -> list[str]:
    return sorted(kind.name for kind in all_kinds().values() if kind.told)


def test_what_is_told_has_words_and_nothing_else_has(app: Flask) -> None:
    assert sorted(WORDS) == told()


def test_what_nobody_should_know_is_not_told(app: Flask) -> None:
    """Wishes not to meet somebody, what needs a yes, concerns, who looked, where somebody is, who came late."""
    quiet = ("guest.apart.", "guest.yes.", "concern.", "guest.board.", "guest-page.link.", "guest-page.plan.",
             "guest.conversation.", "guest.wishes.", "guest.parting.", "staffing.company.", "staffing.shift.came",
             "staffing.shift.watched", "staffing.peer.", "staffing.together.", "account.")  # fmt: skip
    assert [kind for kind in told() if kind.startswith(quiet)] == []


def _data(name: str) -> dict[str, Any]:
    some: dict[str, Any] = {
        "id": uuid.uuid4(), "word": str(WORD.get(name, "taken")), "count": 2, "flag": True,
        "date": local(SUNDAY, "America/Denver").date(), "instant": SUNDAY, "time": SUNDAY.time(),
    }  # fmt: skip
    return {field: some[kind] for field, kind in all_kinds()[name].fields.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_shift_should_know_is_in_its_draft(
    app: Flask, juniper: House, person: MakePerson, language: str
) -> None:
    """One of each kind, of people and doors that are no longer known: each has its line on the page."""
    person("ana@example.org", {juniper.id: Role.PEER}, "Ana")
    with transaction() as session:
        entry = LogEntry(house_id=juniper.id, at=SUNDAY, written_at=SUNDAY, written_by=f"person:{uuid.uuid4()}")
        entry.words = "The back door sticks"
        session.add(entry)
        session.flush()
        for name in told():
            subject = entry.id if name == "handoff.entry.written" else uuid.uuid4()
            record(session, juniper.id, name, subject=subject, actor=None, at=SUNDAY, **_data(name))
    stands = standing(db.session(), juniper.id, SUNDAY)
    events = told_log(db.session(), juniper.id, stands.log_from).events
    db.session.rollback()
    assert sorted(event.kind for event in events) == told()
    browser = app.test_client()
    sign_in(browser, "ana@example.org")
    browser.post("/language", data={"language": language})
    said = browser.get("/houses/juniper-house/handoff").get_data(as_text=True)
    log = said[said.index('id="log"') : said.index('id="write"')]
    assert log.count("<time>") == len(told())
    assert "The back door sticks" in log


def test_a_first_handoff_looks_back_a_day(app: Flask, juniper: House) -> None:
    with transaction() as session:
        for at in (SUNDAY, SUNDAY + timedelta(days=3)):
            record(
                session, juniper.id, "house.bed.readied", subject=uuid.uuid4(), actor=None, at=at, since=at
            )  # fmt: skip
    stands = standing(db.session(), juniper.id, SUNDAY + timedelta(days=3))
    told = told_log(db.session(), juniper.id, stands.log_from).events
    assert [event.at for event in told] == [SUNDAY + timedelta(days=3)]
    db.session.rollback()
