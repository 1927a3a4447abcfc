"""A guest is forgotten: what was to follow goes, and what came of it too. The house's figures hold counts alone."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.core.clock import house_now
from respite.core.due import clear_due
from respite.followup.models import FollowUp
from respite.followup.policy.steps import CALL_TEXT as CALL
from respite.followup.service.ground import LOOK, STEP
from respite.messaging.service.codes import end_code


def forget(session: Session, guest_id: uuid.UUID) -> None:
    for row in session.scalars(sa.select(FollowUp).where(FollowUp.guest_id == guest_id)).all():
        clear_due(session, row.id, STEP, LOOK)
        end_code(session, CALL, row.id, house_now())
        session.delete(row)
    session.flush()
