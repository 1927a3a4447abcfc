"""Suggestions without a name: sent, read, and taken off the list.

Sending one is no line in the event log: it would stand beside the hour in which a guest's page was open.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.crypto import ring
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.core.no_order import write_anew
from respite.guests.models import NamelessIdea
from respite.guests.service.asks import LONGEST_ASK
from respite.houses.models import House
from respite.houses.policy.house_time import local


def keep_idea_inside(session: Session, house_id: uuid.UUID, words: str, form_key: str, now: datetime) -> None:
    """Keep it, behind the house's lock. The same words sent twice from one form are one idea. Raises Invalid."""
    text = words.strip()
    if not text:
        raise Invalid(fields={"words": _("Please write a few words.")})
    if len(text) > LONGEST_ASK:
        raise Invalid(fields={"words": _("Please keep this to %(most)s letters.", most=LONGEST_ASK)})
    idea_id = uuid.UUID(bytes=ring().blind("nameless-idea", f"{house_id}:{form_key}:{text}")[:16])
    if session.get(NamelessIdea, idea_id) is not None:
        return
    house = session.get_one(House, house_id)
    row = NamelessIdea(id=idea_id, house_id=house_id, month=local(now, house.timezone).date().replace(day=1))
    row.words = text
    session.add(row)
    session.flush()
    write_anew(session, (NamelessIdea, NamelessIdea.house_id == house_id))


def done_with_idea(actor: Actor, idea_id: uuid.UUID) -> None:
    """The house has read it: the words go."""
    with transaction() as session:
        session.delete(locked_row(session, actor, NamelessIdea, idea_id, May.KEEP_BEDS))


def ideas_of(session: Session, house_id: uuid.UUID) -> list[NamelessIdea]:
    mine = sa.select(NamelessIdea).where(NamelessIdea.house_id == house_id)
    return list(session.scalars(mine.order_by(NamelessIdea.month.desc(), NamelessIdea.id)))
