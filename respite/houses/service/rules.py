"""House rules as versioned settings: a change is a new version, and old decisions keep theirs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import StaleVersion
from respite.houses.events import RULES_CHANGED
from respite.houses.models import HouseRules
from respite.houses.policy.rules import FIELDS, checked
from respite.houses.queries import rules_now

#: Called with (session, the new rules, now) in the transaction of the change; a feature with something due by a rule
#: adds what moves it.
rules_changed: list[Callable[[Session, HouseRules, datetime], None]] = []


def change_rules(
    actor: Actor, house_id: uuid.UUID, values: Mapping[str, Any], *, number_seen: int | None, now: datetime
) -> HouseRules:
    """Make the next version of the house's rules; the version in force where nothing differs.

    Raises Invalid by field, StaleVersion over a newer version.
    """
    wanted = checked(values)
    with transaction() as session:
        lock_house(session, actor, house_id, May.SET_RULES)
        current = rules_now(session, house_id)
        if number_seen is not None and number_seen != current.number:
            raise StaleVersion
        if all(getattr(current, name) == value for name, value in wanted.items()):
            return current
        changed = _next_version(session, current, wanted, actor, now)
        for follow in rules_changed:
            follow(session, changed, now)
        record(
            session,
            house_id,
            RULES_CHANGED,
            subject=changed.id,
            actor=actor,
            at=now,
            parts=("layout",),
            number=changed.number,
        )
    return changed


def _next_version(
    session: Session, current: HouseRules, wanted: Mapping[str, Any], actor: Actor, now: datetime
) -> HouseRules:
    values = {name: getattr(current, name) for name in FIELDS} | dict(wanted)
    rules = HouseRules(house_id=current.house_id, number=current.number + 1, made_at=now, made_by=actor.ref, **values)
    session.add(rules)
    session.flush()
    return rules
