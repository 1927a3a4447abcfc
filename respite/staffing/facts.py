"""What staffing keeps about a guest, as they read it themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.accounts.models import Person
from respite.core.facts import About, Fact, Reading, a_moment, leave_out, one_of, tell
from respite.houses.queries import names_of
from respite.staffing.models import ClinicalPage, CompanyWish
from respite.staffing.policy.company import How

COMPANY = {How.WITH: _l("you would like to sit with them"), How.NOT: _l("you would rather not")}
ASKED = {"yes": _l("yes, before"), "told": _l("you were told, since a life was at risk")}


def _name(person_id: uuid.UUID, reading: Reading) -> str | None:
    person = reading.session.get(Person, person_id)
    return person.name if person is not None else None


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _company(reading: Reading) -> Iterable[CompanyWish]:
    return reading.session.scalars(sa.select(CompanyWish).where(CompanyWish.guest_id == reading.guest_id))


def _pages(reading: Reading) -> Iterable[ClinicalPage]:
    mine = sa.select(ClinicalPage).where(ClinicalPage.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(ClinicalPage.asked_at.desc()))


tell(
    About(
        CompanyWish,
        _l("Whom you would like to sit with"),
        _company,
        (Fact("person_id", _l("Who"), _name), Fact("how", _l("What you said"), one_of(COMPANY))),
        place=80,
    ),
    About(
        ClinicalPage,
        _l("When somebody clinical was asked about you"),
        _pages,
        (
            Fact("guest_asked", _l("You were asked"), one_of(ASKED)),
            Fact("words_sealed", _l("The words that were passed on")),
            Fact("asked_by", _l("Who asked"), _by),
            Fact("asked_at", _l("When"), a_moment),
            Fact("acknowledged_by", _l("Who had it"), _name),
            Fact("acknowledged_at", _l("Since"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
        ),
        place=90,
    ),
)
leave_out({"peer.shares_sealed": "what somebody who works here shares of themselves"})
