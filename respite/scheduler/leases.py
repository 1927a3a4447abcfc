"""Taking, renewing and giving back a lease, by conditional update."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from respite.core.db import transaction
from respite.scheduler.models import Lease


def take(name: str, holder: str, lasts: timedelta, now: datetime) -> bool:
    """Take or renew the lease for `holder`. False while another has it. `now` is the machine's clock.

    One that ends later than any could is of a clock that has jumped back since: it is nobody's. (Twice as late, since
    the clocks of two machines are never quite the same.)
    """
    free = sa.or_(Lease.holder == holder, Lease.until <= now, Lease.until > now + 2 * lasts)
    try:
        with transaction() as session:
            taken = session.execute(
                sa.update(Lease).where(Lease.name == name, free).values(holder=holder, until=now + lasts)
            )
            if cast("sa.CursorResult[tuple[()]]", taken).rowcount:
                return True
            if session.get(Lease, name) is not None:
                return False
            session.add(Lease(name=name, holder=holder, until=now + lasts))
            session.flush()
            return True
    except IntegrityError:
        return False  # another made the first row at the same moment


def give_back(name: str, holder: str) -> None:
    with transaction() as session:
        session.execute(sa.delete(Lease).where(Lease.name == name, Lease.holder == holder))
