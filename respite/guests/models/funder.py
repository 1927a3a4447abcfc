"""What a funder asks those who leave, and what was answered, joined to nobody."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from respite.core.db import Base, Kept, Versioned, kept, key, to


class FunderQuestion(Versioned, Base):
    """A question with its choices, in both languages. Its words never change: another question is a new row."""

    __tablename__ = "funder_question"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    words_en: Mapped[str] = kept(Kept.HOUSE, sa.String(200))
    words_es: Mapped[str] = kept(Kept.HOUSE, sa.String(200))
    choices: Mapped[list[Any]] = kept(Kept.HOUSE, sa.JSON)  # [en, es] of each, in the order shown
    made_at: Mapped[datetime] = kept(Kept.WORKING)
    asked: Mapped[bool] = kept(Kept.HOUSE, default=True)


class FunderAnswer(Base):
    """One choice of one question. It bears no hour, no stay and no hand, and no number that two answers share.

    As with what is said on leaving, a house's rows are written anew in the order of ids with each answer.
    """

    __tablename__ = "funder_answer"

    id: Mapped[uuid.UUID] = key()
    house_id: Mapped[uuid.UUID] = to("house.id")
    question_id: Mapped[uuid.UUID] = to("funder_question.id")
    year: Mapped[date] = kept(Kept.WORKING)  # its first day
    choice: Mapped[int] = kept(Kept.WORKING)
