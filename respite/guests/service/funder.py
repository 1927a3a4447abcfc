"""What a funder asks: written by the house, handed over apart from everything else, answered once, joined to nobody.

As with the questions on leaving, an answer has no line in the event log, which would stand beside the leaving.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound
from respite.core.no_order import write_anew
from respite.guests import events
from respite.guests.models import FunderAnswer, FunderQuestion
from respite.guests.policy.funder import (
    FEWEST_CHOICES,
    LONGEST_CHOICE,
    LONGEST_QUESTION,
    MOST_CHOICES,
    MOST_QUESTIONS,
)
from respite.guests.service.parting import hand_over as hand_over_by
from respite.guests.service.parting import read
from respite.houses.models import House
from respite.houses.policy.house_time import local

SALT = "funder-answer"


def ask_question(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    words_en: str,
    words_es: str,
    choices_en: Sequence[str],
    choices_es: Sequence[str],
    now: datetime,
) -> FunderQuestion:
    """A question with its choices, the same number in both languages. Raises Invalid by field."""
    words = {"words_en": words_en.strip(), "words_es": words_es.strip()}
    lists = {"choices_en": _lines(choices_en), "choices_es": _lines(choices_es)}
    wrong = {
        name: _("Please write up to %(most)s letters.", most=LONGEST_QUESTION)
        for name, text in words.items()
        if not 1 <= len(text) <= LONGEST_QUESTION
    }
    for name, lines in lists.items():
        if not FEWEST_CHOICES <= len(lines) <= MOST_CHOICES or max(map(len, lines), default=0) > LONGEST_CHOICE:
            wrong[name] = _("Please give from two to twelve choices, a line for each.")
    if not wrong and len(lists["choices_en"]) != len(lists["choices_es"]):
        wrong["choices_es"] = _("Please give as many choices in both languages.")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        if len(questions_of(session, house_id)) >= MOST_QUESTIONS:
            raise Invalid(_("That is as many as can be asked. One of them can rest."))
        pairs = [list(pair) for pair in zip(lists["choices_en"], lists["choices_es"], strict=True)]
        row = FunderQuestion(house_id=house_id, **words, choices=pairs, asked=True, made_at=now)
        session.add(row)
        session.flush()
        record(session, house_id, events.FUNDER_ASKED, subject=row.id, actor=actor, at=now)
    return row


def rest_question(actor: Actor, question_id: uuid.UUID, rests: bool, *, now: datetime) -> FunderQuestion:
    """It is asked no more, or again. What was answered stays."""
    with transaction() as session:
        row = locked_row(session, actor, FunderQuestion, question_id, May.SET_RULES)
        if row.asked == rests:
            row.asked = not rests
            kind = events.FUNDER_RESTED if rests else events.FUNDER_ASKED
            record(session, row.house_id, kind, subject=row.id, actor=actor, at=now)
    return row


def hand_over(house_id: uuid.UUID) -> str:
    return hand_over_by(house_id, SALT)


def house_of(token: str) -> uuid.UUID:
    return read(token, SALT)[0]


def answer(token: str, choices: Mapping[uuid.UUID, int], *, now: datetime) -> None:
    """Keep what was chosen, by question; the same answered again changes nothing. Nothing chosen keeps nothing.

    What the house asks no more since the page was opened is left out. Raises NotFound, and Invalid for a choice that
    is none.
    """
    house_id, drawn = read(token, SALT)
    with transaction() as session:
        house = session.get(House, house_id)
        if house is None:
            raise NotFound
        session.execute(sa.select(House.id).where(House.id == house_id).with_for_update())  # two taps, one answer
        known = {row.id: row for row in questions_of(session, house_id)}
        if any(each not in known or not 0 <= n < len(known[each].choices) for each, n in choices.items()):
            raise Invalid
        still = {each: n for each, n in choices.items() if known[each].asked}
        ids = {question_id: uuid.uuid5(drawn, str(question_id)) for question_id in known}
        if not still or session.scalar(sa.select(FunderAnswer.id).where(FunderAnswer.id.in_(ids.values())).limit(1)):
            return
        year = date(local(now, house.timezone).year, 1, 1)
        session.add_all(
            FunderAnswer(id=ids[each], house_id=house_id, question_id=each, year=year, choice=n)
            for each, n in still.items()
        )
        session.flush()
        write_anew(session, (FunderAnswer, FunderAnswer.house_id == house_id))


def questions_of(session: Session, house_id: uuid.UUID) -> list[FunderQuestion]:
    rows = sa.select(FunderQuestion).where(FunderQuestion.house_id == house_id)
    return list(session.scalars(rows.order_by(FunderQuestion.made_at, FunderQuestion.id)))


def answers_to(session: Session, question_id: uuid.UUID) -> list[tuple[date, int]]:
    rows = session.execute(
        sa.select(FunderAnswer.year, FunderAnswer.choice).where(FunderAnswer.question_id == question_id)
    )
    return [(year, choice) for year, choice in rows]


def _lines(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]
