"""The nights of a house for programs: which door is claimed when, and how many are free."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.api import ApiBlueprint
from respite.accounts.roles import May
from respite.core.api.fields import Choice, Day, Inside, Schema, Uuid, Whole
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Invalid
from respite.guests.models import Stay
from respite.guests.policy.stay_states import SAVED
from respite.houses.access import for_house
from respite.houses.models import Bed, BedNight, ClaimKind, House
from respite.houses.policy.house_time import nights_between
from respite.houses.queries import beds_of, rules_now, tonight

MOST_NIGHTS = 366
USUAL = timedelta(days=30)

Facts = dict[str, Any]

api = ApiBlueprint("nights", "Doors by nights")

WhichNights = Schema.from_dict(
    {
        "from": Day(metadata={"description": "The first night; tonight where it is not named."}),
        "until": Day(metadata={"description": "The day after the last; thirty nights on where it is not named."}),
    },
    name="WhichNights",
)


class ClaimShown(Schema):
    night = Day(required=True)
    kind = Choice(list(ClaimKind), required=True)
    stay_id = Uuid(required=True, allow_none=True)
    closure_id = Uuid(required=True, allow_none=True)


class BedNightsShown(Schema):
    id = Uuid(required=True)
    version = Whole(required=True)
    name = ma.fields.String(required=True)
    room = ma.fields.String(required=True)
    tags = ma.fields.List(ma.fields.String(), required=True)
    nights = ma.fields.List(Inside(ClaimShown), required=True, metadata={"description": "The nights that are claimed."})


class FreeShown(Schema):
    night = Day(required=True)
    count = Whole(required=True)


NightsShown = Schema.from_dict(
    {
        "house": ma.fields.String(required=True),
        "tonight": Day(required=True),
        "from": Day(required=True),
        "until": Day(required=True),
        "beds": ma.fields.List(Inside(BedNightsShown), required=True),
        "free": ma.fields.List(
            Inside(FreeShown), required=True, metadata={"description": "Doors that nobody has, night by night."}
        ),
    },
    name="NightsShown",
)


@api.operation("GET", "/houses/<slug>/beds", for_house(May.SEE_GUESTS), asks=WhichNights, gives=NightsShown)
def list_nights(asked: dict[str, Any], house: House) -> Facts:
    """Which nights of which door are claimed. A bed whose saved time is over is claimed no more."""
    now = house_now()
    night = tonight(house, rules_now(db.session(), house.id), now)
    first = asked["from"] or night
    until = asked["until"] or first + USUAL
    if until <= first:
        raise Invalid(fields={"until": _("This day must come after the first.")})
    if (until - first).days > MOST_NIGHTS:
        raise Invalid(fields={"until": _("Please ask for up to %(most)s nights at a time.", most=MOST_NIGHTS)})
    beds = beds_of(db.session(), house.id)
    claims = standing_claims(db.session(), house.id, first, until, now)
    mine = {bed.id: [claim for claim in claims if claim.bed_id == bed.id] for bed in beds}
    taken = Counter(claim.night for bed_claims in mine.values() for claim in bed_claims)
    return {
        "house": house.slug,
        "tonight": night,
        "from": first,
        "until": until,
        "beds": [_bed(bed, mine[bed.id]) for bed in beds],
        "free": [{"night": each, "count": len(beds) - taken[each]} for each in nights_between(first, until)],
    }


def standing_claims(
    session: Session, house_id: uuid.UUID, first: date, until: date, now: datetime
) -> Sequence[BedNight]:
    """Claims for nights from `first`, before `until`, that still count at `now`, by night."""
    over = sa.and_(
        BedNight.kind == ClaimKind.HELD,
        sa.exists().where(Stay.id == BedNight.claim_id, Stay.state.in_(SAVED), Stay.saved_until <= now),
    )
    return session.scalars(
        sa.select(BedNight)
        .where(BedNight.house_id == house_id, BedNight.night >= first, BedNight.night < until, sa.not_(over))
        .order_by(BedNight.night)
    ).all()


def _bed(bed: Bed, claims: Sequence[BedNight]) -> Facts:
    return {
        "id": bed.id,
        "version": bed.version,
        "name": bed.name,
        "room": bed.room.name,
        "tags": bed.tags,
        "nights": [_claim(claim) for claim in claims],
    }


def _claim(claim: BedNight) -> Facts:
    closed = claim.kind == ClaimKind.CLOSURE
    return {
        "night": claim.night,
        "kind": claim.kind,
        "stay_id": None if closed else claim.claim_id,
        "closure_id": claim.claim_id if closed else None,
    }
