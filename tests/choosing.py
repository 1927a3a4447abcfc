"""A week in which people choose their shifts: what its tests begin with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from respite.accounts.actor import Actor
from respite.core.due import sweep
from respite.houses.models import House
from respite.messaging.models import Message, ReplyCode
from respite.staffing.models import Roster, RosterAnswer, RosterSeat
from respite.staffing.queries.places import Place
from respite.staffing.service import choosing_weeks
from tests.duty import MONDAY, pattern, places, turn
from tests.offers import DAY, Crew
from tests.places import SUNDAY
from tests.texts_in import rows

#: Thursday 26 November, 6 pm in Denver.
THURSDAY = datetime.fromisoformat("2026-11-27T01:00+00:00")


class Week:
    """A house whose days and evenings of a week stand open, and those who may choose them."""

    def __init__(self, house: House, actor_in: Callable[..., Actor]) -> None:
        self.house = house
        self.crew = Crew(house, actor_in)
        self.lead = self.crew.lead
        for name in ("Day", "Evening"):
            places(house, pattern(house, name), MONDAY, 7)

    def begins(self, until: datetime = THURSDAY, now: datetime = SUNDAY) -> Roster:
        return choosing_weeks.begin_week(
            self.lead, self.house.id, first_day=MONDAY, until=MONDAY + 7 * DAY, choose_until=until, now=now
        )

    def place(self, name: str = "Day", day: date = MONDAY) -> Place:
        return turn(self.house, name, day)[0]

    def code(self, roster: Roster) -> int:
        return next(each.number for each in rows(ReplyCode, ReplyCode.subject_id == roster.id) if not each.ended_at)

    def seats(self, roster: Roster) -> dict[uuid.UUID, str]:
        """Who has which place, and whether it is locked."""
        found = rows(RosterSeat, RosterSeat.roster_id == roster.id, RosterSeat.person_id.is_not(None))
        return {each.shift_id: self.crew.names[each.person_id] + (" locked" if each.locked else "") for each in found}


def stands(roster: Roster) -> Roster:
    return rows(Roster, Roster.id == roster.id)[0]  # type: ignore[no-any-return]


def answer(roster: Roster, person: Actor) -> RosterAnswer | None:
    found = rows(RosterAnswer, RosterAnswer.roster_id == roster.id, RosterAnswer.person_id == person.id)
    return found[0] if found else None


def texts(template: str) -> list[Message]:
    return rows(Message, Message.template == template)


def goes_until(at: datetime, since: datetime = SUNDAY, step: timedelta = timedelta(hours=1)) -> None:
    """The clock sweeps every so often, and then."""
    while since < at:
        sweep(since)
        since += step
    sweep(at)
