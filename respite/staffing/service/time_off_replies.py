"""Days off by text: "OFF 12/24" asks for them, and the code in the answer takes them back. Nobody is asked why.

What was read is said back in words. A text that says anything else, or that could be of two people or for two houses,
is read by people.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor, ActorKind
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.due import DueRow, handles, set_due, take
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.messaging.models import Correspondent
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.questions import counts
from respite.messaging.service.replying import Understood
from respite.staffing.models import TimeOff
from respite.staffing.policy.availability import OffState
from respite.staffing.policy.off_words import Unclear, asks_for_days_off, days_off
from respite.staffing.service import availability
from respite.staffing.service.availability import Trouble
from respite.staffing.service.texting import language_of
from respite.staffing.service.time_off_words import ANSWERED, days_in_words

TIME_OFF = "time-off"  # the kind of question
PASSES = "staffing.time-off.passes"
SAYS = {
    Trouble.OVER: "time-off-over",
    Trouble.LONG: "time-off-long",
    Trouble.STANDING: "time-off-standing",
    Trouble.BACKWARDS: "time-off-unclear",
}


class DaysOffByText:
    """What messaging asks about a text that may ask for days off."""

    def houses(self, session: Session, people: Sequence[Correspondent], body: str) -> set[uuid.UUID]:
        return {peer.house_id for peer in peers_among(people)} if asks_for_days_off(body) else set()

    def act(self, session: Session, people: Sequence[Correspondent], body: str, now: datetime) -> Understood | None:
        peers = [peer for peer in peers_among(people) if counts(session, peer)]
        if not asks_for_days_off(body) or len(peers) != 1:
            return None
        (peer,) = peers
        house = session.get_one(House, peer.house_id)
        found = days_off(body, local(now, house.timezone).date())
        if found is None:
            return None
        if isinstance(found, Unclear):
            return Understood(house.id, "time-off-unclear")
        return _asked(session, house, peer.subject_id, found.first, found.last, now)


DAYS_OFF_BY_TEXT = DaysOffByText()


def peers_among(people: Sequence[Correspondent]) -> list[Correspondent]:
    return [each for each in people if each.kind == CorrespondentKind.PEER]


def _asked(session: Session, house: House, person_id: uuid.UUID, first: date, last: date, now: datetime) -> Understood:
    until = last + ONE_DAY
    again = session.scalar(
        sa.select(TimeOff).where(
            TimeOff.house_id == house.id,
            TimeOff.person_id == person_id,
            TimeOff.first_day == first,
            TimeOff.until == until,
            TimeOff.state == OffState.ASKED,
        )
    )
    if again is not None:
        return _about(session, "time-off-heard", again, now)
    trouble = availability.trouble_with(session, house, person_id, first, until, now)
    if trouble is not None:
        words = days_in_words(first, last, house, language_of(session, house, person_id), now)
        return Understood(house.id, SAYS[trouble], {"day_words": words})
    off = availability.ask_off(session, _actor(person_id), house.id, first, until, now)
    return _about(session, "time-off-heard", off, now)


def time_off_answered(
    session: Session, off_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """No takes it back, also when it was agreed; yes asks for it again."""
    off = session.get(TimeOff, off_id, populate_existing=True)
    if off is None or off.person_id != person_id or word not in (Word.YES, Word.NO):
        return None
    house = session.get_one(House, off.house_id)
    if off.until <= local(now, house.timezone).date():
        return _about(session, SAYS[Trouble.OVER], off, now)
    if word == Word.NO:
        if off.state != OffState.WITHDRAWN:
            availability.moved(session, off, OffState.WITHDRAWN, _actor(person_id), now)
        return _about(session, "time-off-back", off, now)
    if off.state != OffState.WITHDRAWN:
        return _about(session, ANSWERED.get(OffState(off.state), "time-off-heard"), off, now)
    trouble = availability.trouble_with(session, house, person_id, off.first_day, off.until, now)
    if trouble is not None:
        return _about(session, SAYS[trouble], off, now)
    availability.moved(session, off, OffState.ASKED, _actor(person_id), now)
    return _about(session, "time-off-heard", off, now)


@handles(PASSES)
def time_off_passes(row: DueRow, now: datetime) -> None:
    """The days are over, and their number is free for another question."""
    if row.house_id is None:
        return
    with transaction() as session:
        lock_house(session, CLOCK, row.house_id, May.SEE_SHIFTS)
        if take(session, row):
            end_code(session, TIME_OFF, row.subject, now)


def _about(session: Session, template: str, off: TimeOff, now: datetime) -> Understood:
    house = session.get_one(House, off.house_id)
    words = days_in_words(off.first_day, off.until - ONE_DAY, house, language_of(session, house, off.person_id), now)
    fields = {"day_words": words}
    if template in ("time-off-heard", "time-off-back"):
        fields["code"] = str(code_for(session, house.id, TIME_OFF, off.id, now))
        set_due(session, PASSES, off.id, day_begins(off.until, house.timezone), house.id)
    return Understood(house.id, template, fields)


def _actor(person_id: uuid.UUID) -> Actor:
    return Actor(ActorKind.PERSON, person_id)
