"""Taking, renewing and giving back a lease, by conditional update."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from respite.core.db import transaction
from respite.scheduler.models import Lease


def take(name: str, holder: str, lasts: timedelta, now: datetime) -> bool:
    """Take or renew the lease for `holder`. False while another has it. `now` is the machine's clock."""
    try:
        with transaction() as session:
            taken = session.execute(
                sa.update(Lease)
                .where(Lease.name == name, sa.or_(Lease.holder == holder, Lease.until <= now))
                .values(holder=holder, until=now + lasts)
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
