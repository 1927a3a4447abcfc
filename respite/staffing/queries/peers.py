"""What is known of the peers of a house, and the house's own words for it."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.models import Membership, Person
from respite.accounts.roles import RIGHTS, May, Role
from respite.staffing.models import Peer, PeerWord
from respite.staffing.policy.peer_words import WordKind, word_shown


def peer_of(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> Peer | None:
    """None for somebody who has said nothing about themselves yet."""
    return session.scalar(sa.select(Peer).where(Peer.house_id == house_id, Peer.person_id == person_id))


def words_of(session: Session, house_id: uuid.UUID, kind: WordKind) -> list[PeerWord]:
    """The words of one of the house's lists, by how the reader's language says them."""
    found = session.scalars(
        sa.select(PeerWord).where(PeerWord.house_id == house_id, PeerWord.kind == kind, PeerWord.off_at.is_(None))
    )
    return sorted(found, key=lambda word: word_shown(kind, word.name).casefold())


def word_options(session: Session, house_id: uuid.UUID, kind: WordKind) -> list[tuple[uuid.UUID, str]]:
    """The words of a list as the reader's language says them, for a form."""
    return [(word.id, word_shown(kind, word.name)) for word in words_of(session, house_id, kind)]


def titles_of(session: Session, house_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """What each peer is called in the house, by person; nobody is in it who has no title."""
    rows = session.execute(
        sa.select(Peer.person_id, PeerWord.name)
        .join(PeerWord, PeerWord.id == Peer.title_id)
        .where(Peer.house_id == house_id, PeerWord.off_at.is_(None))
    )
    return {person_id: word_shown(WordKind.TITLE, name) for person_id, name in rows}


def shared_by(session: Session, house_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """What each of them chose to share with guests, in words; read afresh each time, so that it ends at once."""
    words = {word.id: word_shown(WordKind.SHARE, word.name) for word in words_of(session, house_id, WordKind.SHARE)}
    peers = session.scalars(sa.select(Peer).where(Peer.house_id == house_id, Peer.person_id.in_(list(people))))
    return {peer.person_id: sorted(words[each] for each in peer.shares if each in words) for peer in peers}


def belonging_to(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> tuple[Person, Membership] | None:
    """Somebody who belongs to the house, stepped back or not."""
    row = session.execute(
        sa.select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id == person_id,
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def colleagues_of(session: Session, house_id: uuid.UUID) -> list[tuple[Person, Membership, Peer | None]]:
    """Everybody who has shifts in the house or stepped back from them, by name."""
    roles = [role for role in Role if May.SEE_SHIFTS in RIGHTS[role]]
    rows = session.execute(
        sa.select(Person, Membership, Peer)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Peer, sa.and_(Peer.person_id == Person.id, Peer.house_id == Membership.house_id))
        .where(
            Membership.house_id == house_id,
            Membership.ended_at.is_(None),
            sa.func.coalesce(Membership.role_before, Membership.role).in_(roles),
            Person.deactivated_at.is_(None),
        )
        .order_by(sa.func.lower(Person.name), Person.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
