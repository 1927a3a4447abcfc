"""What stood there before, as its guest reads it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell
from respite.guests.models import EarlierWord
from respite.guests.models.earlier import Was
from respite.houses.queries import names_of

WAS = {
    Was.NAME: _l("name"),
    Was.PRONOUNS: _l("pronouns"),
    Was.PHONE: _l("phone"),
    Was.LANGUAGE: _l("language"),
    Was.HOURS: _l("hours for texts"),
    Was.SIGN_OFF: _l("how texts are signed"),
}


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _mine(reading: Reading) -> Iterable[EarlierWord]:
    theirs = sa.select(EarlierWord).where(EarlierWord.guest_id == reading.guest_id)
    return reading.session.scalars(theirs.order_by(EarlierWord.until.desc(), EarlierWord.id))


tell(
    About(
        EarlierWord,
        _l("How it was before"),
        _mine,
        (
            Fact("what", _l("What"), one_of(WAS)),
            Fact("words_sealed", _l("It was")),
            Fact("until", _l("Until"), a_moment),
            Fact("changed_by", _l("Changed by"), _by),
        ),
        place=15,
    ),
)
