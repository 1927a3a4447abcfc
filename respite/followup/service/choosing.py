"""Choosing item by item: on the guest's own page, or said to somebody of the house."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.rights import locked_row
from respite.accounts.roles import May
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.followup.errors import NoNumberToCall
from respite.followup.models import FollowUp
from respite.followup.policy.steps import Way, covers
from respite.followup.service.planning import choose
from respite.guests.models import Guest, Stay
from respite.guests.service.texting import as_correspondent
from respite.messaging.purposes import Purpose
from respite.messaging.service.consent import Method, yes
from respite.messaging.service.correspondents import consents_of

FIELD = "way-"


def choose_for(
    actor: Actor, stay_id: uuid.UUID, ways: Mapping[str, Way], *, version_seen: int | None = None, now: datetime
) -> list[FollowUp]:
    """What a guest said to somebody of the house, by window. Raises Invalid by field: a text needs a yes."""
    with transaction() as session:
        stay = locked_row(session, actor, Stay, stay_id, May.KEEP_TEXTS, version_seen)
        if stay.guest is None:
            raise Invalid(_("A stay without a name is followed by nothing."))
        return choose_inside(session, stay.guest, stay, ways, actor, now)


def choose_inside(
    session: Session,
    guest: Guest,
    stay: Stay,
    ways: Mapping[str, Way],
    actor: Actor,
    now: datetime,
    *,
    says_yes: bool = False,
) -> list[FollowUp]:
    """`choose_for` behind the house's lock. `says_yes`: they say yes to such texts now, on their own page."""
    texts = [window for window, way in ways.items() if way == Way.TEXT]
    if any(way == Way.CALL for way in ways.values()) and guest.phone is None:
        raise NoNumberToCall
    changed = choose(session, guest, stay, ways, actor, now)  # before the yes, which alone would plan each step
    if says_yes and texts and guest.heard_phone is not None:
        yes(
            session,
            actor,
            as_correspondent(session, guest, now),
            Purpose.FOLLOW_UP,
            guest.heard_phone,
            Method.WEB,
            now,
        )
    given = [each for each in consents_of(session, guest.house_id, guest.id) if each.purpose == Purpose.FOLLOW_UP]
    wrong: dict[str, str] = {}
    for window in texts:
        if not any(covers(each.wording, _hours(window)) for each in given):
            wrong[FIELD + window] = _("A text needs their yes to such texts first.")
    if wrong:
        raise Invalid(fields=wrong)
    return changed


def _hours(window: str) -> int:
    return int(window[1:]) * (24 if window[0] == "d" else 1)
