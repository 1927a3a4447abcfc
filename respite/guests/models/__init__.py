"""Tables of guests, by what they are about."""

from respite.guests.models.parting import PartingAnswer
from respite.guests.models.people import Guest, LeftLine, WallChoice
from respite.guests.models.stays import Companion, CompanionKind, Note, Stay
from respite.guests.models.undo import Undoable
from respite.guests.models.visits import Visit
from respite.guests.models.waiting import Reach, Waiting

__all__ = [
    "Companion",
    "CompanionKind",
    "Guest",
    "LeftLine",
    "Note",
    "PartingAnswer",
    "Reach",
    "Stay",
    "Undoable",
    "Visit",
    "Waiting",
    "WallChoice",
]
