"""Asking the provider which texts came in: what no webhook brought is found here.

Once a webhook failed five times, the provider says nothing more. So every five minutes its list is read back to half an
hour before the last time that this went well, however long ago that was.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction
from respite.core.logs import log
from respite.messaging.gateway import LineDown, Seen, gateway, is_set_up
from respite.messaging.models import Inbound, NumberStop
from respite.messaging.policy.stopping_words import Means
from respite.messaging.service import incoming
from respite.messaging.service.ground import number_mark, stop_on
from respite.messaging.service.marks import mark, marked

#: `SEEN_UNTIL` is by the provider's clock, `SWEPT` by this machine's.
SEEN_UNTIL, SWEPT = "inbound-seen-until", "inbound-swept"
OVERLAP = timedelta(minutes=30)
AT_FIRST = timedelta(hours=48)
LATELY = timedelta(minutes=15)
#: After a sweep that failed at the start it is tried again, and texts wait for it, but not for long.
REST_SECONDS, HOLDS_SECONDS = 10.0, 30.0
#: What leaves a number alone, and so has to stand before anything else of a list is looked at.
STOPS = frozenset({Means.STOP, Means.STOP_PERHAPS, Means.WRONG_NUMBER})


@dataclass
class _Failing:
    """Since when the list cannot be read, and when that was last tried, in monotonic seconds of this process."""

    since: float | None = None
    tried: float = float("-inf")


_failing = _Failing()
#: What came while this process did not run may have been brought to nobody.
_began = machine_now()


def sweep_inbound(now: datetime) -> int:
    """Take in what the provider has and we have not; returns how many there were. Raises LineDown.

    Stops come first; then the order is theirs: by the provider's time, then by SID.
    """
    until = marked(SEEN_UNTIL)
    db.session.rollback()
    since = min(now, machine_now()) - AT_FIRST if until is None else until - OVERLAP
    listing = gateway().inbound(since)
    came = sorted((each for each in listing.texts if not each.outbound), key=lambda each: (each.made_at, each.sid))
    known = _known(each.sid for each in came)
    _put_right(came, known)
    missing = [each for each in came if each.sid not in known]
    # Sorting is stable: within each half the order stays.
    missing.sort(key=lambda each: incoming.means_of(each.body, None) not in STOPS)
    taken_in = sum(_take_in(each, now) for each in missing)
    with transaction() as session:
        if taken_in == len(missing):
            mark(session, SEEN_UNTIL, max(listing.at, until or listing.at))
        mark(session, SWEPT, machine_now())
    if missing:
        log.warning("texts.found-by-sweep", count=len(missing))
    return taken_in


def _take_in(seen: Seen, now: datetime) -> bool:
    """False where it could not be kept: it stays in the list for the next time, and stands in nobody's way."""
    try:
        incoming.heard(
            sid=seen.sid,
            number=seen.sender or "",
            to=seen.to,
            body=seen.body,
            sent_at=seen.made_at,
            opt_out_type=None,
            media=seen.media,
            via="sweep",
            now=now,
        )
    except Exception as error:
        db.session.rollback()
        log.error("texts.sweep-left-one", error=type(error).__name__)
        return False
    return True


def swept_lately(now: datetime | None = None) -> bool:
    """Whether texts may leave: the list was read since this process began, and lately, or is read now.

    Where it cannot be read for half a minute they leave all the same: answers to people in danger are among them.
    """
    swept = marked(SWEPT)
    db.session.rollback()
    if not is_set_up() or (swept is not None and swept > max(_began, machine_now() - LATELY)):
        _failing.since = None
        return True
    if time.monotonic() - _failing.tried >= REST_SECONDS:
        _failing.tried = time.monotonic()
        try:
            sweep_inbound(now or house_now())
        except LineDown:
            log.warning("texts.sweep-failed")
        else:
            _failing.since = None
            return True
    _failing.since = _failing.since or time.monotonic()
    return time.monotonic() - _failing.since >= HOLDS_SECONDS


def said_at(sid: str, number: str, body: str, opt_out_type: str, *, again: bool, now: datetime) -> datetime:
    """When a text that a webhook brings was said. The form does not tell, and `now` is nearly always right.

    It matters for a START while a stop stands: one that was late on its way must not undo a STOP that was said after
    it. Then the provider is asked for both times. Raises LineDown where it cannot be, for one that comes `again`.
    """
    mark = number_mark(incoming.as_kept(number))
    means = incoming.means_of(body, incoming.opted(opt_out_type))
    standing = stop_on(db.session(), mark) if means == Means.START else None
    if standing is None:
        db.session.rollback()
        return now
    stopped_by = db.session.scalar(
        sa.select(Inbound.sid)
        .where(Inbound.number_index == mark, Inbound.sent_at == standing.said_at, Inbound.via == "webhook")
        .order_by(Inbound.received_at.desc())
        .limit(1)
    )
    db.session.rollback()
    try:
        started = gateway().fetch(sid)
        stopped = gateway().fetch(stopped_by) if stopped_by else None
    except LineDown:
        if again:
            raise
        return now
    if started is None or (stopped_by is not None and stopped is None):
        return now
    if stopped is not None:
        _put_right([stopped], {stopped.sid: standing.said_at})
        if stopped.made_at == started.made_at and not again:
            return started.made_at + timedelta(milliseconds=1)  # the same second by their clock: the order they came in
    return started.made_at


def _known(sids: Iterable[str]) -> dict[str, datetime]:
    """Those that we have, and when we think they were sent."""
    wanted, found = list(sids), dict[str, datetime]()
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        for sid, sent_at in db.session.execute(sa.select(Inbound.sid, Inbound.sent_at).where(Inbound.sid.in_(some))):
            found[sid] = sent_at
    db.session.rollback()
    return found


def _put_right(seen: Iterable[Seen], known: Mapping[str, datetime]) -> None:
    """Webhooks do not say when a text was sent; the list does. A stop moves with the text that it came from."""
    times = {each.sid: each.made_at for each in seen if known.get(each.sid, each.made_at) != each.made_at}
    if not times:
        return
    with transaction() as session:
        rows = sa.select(Inbound).where(Inbound.sid.in_(times), Inbound.via == "webhook").order_by(Inbound.sid)
        for inbound in session.scalars(rows.with_for_update()).all():
            from_it = sa.update(NumberStop).where(
                NumberStop.number_index == inbound.number_index,
                NumberStop.ended_at.is_(None),
                NumberStop.said_at == inbound.sent_at,
            )
            session.execute(from_it.values(said_at=times[inbound.sid]).execution_options(synchronize_session=False))
            inbound.sent_at = times[inbound.sid]
