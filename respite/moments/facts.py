"""A guest's own account of a hard moment, as they read it; of the facts, which name nobody, nothing."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, leave_out, one_of, tell
from respite.houses.queries import names_of
from respite.moments.models import MomentAccount
from respite.moments.policy import Way


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _mine(reading: Reading) -> Iterable[MomentAccount]:
    mine = sa.select(MomentAccount).where(MomentAccount.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(MomentAccount.at.desc(), MomentAccount.id))


WAYS = {Way.TOGETHER: _l("told to a peer"), Way.PAGE: _l("on this page")}

tell(
    About(
        MomentAccount,
        _l("How it was for you in a hard moment"),
        _mine,
        (
            Fact("at", _l("The moment"), a_moment),
            Fact("words_sealed", _l("Your words")),
            Fact("way", _l("How"), one_of(WAYS)),
            Fact("made_at", _l("Asked or written down"), a_moment),
            Fact("made_by", _l("Asked or written down by"), _by),
            Fact("finished_at", _l("You were done"), a_moment),
        ),
        place=88,
    ),
)
_NOBODYS = "tied to no guest, whose names are asked to be left out; the house's own book of what happened"
leave_out(
    {
        "hard_moment.title_sealed": _NOBODYS,
        "moment_fact.words_sealed": _NOBODYS,
        "moment_fact_earlier.words_sealed": _NOBODYS,
    }
)
