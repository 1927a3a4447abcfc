"""The tables of texting, by what they are about."""

from __future__ import annotations

from respite.messaging.models.codes import ReplyCode
from respite.messaging.models.incoming import Inbound, ReadSoon, Thread
from respite.messaging.models.people import Consent, Correspondent, FormerNumber, NumberStop
from respite.messaging.models.simulated import SimText
from respite.messaging.models.texts import Attempt, Mark, Message, Pause, ProviderEvent
from respite.messaging.models.wordings import HouseTexts, Wording

__all__ = [
    "Attempt",
    "Consent",
    "Correspondent",
    "FormerNumber",
    "HouseTexts",
    "Inbound",
    "Mark",
    "Message",
    "NumberStop",
    "Pause",
    "ProviderEvent",
    "ReadSoon",
    "ReplyCode",
    "SimText",
    "Thread",
    "Wording",
]
