"""Where a text stands, and what a provider's word about it may change."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    SCHEDULED = "scheduled"  # written down; its time has not come
    QUEUED = "queued"  # due, or safe to try again
    SENDING = "sending"  # claimed; the provider is being asked
    UNKNOWN = "unknown"  # asked, and nobody knows whether it was taken
    NEEDS_HUMAN = "needs-human"  # only a person can decide
    ACCEPTED = "accepted"  # taken by the provider
    SENT = "sent"  # handed to the carrier
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"  # the person asked us not to, or the number takes no text
    DELIVERED = "delivered"


#: Nothing more is tried by itself. Only a late "delivered" changes such an end, or a person, or for `needs-human` any
#: proof that the provider has the text.
FINAL = frozenset(
    {
        State.NEEDS_HUMAN,
        State.UNDELIVERED,
        State.FAILED,
        State.CANCELED,
        State.EXPIRED,
        State.SUPPRESSED,
        State.DELIVERED,
    }
)

_RANK = {
    State.SCHEDULED: 0,
    State.QUEUED: 1,
    State.SENDING: 2,
    State.UNKNOWN: 3,
    State.NEEDS_HUMAN: 4,
    State.ACCEPTED: 5,
    State.SENT: 6,
    State.UNDELIVERED: 7,
    State.FAILED: 7,
    State.CANCELED: 7,
    State.EXPIRED: 7,
    State.SUPPRESSED: 7,
    State.DELIVERED: 8,
}

#: Twilio's words for an outgoing message (its OpenAPI file, `message_enum_status`). "receiving" and "received" are of
#: incoming ones; "partially_delivered" says too little to call a text delivered.
_MEANT = {
    "accepted": State.ACCEPTED,
    "scheduled": State.ACCEPTED,
    "queued": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "sent": State.SENT,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.CANCELED,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
}


def rank(state: State) -> int:
    """How far along a text is. A provider's word may raise it and never lowers it."""
    return _RANK[state]


def after_status(state: State, provider_status: str, error_code: int | None) -> State | None:
    """The state after the provider said `provider_status`, or None where nothing changes.

    Words come late, twice and out of order, so only a higher rank counts; "delivered" beats every other end, and a
    word nobody knows changes nothing. The error code is never looked at: Twilio leaves an old one standing on a
    message that is well, and a failure says so in its status.

    Ask with the state of the attempt that the word is about: "sent" that arrives after that attempt's "undelivered"
    is stale, though the text itself may be waiting to be tried again. Only "delivered" ends such a text.
    """
    del error_code
    meant = _MEANT.get(provider_status)
    return meant if meant is not None and rank(meant) > rank(state) else None
