"""A hard moment in the demo, told and talked over, with a guest's own account."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from respite.cli.demo.telling import Teller
from respite.moments.service.accounts import tell_together
from respite.moments.service.lines import add_fact
from respite.moments.service.telling import begin, put_away


def something_broke(teller: Teller, at: datetime, guest: str, words: str, facts: dict[int, str]) -> None:
    """`facts` by the minutes after its begin; the guest's account comes an hour later, and the house talks it over."""
    story = teller.story
    begun: list[uuid.UUID] = []

    def start(now: datetime) -> None:
        begun.append(begin(teller.hand(now), story.house_id, title="something-broke", now=now).id)

    story.tell(at, start)
    for minutes, line in facts.items():
        told = at + timedelta(minutes=minutes)
        story.tell(told, lambda now, line=line: add_fact(teller.hand(now), begun[0], line, now=now))  # type: ignore[misc]
    story.tell(
        at + timedelta(hours=1),
        lambda now: tell_together(teller.hand(now), begun[0], story.made[f"guest {guest}"], words, now=now),
    )
    story.tell(at + timedelta(hours=18), lambda now: put_away(teller.lead, begun[0], now=now))
