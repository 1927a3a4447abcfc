"""kill -9 between the commit and its announcement: the wall heals within one pulse of the new server."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from respite.accounts.actor import COMMAND
from respite.core.clock import machine_now
from respite.core.db import db
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.queries import beds_of
from tests.browser.companions import Companion
from tests.browser.conftest import Place
from tests.browser.test_a_day import door, hangs_a_wall, sits_at_the_desk, wall_shows


def test_a_change_nobody_announced_is_seen_within_a_pulse(place: Place, companion: Callable[..., Companion]) -> None:
    desk = sits_at_the_desk(companion())
    wall = hangs_a_wall(companion(width=1920, height=1080), desk)
    wall_shows(wall, "Sage", "free")
    # The server is dead when the change is committed, so nobody lives to announce it.
    place.server.kill()
    house_id = uuid.UUID(str(place.house_id))
    bed = next(bed for bed in beds_of(db.session(), house_id) if bed.name == "Sage")
    save_bed(COMMAND, house_id, who=Named("Jo"), nights=2, bed_id=bed.id, now=machine_now())
    db.session.remove()
    place.server.start()
    expect(door(wall, "Sage")).to_have_attribute("data-state", "saved", timeout=45_000)
