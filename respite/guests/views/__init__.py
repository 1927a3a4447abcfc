"""The pages of guests. Importing this registers every view on the blueprint."""

from __future__ import annotations

from respite.guests.views import (
    arriving,
    calling_back,
    card,
    contacts,
    conversation,
    figures,
    leaving,
    longer,
    moving,
    nights,
    notes,
    offers,
    parting,
    promises,
    roll_call,
    saved,
    saving,
    stay,
    texts,
    visits,
    waiting,
)
from respite.guests.views.routes import blueprint

__all__ = [
    "arriving",
    "blueprint",
    "calling_back",
    "card",
    "contacts",
    "conversation",
    "figures",
    "leaving",
    "longer",
    "moving",
    "nights",
    "notes",
    "offers",
    "parting",
    "promises",
    "roll_call",
    "saved",
    "saving",
    "stay",
    "texts",
    "visits",
    "waiting",
]
