"""Statuses that the provider sends back: each stored once, in any order, and none of them takes anything back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from respite.core.clock import machine_now
from respite.core.db import transaction
from respite.messaging.models import Attempt, Message, ProviderEvent
from respite.messaging.service.settling import taken
from respite.messaging.service.telling import tell

LONGEST_WORD = 40
KNOWN = frozenset(
    {"accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read"}
)


def heard(attempt_id: uuid.UUID, form: Mapping[str, str], now: datetime) -> str:
    """Take a status callback in; returns what was made of it. What nobody knows is kept too, and never refused."""
    sid = form.get("MessageSid", form.get("SmsSid", ""))[:LONGEST_WORD]
    status = form.get("MessageStatus", form.get("SmsStatus", ""))[:LONGEST_WORD].lower()
    code = _code(form.get("ErrorCode", ""))
    try:
        with transaction() as session:
            made_of_it = _heard(session, attempt_id, sid, status, code, dict(form), now)
    except IntegrityError:
        return "nothing-new"  # its twin came at the same moment
    tell(now)
    return made_of_it


def _heard(
    session: Session,
    attempt_id: uuid.UUID,
    sid: str,
    status: str,
    code: int,
    form: dict[str, str],
    now: datetime,
) -> str:
    attempt = session.get(Attempt, attempt_id)
    # The row first: of two twins the second waits here, and then finds the first one's event.
    message = None if attempt is None else session.get_one(Message, attempt.message_id, with_for_update=True)
    twin = sa.select(ProviderEvent.id).where(
        ProviderEvent.source == "status",
        ProviderEvent.sid == sid,
        ProviderEvent.status == status,
        ProviderEvent.error_code == code,
    )
    if session.scalar(twin) is not None:
        return "nothing-new"
    if attempt is None or message is None or not sid:
        made_of_it = "nobodys"
    elif status not in KNOWN:
        made_of_it = "strange"
    else:
        session.refresh(attempt)
        made_of_it = taken(session, message, attempt, sid, status, code or None, now)
    event = ProviderEvent(
        source="status",
        sid=sid,
        status=status,
        error_code=code,
        attempt_id=attempt_id,
        heard_at=machine_now(),
        made_of_it=made_of_it,
    )
    if message is None or message.number_sealed is not None:  # the form repeats the number, also one that was erased
        event.raw = json.dumps(form, sort_keys=True)
    session.add(event)
    session.flush()
    return made_of_it


def _code(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else 0
