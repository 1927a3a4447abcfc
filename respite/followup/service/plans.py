"""A house decides what follows a stay. Each decision is a new version; who chose from an older one keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid, StaleVersion
from respite.followup import events
from respite.followup.models import FollowUpPlan
from respite.followup.policy.steps import A_DAY, LONGEST, MOST_STEPS, SHORTEST, Step, as_stored
from respite.followup.queries import plan_now


def change_plan(
    actor: Actor, house_id: uuid.UUID, steps: Sequence[Step], *, number_seen: int | None = None, now: datetime
) -> int:
    """Decide the house's plan; returns its number, the standing one where nothing differs. Raises Invalid by field
    (`after-0` is the first step's), StaleVersion."""
    wanted = tuple(sorted(steps, key=lambda step: step.after))
    _check(steps)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        standing = plan_now(session, house_id)
        if number_seen is not None and number_seen != standing.number:
            raise StaleVersion
        if wanted == standing.steps:
            return standing.number
        row = FollowUpPlan(
            house_id=house_id, number=standing.number + 1, steps=as_stored(wanted), made_at=now, made_by=actor.ref
        )
        session.add(row)
        session.flush()
        record(session, house_id, events.PLAN_CHANGED, subject=row.id, actor=actor, at=now, number=row.number)
    return row.number


def _check(steps: Sequence[Step]) -> None:
    wrong: dict[str, str] = {}
    seen: set[int] = set()
    for place, step in enumerate(steps):
        if not SHORTEST <= step.after <= LONGEST:
            wrong[f"after-{place}"] = _(
                "Please choose a time from %(least)s hours to %(most)s days.", least=SHORTEST, most=LONGEST // A_DAY
            )
        elif step.after in seen:
            wrong[f"after-{place}"] = _("There is one at that time already.")
        seen.add(step.after)
    if len(steps) > MOST_STEPS:
        wrong["steps"] = _("A plan has up to %(most)s steps.", most=MOST_STEPS)
    if wrong:
        raise Invalid(fields=wrong)
