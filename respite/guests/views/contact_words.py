"""What kinds of contact, sources and reasons are called."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.guests.models import ContactKind, NoBed, Source
from respite.guests.service.sources import sources_of


def kind_words(kind: str) -> str:
    return {
        ContactKind.WARMLINE: _("A call to talk"),
        ContactKind.ASKS_TO_STAY: _("Asking for a stay"),
        ContactKind.FOR_ANOTHER: _("Calling for somebody else"),
        ContactKind.WALK_IN: _("At the door"),
        ContactKind.FIRST_RESPONDER: _("Brought by first responders"),
        ContactKind.TEXT: _("A text"),
    }[ContactKind(kind)]


def known_sources(session: Session, house_id: uuid.UUID) -> dict[str, tuple[str, bool]]:
    """What each answer of the house is called, and whether it can be chosen now."""
    return {line.mark: (line.words or source_words(line.mark), line.shown) for line in sources_of(session, house_id)}


def source_words(source: str) -> str:
    """What one of those that come with Respite is called."""
    return {
        Source.SELF: _("on their own"),
        Source.FAMILY: _("family or a friend"),
        Source.LINE: _("988 or another line"),
        Source.HOSPITAL: _("a hospital"),
        Source.POLICE_OR_FIRE: _("police or fire"),
        Source.SCHOOL: _("a school"),
        Source.OTHER: _("somebody else"),
    }[Source(source)]


def reason_words(reason: str) -> str:
    return {
        NoBed.NONE_FREE: _("No bed is free"),
        NoBed.NIGHTS: _("The nights rule"),
        NoBed.AREA: _("The area"),
        NoBed.AGE: _("The age"),
        NoBed.HOUSE_KIND: _("Whom the house is for"),
        NoBed.OTHER: _("Something else"),
    }[NoBed(reason)]


def reasons() -> list[tuple[str, str]]:
    return [(str(each), reason_words(each)) for each in NoBed]
