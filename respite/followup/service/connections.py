"""Whether what they wanted came about: asked beside a step, one text for each connection, a day apart, two at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK
from respite.audit.service import lock_stream
from respite.core.db import transaction
from respite.core.due import DueRow, handles, set_due, take
from respite.followup.models import FollowUp
from respite.messaging.models import Correspondent
from respite.resources.connections.service.asking import ask_inside, open_connections

DUE = "followup.connection.due"
MOST = 2
A_DAY = timedelta(days=1)
#: So long after its time a question is still worth asking.
LASTS = timedelta(days=3)


def plan_questions(session: Session, row: FollowUp, _person: Correspondent, _last: datetime, now: datetime) -> None:
    """A step that asks after connections was asked: each that is open gets its own day. Behind the house's lock."""
    if row.connections:
        for place, each in enumerate(open_connections(session, row.guest_id)[:MOST]):
            set_due(session, DUE, each.id, now + (place + 1) * A_DAY, row.house_id)


@handles(DUE)
def ask(due: DueRow, now: datetime) -> None:
    """Ask, where it is still open and they still take such texts. Their hours and limits are asked at the gate."""
    with transaction() as session:
        assert due.house_id is not None
        lock_stream(session, due.house_id)
        if take(session, due) and now < due.due_at + LASTS:
            ask_inside(
                session,
                due.subject,
                made_by=CLOCK.ref,
                dedupe_key=f"fc:{due.subject}:{due.due_at.date()}",
                not_before=now,
                not_after=due.due_at + LASTS,
                now=now,
            )
