"""Tables of staffing, by what they are about."""

from respite.staffing.models.clinical import ClinicalPage
from respite.staffing.models.company import CompanyWish
from respite.staffing.models.credentials import Credential, CredentialReminder, CredentialRules, Training
from respite.staffing.models.feeds import CalendarFeed
from respite.staffing.models.offers import OfferAsked, ShiftOffer
from respite.staffing.models.patterns import DutyRules, GapNotice, ShiftPattern
from respite.staffing.models.peers import Availability, Peer, PeerWord, TimeOff
from respite.staffing.models.rosters import Override, Roster, RosterAnswer, RosterRun, RosterSeat
from respite.staffing.models.shifts import Shift
from respite.staffing.models.swaps import SwapRequest
from respite.staffing.models.together import Reflection, TimeTogether
from respite.staffing.models.watching import NOBODY, CallIn, ShiftStep

__all__ = [
    "NOBODY",
    "Availability",
    "CalendarFeed",
    "CallIn",
    "ClinicalPage",
    "CompanyWish",
    "Credential",
    "CredentialReminder",
    "CredentialRules",
    "DutyRules",
    "GapNotice",
    "OfferAsked",
    "Override",
    "Peer",
    "PeerWord",
    "Reflection",
    "Roster",
    "RosterAnswer",
    "RosterRun",
    "RosterSeat",
    "Shift",
    "ShiftOffer",
    "ShiftPattern",
    "ShiftStep",
    "SwapRequest",
    "TimeOff",
    "TimeTogether",
    "Training",
]
