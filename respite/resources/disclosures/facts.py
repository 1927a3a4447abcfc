"""What a guest agreed may be told, and what was told, as they read it themselves."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_day, a_moment, one_of, tell, yes_or_no
from respite.houses.queries import names_of
from respite.resources.disclosures.models import Disclosure, DisclosureTold
from respite.resources.disclosures.policy import AgreedHow, How

HOW = {How.PHONE: _l("on the phone"), How.IN_PERSON: _l("face to face"), How.PAPER: _l("on paper")}
AGREED = {AgreedHow.PAGE: _l("on this page"), AgreedHow.HERE: _l("together, in the house")}


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _agreed(reading: Reading) -> Iterable[Disclosure]:
    mine = sa.select(Disclosure).where(Disclosure.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(Disclosure.written_at.desc(), Disclosure.id))


def _told(reading: Reading) -> Iterable[DisclosureTold]:
    mine = sa.select(DisclosureTold).where(DisclosureTold.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(DisclosureTold.at.desc(), DisclosureTold.id))


tell(
    About(
        Disclosure,
        _l("What you were asked whether others may be told"),
        _agreed,
        (
            Fact("recipient_sealed", _l("To whom")),
            Fact("purpose_sealed", _l("What for")),
            Fact("text_sealed", _l("The words")),
            Fact("until", _l("Until"), a_day),
            Fact("once", _l("Once only"), yes_or_no),
            Fact("written_at", _l("Written down"), a_moment),
            Fact("written_by", _l("Written down by"), _by),
            Fact("agreed_at", _l("You said yes"), a_moment),
            Fact("agreed_how", _l("How"), one_of(AGREED)),
            Fact("ended_at", _l("You said no, or no more"), a_moment),
        ),
        place=72,
    ),
    About(
        DisclosureTold,
        _l("What others were told"),
        _told,
        (
            Fact("recipient_sealed", _l("To whom")),
            Fact("text_sealed", _l("The words")),
            Fact("how", _l("How"), one_of(HOW)),
            Fact("at", _l("When it happened"), a_moment),
            Fact("told_at", _l("Written down"), a_moment),
            Fact("made_by", _l("Told by"), _by),
        ),
        place=73,
    ),
)
