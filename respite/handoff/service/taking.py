"""Taking the handoff: by name, one tap for everybody who is there, before the shift or after its begin."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import lock_house, people_who_may
from respite.accounts.roles import May
from respite.audit.service import record
from respite.core.db import transaction
from respite.handoff import events
from respite.handoff.errors import GivenMeanwhile, NobodyTakes
from respite.handoff.models import Handoff, HandoffTaken
from respite.handoff.policy import How
from respite.handoff.queries import standing, version_now
from respite.handoff.service.calling import settled
from respite.handoff.service.entries import PARTS
from respite.handoff.service.giving import drafted


def take(
    actor: Actor,
    house_id: uuid.UUID,
    people: Collection[uuid.UUID],
    *,
    last_seen: uuid.UUID | None,
    waited: bool = False,
    now: datetime,
) -> Handoff:
    """These people have what waits, and all that waited before it. Nobody gave one: they take the draft as it stands.

    `last_seen` is the newest handoff on their page, and `waited` whether it waited there: taken by others since then,
    these are added to it. Raises NobodyTakes, GivenMeanwhile where another one was given since.
    """
    with transaction() as session:
        lock_house(session, actor, house_id, May.KEEP_BEDS)
        known = {person.id for person in people_who_may(session, house_id, May.KEEP_BEDS)}
        if not people or not set(people) <= known:
            raise NobodyTakes
        stands = standing(session, house_id, now)
        if (stands.last.id if stands.last else None) != last_seen:
            raise GivenMeanwhile
        newest = stands.last if stands.waiting or waited else None
        if newest is None:
            newest = drafted(session, house_id, last_seen, now)
            session.flush()
        for handoff in stands.waiting or (newest,):
            _taken(session, actor, handoff, people, How.PAGE, now)
    return newest


def take_again(actor: Actor, handoff_id: uuid.UUID, people: Collection[uuid.UUID], *, now: datetime) -> Handoff:
    """Others have a handoff that was taken already. Raises NobodyTakes."""
    with transaction() as session:
        found = session.get(Handoff, handoff_id)
        if found is None:
            raise NobodyTakes
        lock_house(session, actor, found.house_id, May.KEEP_BEDS)
        known = {person.id for person in people_who_may(session, found.house_id, May.KEEP_BEDS)}
        if not people or not set(people) <= known:
            raise NobodyTakes
        _taken(session, actor, found, people, How.PAGE, now)
    return found


def taken_by_text(session: Session, actor: Actor, handoff: Handoff, person_id: uuid.UUID, now: datetime) -> None:
    """ "Got it" from the phone of whoever is on call: this one, and all that waited before it."""
    stands = standing(session, handoff.house_id, now)
    before = [each for each in stands.waiting if each.log_until <= handoff.log_until and each.id != handoff.id]
    for each in (*before, handoff):
        _taken(session, actor, each, (person_id,), How.TEXT, now)


def _taken(
    session: Session, actor: Actor, handoff: Handoff, people: Collection[uuid.UUID], how: How, now: datetime
) -> None:
    had = {each.person_id for each in handoff.taken}
    new = [person_id for person_id in dict.fromkeys(people) if person_id not in had]
    seen = version_now(session, handoff.house_id)
    for person_id in new:
        handoff.taken.append(HandoffTaken(person_id=person_id, at=now, how=how, log_seen=seen))
    handoff.taken_at = handoff.taken_at or now
    # How those before were doing was for whoever takes it from them, and for nobody else.
    handoff.feelings, handoff.would_talk = None, None
    session.flush()
    settled(session, handoff, now)
    record(
        session, handoff.house_id, events.TAKEN, subject=handoff.id, actor=actor, at=now, parts=PARTS,
        people=len(new), given=handoff.given_by is not None,
    )  # fmt: skip
