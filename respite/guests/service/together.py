"""The talks at both ends of a stay: what a guest would like, and what they asked for if they leave without a talk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.guests import events
from respite.guests.errors import NamelessNotOffered, NotHereNow
from respite.guests.models import ArrivalWish, PartingTalk, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.policy.together import LONGEST_WISH, LONGEST_WORDS, IfGone
from respite.guests.service.ground import Ground
from respite.guests.service.promised import GUEST
from respite.guests.service.texting import Reconfirmed, reconfirm, touched_by
from respite.guests.service.undo import undoing
from respite.houses.policy.house_time import ONE_DAY
from respite.promises.models import Promise
from respite.promises.policy import Kind, Way, by_day
from respite.promises.service.acts import Wanted, give_inside

Row = TypeVar("Row", ArrivalWish, PartingTalk)


@dataclass(frozen=True, slots=True)
class Wished:
    stay_words: str | None = None
    if_gone: IfGone | None = None
    gone_words: str | None = None


def keep_wishes(
    actor: Actor, stay_id: uuid.UUID, wished: Wished, *, version_seen: int | None = None, now: datetime
) -> ArrivalWish:
    """What a guest would like, said when they came. Nothing said is fine, and takes away what was said before.

    Raises NotHereNow, NamelessNotOffered, StaleVersion, Invalid by field.
    """
    said = _checked("stay_words", wished.stay_words, LONGEST_WORDS)
    asked = _checked("gone_words", wished.gone_words, LONGEST_WISH)
    if wished.if_gone is IfGone.WORDS and asked is None:
        raise Invalid(fields={"gone_words": _("Please say in a few words what you would like.")})
    with transaction() as session:
        stay = _named_stay(session, actor, stay_id)
        if stay.state not in (StayState.HERE, StayState.HELD):
            raise NotHereNow
        row = _row(session, ArrivalWish, stay, version_seen)
        with undoing(session, actor, stay.house_id, events.WISHES_KEPT, *_standing(row)) as undo:
            row = row or _new(session, ArrivalWish, stay, actor, undo)
            row.stay_words, row.at, row.made_by = said, now, actor.ref
            row.if_gone = wished.if_gone
            row.gone_words = asked if wished.if_gone is IfGone.WORDS else None
        record(session, stay.house_id, events.WISHES_KEPT, subject=stay.id, actor=actor, at=now)
    return row


def keep_parting(
    actor: Actor,
    stay_id: uuid.UUID,
    *,
    people: str | None,
    places: str | None,
    texts: Reconfirmed | None = None,
    version_seen: int | None = None,
    now: datetime,
) -> PartingTalk:
    """They talked before leaving. What was said about texts is kept beside it, or nothing of it changes.

    Raises as `keep_wishes` does.
    """
    whom, where = _checked("people", people, LONGEST_WORDS), _checked("places", places, LONGEST_WORDS)
    with transaction() as session:
        stay = _named_stay(session, actor, stay_id)
        if stay.state not in (StayState.HERE, StayState.LEFT):
            raise NotHereNow
        guest = stay.guest
        assert guest is not None, "a stay with a name has a guest"
        row = _row(session, PartingTalk, stay, version_seen)
        touched = touched_by(session, guest, texts) if texts is not None else []
        with undoing(session, actor, stay.house_id, events.PARTING_TALKED, *_standing(row), *touched) as undo:
            row = row or _new(session, PartingTalk, stay, actor, undo)
            row.people, row.places, row.at, row.made_by = whom, where, now, actor.ref
            if texts is not None:
                undo.made.extend(reconfirm(session, actor, guest, texts, now))
        record(session, stay.house_id, events.PARTING_TALKED, subject=stay.id, actor=actor, at=now)
    return row


def asked_at_arrival(session: Session, actor: Actor, stay: Stay, here: Ground) -> list[Promise]:
    """Somebody leaves. Without a talk, what they asked for when they came becomes a promise, and nothing else does."""
    if stay.guest_id is None or _of(session, PartingTalk, stay.id) is not None:
        return []
    wish = _of(session, ArrivalWish, stay.id)
    if wish is None or wish.if_gone is None:
        return []
    tomorrow = by_day(here.tonight + ONE_DAY, here.house.timezone, here.rules.night_turns_at)
    if wish.if_gone == IfGone.WORDS:
        wanted = Wanted(words=wish.gone_words, subject=(GUEST, stay.guest_id), when=tomorrow)
    else:
        way = Way.CALL if wish.if_gone == IfGone.CALL else Way.TEXT
        wanted = Wanted(kind=Kind.CALLBACK, way=way, subject=(GUEST, stay.guest_id), when=tomorrow)
    return [give_inside(session, actor, stay.house_id, wanted, here.at)]


def wishes_of(session: Session, stay_id: uuid.UUID) -> ArrivalWish | None:
    return _of(session, ArrivalWish, stay_id)


def parting_of(session: Session, stay_id: uuid.UUID) -> PartingTalk | None:
    return _of(session, PartingTalk, stay_id)


def forget(session: Session, guest_id: uuid.UUID) -> None:
    """A guest is forgotten: what they said at both ends goes too."""
    for model in (ArrivalWish, PartingTalk):
        session.execute(sa.delete(model).where(model.guest_id == guest_id))


def _of(session: Session, model: type[Row], stay_id: uuid.UUID) -> Row | None:
    return session.scalar(sa.select(model).where(model.stay_id == stay_id))


def _named_stay(session: Session, actor: Actor, stay_id: uuid.UUID) -> Stay:
    stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS)
    if stay.guest_id is None:
        raise NamelessNotOffered(_("A stay without a name keeps no words. You can read this together all the same."))
    return stay


def _row(session: Session, model: type[Row], stay: Stay, version_seen: int | None) -> Row | None:
    row = _of(session, model, stay.id)
    if version_seen is not None and version_seen != (row.version if row is not None else 0):
        raise StaleVersion
    return row


def _standing(row: Row | None) -> list[Row]:
    return [] if row is None else [row]


def _new(session: Session, model: type[Row], stay: Stay, actor: Actor, undo: Any) -> Row:
    row = model(house_id=stay.house_id, guest_id=stay.guest_id, stay_id=stay.id, made_by=actor.ref, at=stay.saved_at)
    session.add(row)
    undo.made.append(row)
    return row


def _checked(name: str, words: str | None, most: int) -> str | None:
    text = (words or "").strip()
    if len(text) > most:
        raise Invalid(fields={name: _("Please keep this to %(most)s letters.", most=most)})
    return text or None
