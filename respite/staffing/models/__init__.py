"""Tables of staffing, by what they are about."""

from respite.staffing.models.codes import ReplyCode
from respite.staffing.models.feeds import CalendarFeed
from respite.staffing.models.patterns import DutyRules, ShiftPattern
from respite.staffing.models.peers import Availability, Peer, TimeOff
from respite.staffing.models.rosters import Override, Roster, RosterAnswer, RosterRun, RosterSeat
from respite.staffing.models.shifts import Shift

__all__ = [
    "Availability",
    "CalendarFeed",
    "DutyRules",
    "Override",
    "Peer",
    "ReplyCode",
    "Roster",
    "RosterAnswer",
    "RosterRun",
    "RosterSeat",
    "Shift",
    "ShiftPattern",
    "TimeOff",
]
