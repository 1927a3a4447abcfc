"""The words of a template as a house has them today: its own newest wording, or the shipped one (number 0)."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.messaging.models import Wording
from respite.messaging.policy.templates import SHIPPED


def words_for(session: Session, house_id: uuid.UUID, template: str, language: str) -> tuple[str, int]:
    """The words and their version. Raises KeyError for a template that is none."""
    own = session.scalar(
        sa.select(Wording)
        .where(Wording.house_id == house_id, Wording.template == template, Wording.language == language)
        .order_by(Wording.number.desc())
        .limit(1)
    )
    return (own.words, own.number) if own is not None else (SHIPPED[template][language], 0)
