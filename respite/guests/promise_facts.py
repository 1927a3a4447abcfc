"""What was promised to a guest, as they read it themselves; told here, since promises knows no guest and no list."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.accounts.models import Person
from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell, yes_or_no
from respite.guests.models import Waiting
from respite.houses.queries import names_of
from respite.promises.models import Promise
from respite.promises.policy import Kind, Outcome, State, Way

KINDS = {
    Kind.CALLBACK: _l("we hear each other"),
    Kind.LEFT_BEHIND: _l("something you left here"),
    Kind.HELP: _l("help with something"),
    Kind.OTHER: _l("something else"),
}
WAYS = {Way.CALL: _l("a call"), Way.TEXT: _l("a text"), Way.THEIRS: _l("you call us")}
STATES = {State.OPEN: _l("open"), State.KEPT: _l("kept"), State.LET_GO: _l("let go")}
OUTCOMES = {Outcome.REACHED: _l("we reached each other"), Outcome.NO_ANSWER: _l("nobody answered")}


def _name(person_id: uuid.UUID, reading: Reading) -> str | None:
    person = reading.session.get(Person, person_id)
    return person.name if person is not None else None


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _to_me(reading: Reading) -> Iterable[Promise]:
    waits = sa.select(Waiting.id).where(Waiting.guest_id == reading.guest_id)
    for_me = sa.or_(Promise.subject_id == reading.guest_id, Promise.subject_id.in_(waits))
    mine = sa.select(Promise).where(Promise.house_id == reading.house_id, for_me)
    return reading.session.scalars(mine.order_by(Promise.made_at.desc()))


tell(
    About(
        Promise,
        _l("What we said we would do for you"),
        _to_me,
        (
            Fact("kind", _l("What"), one_of(KINDS)),
            Fact("words_sealed", _l("The words")),
            Fact("way", _l("How"), one_of(WAYS)),
            Fact("due_at", _l("By when"), a_moment),
            Fact("by_day", _l("Some time on that day"), yes_or_no),
            Fact("owner_id", _l("Who does it"), _name),
            Fact("made_by", _l("Written down by"), _by),
            Fact("state", _l("How it stands"), one_of(STATES)),
            Fact("outcome", _l("What came of it"), one_of(OUTCOMES)),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("word_sealed", _l("A word to you about it")),
        ),
        place=45,
    ),
)
