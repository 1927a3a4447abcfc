"""How often something may be tried: an account from one network, a pairing code by one person.

Tries are rows, so a restart clears nothing. They count for one account from one network, so nobody can lock
somebody else out from elsewhere. After five that failed the wait is a minute, and doubles with each further
one up to an hour.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

from respite.accounts.errors import TooManyTries
from respite.accounts.models import SignInTry
from respite.core import clock
from respite.core.crypto import ring
from respite.core.db import db, transaction

FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
REMEMBERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Marks:
    """What is tried and from where, as digests: the table says nothing without the key ring."""

    account: bytes
    network: bytes


def marks_of(purpose: str, what: str, network: str) -> Marks:
    return Marks(ring().blind(f"try-{purpose}", what), ring().blind("network", network))


def network_of_request() -> str:
    """The address the request comes from; of IPv6 the /64, since a device changes the rest at will."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def begin_try(marks: Marks, first_wait: timedelta = FIRST_WAIT) -> None:
    """Count a try before it is made, so that many at once are counted too. Raises TooManyTries."""
    now = clock.machine_now()
    with transaction() as session:
        session.execute(sa.delete(SignInTry).where(SignInTry.at < now - REMEMBERED))
        mine = SignInTry(account=marks.account, network=marks.network, at=now)
        session.add(mine)
    # Read after the commit: of many at once each sees those that were counted before it.
    others = db.session.scalars(
        sa.select(SignInTry.at)
        .where(SignInTry.account == marks.account, SignInTry.network == marks.network, SignInTry.id != mine.id)
        .order_by(SignInTry.at)
    ).all()
    seconds = _wait(others, now, first_wait)
    if seconds > 0:
        with transaction() as session:
            session.execute(sa.delete(SignInTry).where(SignInTry.id == mine.id))
        raise TooManyTries(seconds)


def _wait(tries: Sequence[datetime], now: datetime, first_wait: timedelta) -> int:
    """Seconds to wait after those that failed."""
    if len(tries) < FREE_TRIES:
        return 0
    doublings = min(len(tries) - FREE_TRIES, 10)
    until = tries[-1] + min(first_wait * 2**doublings, LONGEST_WAIT)
    return int((until - now).total_seconds())


def forget_tries(session: Session, marks: Marks) -> None:
    """One that succeeded ends the count."""
    session.execute(sa.delete(SignInTry).where(SignInTry.account == marks.account, SignInTry.network == marks.network))
