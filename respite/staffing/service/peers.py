"""What peers say of themselves in a house: how they are known, what they share, what they would like."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor, ActorKind
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.staffing import events
from respite.staffing.models import Peer
from respite.staffing.policy.peer_words import WordKind
from respite.staffing.queries.peers import belonging_to, peer_of, words_of


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody would like to be put on. None: not said, so the house's rule counts."""

    wanted_minutes: int | None
    most_nights_in_a_row: int | None
    least_rest_minutes: int | None
    no_nights_until: date | None
    on_call_willing: bool
    asked_from: time
    asked_until: time


def keep_known(
    actor: Actor,
    house_id: uuid.UUID,
    *,
    title_id: uuid.UUID | None,
    pronouns: str | None,
    languages: list[str],
    version_seen: int | None = None,
    now: datetime,
) -> Peer:
    """How one is known in the house. Raises StaleVersion, Invalid by field."""
    with transaction() as session:
        peer = own_row(session, actor, house_id, version_seen, now)
        _put_title(session, peer, title_id)
        peer.pronouns, peer.languages = pronouns, languages
        _changed(session, peer, actor, now)
    return peer


def keep_shares(
    actor: Actor,
    house_id: uuid.UUID,
    words: Collection[uuid.UUID],
    *,
    with_colleagues: bool,
    version_seen: int | None = None,
    now: datetime,
) -> Peer:
    """What one shares of one's own experience from now on; the log says only that something about them changed."""
    with transaction() as session:
        peer = own_row(session, actor, house_id, version_seen, now)
        known = {word.id for word in words_of(session, house_id, WordKind.SHARE)}
        if not set(words) <= known:
            raise Invalid(fields={"shares": _("Please choose among the answers shown.")})
        peer.shares = sorted(set(words), key=str)
        peer.shares_with_colleagues = with_colleagues and bool(words)
        _changed(session, peer, actor, now)
    return peer


def keep_wishes(
    actor: Actor, house_id: uuid.UUID, wishes: Wishes, *, version_seen: int | None = None, now: datetime
) -> Peer:
    """How one would like to be put on. Raises StaleVersion."""
    with transaction() as session:
        peer = own_row(session, actor, house_id, version_seen, now)
        peer.wanted_minutes, peer.most_nights_in_a_row = wishes.wanted_minutes, wishes.most_nights_in_a_row
        peer.least_rest_minutes, peer.no_nights_until = wishes.least_rest_minutes, wishes.no_nights_until
        peer.on_call_willing = wishes.on_call_willing
        peer.asked_from, peer.asked_until = wishes.asked_from, wishes.asked_until
        _changed(session, peer, actor, now)
    return peer


def keep_contract(
    actor: Actor,
    house_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    title_id: uuid.UUID | None,
    most_minutes: int | None,
    version_seen: int | None = None,
    now: datetime,
) -> Peer:
    """What the house says of a peer: their title, and the most minutes a week. Raises NotFound, StaleVersion."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_SHIFTS)
        peer = row_of(session, house_id, person_id, now)
        _must_be(peer, version_seen)
        _put_title(session, peer, title_id)
        peer.most_minutes = most_minutes
        _changed(session, peer, actor, now)
    return peer


def own_row(session: Session, actor: Actor, house_id: uuid.UUID, version_seen: int | None, now: datetime) -> Peer:
    """One's own row in a house, behind its lock; made where there is none. Raises NotFound, StaleVersion."""
    lock_house(session, actor, house_id, May.KEEP_OWN)
    if actor.kind != ActorKind.PERSON:
        raise NotFound
    peer = row_of(session, house_id, actor.id, now)
    _must_be(peer, version_seen)
    return peer


def row_of(session: Session, house_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> Peer:
    """What is known of somebody who belongs to the house; the caller holds its lock. Raises NotFound."""
    if belonging_to(session, house_id, person_id) is None:
        raise NotFound
    peer = peer_of(session, house_id, person_id)
    if peer is None:
        peer = Peer(house_id=house_id, person_id=person_id, made_at=now)
        session.add(peer)
        session.flush()
    return peer


def _must_be(peer: Peer, version_seen: int | None) -> None:
    if version_seen is not None and peer.version != version_seen:
        raise StaleVersion


def _put_title(session: Session, peer: Peer, title_id: uuid.UUID | None) -> None:
    if title_id is not None and title_id not in {word.id for word in words_of(session, peer.house_id, WordKind.TITLE)}:
        raise Invalid(fields={"title": _("Please choose one of the answers shown.")})
    peer.title_id = title_id


def _changed(session: Session, peer: Peer, actor: Actor, now: datetime) -> None:
    session.flush()
    record(
        session,
        peer.house_id,
        events.PEER_CHANGED,
        subject=peer.person_id,
        actor=actor,
        at=now,
        parts=("people",),
    )
