"""Acts by chance on beds, beside a model of them: no night is ever had twice, and none gets lost.

With THOROUGH=4 they are ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.core.clock import StillClock
from respite.guests.service import saving
from respite.houses.service.opening import open_house
from respite.houses.service.rules import change_rules
from tests.booking_model import Walk
from tests.places import SUNDAY
from tests.thorough import times

STEPS = 2_500
WIDE_OPEN = {
    "longest_stay": 366, "return_kind": "none", "extensions_most": 20, "extension_nights": 60, "extension_by": "peer",
}  # fmt: skip


def _walk(actor_in: Callable[..., Actor], clock: StillClock, seed: int) -> Walk:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=4, now=SUNDAY)
    change_rules(COMMAND, house.id, WIDE_OPEN, number_seen=None, now=SUNDAY)
    return Walk(house, actor_in(house.id, Role.COORDINATOR), clock, seed)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(1, times(1) + 1))
def test_house_and_model_agree_after_every_step(
    app: Flask, actor_in: Callable[..., Actor], clock: StillClock, seed: int
) -> None:
    walk = _walk(actor_in, clock, seed)
    for _step in range(STEPS):
        walk.step()
    assert walk.steps == STEPS
    assert 0.1 * STEPS < walk.refusals < 0.9 * STEPS, "the walk meets both what is possible and what is not"
    assert list(broken_links()) == []


def test_the_walk_notices_when_a_saved_bed_claims_nothing(
    app: Flask, actor_in: Callable[..., Actor], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = _walk(actor_in, clock, 1)
    monkeypatch.setattr(saving, "claim", lambda *_arguments: None)
    with pytest.raises(AssertionError, match="the model alone"):
        for _step in range(100):
            walk.step()
