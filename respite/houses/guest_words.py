"""What a house says to those who stay: the welcome, its rule about the police, what a guest can count on.

Each has shipped words in both languages, which stand until the house writes its own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.languages import language_read
from respite.houses.models import GuestWords

TOPICS = ("welcome", "police", "rights")


@dataclass(frozen=True, slots=True)
class ToGuests:
    """The words in the reader's language; what a guest can count on is a list."""

    welcome: str
    police: str
    rights: tuple[str, ...]


def words_to_guests(session: Session, house_id: uuid.UUID) -> ToGuests:
    own = own_words(session, house_id)
    language = language_read()
    said = {topic: (getattr(own, f"{topic}_{language}", "") if own else "") or shipped(topic) for topic in TOPICS}
    rights = tuple(line.strip() for line in said["rights"].splitlines() if line.strip())
    return ToGuests(said["welcome"], said["police"], rights)


def own_words(session: Session, house_id: uuid.UUID) -> GuestWords | None:
    return session.scalar(sa.select(GuestWords).where(GuestWords.house_id == house_id))


def shipped(topic: str) -> str:
    """The words that every house begins with."""
    if topic == "welcome":
        return _(
            "It is good that you came. This is a home, and for these days it is your home too. "
            "You can rest, eat, talk, or be alone. Nothing here is a must. You can go out and come back."
        )
    if topic == "police":
        return _(
            "We ask you before we call an ambulance or the police. Only if a life is in danger "
            "and we cannot ask you, we call at once. Then we tell you that we did, and why."
        )
    return "\n".join(
        (
            _("You chose to come, and you can leave when you want."),
            _("You can say no to any question. Nothing changes if you do."),
            _("You can read all that is kept about you, and have it changed."),
            _("Your things stay with you."),
            _("We tell nobody that you are here unless you ask us to."),
            _("If something is not right, you can tell one of us, or somebody outside."),
        )
    )
