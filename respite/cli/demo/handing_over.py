"""What the demo's houses write into the log, and the evening's handoff, given and taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from respite.cli.demo.telling import Teller
from respite.core.db import db
from respite.handoff.queries import standing
from respite.handoff.service.entries import write_entry
from respite.handoff.service.giving import Given, give
from respite.handoff.service.taking import take

READ_IN = timedelta(minutes=9)


def logs(teller: Teller, lines: Sequence[tuple[datetime, str]]) -> None:
    for at, words in lines:
        _log(teller, at, words)


def _log(teller: Teller, at: datetime, words: str) -> None:
    teller.story.tell(at, lambda now: write_entry(teller.hand(at), teller.story.house_id, words, now=now))


def hands_over(teller: Teller, at: datetime, words: str, *, by: str, to: str) -> None:
    """One gives it, and another takes it some minutes later."""
    story = teller.story

    def last_seen(now: datetime) -> uuid.UUID | None:
        last = standing(db.session(), story.house_id, now).last
        return last.id if last else None

    def gives(now: datetime) -> None:
        give(story.people[by], story.house_id, Given(words=words), last_seen=last_seen(now), now=now)

    def takes(now: datetime) -> None:
        who = story.people[to]
        take(who, story.house_id, [who.id], last_seen=last_seen(now), now=now)

    story.tell(at, gives)
    story.tell(at + READ_IN, takes)
