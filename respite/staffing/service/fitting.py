"""Whether somebody fits on a shift: the one judge of rules for a drag, a form, a swap, a claim and a published roster.

It judges by the rules of the shift's own day and by all that the person has around it, in this house and in others.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from respite.core.errors import NotFound
from respite.houses.models import House
from respite.staffing.queries.availability import workers_of
from respite.staffing.queries.places import place_of
from respite.staffing.roster import checking
from respite.staffing.roster.reasons import Reason, Rule
from respite.staffing.service.posing import pose_one

NOT_HERE = "not-here"  # the tag of an absence: they have no duty in this house, or stepped back


def against(
    session: Session,
    house: House,
    person_id: uuid.UUID,
    shift_id: uuid.UUID,
    now: datetime,
    *,
    instead_of: Collection[uuid.UUID] = (),
    drafts: bool | None = None,
) -> list[Reason]:
    """What speaks against giving a shift to somebody, with the shifts in `instead_of` taken from them. None: nothing.

    Days in the reasons count from the shift's own. What is published counts; for a shift that is not published, or
    with `drafts`, it is what the drafts have. Raises NotFound for a shift that the house does not have.
    """
    place = place_of(session, house, shift_id, drafts=True)
    if place is None:
        raise NotFound
    found = workers_of(session, house, only=[person_id])
    if place.ends_at <= now:
        return [Reason(Rule.FROZEN, str(person_id), 0, place.group)]
    if not found:
        return [Reason(Rule.AWAY, str(person_id), 0, place.group, tag=NOT_HERE)]
    in_drafts = not place.published if drafts is None else drafts
    posed = pose_one(session, house, found[0], place, drafts=in_drafts, instead_of=instead_of)
    return checking.against(posed.problem, posed.problem.locked, str(person_id), 0, place.group)
