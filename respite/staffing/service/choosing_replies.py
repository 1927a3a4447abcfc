"""Texts that answer a choosing week: "Y42", I am done; "N42", choose for me. Either way nobody waits for them."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.messaging.policy.short_answers import Word
from respite.messaging.service.questions import Question
from respite.messaging.service.replying import Understood
from respite.staffing.models import Roster, RosterAnswer
from respite.staffing.queries.choosing import CHOOSING as GOES_ON
from respite.staffing.queries.choosing import goes_on
from respite.staffing.service.choosing import say_done
from respite.staffing.service.choosing_asking import CHOOSING, end_words
from respite.staffing.service.texting import language_of

ANSWERS = frozenset({Word.YES, Word.NO})


def choosing_answered(
    session: Session, roster_id: uuid.UUID, person_id: uuid.UUID, word: Word, now: datetime
) -> Understood | None:
    """They are done, with what they chose or with nothing."""
    roster = session.get(Roster, roster_id, populate_existing=True)
    if word not in ANSWERS or roster is None:
        return None
    if not goes_on(roster, now):
        return Understood(roster.house_id, "choosing-over")
    say_done(session, roster, person_id, now)
    house = session.get_one(House, roster.house_id)
    until = end_words(roster, house, language_of(session, house, person_id))
    return Understood(house.id, "choosing-done", {"time_words": until})


def open_weeks(session: Session, person_id: uuid.UUID, now: datetime) -> list[Question]:
    """The weeks that somebody was asked about and has not answered."""
    found = session.scalars(
        sa.select(Roster)
        .join(RosterAnswer, RosterAnswer.roster_id == Roster.id)
        .where(
            RosterAnswer.person_id == person_id,
            RosterAnswer.answered_at.is_(None),
            Roster.state == GOES_ON,
            Roster.choose_until > now,
        )
    )
    return [Question(CHOOSING, roster.id, roster.house_id, ANSWERS) for roster in found]
