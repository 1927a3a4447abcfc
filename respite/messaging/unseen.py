"""What of texts with a guest is not there for whom that guest keeps it from.

A thread is a number's, so all of it goes, also where a second guest has the same phone: what came from a phone that two
share is told to neither.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from respite.accounts.unseen import Guests, hidden
from respite.messaging.models import Consent, Correspondent, FormerNumber, Inbound, Message, ReadSoon, Thread

# As tables and not as models: what is looked up to leave rows out is not left out itself.
_people: Any = Correspondent.__table__
_consents: Any = Consent.__table__
_former: Any = FormerNumber.__table__
_messages: Any = Message.__table__
_threads: Any = Thread.__table__


def numbers_of(guests: Any) -> sa.CompoundSelect[Any]:
    """Every number that was ever theirs, as far as anything says so: a new one opens nothing of what came before."""
    people = sa.select(_people.c.id).where(_people.c.subject_id.in_(guests))
    now = (_people.c.subject_id.in_(guests), _people.c.number_index.is_not(None))
    return sa.union(
        sa.select(_people.c.number_index).where(*now),
        sa.select(_consents.c.number_index).where(_consents.c.correspondent_id.in_(people)),
        sa.select(_former.c.number_index).where(_former.c.correspondent_id.in_(people)),
        sa.select(_messages.c.number_index).where(_messages.c.correspondent_id.in_(people)),
    )


def _of_their_threads(column: Any, guests: Guests) -> sa.ColumnElement[bool]:
    return column.in_(sa.select(_threads.c.id).where(_threads.c.number_index.in_(numbers_of(guests))))


def _message(guests: Guests) -> sa.ColumnElement[bool]:
    to_them = Message.correspondent_id.in_(sa.select(_people.c.id).where(_people.c.subject_id.in_(guests)))
    return sa.or_(sa.func.coalesce(to_them, sa.false()), Message.number_index.in_(numbers_of(guests)))


hidden(Correspondent, lambda guests: Correspondent.subject_id.in_(guests))
hidden(Thread, lambda guests: Thread.number_index.in_(numbers_of(guests)))
hidden(Inbound, lambda guests: Inbound.number_index.in_(numbers_of(guests)))
hidden(ReadSoon, lambda guests: _of_their_threads(ReadSoon.thread_id, guests))
hidden(Message, _message)
