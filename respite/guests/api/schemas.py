"""What the API takes and gives about stays and visits."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from respite.core.api.fields import Choice, Day, Flag, Inside, Instant, Schema, Text, Uuid, Whole
from respite.core.errors import Invalid
from respite.guests.models import CompanionKind
from respite.guests.policy.stay_states import EndKind, StayState, WhoCalled
from respite.guests.service.companions import MOST_OF_A_KIND
from respite.guests.service.people import LONGEST_NAME, Known, Named, Nameless, Who
from respite.guests.service.saving import MOST_MINUTES

MOST_NIGHTS = 366


class GuestAsked(Schema):
    """A chosen name, and as little else as the guest likes."""

    name = Text(most=LONGEST_NAME, required=True)
    phone = Text(most=30)
    pronouns = Text(most=30)


class CompanionsAsked(Schema):
    """How many of each kind come along; never who."""

    child = Whole(most=MOST_OF_A_KIND, load_default=0)
    support_person = Whole(most=MOST_OF_A_KIND, load_default=0)
    animal = Whole(most=MOST_OF_A_KIND, load_default=0)


class WhoAsked(Schema):
    """A new guest, one the house knows, or nobody's name."""

    guest = Inside(GuestAsked)
    guest_id = Uuid()
    nameless = Flag(load_default=False)


class OverRulesAsked(WhoAsked):
    """Somebody for whom a bed is asked, also where a rule of the house says no."""

    all_the_same = Flag(
        load_default=False,
        metadata={"description": "Gone on with over a rule of the house that was answered with no. The log keeps it."},
    )


class BedAsked(OverRulesAsked):
    companions = Inside(CompanionsAsked)


class HoldAsked(BedAsked):
    """A bed to save. Any free bed, and tonight, where they are not named."""

    nights = Whole(least=1, most=MOST_NIGHTS, required=True)
    bed_id = Uuid()
    first_night = Day()
    minutes = Whole(
        least=1, most=MOST_MINUTES, metadata={"description": "How long it stays saved; the house's usual time else."}
    )
    coming = Text(most=120, metadata={"description": "By bus about 4."})


class WalkInAsked(BedAsked):
    """Somebody at the door. No nights: a bed for today only."""

    nights = Whole(most=MOST_NIGHTS, required=True)
    bed_id = Uuid()
    agreed = Flag(load_default=False, metadata={"description": "The agreement was read together."})
    at = Instant(metadata={"description": "When it happened, where that was earlier."})


class ArrivalAsked(Schema):
    """They are here; another door may be named."""

    bed_id = Uuid()
    agreed = Flag(load_default=False, metadata={"description": "The agreement was read together."})
    at = Instant(metadata={"description": "When it happened, where that was earlier."})


class MoveAsked(Schema):
    bed_id = Uuid(required=True)


class SwapAsked(Schema):
    stay_id = Uuid(required=True, metadata={"description": "The other stay."})
    other_version = Whole(least=1)


class ExtensionAsked(Schema):
    nights = Whole(least=1, most=MOST_NIGHTS, required=True)


class DepartureAsked(Schema):
    """How a stay ended; as planned or sooner where nothing is said. The guest reads all of it."""

    follow_up = Flag(metadata={"description": "Whether the guest wants to hear from the house later."})
    how = Choice(list(EndKind))
    rule_number = Text(most=10)
    how_to_ask_again = Text(most=400, lines=True)
    may_return_on = Day()
    who_called = Choice(list(WhoCalled))
    guest_chose = Flag()
    at = Instant(metadata={"description": "When it happened, where that was earlier."})


class VisitAsked(WhoAsked):
    """Somebody in a chair; a name is theirs to give."""

    chair_id = Uuid()
    at = Instant(metadata={"description": "When it happened, where that was earlier."})


class VisitEndAsked(Schema):
    at = Instant(metadata={"description": "When it happened, where that was earlier."})


class GoingOnAsked(OverRulesAsked):
    """From the chair to a bed in one act."""

    nights = Whole(least=1, most=MOST_NIGHTS, required=True)
    bed_id = Uuid()


class NightShown(Schema):
    bed_id = Uuid(required=True)
    night = Day(required=True)


class StayShown(Schema):
    id = Uuid(required=True)
    version = Whole(required=True)
    house = ma.fields.String(required=True, metadata={"description": "The house's slug."})
    state = Choice(list(StayState), required=True)
    guest_id = Uuid(required=True, allow_none=True)
    guest_label = ma.fields.String(required=True, allow_none=True)
    bed_id = Uuid(required=True, allow_none=True)
    first_night = Day(required=True)
    until = Day(required=True, metadata={"description": "The day of leaving."})
    nights = Whole(required=True, metadata={"description": "How many, from first_night to until."})
    claims = ma.fields.List(Inside(NightShown), required=True, metadata={"description": "The nights claimed on beds."})
    extensions = Whole(required=True)
    hold_expires_at = Instant(required=True, allow_none=True)
    confirmed_at = Instant(required=True, allow_none=True)
    arrived_at = Instant(required=True, allow_none=True)
    left_at = Instant(required=True, allow_none=True)
    how = Choice(list(EndKind), required=True, allow_none=True)
    follow_up = Flag(required=True, allow_none=True)


class SwapShown(Schema):
    stays = ma.fields.List(Inside(StayShown), required=True)


class VisitShown(Schema):
    id = Uuid(required=True)
    version = Whole(required=True)
    house = ma.fields.String(required=True)
    chair_id = Uuid(required=True)
    guest_id = Uuid(required=True, allow_none=True)
    guest_label = ma.fields.String(required=True, allow_none=True)
    arrived_at = Instant(required=True)
    left_at = Instant(required=True, allow_none=True)
    minutes = Whole(required=True)
    went_to_stay_id = Uuid(required=True, allow_none=True)


def who_of(asked: dict[str, Any]) -> Who | None:
    """Who it is for; none where nothing was said. Raises Invalid where more than one answer came."""
    guest, guest_id, nameless = asked["guest"], asked["guest_id"], asked["nameless"]
    if (guest is not None) + (guest_id is not None) + nameless > 1:
        raise Invalid(fields={"guest": _("Please send one of guest, guest_id or nameless.")})
    if guest is not None:
        return Named(guest["name"], guest["phone"] or None, guest["pronouns"] or None)
    if guest_id is not None:
        return Known(guest_id)
    return Nameless() if nameless else None


def who_for_bed(asked: dict[str, Any]) -> Who:
    """As `who_of`, and somebody must be named, or said to have no name."""
    who = who_of(asked)
    if who is None:
        raise Invalid(fields={"guest": _("Please say who this is for: guest, guest_id or nameless.")})
    return who


def companions_of(asked: dict[str, Any]) -> dict[str, int]:
    given = asked["companions"] or {}
    return {str(kind): given[kind.replace("-", "_")] for kind in CompanionKind if given.get(kind.replace("-", "_"))}
