"""Who comes along: by kind and number, as the house's rule per kind allows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.guests import events
from respite.guests.errors import CompanionsNotTaken, NotHereNow
from respite.guests.models import Companion, CompanionKind, Stay
from respite.guests.policy.stay_states import StayState
from respite.guests.service.ground import door
from respite.guests.service.undo import undoing
from respite.houses.models import HouseRules
from respite.houses.queries import rules_now

MOST_OF_A_KIND = 9


def checked_companions(rules: HouseRules, wanted: Mapping[str, int], stay_id: uuid.UUID) -> list[Companion]:
    """The rows for those who come along. Raises Invalid, or CompanionsNotTaken where the house's rule says no."""
    rule_of = {
        CompanionKind.CHILD: rules.child,
        CompanionKind.SUPPORT_PERSON: rules.support_person,
        CompanionKind.ANIMAL: rules.animal,
    }
    rows: list[Companion] = []
    for kind, number in wanted.items():
        if kind not in set(CompanionKind) or not 0 <= number <= MOST_OF_A_KIND:
            raise Invalid(fields={"companions": _("Please give a number from 0 to 9 for each kind of companion.")})
        if number == 0:
            continue
        if rule_of[CompanionKind(kind)] == "no":
            raise CompanionsNotTaken
        rows.append(Companion(stay_id=stay_id, kind=kind, number=number))
    return rows


def change_companions(
    actor: Actor, stay_id: uuid.UUID, wanted: Mapping[str, int], *, version_seen: int | None = None, now: datetime
) -> Stay:
    """Say anew who came along."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_BEDS, version_seen)
        if stay.state not in (StayState.HELD, StayState.HERE):
            raise NotHereNow
        rows = checked_companions(rules_now(session, stay.house_id), wanted, stay.id)
        with undoing(session, actor, stay.house_id, events.COMPANIONS_CHANGED, stay) as undo:
            undo.parts = door(stay.bed_id)
            stay.companions.clear()
            session.flush()
            stay.companions.extend(rows)
            # The companions are rows of their own; the stay moves on too, so that two editors meet.
            flag_modified(stay, "extensions")
        counts: dict[str, Any] = {row.kind.replace("-", "_"): row.number for row in rows}
        record(
            session,
            stay.house_id,
            events.COMPANIONS_CHANGED,
            subject=stay.id,
            actor=actor,
            at=now,
            parts=door(stay.bed_id),
            **counts,
        )
    return stay
