"""Open shifts as pages show them: to who keeps the shifts, to whoever is on call, and to who could take one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.models import Person
from respite.accounts.roles import May
from respite.core.db import db
from respite.core.phones import shown as number_shown
from respite.core.times import moment_words
from respite.houses.models import House
from respite.houses.policy.house_time import ONE_DAY, day_begins, local
from respite.houses.queries import houses_of
from respite.staffing.models import Shift, ShiftOffer
from respite.staffing.policy.offers import Answer
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.offers import AskedPerson, OpenShift, numbers_of, offers_of_person, open_shifts
from respite.staffing.roster.reasons import Reason
from respite.staffing.service.asking import asleep, duty_of_shift
from respite.staffing.service.fitting import against
from respite.staffing.service.phoning import may_phone, to_phone
from respite.staffing.views.reason_words import reason_words
from respite.staffing.views.shown import hours_words, whole_day

NEAR, AHEAD = timedelta(weeks=2), timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody to phone."""

    person_id: uuid.UUID
    name: str
    number: str  # as it is read; empty: nobody here knows it
    link: str
    not_now: bool  # asked not to be asked at this hour


@dataclass(frozen=True, slots=True)
class Glad:
    """Somebody who would take it, and what speaks against it."""

    person_id: uuid.UUID
    name: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Opened:
    shift_id: uuid.UUID
    offer_id: uuid.UUID | None
    day: str
    hours: str
    on_call: bool
    state: list[str]
    asked: list[str]
    passed: list[str]
    glad: list[Glad]
    may_phone: bool
    phone: list[Called] | None  # none: not looked up
    may_take: bool
    reasons: list[str]  # why the reader cannot
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A shift on one's own page: to take or to pass, or one that was given back."""

    shift_id: uuid.UUID
    offer_id: uuid.UUID
    words: str
    house: str
    given_back: bool


def opened(
    session: Session, actor: Actor, house: House, now: datetime, *, far: bool = False, phone: str = ""
) -> tuple[list[Opened], int]:
    """The open shifts of two weeks and all that are on offer, and how many more come after; with `far`, all of them.

    `phone` is the id of an offer for which its list to phone is wanted.
    """
    keeps = actor.may(May.KEEP_SHIFTS, house.id)
    every = open_shifts(session, house.id, now, now + AHEAD)
    near = [each for each in every if far or each.offer is not None or each.shift.starts_at < now + NEAR]
    shown = [_opened(session, actor, house, each, now, keeps=keeps, phone=phone) for each in near]
    return shown, len(every) - len(near)


def _opened(
    session: Session, actor: Actor, house: House, each: OpenShift, now: datetime, *, keeps: bool, phone: str
) -> Opened:
    shift, offer = each.shift, each.offer
    phones = offer is not None and may_phone(session, actor, offer, now)
    wanted = phones and offer is not None and (offer.to_phone_at is not None or phone == str(offer.id))
    may_take, reasons = _for_me(session, actor, house, each, now)
    return Opened(
        shift_id=shift.id,
        offer_id=offer.id if offer else None,
        day=whole_day(local(shift.starts_at, house.timezone).date()),
        hours=hours_words(shift.starts_at, shift.ends_at, house),
        on_call=shift.kind == ShiftKind.ON_CALL,
        state=_state(each, house, now) if keeps or phones else [],
        asked=_names(each.asked, None) if keeps else [],
        passed=_names(each.asked, Answer.NO) if keeps else [],
        glad=list(_glad(session, house, shift, each.asked, now)) if keeps else [],
        may_phone=phones,
        phone=_phone(session, house, offer, now) if wanted and offer else None,
        may_take=may_take,
        reasons=reasons,
        next_at=each.next_at,
    )


def _state(each: OpenShift, house: House, now: datetime) -> list[str]:
    """Where an offer stands, in sentences."""
    offer = each.offer
    if offer is None:
        return [_("Nobody is asked for it.")]
    asked = sum(person.how == "text" for person in each.asked)
    said = [ngettext("%(num)s person was asked by text.", "%(num)s people were asked by text.", asked)]
    if offer.to_phone_at is not None:
        return [*said, _("Nobody took it. Please phone round.")]
    if each.next_at is None or each.next_at <= now:
        return [*said, _("The next are asked now.")]
    when = moment_words(each.next_at, house.timezone, now)
    if offer.all_asked_at is not None:
        return [*said, _("Everybody whom it fits was asked. Somebody phones round from %(when)s on.", when=when)]
    return [*said, _("The next are asked: %(when)s.", when=when)]


def _names(asked: Iterable[AskedPerson], answer: Answer | None) -> list[str]:
    return [each.name for each in asked if each.answer == answer and (answer is not None or each.how == "text")]


def _glad(session: Session, house: House, shift: Shift, asked: Iterable[AskedPerson], now: datetime) -> Iterable[Glad]:
    for each in asked:
        if each.answer == Answer.GLADLY:
            reasons = against(session, house, each.person_id, shift.id, now)
            yield Glad(each.person_id, each.name, _words(session, house, shift, reasons))


def _phone(session: Session, house: House, offer: ShiftOffer, now: datetime) -> list[Called]:
    people = to_phone(session, offer, now)
    numbers, resting = numbers_of(session, house.id, people), asleep(session, house, people, now)
    called = []
    for person_id in people:
        number = numbers.get(person_id, "")
        name = session.get_one(Person, person_id).name
        called.append(Called(person_id, name, number_shown(number) if number else "", number, person_id in resting))
    return called


def _for_me(session: Session, actor: Actor, house: House, each: OpenShift, now: datetime) -> tuple[bool, list[str]]:
    """Whether the reader can take it, and why not. While others are asked first, their turn comes."""
    offer = each.offer
    if offer is not None and all(person.person_id != actor.id for person in each.asked):
        duty = duty_of_shift(session, house, each.shift)
        if offer.wave <= duty.waves and offer.all_asked_at is None:
            return False, []
    reasons = against(session, house, actor.id, each.shift.id, now)
    return not reasons, _words(session, house, each.shift, reasons)


def _words(session: Session, house: House, shift: Shift, reasons: list[Reason]) -> list[str]:
    return reason_words(session, house, local(shift.starts_at, house.timezone).date(), reasons, named=False)


def look_again(found: list[Opened], house: House, now: datetime) -> datetime:
    """When the list looks different by itself: an offer's next step, or the day."""
    tomorrow = day_begins(local(now, house.timezone).date() + ONE_DAY, house.timezone)
    return min([tomorrow, *(each.next_at for each in found if each.next_at is not None and each.next_at > now)])


def asked_of_me(session: Session, actor: Actor, now: datetime) -> list[Asked]:
    """What stands open to somebody, of all their houses; for `staffing/_offers.html`."""
    houses = {house.id: house for house in houses_of(actor)}
    return [
        Asked(shift.id, offer.id, shift_words(shift, houses[offer.house_id]), houses[offer.house_id].name, back)
        for offer, shift, back in offers_of_person(session, actor.id, now)
        if offer.house_id in houses
    ]


def shift_words(shift: Shift, house: House | None = None) -> str:
    """ "Saturday 28 November, 4 pm to 10 pm"."""
    house = house or db.session.get_one(House, shift.house_id)
    day = whole_day(local(shift.starts_at, house.timezone).date())
    return _("%(day)s, %(hours)s", day=day, hours=hours_words(shift.starts_at, shift.ends_at, house))


__all__ = ["Asked", "Opened", "asked_of_me", "look_again", "opened", "shift_words"]
