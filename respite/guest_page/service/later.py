"""A guest chooses on their own page what follows their stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.followup.policy.steps import Way
from respite.followup.service.choosing import choose_inside
from respite.followup.shown import stay_followed
from respite.guest_page.errors import NumberUnheard, StoppedNumber
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own import own_record
from respite.messaging.errors import NoContactWanted, NumberOptedOut, NumberUnusable


def choose_later(page: Page, ways: Mapping[str, Way], says_yes: bool, *, now: datetime) -> None:
    """Item by item. Raises Invalid by field, NumberUnheard, StoppedNumber, NoNumberToCall; NotFound where nothing
    follows a stay of theirs."""
    with transaction() as session:
        guest = own_record(session, page, now)
        stay = stay_followed(session, guest.id, now)
        if stay is None:
            raise NotFound
        if Way.TEXT in ways.values() and guest.heard_phone is None:
            raise NumberUnheard
        try:
            choose_inside(session, guest, stay, ways, page.actor, now, says_yes=says_yes)
        except (NumberOptedOut, NumberUnusable, NoContactWanted) as refusal:
            raise StoppedNumber from refusal
