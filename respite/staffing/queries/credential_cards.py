"""How far somebody has come with each credential and training of a house, and what is next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing.models import Credential, CredentialReminder, Shift, TimeTogether, Training
from respite.staffing.policy.credentials import (
    Done,
    Kind,
    Progress,
    RuleSet,
    Sort,
    may_take_exam,
    progress,
    window_opens,
    worked_long_enough,
)
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.policy.together import How
from respite.staffing.queries.credentials import (
    ONE_DAY,
    Held,
    Versions,
    as_done,
    credentials_of,
    holdings_of,
    trainings_of,
    versions_of,
)


class Stands(StrEnum):
    HELD = "held"
    UNDER_WAY = "under-way"
    RAN_OUT = "ran-out"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Card:
    """One credential or training of one person. Progress is none where the rules do not ask for that."""

    versions: Versions
    rules: RuleSet
    asked: bool  # the house asks for it today
    stands: Stands
    last_day: date | None  # through which it is held, or was; none: it does not run out, or was never held
    term: Credential | None  # the newest that is not ended
    terms: tuple[Credential, ...]
    entries: tuple[Training, ...]
    initial: Progress | None
    experience: Progress | None
    experience_since: bool  # over as many months as the rules ask
    supervision: Progress | None
    renewal: Progress | None
    exam_open: bool
    renewable_from: date | None
    reminded: tuple[CredentialReminder, ...]

    @property
    def minutes_left(self) -> int:
        """Of the hours on the way to it."""
        return sum(each.left for each in (self.initial, self.experience, self.supervision) if each is not None)


def cards_of(session: Session, house: House, person_id: uuid.UUID, now: datetime) -> list[Card]:
    """A card for all that the house asks for, and all that somebody has written down; by name."""
    today = local(now, house.timezone).date()
    terms, entries = credentials_of(session, house.id, [person_id]), trainings_of(session, house.id, [person_id])
    held = holdings_of(session, house.id, [person_id])[person_id]
    worked, together = _worked(session, house, person_id, now), _supervised(session, house.id, person_id)
    reminded = _reminded(session, [term.id for term in terms])
    theirs = {term.slug for term in terms} | {entry.slug for entry in entries}
    cards = [
        _card(
            versions,
            today,
            [term for term in terms if term.slug == versions.slug],
            [entry for entry in entries if entry.slug == versions.slug],
            [each for each in held if each.tag == versions.tag],
            worked,
            together,
            reminded,
        )
        for versions in versions_of(session, house.id).values()
        if versions.slug in theirs or versions.asked_on(today)
    ]
    return sorted(cards, key=lambda card: (card.versions.kind, card.versions.name.casefold(), card.versions.slug))


def stands_on(held: list[Held], today: date) -> tuple[bool, date | None]:
    """Whether somebody holds a tag today, and its last day where it runs out or ran out; terms that follow each other
    without a gap are one."""
    holds, end = False, None
    for each in sorted(held, key=lambda one: one.first or date.min):
        begun = each.first is None or each.first <= today
        follows = holds and end is not None and each.first is not None and each.first <= end
        if not begun and not follows:
            continue
        if each.until is None:
            return True, None
        holds = holds or each.until > today
        end = max(end, each.until) if end is not None else each.until
    return holds, end - ONE_DAY if end is not None else None


def _card(
    versions: Versions,
    today: date,
    terms: list[Credential],
    entries: list[Training],
    held: list[Held],
    worked: list[Done],
    together: list[Done],
    reminded: list[CredentialReminder],
) -> Card:
    rules = versions.on(today) or RuleSet()
    live = [term for term in terms if term.ended_on is None or term.ended_on > today]
    term = max(live, key=lambda each: (each.issued_on or date.max, each.made_at), default=None)
    holds, last_day = stands_on(held, today)
    given = term is not None and term.issued_on is not None
    learned = [as_done(entry) for entry in entries if entry.sort == Sort.LEARNING]
    work = [as_done(entry) for entry in entries if entry.sort == Sort.WORK] + worked
    since = term.issued_on if term is not None else None
    # The way to it is shown until it is walked; hours that completed a training once do not count for the next time.
    way = not given if versions.kind == Kind.CREDENTIAL else not holds or rules.valid_months is not None
    if versions.kind == Kind.TRAINING and held:
        learned = [each for each in learned if each.day > max(span.first or date.min for span in held)]
    return Card(
        versions=versions,
        rules=rules,
        asked=versions.asked_on(today),
        stands=_stands(holds, term, last_day, bool(entries)),
        last_day=last_day,
        term=term,
        terms=tuple(sorted(terms, key=lambda each: each.issued_on or date.max, reverse=True)),
        entries=tuple(entries),
        initial=progress(rules.initial, learned) if way and rules.initial.minutes else None,
        experience=Progress(rules.experience, sum(each.minutes for each in work), 0, ())
        if way and rules.experience
        else None,
        experience_since=worked_long_enough(rules, [each.day for each in work], today),
        supervision=progress(rules.supervision, together) if way and rules.supervision.minutes else None,
        renewal=progress(rules.renewal, [each for each in learned if since and each.day >= since])
        if given and rules.renewal.minutes
        else None,
        exam_open=bool(rules.exam) and may_take_exam(rules, learned, today),
        renewable_from=window_opens(rules, term.expires_on) if term is not None and given else None,
        reminded=tuple(each for each in reminded if term is not None and each.credential_id == term.id),
    )


def _stands(holds: bool, term: Credential | None, last_day: date | None, begun: bool) -> Stands:
    if holds:
        return Stands.HELD
    if last_day is not None:
        return Stands.RAN_OUT
    return Stands.UNDER_WAY if term is not None or begun else Stands.NOT_YET


def _worked(session: Session, house: House, person_id: uuid.UUID, now: datetime) -> list[Done]:
    """Shifts in this house that are over, as long as somebody was there."""
    rows = session.execute(
        sa.select(Shift.starts_at, Shift.ends_at, Shift.came_at, Shift.went_at).where(
            Shift.house_id == house.id,
            Shift.person_id == person_id,
            Shift.kind == ShiftKind.FLOOR,
            Shift.published_at.is_not(None),
            Shift.ends_at <= now,
        )
    )
    done = []
    for starts_at, ends_at, came_at, went_at in rows:
        begin, end = min(starts_at, came_at or starts_at), min(ends_at, went_at or ends_at)
        minutes = int((end - begin).total_seconds()) // 60
        if minutes > 0:
            done.append(Done(minutes, local(begin, house.timezone).date()))
    return done


def _supervised(session: Session, house_id: uuid.UUID, person_id: uuid.UUID) -> list[Done]:
    rows = session.execute(
        sa.select(TimeTogether.minutes, TimeTogether.day, TimeTogether.kind).where(
            TimeTogether.house_id == house_id,
            TimeTogether.person_id == person_id,
            TimeTogether.kind.in_([How.INDIVIDUAL, How.GROUP]),
        )
    )
    return [Done(minutes, day, in_group=kind == How.GROUP) for minutes, day, kind in rows]


def _reminded(session: Session, credentials: list[uuid.UUID]) -> list[CredentialReminder]:
    found = session.scalars(
        sa.select(CredentialReminder)
        .where(CredentialReminder.credential_id.in_(credentials))
        .order_by(CredentialReminder.at)
    )
    return list(found)
