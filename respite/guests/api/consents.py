"""A guest's yes to texts, for programs that ask in the house's name."""

from __future__ import annotations

from typing import Any

from respite.accounts.acting import acting
from respite.accounts.api import ApiBlueprint, version_seen
from respite.accounts.roles import May
from respite.core.api.fields import Choice, Instant, Schema, Text, Uuid, Whole
from respite.core.clock import house_now
from respite.guests.models import Guest
from respite.guests.service.texting import give_consent
from respite.houses.access import for_row
from respite.messaging.purposes import GUEST_PURPOSES
from respite.messaging.service.consent import Method

Asked = dict[str, Any]
Facts = dict[str, Any]

api = ApiBlueprint("consents", "What guests agree to")


class ConsentAsked(Schema):
    """A yes that a guest has said, to the sentence that the house asks with."""

    purpose = Choice(list(GUEST_PURPOSES), required=True)
    number = Text(
        most=40,
        required=True,
        metadata={"description": "The guest's number, or the one that becomes theirs with this yes."},
    )
    method = Choice(list(Method), required=True, metadata={"description": "How they said it."})


class ConsentShown(Schema):
    id = Uuid(required=True)
    guest_id = Uuid(required=True)
    purpose = Choice(list(GUEST_PURPOSES), required=True)
    method = Choice(list(Method), required=True)
    wording = Whole(required=True, metadata={"description": "The version of the sentence that was asked with."})
    given_at = Instant(required=True)


@api.operation(
    "POST",
    "/guests/<uuid:guest_id>/consents",
    for_row(Guest, "guest", May.KEEP_TEXTS),
    takes=ConsentAsked,
    gives=ConsentShown,
    status=201,
)
def give_consent_to_texts(asked: Asked, guest: Guest) -> Facts:
    """A guest agrees to texts for one purpose. A yes that stands is answered as it is."""
    guest_id = guest.id
    consent = give_consent(
        acting(),
        guest_id,
        asked["purpose"],
        asked["number"],
        asked["method"],
        version_seen=version_seen(),
        now=house_now(),
    )
    return {
        "id": consent.id,
        "guest_id": guest_id,
        "purpose": consent.purpose,
        "method": consent.method,
        "wording": consent.wording,
        "given_at": consent.given_at,
    }
