"""What the page keeps of itself, as its guest reads it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_moment, one_of, tell, yes_or_no
from respite.guest_page.models import GuestLink, PlanKind, PlanPart, PlanWord
from respite.houses.queries import names_of


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _links(reading: Reading) -> Iterable[GuestLink]:
    mine = sa.select(GuestLink).where(GuestLink.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(GuestLink.made_at.desc()))


KINDS = {
    PlanKind.HOPE: _l("what you hope for"),
    PlanKind.HELPS: _l("what helps you"),
    PlanKind.STEP: _l("a step"),
}


def _plan(reading: Reading) -> Iterable[PlanPart]:
    mine = sa.select(PlanPart).where(PlanPart.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(PlanPart.made_at, PlanPart.id))


def _plan_before(reading: Reading) -> Iterable[PlanWord]:
    mine = sa.select(PlanWord).where(PlanWord.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(PlanWord.until.desc(), PlanWord.id))


tell(
    About(
        PlanPart,
        _l("Your plan"),
        _plan,
        (
            Fact("kind", _l("What"), one_of(KINDS)),
            Fact("words_sealed", _l("Your words")),
            Fact("done_at", _l("Done"), a_moment),
            Fact("shared_at", _l("Shared with the house"), a_moment),
            Fact("made_at", _l("Written down"), a_moment),
        ),
        place=82,
    ),
    About(
        PlanWord,
        _l("How your plan read before"),
        _plan_before,
        (
            Fact("words_sealed", _l("It was")),
            Fact("until", _l("Until"), a_moment),
            Fact("shared", _l("It was shared then"), yes_or_no),
        ),
        place=84,
    ),
    About(
        GuestLink,
        _l("Links to this page"),
        _links,
        (
            Fact("made_at", _l("Made"), a_moment),
            Fact("made_by", _l("Given by"), _by),
            Fact("until", _l("Opens until"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
        ),
        place=200,
    ),
)
