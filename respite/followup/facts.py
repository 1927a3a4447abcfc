"""What a guest reads of what follows their stay: each step they chose, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell
from respite.followup.models import FollowUp
from respite.followup.words import CAME, STATES, WAYS, window_words


def _mine(reading: Reading) -> Iterable[FollowUp]:
    mine = sa.select(FollowUp).where(FollowUp.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(FollowUp.chosen_at.desc(), FollowUp.after))


tell(
    About(
        FollowUp,
        _l("What follows your stay"),
        _mine,
        (
            Fact("window", _l("When"), lambda window, _reading: window_words(window)),
            Fact("way", _l("How"), one_of(WAYS)),
            Fact("state", _l("How it stands"), one_of(STATES)),
            Fact("came", _l("Why nothing more comes"), one_of(CAME)),
            Fact("chosen_at", _l("Chosen"), a_moment),
            Fact("planned_at", _l("Planned for"), a_moment),
            Fact("asked_at", _l("We asked"), a_moment),
            Fact("reached_at", _l("It reached you"), a_moment),
            Fact("answered_at", _l("You answered"), a_moment),
        ),
        place=47,
    ),
)
