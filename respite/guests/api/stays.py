"""Stays for programs: saving a bed, welcoming, moving, more nights, leaving."""

from __future__ import annotations

from typing import Any

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint, version_seen
from respite.accounts.roles import May
from respite.audit.service import note_look
from respite.core.clock import house_now
from respite.guests.api.facts import stay_facts
from respite.guests.api.schemas import (
    ArrivalAsked,
    DepartureAsked,
    ExtensionAsked,
    HoldAsked,
    MoveAsked,
    StayShown,
    SwapAsked,
    SwapShown,
    WalkInAsked,
    companions_of,
    who_for_bed,
)
from respite.guests.models import Stay
from respite.guests.policy.stay_states import EndKind, WhoCalled
from respite.guests.service import arriving, leaving, moving, saving
from respite.guests.service.bed_fit import Fit
from respite.houses.access import for_house, for_row
from respite.houses.models import House

Asked = dict[str, Any]
Facts = dict[str, Any]

api = ApiBlueprint("stays", "From the saved bed to the day of leaving")

#: The guard of an act on a stay.
an_act = for_row(Stay, "stay", May.KEEP_BEDS)


@api.operation("POST", "/houses/<slug>/holds", for_house(May.KEEP_BEDS), takes=HoldAsked, gives=StayShown, status=201)
def save_a_bed(asked: Asked, house: House) -> Facts:
    """Save a bed for some nights, with a clock."""
    now = house_now()
    stay = saving.save_bed(
        acting(),
        house.id,
        who=who_for_bed(asked),
        nights=asked["nights"],
        bed_id=asked["bed_id"],
        first_night=asked["first_night"],
        minutes=asked["minutes"],
        coming=asked["coming"],
        companions=companions_of(asked),
        fit=Fit(all_the_same=asked["all_the_same"]),
        now=now,
    )
    return stay_facts(stay, now)


@api.operation(
    "POST", "/houses/<slug>/arrivals", for_house(May.KEEP_BEDS), takes=WalkInAsked, gives=StayShown, status=201
)
def welcome_at_the_door(asked: Asked, house: House) -> Facts:
    """Welcome somebody at the door, for whom nothing was saved."""
    now = house_now()
    stay = arriving.welcome_new(
        acting(),
        house.id,
        who=who_for_bed(asked),
        nights=asked["nights"],
        bed_id=asked["bed_id"],
        agreed=asked["agreed"],
        companions=companions_of(asked),
        fit=Fit(all_the_same=asked["all_the_same"]),
        at=asked["at"],
        now=now,
    )
    return stay_facts(stay, now)


@api.operation("GET", "/stays/<uuid:stay_id>", for_row(Stay, "stay", May.SEE_GUESTS), gives=StayShown)
def show_stay(stay: Stay) -> Facts:
    """A stay as it is now. Who looked is noted."""
    now = house_now()
    facts = stay_facts(stay, now)
    note_look(stay.house_id, acting(), stay.guest_id or stay.id, "stay", now)
    return facts


@api.operation("DELETE", "/stays/<uuid:stay_id>/hold", an_act, gives=StayShown)
def let_bed_go(stay: Stay) -> Facts:
    """The bed is free again before anybody came."""
    now = house_now()
    return stay_facts(saving.let_go(acting(), stay.id, version_seen=version_seen(), now=now), now)


@api.operation("POST", "/stays/<uuid:stay_id>/confirmation", an_act, gives=StayShown)
def confirm_stay(stay: Stay) -> Facts:
    """They are surely coming: the bed stays saved without a clock."""
    now = house_now()
    return stay_facts(saving.confirm(acting(), stay.id, version_seen=version_seen(), now=now), now)


@api.operation("POST", "/stays/<uuid:stay_id>/arrival", an_act, takes=ArrivalAsked, gives=StayShown)
def welcome_guest(asked: Asked, stay: Stay) -> Facts:
    """Somebody a bed was saved for is here."""
    now = house_now()
    welcomed = arriving.welcome(
        acting(),
        stay.id,
        bed_id=asked["bed_id"],
        agreed=asked["agreed"],
        at=asked["at"],
        version_seen=version_seen(),
        now=now,
    )
    return stay_facts(welcomed, now)


@api.operation("POST", "/stays/<uuid:stay_id>/move", an_act, takes=MoveAsked, gives=StayShown)
def move_stay(asked: Asked, stay: Stay) -> Facts:
    """Another door from tonight on."""
    now = house_now()
    return stay_facts(moving.move(acting(), stay.id, asked["bed_id"], version_seen=version_seen(), now=now), now)


@api.operation("POST", "/stays/<uuid:stay_id>/swap", an_act, takes=SwapAsked, gives=SwapShown)
def swap_stays(asked: Asked, stay: Stay) -> Facts:
    """Two guests change doors in one act."""
    now = house_now()
    both = moving.swap(
        acting(),
        stay.id,
        asked["stay_id"],
        version_seen=version_seen(),
        other_version_seen=asked["other_version"],
        now=now,
    )
    return {"stays": [stay_facts(each, now) for each in both]}


@api.operation("POST", "/stays/<uuid:stay_id>/extension", an_act, takes=ExtensionAsked, gives=StayShown)
def extend_stay(asked: Asked, stay: Stay) -> Facts:
    """More nights, as the house's extension rule has it."""
    now = house_now()
    return stay_facts(moving.extend(acting(), stay.id, asked["nights"], version_seen=version_seen(), now=now), now)


@api.operation("POST", "/stays/<uuid:stay_id>/departure", an_act, takes=DepartureAsked, gives=StayShown)
def end_stay(asked: Asked, stay: Stay) -> Facts:
    """A guest leaves; the door gets ready."""
    now = house_now()
    left = leaving.leave(
        acting(),
        stay.id,
        ending=leaving.Ending(
            kind=EndKind(asked["how"]) if asked["how"] else None,
            rule_number=asked["rule_number"] or None,
            how_to_ask_again=asked["how_to_ask_again"] or None,
            may_return_on=asked["may_return_on"],
            who_called=WhoCalled(asked["who_called"]) if asked["who_called"] else None,
            guest_chose=asked["guest_chose"],
        ),
        follow_up=asked["follow_up"],
        at=asked["at"],
        version_seen=version_seen(),
        now=now,
    )
    return stay_facts(left, now)
