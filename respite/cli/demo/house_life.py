"""What the demo's houses have on, what they agree on, and whom they can offer a bed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from respite.activities.policy import OpenTo
from respite.activities.service import Wanted, count, set_activity
from respite.cli.demo.story import DAY
from respite.cli.demo.telling import Teller
from respite.guests.models import Topic
from respite.guests.service.agreements import write_version
from respite.guests.starting_agreements import starting_words
from respite.houses.policy.bed_rules import RuleWords
from respite.houses.service.bed_rules import add_bed_rule

WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Group:
    """Something that is every week on the weekday of so many days from today, since the week before."""

    title: str
    place: str
    led_by: str | None
    days_from_today: int
    clock: tuple[str, str]
    open_to: OpenTo = OpenTo.GUESTS
    came_last: int | None = None


def has_on(teller: Teller, at: datetime, groups: Sequence[Group]) -> None:
    for group in groups:
        _tell(teller, at, group)


def offers_to(teller: Teller, at: datetime, rules: Sequence[RuleWords]) -> None:
    story = teller.story

    def act(now: datetime) -> None:
        for rule in rules:
            add_bed_rule(teller.lead, story.house_id, rule, now=now)

    story.tell(at, act)


def agrees_on(teller: Teller, at: datetime) -> None:
    """The words that every house can begin with."""
    story = teller.story

    def act(now: datetime) -> None:
        for topic in Topic:
            write_version(teller.lead, story.house_id, topic, starting_words(topic), now=now)

    story.tell(at, act)


def _tell(teller: Teller, at: datetime, group: Group) -> None:
    story = teller.story
    first = teller.moment.today + (group.days_from_today - WEEK) * DAY
    begins, ends = map(time.fromisoformat, group.clock)
    wanted = Wanted(group.title, first, begins, ends, group.place, group.led_by, group.open_to, weekly=True)

    def act(now: datetime) -> None:
        activity = set_activity(teller.lead, story.house_id, wanted, now=now)
        if group.came_last is not None:
            count(teller.lead, activity.id, first, came=group.came_last, now=now)

    story.tell(at, act)
