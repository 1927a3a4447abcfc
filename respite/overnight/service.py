"""Taking what a page entered overnight: each entry once, however often and however late it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from respite.accounts.acting import Answer
from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.core import clock
from respite.core.db import joinable, transaction
from respite.core.errors import IdempotencyKeyReused
from respite.overnight.errors import StillToCome, TooLongAgo
from respite.overnight.models import NightEntry

LATEST_ENTRY = timedelta(days=31)
CLOCKS_DIFFER = timedelta(minutes=5)
#: By the machine's clock; longer than an entry may be late by the house's.
KNOWN_FOR = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry as it came. `key` is the tablet's own; `entered_by` none where the screen rested."""

    key: uuid.UUID
    body_hash: bytes
    entered_by: uuid.UUID | None


def take(actor: Actor, house_id: uuid.UUID, sent: Sent, act: Callable[[], Answer]) -> Answer | None:
    """Run `act`, one use case, and keep in its own transaction that this entry is taken; none where it was already.

    A refusal keeps nothing, so the same entry may be sent again. Raises IdempotencyKeyReused for the same key with
    other words.
    """
    with joinable() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        known = session.scalar(
            sa.select(NightEntry).where(NightEntry.house_id == house_id, NightEntry.entry_key == sent.key)
        )
        if known is not None:
            if known.body_hash != sent.body_hash:
                raise IdempotencyKeyReused
            return None
        answer = act()
        session.add(
            NightEntry(
                house_id=house_id,
                entry_key=sent.key,
                body_hash=sent.body_hash,
                entered_by=sent.entered_by,
                sent_by=actor.id,
                taken_at=clock.machine_now(),
            )
        )
        session.flush()
        return answer


def happened(at: datetime, now: datetime) -> datetime:
    """When it happened, where the tablet's clock goes a little ahead too. Raises StillToCome, TooLongAgo."""
    if at > now + CLOCKS_DIFFER:
        raise StillToCome
    if at < now - LATEST_ENTRY:
        raise TooLongAgo
    return min(at, now)


def forget_old() -> int:
    """Entries that could not be sent once more in any case; returns how many."""
    with transaction() as session:
        gone = session.execute(sa.delete(NightEntry).where(NightEntry.taken_at < clock.machine_now() - KNOWN_FOR))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount
