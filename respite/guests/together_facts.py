"""What a guest said when they came and when they left, as they read it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell
from respite.guests.models import ArrivalWish, PartingTalk
from respite.guests.policy.together import IfGone
from respite.houses.queries import names_of

IF_GONE = {
    IfGone.CALL: _l("we call you"),
    IfGone.TEXT: _l("we text you"),
    IfGone.WORDS: _l("what you said"),
}


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _mine(model: Any) -> Any:
    def rows(reading: Reading) -> Iterable[Any]:
        mine = sa.select(model).where(model.guest_id == reading.guest_id)
        return reading.session.scalars(mine.order_by(model.at.desc()))

    return rows


_WRITTEN = (Fact("made_by", _l("Written down by"), _by), Fact("at", _l("When"), a_moment))

tell(
    About(
        ArrivalWish,
        _l("What you would like here"),
        _mine(ArrivalWish),
        (
            Fact("stay_words_sealed", _l("Your words")),
            Fact("if_gone", _l("If you leave without a talk"), one_of(IF_GONE)),
            Fact("gone_words_sealed", _l("What you would like then")),
            *_WRITTEN,
        ),
        place=42,
    ),
    About(
        PartingTalk,
        _l("Your talk before leaving"),
        _mine(PartingTalk),
        (
            Fact("people_sealed", _l("People you want to be in touch with")),
            Fact("places_sealed", _l("Places and things you want to be in touch with")),
            *_WRITTEN,
        ),
        place=43,
    ),
)
