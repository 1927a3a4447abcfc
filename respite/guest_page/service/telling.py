"""A guest tells that something went wrong, with their name or without."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor, person_in
from respite.concerns.service import Told, take_back_inside, tell_inside
from respite.core.db import transaction
from respite.guest_page.service.opening import Page
from respite.guest_page.service.own_act import acting_guest


def tell(actor: Actor, told: Told, *, named: bool, now: datetime) -> str:
    """Returns the code that follows it, for one without a name. Raises Invalid by field."""
    with transaction() as session:
        guest = acting_guest(session, actor, now)
        return tell_inside(session, guest.house_id, guest.id if named else None, told, now)


def take_back(page: Page, concern_id: uuid.UUID, *, now: datetime) -> None:
    """Raises NotFound for what their page does not show."""
    with transaction() as session:
        guest = acting_guest(session, page.actor, now)
        take_back_inside(session, guest.id, concern_id, person_in(page.given_by), now)
