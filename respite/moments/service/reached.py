"""A hard moment behind its house's lock, for who may write in it, and the checks its use cases share."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.errors import Invalid
from respite.moments.errors import PutAway
from respite.moments.models import HardMoment
from respite.moments.policy import TAKEN_BACK_WITHIN


def open_moment(session: Session, actor: Actor, moment_id: uuid.UUID, version_seen: int | None = None) -> HardMoment:
    """Raises NotFound, StaleVersion, PutAway."""
    moment = locked_row(session, actor, HardMoment, moment_id, May.KEEP_BEDS, version_seen)
    if moment.put_away_at is not None:
        raise PutAway
    return moment


def words_checked(words: str, most: int) -> str:
    text = words.strip()
    if not text:
        raise Invalid(fields={"words": _("Please write a few words.")})
    if len(text) > most:
        raise Invalid(fields={"words": _("Please keep this to %(most)s letters.", most=most)})
    return text


def not_to_come(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise Invalid(fields={"at": _("This time is still to come.")})
    return at


def just_now(told_at: datetime, now: datetime) -> bool:
    """Whether what was written then can be taken back with one tap."""
    return now - told_at <= TAKEN_BACK_WITHIN
