"""Rules of duty as settings with a history: each set counts from a day on, and says who made it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import events
from respite.staffing.models import DutyRules
from respite.staffing.policy.duty import LIMITS, Duty, duty_of

LADDER = ("ask_peer_after", "ask_on_call_after", "ask_second_after", "ask_lead_after")


def set_duty(
    actor: Actor, house_id: uuid.UUID, values: Mapping[str, int], *, first_day: date, now: datetime
) -> DutyRules | None:
    """Have these rules count from a day on; None where they say nothing else than those of that day.

    Rules of the same day are replaced, since they had not counted longer than it. Raises Invalid by field.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        house = session.get_one(House, house_id)
        wrong = _wrong(values, house)
        if first_day < local(now, house.timezone).date():
            wrong["first_day"] = _("Days that are over stay as they were. Please choose today or later.")
        if wrong:
            raise Invalid(fields=wrong)
        standing = session.scalars(
            sa.select(DutyRules)
            .where(DutyRules.house_id == house_id, DutyRules.first_day <= first_day)
            .order_by(DutyRules.first_day.desc())
            .limit(1)
        ).first()
        before = dict(standing.choices) if standing is not None else {}
        usual = asdict(Duty())
        choices = {name: value for name, value in (before | dict(values)).items() if value != usual.get(name)}
        if duty_of(choices, house.has_chairs) == duty_of(before, house.has_chairs):
            return None
        if standing is None or standing.first_day != first_day:
            standing = DutyRules(house_id=house_id, first_day=first_day, made_at=now, made_by=actor.ref)
            session.add(standing)
        standing.choices, standing.made_at, standing.made_by = choices, now, actor.ref
        session.flush()
        record(
            session,
            house_id,
            events.DUTY_CHANGED,
            subject=standing.id,
            actor=actor,
            at=now,
            parts=("gaps",),
            first_day=first_day,
        )
    return standing


def _wrong(values: Mapping[str, int], house: House) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, value in values.items():
        least, most = LIMITS[name]
        if name == "floor_least" and house.has_chairs and value < 2:
            wrong[name] = _("In a living room nobody is alone: at least two people.")
        elif not least <= value <= most:
            wrong[name] = _("This must be a whole number from %(least)s to %(most)s.", least=least, most=most)
    known = [values[name] for name in LADDER if name in values]
    if known != sorted(known):
        wrong["ask_lead_after"] = _("Each of these comes later than the one before it.")
    return wrong
