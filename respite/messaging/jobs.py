"""What the clockwork does for texts: a few lines each, since all of it may run twice at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.due import also_due, handles
from respite.core.jobs import HOUR, every
from respite.core.logs import log
from respite.messaging.gateway import LineDown, gateway, is_set_up, put_right
from respite.messaging.models import Message
from respite.messaging.service import checks, erasing, finding_out, reading, sending, sweeping
from respite.messaging.service.pausing import WAITS
from respite.messaging.service.telling import tell

HALF_A_DAY = timedelta(hours=12)
MOST_AT_ONCE = 10_000  # the next step of the walk goes on

handles(reading.MOVES_ON)(reading.moves_on)
handles(reading.VANISHES)(reading.vanishes)


def texts_now() -> datetime:
    """The time by which texts leave."""
    return put_right(house_now())


def send() -> None:
    # A STOP that came while nobody listened stands before anything leaves.
    if is_set_up() and sweeping.swept_lately():
        sending.pump(texts_now)


def find_out() -> None:
    if is_set_up():
        finding_out.find_out(texts_now())


def ask() -> None:
    if is_set_up() and gateway().tells_statuses:
        checks.poll(texts_now())
        checks.tell_of_nobodys(texts_now())


def list_incoming() -> None:
    if is_set_up():
        try:
            sweeping.sweep_inbound(house_now())
        except LineDown:
            log.warning("texts.sweep-failed")


def compare() -> None:
    if not is_set_up() or not gateway().tells_statuses:
        return
    now = texts_now()
    lately = checks.compared_lately(now)
    db.session.rollback()
    if not lately:
        checks.compare_ledgers(now)


def forget() -> None:
    erasing.forget_numbers(house_now())


def declare() -> None:
    every(1, "send texts", send)
    every(30, "find out about texts of unclear end", find_out)
    every(300, "ask about texts that went quiet", ask)
    every(300, "list texts that came in", list_incoming)
    every(HOUR, "compare the provider's ledger with ours", compare)
    every(HOUR, "forget numbers that nothing else knows", forget)
    every(HOUR, "forget what the provider told word for word", checks.forget_raw)
    if OUTBOX not in also_due:
        also_due.append(OUTBOX)


class Outbox:
    """The texts that wait, for a walk of the demo's clock: each leaves at its own time. A `core.due.Source`."""

    def next_at(self) -> datetime | None:
        if not is_set_up():
            return None
        first = sa.func.min(Message.next_at)
        free, paused = db.session.execute(
            sa.select(
                first.filter(Message.reason.is_distinct_from(WAITS)), first.filter(Message.reason == WAITS)
            ).where(Message.next_at.is_not(None))
        ).one()
        end_read()
        # Who waits for a pause to end is looked at every ten minutes, which would be the longest part of any walk.
        return min((at for at in (free, paused and paused + HALF_A_DAY) if at is not None), default=None)

    def run(self, now: datetime) -> int:
        done = 0
        for _text in range(MOST_AT_ONCE):
            touched, claimed = sending.claim(now)
            done += touched
            if claimed is not None:
                sending.carry(claimed, lambda: now)
            elif not touched:
                break
        tell(now)
        return done


OUTBOX = Outbox()
