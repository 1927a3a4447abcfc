"""Answering one rule of the house with one tap; and telling somebody when their answer changes, if they like."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import CLOCK, Actor
from respite.accounts.rights import lock_house, locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.due import DueRow, set_due, take
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests import due_kinds
from respite.guests.models import Guest, RuleAnswer
from respite.guests.policy.bed_fit import LONGEST_AHEAD, TOLD_WITHIN, Says
from respite.guests.service.bed_fit import put_answer
from respite.guests.service.on_file import forget_later
from respite.guests.service.promised import GUEST
from respite.houses.bed_rules import bed_rules_now
from respite.houses.models import BedRule, House
from respite.houses.policy.bed_rules import RuleKind
from respite.houses.policy.house_time import local, night_turns
from respite.houses.queries import rules_now
from respite.promises.policy import Kind, Way, When, by_day
from respite.promises.service.acts import Wanted, give_inside
from respite.promises.service.ends import let_go_all, open_for


def answer_rule(
    actor: Actor,
    guest_id: uuid.UUID,
    number: int,
    says: Says,
    *,
    edition_seen: int | None = None,
    changes_on: date | None = None,
    now: datetime,
) -> RuleAnswer | None:
    """Yes, no or not asked. `changes_on` is the day on which somebody too young would like to be told that they can
    ask; it becomes a promise, one however many rules have that day, and keeps them on file until a while after.

    Raises NotFound, StaleVersion where the rule has a newer version, Invalid by field.
    """
    with transaction() as session:
        guest = locked_row(session, actor, Guest, guest_id, May.KEEP_BEDS)
        rule = _rule(session, guest.house_id, number)
        if edition_seen is not None and edition_seen != rule.edition:
            raise StaleVersion
        house, rules = session.get_one(House, guest.house_id), rules_now(session, guest.house_id)
        turns = rules.night_turns_at
        before = session.scalar(
            sa.select(RuleAnswer.changes_on).where(RuleAnswer.guest_id == guest.id, RuleAnswer.number == number)
        )
        if changes_on is not None:
            _must_be_a_day_to_come(rule, says, changes_on, local(now, house.timezone).date())
        row = put_answer(session, actor, guest, rule, says, now)
        others = {each.changes_on for each in _with_a_day(session, guest.id) if each.number != number}
        if before is not None and before != changes_on and before not in others:
            _let_go(session, guest, by_day(before, house.timezone, turns), actor, now)
        if changes_on is not None and row is not None:
            row.changes_on = changes_on
            if changes_on != before and changes_on not in others:
                _promise(session, guest, by_day(changes_on, house.timezone, turns), actor, now)
            session.flush()
            _let_go_later(session, guest.house_id, guest.id)
    return row


def keeps_on_file(session: Session, guest_id: uuid.UUID, now: datetime) -> bool:
    """Whether they wished to be told of a day that is still to come, or has just been."""
    latest = session.scalar(sa.select(sa.func.max(RuleAnswer.changes_on)).where(RuleAnswer.guest_id == guest_id))
    return latest is not None and latest + TOLD_WITHIN > now.date()


def run_out(row: DueRow, now: datetime) -> None:
    """They were told, or could not be: the day goes, and they with it where nothing else keeps them."""
    with transaction() as session:
        assert row.house_id is not None
        lock_house(session, CLOCK, row.house_id, May.KEEP_BEDS)
        if not take(session, row):
            return
        for answer in _with_a_day(session, row.subject):
            if _over(session, answer) <= now:
                session.delete(answer)
        session.flush()
        _let_go_later(session, row.house_id, row.subject)
        if session.get(Guest, row.subject) is not None:
            forget_later(session, row.house_id, row.subject, now)


def _let_go_later(session: Session, house_id: uuid.UUID, guest_id: uuid.UUID) -> None:
    """The earliest day wakes the clock; each goes in its own time, also where several rules have one."""
    over = [_over(session, answer) for answer in _with_a_day(session, guest_id)]
    if over:
        set_due(session, due_kinds.ANSWER_CHANGES, guest_id, min(over), house_id)


def _with_a_day(session: Session, guest_id: uuid.UUID) -> list[RuleAnswer]:
    found = sa.select(RuleAnswer).where(RuleAnswer.guest_id == guest_id, RuleAnswer.changes_on.is_not(None))
    return list(session.scalars(found))


def _over(session: Session, answer: RuleAnswer) -> datetime:
    """Until when they can be told."""
    assert answer.changes_on is not None
    house, rules = session.get_one(House, answer.house_id), rules_now(session, answer.house_id)
    return night_turns(answer.changes_on + TOLD_WITHIN, house.timezone, rules.night_turns_at)


def _rule(session: Session, house_id: uuid.UUID, number: int) -> BedRule:
    found = next((each for each in bed_rules_now(session, house_id) if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def _must_be_a_day_to_come(rule: BedRule, says: Says, day: date, today: date) -> None:
    if rule.kind != RuleKind.AGE or says != Says.NO:
        raise Invalid(fields={"changes_on": _("A day belongs to a no under the age rule.")})
    if not today < day <= today + LONGEST_AHEAD:
        raise Invalid(fields={"changes_on": _("Please give a day that is still to come.")})


def _promise(session: Session, guest: Guest, when: When, actor: Actor, now: datetime) -> None:
    way = Way.CALL if guest.phone is not None else Way.THEIRS
    give_inside(
        session, actor, guest.house_id, Wanted(kind=Kind.CALLBACK, way=way, subject=(GUEST, guest.id), when=when), now
    )


def _let_go(session: Session, guest: Guest, when: When, actor: Actor, now: datetime) -> None:
    """What was promised for the day that stood before."""
    theirs = open_for(session, guest.house_id, GUEST, guest.id)
    let_go_all(session, [each for each in theirs if each.due_at == when.due_at and each.by_day], actor, now)
