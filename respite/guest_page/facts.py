"""What the page keeps of itself, as its guest reads it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, tell
from respite.guest_page.models import GuestLink
from respite.houses.queries import names_of


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _links(reading: Reading) -> Iterable[GuestLink]:
    mine = sa.select(GuestLink).where(GuestLink.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(GuestLink.made_at.desc()))


tell(
    About(
        GuestLink,
        _l("Links to this page"),
        _links,
        (
            Fact("made_at", _l("Made"), a_moment),
            Fact("made_by", _l("Given by"), _by),
            Fact("until", _l("Opens until"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
        ),
        place=200,
    ),
)
