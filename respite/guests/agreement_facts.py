"""Which agreements a guest read, as they read it themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell
from respite.guests.agreement_queries import TITLES
from respite.guests.models import AgreementRead, AgreementText, ReadHow, ReadWay, Topic
from respite.houses.queries import names_of

HOW = {ReadHow.READ: _l("you read it"), ReadHow.AGREED: _l("you agreed")}
WAYS = {ReadWay.OWN_PAGE: _l("on your page"), ReadWay.TOGETHER: _l("read together with one of us")}


def _which(text_id: uuid.UUID, reading: Reading) -> str | None:
    text = reading.session.get(AgreementText, text_id)
    if text is None:
        return None
    return _("%(title)s, version %(number)s", title=TITLES[Topic(text.topic)], number=text.number)


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _mine(reading: Reading) -> Iterable[AgreementRead]:
    mine = sa.select(AgreementRead).where(AgreementRead.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(AgreementRead.at.desc()))


tell(
    About(
        AgreementRead,
        _l("What you read and agreed to"),
        _mine,
        (
            Fact("text_id", _l("What"), _which),
            Fact("how", _l("What you said"), one_of(HOW)),
            Fact("way", _l("How"), one_of(WAYS)),
            Fact("at", _l("When"), a_moment),
            Fact("made_by", _l("Written down by"), _by),
        ),
        place=25,
    ),
)
