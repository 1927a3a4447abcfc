"""Whom a guest would not want to meet, as they read it themselves; of whoever is meant, nothing."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_day, a_moment, leave_out, tell
from respite.guests.models import ApartWish
from respite.houses.queries import names_of


def _by(ref: str, reading: Reading) -> str | None:
    if ref == f"guest:{reading.guest_id}":
        return str(_l("you"))
    return names_of(reading.session, [ref]).get(ref)


def _mine(reading: Reading) -> Iterable[ApartWish]:
    mine = sa.select(ApartWish).where(ApartWish.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(ApartWish.until))


tell(
    About(
        ApartWish,
        _l("Someone you would not want to meet here"),
        _mine,
        (
            Fact("other_name_sealed", _l("The name you said")),
            Fact("until", _l("Counts until"), a_day),
            Fact("at", _l("When you said it"), a_moment),
            Fact("made_by", _l("Written down by"), _by),
        ),
        place=85,
    ),
)
_WOULD_TELL = "would tell one guest of another, or that one of the two may be here; only coordinators decide on it"
leave_out(
    {
        "apart_wish.other_guest_id": "tells the guest who said it whether the house knows whom they mean, and that one "
        "that somebody would not want to meet them",
        **{
            f"yes_ask.{column}": _WOULD_TELL
            for column in ("name_sealed", "what", "first", "until", "asked_at", "answer", "answered_at", "note_sealed")
        },
    }
)
