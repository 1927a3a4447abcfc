"""What the house's rules say of those who ask for a bed, for many at once; and that a no is not passed by unseen."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.audit.service import record
from respite.guests import events
from respite.guests.errors import RuleSaysNo
from respite.guests.models import Guest, RuleAnswer, Stay, Waiting
from respite.guests.policy.bed_fit import Answered, Judged, Says, judged_by_nights, judged_by_rules, noes
from respite.guests.policy.return_rule import nights_answer
from respite.guests.policy.stay_states import StayState
from respite.guests.service.bed_fit_words import no_words
from respite.guests.service.ground import Ground, nights_used_of
from respite.houses.bed_rules import bed_rules_now
from respite.houses.models import BedRule
from respite.houses.policy.house_time import local


@dataclass(frozen=True, slots=True)
class Fit:
    """What a form brings along: answers by the rule's number, and that one goes on over a no."""

    answers: Mapping[int, Says] = field(default_factory=dict)
    all_the_same: bool = False


NOTHING_SAID = Fit()


def judged_of(session: Session, here: Ground, guest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Judged]]:
    """Each rule of the house, the nights rule first, for each of these guests; in as many questions as for one."""
    used = nights_used_of(session, guest_ids, here.at)
    rules = bed_rules_now(session, here.house.id)
    answers = _answers_of(session, guest_ids) if rules else {}
    today = local(here.at, here.house.timezone).date()
    return {
        guest_id: [
            judged_by_nights(here.rules.number, nights_answer(here.tonight, used[guest_id], here.nights_rule)),
            *judged_by_rules(rules, answers.get(guest_id, ()), today),
        ]
        for guest_id in guest_ids
    }


def must_suit_house(session: Session, actor: Actor, guest: Guest | None, here: Ground, fit: Fit, now: datetime) -> None:
    """What was answered just now is kept, and a no is either said so, or gone past in so many words.

    The nights rule has its own refusal. Raises RuleSaysNo.
    """
    rules = bed_rules_now(session, here.house.id)
    if not rules:
        return
    if guest is None:
        said = [Answered(rule.number, rule.edition, fit.answers[rule.number]) for rule in _asked(rules, fit)]
    else:
        for rule in _asked(rules, fit):
            put_answer(session, actor, guest, rule, fit.answers[rule.number], now)
        said = _answers_of(session, [guest.id]).get(guest.id, [])
    against = noes(judged_by_rules(rules, said, local(here.at, here.house.timezone).date()))
    if against and not fit.all_the_same:
        raise RuleSaysNo(no_words(against))
    for each in against:
        record(
            session,
            here.house.id,
            events.RULE_GONE_PAST,
            subject=guest.id if guest is not None else here.house.id,
            actor=actor,
            at=now,
            number=each.number,
            edition=each.edition,
        )


def put_answer(
    session: Session, actor: Actor, guest: Guest, rule: BedRule, says: Says, now: datetime
) -> RuleAnswer | None:
    """One answer in the place of the one before; not asked leaves none. Behind the house's lock."""
    row = session.scalar(sa.select(RuleAnswer).where(RuleAnswer.guest_id == guest.id, RuleAnswer.number == rule.number))
    if says == Says.NOT_ASKED:
        if row is not None:
            session.delete(row)
            session.flush()
        row = None
    else:
        if row is None:
            row = RuleAnswer(house_id=guest.house_id, guest_id=guest.id, number=rule.number)
            session.add(row)
        row.edition, row.answer, row.changes_on, row.at, row.made_by = rule.edition, says, None, now, actor.ref
        session.flush()
    record(
        session,
        guest.house_id,
        events.RULE_ANSWERED,
        subject=guest.id,
        actor=actor,
        at=now,
        parts=("waiting",),
        number=rule.number,
        edition=rule.edition,
        says=says,
    )
    return row


def forget(session: Session, guest_id: uuid.UUID) -> None:
    session.execute(sa.delete(RuleAnswer).where(RuleAnswer.guest_id == guest_id))


def _asked(rules: list[BedRule], fit: Fit) -> list[BedRule]:
    return [rule for rule in rules if fit.answers.get(rule.number, Says.NOT_ASKED) != Says.NOT_ASKED]


def _answers_of(session: Session, guest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Answered]]:
    """What was answered since their last stay or place on the list ended: whoever comes back is asked anew."""
    left = sa.select(Stay.guest_id, Stay.left_at.label("at")).where(
        Stay.guest_id.in_(guest_ids), Stay.state == StayState.LEFT
    )
    waited = sa.select(Waiting.guest_id, Waiting.ended_at.label("at")).where(
        Waiting.guest_id.in_(guest_ids), Waiting.ended_at.is_not(None), Waiting.ended_how != "saved"
    )
    ended = sa.union_all(left, waited).subquery()
    last = sa.select(ended.c.guest_id, sa.func.max(ended.c.at).label("at")).group_by(ended.c.guest_id).subquery()
    rows = session.scalars(
        sa.select(RuleAnswer)
        .outerjoin(last, last.c.guest_id == RuleAnswer.guest_id)
        .where(RuleAnswer.guest_id.in_(guest_ids), sa.or_(last.c.at.is_(None), RuleAnswer.at > last.c.at))
    )
    found: dict[uuid.UUID, list[Answered]] = {}
    for row in rows:
        answered = Answered(row.number, row.edition, Says(row.answer), row.changes_on)
        found.setdefault(row.guest_id, []).append(answered)
    return found
