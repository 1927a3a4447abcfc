"""What people are texted about a week in which they choose their shifts: the question, and one nudge for each, ever."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import day_begins
from respite.messaging.models import Correspondent, Message
from respite.messaging.policy.states import State
from respite.messaging.purposes import Purpose
from respite.messaging.service.codes import code_for, end_code
from respite.messaging.service.writing import WAITING, cancel_where
from respite.staffing.models import Roster, RosterAnswer
from respite.staffing.queries.choosing import heard_of
from respite.staffing.service.texting import clock_of, language_of, link_to, shift_fields, tell

CHOOSING = "choosing"  # the kind of question
PAGE = "/me/choosing"
#: A text in one of these reached nobody, and nobody is going to read it.
GONE = (State.CANCELED, State.SUPPRESSED, State.EXPIRED, State.FAILED, State.UNDELIVERED)


def ask(session: Session, roster: Roster, now: datetime) -> None:
    """Text everybody who has not answered and has no such text yet. The caller holds the house's lock."""
    house = session.get_one(House, roster.house_id)
    have = _with_text(session, roster, but=GONE)
    rows = session.scalars(
        sa.select(RosterAnswer).where(RosterAnswer.roster_id == roster.id, RosterAnswer.answered_at.is_(None))
    )
    for row in sorted(rows, key=lambda each: str(each.person_id)):
        if row.person_id not in have:
            _text(session, house, roster, row.person_id, "choosing-asked", f"asked:{roster.version}", now)


def nudge(session: Session, roster: Roster, now: datetime) -> list[uuid.UUID]:
    """Remind those of whom nothing was heard, each at most once for this roster; returns whom.

    Whoever has not got the question yet is not reminded of it. The caller holds the house's lock.
    """
    house, told = session.get_one(House, roster.house_id), []
    for person_id in nudgeable(session, roster):
        if _text(session, house, roster, person_id, "choosing-nudge", "nudge", now):
            row = session.scalars(
                sa.select(RosterAnswer).where(RosterAnswer.roster_id == roster.id, RosterAnswer.person_id == person_id)
            ).one()
            row.nudged_at = now
            told.append(person_id)
    session.flush()
    return told


def nudgeable(session: Session, roster: Roster) -> list[uuid.UUID]:
    """Those of whom nothing was heard, who have the question, and were not reminded of it."""
    heard = heard_of(session, roster)
    asked = _with_text(session, roster, but=(*GONE, *WAITING))
    return [each for each, _name in heard.silent if each in asked and each not in heard.nudged]


def call_back(session: Session, roster: Roster, now: datetime, person_id: uuid.UUID | None = None) -> None:
    """Call back what has not left, to everybody or to one person."""
    of = _of(roster) if person_id is None else Message.dedupe_key.startswith(f"{_key(roster)}{person_id}:")
    cancel_where(session, "choosing-moved", now, Message.house_id == roster.house_id, of)


def close_question(session: Session, roster: Roster, now: datetime) -> None:
    """No answer counts any more."""
    end_code(session, CHOOSING, roster.id, now)
    call_back(session, roster, now)


def end_words(roster: Roster, house: House, language: str) -> str:
    """When choosing ends, as a text says it: "Thu Dec 3, 6p"."""
    assert roster.choose_until is not None
    day = shift_fields(roster.choose_until, roster.choose_until, house, language)["day_words"]
    return f"{day}, {clock_of(roster.choose_until, house, language)}"


def _text(
    session: Session, house: House, roster: Roster, person_id: uuid.UUID, template: str, mark: str, now: datetime
) -> bool:
    language = language_of(session, house, person_id)
    begins = day_begins(roster.first_day, house.timezone)
    fields = {
        "day_words": shift_fields(begins, begins, house, language)["day_words"],
        "time_words": end_words(roster, house, language),
        "link": link_to(PAGE),
        "code": str(code_for(session, house.id, CHOOSING, roster.id, now)),
    }
    text = tell(
        session,
        house,
        person_id,
        template,
        fields,
        purpose=Purpose.SHIFTS,
        dedupe_key=f"{_key(roster)}{person_id}:{mark}",
        now=now,
        not_after=roster.choose_until,
    )
    return text is not None


def _with_text(session: Session, roster: Roster, *, but: tuple[State, ...]) -> set[uuid.UUID]:
    """Those for whom a text of this asking stands that is in none of these states."""
    found = (
        sa.select(RosterAnswer.person_id)
        .join(
            Correspondent,
            sa.and_(
                Correspondent.subject_id == RosterAnswer.person_id, Correspondent.house_id == RosterAnswer.house_id
            ),
        )
        .join(Message, Message.correspondent_id == Correspondent.id)
        .where(
            RosterAnswer.roster_id == roster.id,
            Message.made_at >= RosterAnswer.asked_at,
            Message.state.not_in(but),
            _of(roster),
        )
    )
    return set(session.scalars(found))


def _key(roster: Roster) -> str:
    return f"choosing:{roster.id}:"


def _of(roster: Roster) -> sa.ColumnElement[bool]:
    return Message.dedupe_key.startswith(_key(roster), autoescape=True)
