"""What is known of the peers of a house, and the house's own words for it."""

from __future__ import annotations

import uuid
from functools import cached_property

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


class NamedWords:
    """The house's words for its peers, as the reader's language says them; read once, when first asked for."""

    def __init__(self, session: Session, house_id: uuid.UUID) -> None:
        self._session, self._house_id = session, house_id

    @cached_property
    def _words(self) -> dict[uuid.UUID, str]:
        found = self._session.scalars(
            sa.select(PeerWord).where(PeerWord.house_id == self._house_id, PeerWord.off_at.is_(None))
        )
        return {word.id: word_shown(WordKind(word.kind), word.name) for word in found}

    def title(self, peer: Peer | None) -> str | None:
        """What they are called in the house."""
        return self._words.get(peer.title_id) if peer and peer.title_id else None

    def shares(self, peer: Peer | None) -> list[str]:
        """What they chose to share with guests; whom else it is shown to, the caller asks."""
        return sorted(self._words[each] for each in peer.shares if each in self._words) if peer and peer.shares else []


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


def colleagues(house_id: uuid.UUID) -> sa.Select[Person, Membership, Peer]:
    """Everybody who has shifts in the house or stepped back from them, by name; no Peer: nothing said yet."""
    roles = [role for role in Role if May.SEE_SHIFTS in RIGHTS[role]]
    return (
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


def colleagues_of(session: Session, house_id: uuid.UUID) -> list[tuple[Person, Membership, Peer | None]]:
    return [(row[0], row[1], row[2]) for row in session.execute(colleagues(house_id))]
