"""What a guest asked, as they read it themselves."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_day, a_moment, leave_out, one_of, tell
from respite.guests.models import AskKind, GuestAsk
from respite.houses.queries import names_of

KINDS = {
    AskKind.FORGET: _l("to be forgotten"),
    AskKind.REQUEST: _l("something you asked for"),
    AskKind.SUGGESTION: _l("an idea of yours"),
}


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _mine(reading: Reading) -> Iterable[GuestAsk]:
    mine = sa.select(GuestAsk).where(GuestAsk.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(GuestAsk.asked_at.desc()))


tell(
    About(
        GuestAsk,
        _l("What you asked the house"),
        _mine,
        (
            Fact("kind", _l("What"), one_of(KINDS)),
            Fact("words_sealed", _l("Your words")),
            Fact("asked_at", _l("When"), a_moment),
            Fact("answer_by", _l("You have an answer by"), a_day),
            Fact("answer_sealed", _l("The answer")),
            Fact("answered_by", _l("Answered by"), _by),
            Fact("answered_at", _l("Answered"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
        ),
        place=46,
    ),
)
leave_out(
    {"nameless_idea.words_sealed": "sent without a name and joined to nobody, so that nobody can say whose it is"}
)
