"""Shifts for programs: who is on, by the house's days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint, version_seen
from respite.accounts.roles import May
from respite.core.api.fields import Choice, Day, Inside, Instant, Schema, Uuid, Whole
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Invalid
from respite.houses.access import for_house, for_row
from respite.houses.models import House
from respite.houses.policy.house_time import day_begins, local
from respite.staffing.models import Shift
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import OnShift, shift_by_id, shifts_between
from respite.staffing.service import offers

MOST_DAYS = 92
USUAL = timedelta(days=7)

Facts = dict[str, Any]

on_shift = for_row(Shift, "shift", May.SEE_SHIFTS)

api = ApiBlueprint("shifts", "Who is on, and who is on call")

WhichDays = Schema.from_dict(
    {
        "from": Day(metadata={"description": "The first day by the house's clock; today where it is not named."}),
        "to": Day(metadata={"description": "The day after the last; seven days later where it is not named."}),
    },
    name="WhichDays",
)


class PersonShown(Schema):
    id = Uuid(required=True)
    name = ma.fields.String(required=True)


class ShiftShown(Schema):
    id = Uuid(required=True)
    version = Whole(required=True)
    kind = Choice(list(ShiftKind), required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    person = Inside(PersonShown, required=True, allow_none=True, metadata={"description": "None: nobody has it yet."})


ShiftsShown = Schema.from_dict(
    {
        "house": ma.fields.String(required=True),
        "from": Day(required=True),
        "to": Day(required=True),
        "shifts": ma.fields.List(Inside(ShiftShown), required=True),
    },
    name="ShiftsShown",
)


@api.operation("GET", "/houses/<slug>/shifts", for_house(May.SEE_SHIFTS), asks=WhichDays, gives=ShiftsShown)
def list_shifts(asked: dict[str, Any], house: House) -> Facts:
    """Every shift that touches these days, open ones too."""
    first = asked["from"] or local(house_now(), house.timezone).date()
    until = asked["to"] or first + USUAL
    if until <= first:
        raise Invalid(fields={"to": _("This day must come after the first.")})
    if (until - first).days > MOST_DAYS:
        raise Invalid(fields={"to": _("Please ask for up to %(most)s days at a time.", most=MOST_DAYS)})
    found = shifts_between(db.session(), house.id, day_begins(first, house.timezone), day_begins(until, house.timezone))
    return {"house": house.slug, "from": first, "to": until, "shifts": [_facts(shift) for shift in found]}


ClaimAsked = Schema.from_dict(
    {"person_id": Uuid(required=True, metadata={"description": "Who takes it: somebody who works in the house."})},
    name="ClaimAsked",
)


@api.operation("POST", "/shifts/<uuid:shift_id>/claim", on_shift, takes=ClaimAsked, gives=ShiftShown)
def claim_shift(asked: dict[str, Any], shift: Shift) -> Facts:
    """Somebody takes an open shift. The first one whom it fits has it, and has it again when they ask again."""
    now, shift_id, seen = house_now(), shift.id, version_seen()
    took = offers.claim(acting(), shift_id, asked["person_id"], version_seen=seen, tells=True, now=now)
    if not took.yours:
        raise offers.refusal_of(took)
    found = shift_by_id(db.session(), shift_id)
    assert found is not None
    return _facts(found)


def _facts(shift: OnShift) -> Facts:
    return {
        "id": shift.shift_id,
        "version": shift.version,
        "kind": shift.kind,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "person": {"id": shift.person_id, "name": shift.name} if shift.person_id else None,
    }
