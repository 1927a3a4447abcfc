"""Rules about whom the house can offer a bed. Each change is a new version; answers keep the one they were given to."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.houses import events
from respite.houses.models import BedRule
from respite.houses.policy.bed_rules import NIGHTS_NUMBER, RuleWords, wrong_in


def add_bed_rule(actor: Actor, house_id: uuid.UUID, wanted: RuleWords, *, now: datetime) -> BedRule:
    """A new rule, with the next number. Raises Invalid by field."""
    _check(wanted)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        last = session.scalar(sa.select(sa.func.max(BedRule.number)).where(BedRule.house_id == house_id))
        return _put(session, actor, house_id, (last or NIGHTS_NUMBER) + 1, 1, wanted, now)


def change_bed_rule(
    actor: Actor,
    house_id: uuid.UUID,
    number: int,
    wanted: RuleWords,
    *,
    edition_seen: int | None = None,
    now: datetime,
) -> BedRule:
    """The next version of a rule, or one that was taken away brought back. What differs in nothing stays the version.

    Raises NotFound, StaleVersion over a newer version, Invalid by field.
    """
    _check(wanted)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        newest = _newest(session, house_id, number, edition_seen)
        if newest.ended_at is None:
            if all(getattr(newest, name) == value for name, value in asdict(wanted).items()):
                return newest
            newest.ended_at = now
        return _put(session, actor, house_id, number, newest.edition + 1, wanted, now)


def end_bed_rule(
    actor: Actor, house_id: uuid.UUID, number: int, *, edition_seen: int | None = None, now: datetime
) -> BedRule:
    """The house has this rule no more. Its number is not given again."""
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        rule = _newest(session, house_id, number, edition_seen)
        if rule.ended_at is None:
            rule.ended_at = now
            record(
                session,
                house_id,
                events.BED_RULE_ENDED,
                subject=rule.id,
                actor=actor,
                at=now,
                parts=(),
                number=number,
                edition=rule.edition,
            )
    return rule


def _newest(session: Session, house_id: uuid.UUID, number: int, edition_seen: int | None) -> BedRule:
    found = session.scalar(
        sa.select(BedRule)
        .where(BedRule.house_id == house_id, BedRule.number == number)
        .order_by(BedRule.edition.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    if edition_seen is not None and edition_seen != found.edition:
        raise StaleVersion
    return found


def _put(
    session: Session,
    actor: Actor,
    house_id: uuid.UUID,
    number: int,
    edition: int,
    wanted: RuleWords,
    now: datetime,
) -> BedRule:
    rule = BedRule(house_id=house_id, number=number, edition=edition, made_at=now, made_by=actor.ref, **asdict(wanted))
    session.add(rule)
    session.flush()
    record(
        session,
        house_id,
        events.BED_RULE_CHANGED,
        subject=rule.id,
        actor=actor,
        at=now,
        parts=(),
        number=number,
        edition=edition,
    )
    return rule


def _check(wanted: RuleWords) -> None:
    if wrong := wrong_in(wanted):
        raise Invalid(fields=wrong)
