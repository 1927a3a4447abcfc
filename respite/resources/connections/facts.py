"""What was offered to a guest and what was said about it, as they read it themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell
from respite.houses.queries import names_of
from respite.resources.connections.models import Connection, ConnectionStep
from respite.resources.connections.words import CATEGORIES, STATES, WHOSE, WHY
from respite.resources.models import Service


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _service(service_id: uuid.UUID, reading: Reading) -> str | None:
    return reading.session.scalar(sa.select(Service.name).where(Service.id == service_id))


def _offered(reading: Reading) -> Iterable[Connection]:
    mine = sa.select(Connection).where(Connection.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(Connection.offered_at.desc(), Connection.id))


def _said(reading: Reading) -> Iterable[ConnectionStep]:
    mine = sa.select(ConnectionStep).join(Connection).where(Connection.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(ConnectionStep.at.desc(), ConnectionStep.number.desc()))


tell(
    About(
        Connection,
        _l("Places and people you were told of"),
        _offered,
        (
            Fact("service_id", _l("What"), _service),
            Fact("place_sealed", _l("What, in written words")),
            Fact("category", _l("What it is about"), one_of(CATEGORIES)),
            Fact("state", _l("How it stands"), one_of(STATES)),
            Fact("offered_at", _l("Offered"), a_moment),
        ),
        place=70,
    ),
    About(
        ConnectionStep,
        _l("What was said about them"),
        _said,
        (
            Fact("state", _l("What"), one_of(STATES)),
            Fact("who", _l("Who said so"), one_of(WHOSE)),
            Fact("at", _l("When it happened"), a_moment),
            Fact("told_at", _l("Written down"), a_moment),
            Fact("made_by", _l("Written down by"), _by),
            Fact("why", _l("Why it was no fit"), one_of(WHY)),
            Fact("words_sealed", _l("In your words")),
        ),
        place=71,
    ),
)
