"""Kind words, as the guest reads about them. The words themselves reach them as texts, and are told with those."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.accounts.models import Person
from respite.core.facts import About, Fact, Reading, a_moment, leave_out, one_of, tell, yes_or_no
from respite.followup.caring.models import CaringPlan, CaringText
from respite.followup.caring.shown import STATES, WHY_ENDED


def _plans(reading: Reading) -> Iterable[CaringPlan]:
    mine = sa.select(CaringPlan).where(CaringPlan.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(CaringPlan.began_at.desc(), CaringPlan.id))


def _texts(reading: Reading) -> Iterable[CaringText]:
    mine = sa.select(CaringText).where(CaringText.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(CaringText.due_at, CaringText.place))


def _name(person_id: uuid.UUID, reading: Reading) -> str | None:
    person = reading.session.get(Person, person_id)
    return person.name if person is not None else None


tell(
    About(
        CaringPlan,
        _l("A kind word now and then"),
        _plans,
        (
            Fact("writer_id", _l("Who writes"), _name),
            Fact("discreet", _l("Without your name and the house's"), yes_or_no),
            Fact("began_at", _l("Begun"), a_moment),
            Fact("ended_at", _l("Ended"), a_moment),
            Fact("ended_why", _l("Why it ended"), one_of(WHY_ENDED)),
        ),
        place=76,
    ),
    About(
        CaringText,
        _l("Kind words, one by one"),
        _texts,
        (
            Fact("due_at", _l("When it comes"), a_moment),
            Fact("state", _l("Where it stands"), one_of(STATES)),
            Fact("done_at", _l("Since"), a_moment),
        ),
        place=77,
    ),
)
leave_out(
    {"caring_text.words_sealed": "they come as a text, and stand with what was sent; until then they are a letter"}
)
