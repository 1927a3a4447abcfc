"""What kinds of contact, sources and reasons are called."""

from __future__ import annotations

from flask_babel import gettext as _

from respite.guests.models import ContactKind, NoBed, Source


def kind_words(kind: str) -> str:
    return {
        ContactKind.WARMLINE: _("A call to talk"),
        ContactKind.ASKS_TO_STAY: _("Asking for a stay"),
        ContactKind.FOR_ANOTHER: _("Calling for somebody else"),
        ContactKind.WALK_IN: _("At the door"),
        ContactKind.FIRST_RESPONDER: _("Brought by first responders"),
        ContactKind.TEXT: _("A text"),
    }[ContactKind(kind)]


def source_words(source: str) -> str:
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
