"""Demo mode's own provider: texts arrive on phones that are rows, and are answered from the page of phones.

It keeps a ledger as a real provider does, by the house clock, so that a month of texts is there after skipping a
month. Whatever was handed over counts as delivered at once; no status comes back later.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from respite.core.clock import house_now, machine_now
from respite.core.db import db, end_read, transaction
from respite.core.errors import Busy
from respite.core.logs import log
from respite.messaging.gateway import Accepted, Answer, Check, Leaving, Listing, Seen, Unclear
from respite.messaging.models import SimText
from respite.messaging.service.ground import number_mark

#: The house's own number on the simulated phones; such a number is never given out.
SENDER = "+13035550100"

DELIVERED, RECEIVED = "delivered", "received"


class Simulator:
    """A `gateway.Gateway`."""

    tells_statuses = False
    ahead: timedelta | None = None

    def send(self, *, to: str, body: str, attempt_id: str, valid_for: int, leaving: Leaving) -> Answer:
        """The same attempt twice is one text on the phone: its SID is made of the attempt's id."""
        sid = sid_of(uuid.UUID(attempt_id))
        try:
            # Whoever asks for an end waits at the last look with the same lock in hand; so it comes first here too.
            with transaction() as session, leaving():
                if session.scalar(sa.select(SimText.id).where(SimText.sid == sid)) is None:
                    put_text(session, sid, to, body, to_phone=True, at=house_now())
        except (Busy, SQLAlchemyError) as error:
            log.error("texts.simulator", error=type(error).__name__)
            return Unclear()
        return Accepted(sid, DELIVERED)

    def outbound_to(self, number: str, since: datetime) -> Listing:
        # Askers count back from the machine's clock; the house's, which this ledger goes by, may stand behind it too.
        since = min(since, since + (house_now() - machine_now()))
        return _listed(SimText.to_phone.is_(True), SimText.number_index == number_mark(number), SimText.at >= since)

    def outbound(self, since: datetime, until: datetime) -> Listing:
        return _listed(SimText.to_phone.is_(True), SimText.at >= since, SimText.at < until)

    def inbound(self, since: datetime) -> Listing:
        return _listed(SimText.to_phone.is_(False), SimText.at >= since)

    def fetch(self, sid: str) -> Seen | None:
        found = _listed(SimText.sid == sid).texts
        return found[0] if found else None

    def signed(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        """No form comes from here: phones are answered on a page of ours."""
        return False

    def checks(self, inbound_url: str) -> list[Check]:
        """There is no account to look at."""
        return []


def phones_are_simulated() -> bool:
    """Whether texts arrive on the demo's own phones, and nowhere else."""
    return isinstance(current_app.extensions["respite.gateway"], Simulator)


def sid_of(attempt_id: uuid.UUID) -> str:
    return f"SM{attempt_id.hex}"


def put_text(session: Session, sid: str, number: str, body: str, *, to_phone: bool, at: datetime) -> SimText:
    """Write a text onto a phone, or out of one."""
    text = SimText(sid=sid, number_index=number_mark(number), to_phone=to_phone, at=at)
    text.number, text.body = number, body
    session.add(text)
    session.flush()
    return text


def _listed(*where: sa.ColumnElement[bool]) -> Listing:
    rows = db.session.scalars(sa.select(SimText).where(*where).order_by(SimText.at.desc(), SimText.id)).all()
    listing = Listing(at=house_now(), texts=tuple(_seen(row) for row in rows))
    end_read()
    return listing


def _seen(row: SimText) -> Seen:
    number = row.number or ""
    return Seen(
        sid=row.sid,
        to=number if row.to_phone else SENDER,
        sender=SENDER if row.to_phone else number,
        body=row.body or "",
        status=DELIVERED if row.to_phone else RECEIVED,
        error_code=None,
        outbound=row.to_phone,
        made_at=row.at,
    )
