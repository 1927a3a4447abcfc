"""Living room visits for programs: a chair, minutes, no nights."""

from __future__ import annotations

from typing import Any

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint, version_seen
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.guests.api.facts import stay_facts, visit_facts
from respite.guests.api.schemas import (
    GoingOnAsked,
    StayShown,
    VisitAsked,
    VisitEndAsked,
    VisitShown,
    who_of,
)
from respite.guests.models import Visit
from respite.guests.service import visits
from respite.guests.service.bed_fit import Fit
from respite.houses.access import for_house, for_row
from respite.houses.models import House

Asked = dict[str, Any]
Facts = dict[str, Any]

api = ApiBlueprint("visits", "The living room")

an_act = for_row(Visit, "visit", May.KEEP_BEDS)


@api.operation(
    "POST", "/houses/<slug>/visits", for_house(May.KEEP_BEDS), takes=VisitAsked, gives=VisitShown, status=201
)
def begin_visit(asked: Asked, house: House) -> Facts:
    """Somebody comes to the living room. Any free chair where none is named."""
    now = house_now()
    visit = visits.begin_visit(
        acting(), house.id, who=who_of(asked), chair_id=asked["chair_id"], at=asked["at"], now=now
    )
    return visit_facts(visit, now)


@api.operation("POST", "/visits/<uuid:visit_id>/departure", an_act, takes=VisitEndAsked, gives=VisitShown)
def end_visit(asked: Asked, visit: Visit) -> Facts:
    """A visitor goes."""
    now = house_now()
    return visit_facts(visits.end_visit(acting(), visit.id, at=asked["at"], version_seen=version_seen(), now=now), now)


@api.operation("POST", "/visits/<uuid:visit_id>/stay", an_act, takes=GoingOnAsked, gives=StayShown, status=201)
def go_on_to_bed(asked: Asked, visit: Visit) -> Facts:
    """From the chair to a bed in one act."""
    now = house_now()
    stay = visits.go_on_to_bed(
        acting(),
        visit.id,
        nights=asked["nights"],
        who=who_of(asked),
        bed_id=asked["bed_id"],
        fit=Fit(all_the_same=asked["all_the_same"]),
        version_seen=version_seen(),
        now=now,
    )
    return stay_facts(stay, now)
