"""Asking the provider about texts that went quiet, and comparing its ledger with ours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from respite.accounts.actor import CLOCK
from respite.audit.service import lock_stream, record
from respite.core.clock import machine_now
from respite.core.db import db, transaction
from respite.core.logs import log
from respite.houses.models import House
from respite.messaging import events
from respite.messaging.gateway import LineDown, gateway
from respite.messaging.models import Attempt, Message, ProviderEvent
from respite.messaging.policy.states import State
from respite.messaging.service import settling
from respite.messaging.service.marks import mark, marked
from respite.messaging.service.telling import tell

ON_ITS_WAY = (State.ACCEPTED, State.SENT)
QUIET_FOR = timedelta(hours=1)
NO_RECEIPT_AFTER = timedelta(hours=72)
MOST_AT_ONCE = 50
A_DAY = timedelta(days=1)
# The youngest texts may not be listed yet, or not be written down by us yet.
LAG = timedelta(minutes=15)
NOBODYS_AFTER = timedelta(minutes=10)
RAW_KEPT_FOR = timedelta(days=30)


def poll(now: datetime) -> int:
    """Ask by SID about texts that were taken an hour ago and more and have no end yet; returns how many were asked."""
    quiet = db.session.execute(
        sa.select(Message.id, Message.sid)
        .where(
            Message.state.in_(ON_ITS_WAY),
            Message.posted_at < now - QUIET_FOR,
            sa.or_(Message.looked_at.is_(None), Message.looked_at < now - QUIET_FOR),
            Message.ended_at.is_(None),
        )
        .order_by(Message.posted_at)
        .limit(MOST_AT_ONCE)
    ).all()
    db.session.rollback()
    for message_id, sid in quiet:
        try:
            if sid is not None:
                _ask(message_id, sid, now)
        except LineDown:
            break
    tell(now)
    return len(quiet)


def _ask(message_id: uuid.UUID, sid: str, now: datetime) -> None:
    seen = gateway().fetch(sid)
    with transaction() as session:
        message = session.get_one(Message, message_id, with_for_update=True)
        if message.sid != sid or message.state not in ON_ITS_WAY:
            return
        message.looked_at = now
        attempt = session.scalars(sa.select(Attempt).where(Attempt.sid == sid)).one()
        if seen is not None:
            settling.taken(session, message, attempt, sid, seen.status, seen.error_code, now)
        if message.state in ON_ITS_WAY and message.posted_at is not None and message.posted_at < now - NO_RECEIPT_AFTER:
            # It was handed to the carrier, and no receipt came. That is all that is known: it did not fail.
            message.reason, message.ended_at = "no-receipt", now


@dataclass(frozen=True, slots=True)
class Differences:
    unclaimed: tuple[str, ...]  # SIDs that the provider has and no text of ours claims
    missing: tuple[str, ...]  # SIDs that we claim and the provider does not have

    def __bool__(self) -> bool:
        return bool(self.unclaimed or self.missing)


def compare_ledgers(now: datetime) -> Differences | None:
    """Every SID of the last two days belongs to exactly one try, and every SID we claim exists at the provider.

    None where the provider could not be asked.
    """
    until = machine_now() - LAG
    since = until - 2 * A_DAY
    try:
        listing = gateway().outbound(since, until)
    except LineDown:
        return None
    theirs = {seen.sid for seen in listing.texts if seen.outbound}
    tried = sa.select(Attempt.sid).where(Attempt.started_at > since + LAG, Attempt.started_at < until - LAG)
    ours = {sid for sid in db.session.scalars(tried) if sid is not None}
    claimed = set(db.session.scalars(sa.select(Attempt.sid).where(Attempt.sid.in_(theirs))))
    told = set(db.session.scalars(sa.select(ProviderEvent.sid).where(ProviderEvent.source == "listing")))
    db.session.rollback()
    differences = Differences(tuple(sorted(theirs - claimed - told)), tuple(sorted(ours - theirs - told)))
    if differences:
        _tell(differences, now)
    with transaction() as session:
        mark(session, "ledger", now)
    return differences


def tell_of_nobodys(now: datetime) -> int:
    """Statuses for texts that no try of ours claims, ten minutes after they came; returns how many are told of."""
    heard = ProviderEvent.heard_at
    recent = sa.select(ProviderEvent.sid).where(
        ProviderEvent.source == "status",
        ProviderEvent.made_of_it == "nobodys",
        heard < machine_now() - NOBODYS_AFTER,
        heard > machine_now() - 2 * A_DAY,
        ProviderEvent.sid.notin_(sa.select(Attempt.sid).where(Attempt.sid.is_not(None))),
        ProviderEvent.sid.notin_(sa.select(ProviderEvent.sid).where(ProviderEvent.source == "listing")),
    )
    sids = tuple(sorted(sid for sid in db.session.scalars(recent.distinct()) if sid))
    db.session.rollback()
    if sids:
        _tell(Differences(sids, ()), now)
    return len(sids)


def _tell(differences: Differences, now: datetime) -> None:
    """Told to every house, since nobody can say whose it is; kept so that each SID is told once."""
    with transaction() as session:
        houses = list(session.scalars(sa.select(House.id).order_by(House.id)))
        lock_stream(session, *houses)
        for status, sids in (("unclaimed", differences.unclaimed), ("missing", differences.missing)):
            session.add_all(
                ProviderEvent(source="listing", sid=sid, status=status, heard_at=machine_now(), made_of_it="nobodys")
                for sid in sids
            )
        for house_id in houses:
            record(
                session,
                house_id,
                events.LEDGERS_DIFFER,
                subject=None,
                actor=CLOCK,
                at=now,
                parts=events.PARTS,
                unclaimed=len(differences.unclaimed),
                missing=len(differences.missing),
            )
    log.error("texts.ledgers-differ", count=len(differences.unclaimed) + len(differences.missing))


def forget_raw() -> int:
    """What the provider told us word for word is for finding out what went wrong; after a month it is taken away."""
    with transaction() as session:
        old = sa.update(ProviderEvent).where(
            ProviderEvent.heard_at < machine_now() - RAW_KEPT_FOR, ProviderEvent.raw_sealed.is_not(None)
        )
        return cast("sa.CursorResult[tuple[()]]", session.execute(old.values(raw_sealed=None))).rowcount


def compared_lately(now: datetime) -> bool:
    last = marked("ledger")
    return last is not None and last > now - A_DAY
