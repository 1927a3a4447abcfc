"""Tables of guests, by what they are about."""

from respite.guests.models.agreements import AgreementRead, AgreementText, ReadHow, ReadWay, Topic
from respite.guests.models.apart import ApartWish, OnceNamed, SomeoneElse, YesAsk, YesRules
from respite.guests.models.asks import AskKind, GuestAsk, NamelessIdea
from respite.guests.models.contacts import Contact, ContactKind, CouldNotOffer, LedTo, NoBed, Source
from respite.guests.models.conversation import QUESTIONS, Conversation, Written
from respite.guests.models.earlier import EarlierWord
from respite.guests.models.farewells import Farewell
from respite.guests.models.funder import FunderAnswer, FunderQuestion
from respite.guests.models.offers import BedOffer
from respite.guests.models.parting import PartingAnswer
from respite.guests.models.people import Guest, LeftLine, WallChoice
from respite.guests.models.rule_answers import RuleAnswer
from respite.guests.models.sources import ContactSource
from respite.guests.models.stays import Companion, CompanionKind, Note, Stay
from respite.guests.models.together import ArrivalWish, PartingTalk
from respite.guests.models.transfers import Transfer
from respite.guests.models.undo import Undoable
from respite.guests.models.visits import Visit
from respite.guests.models.waiting import Reach, TellIf, Waiting

__all__ = [
    "QUESTIONS",
    "AgreementRead",
    "AgreementText",
    "ApartWish",
    "ArrivalWish",
    "AskKind",
    "BedOffer",
    "Companion",
    "CompanionKind",
    "Contact",
    "ContactKind",
    "ContactSource",
    "Conversation",
    "CouldNotOffer",
    "EarlierWord",
    "Farewell",
    "FunderAnswer",
    "FunderQuestion",
    "Guest",
    "GuestAsk",
    "LedTo",
    "LeftLine",
    "NamelessIdea",
    "NoBed",
    "Note",
    "OnceNamed",
    "PartingAnswer",
    "PartingTalk",
    "Reach",
    "ReadHow",
    "ReadWay",
    "RuleAnswer",
    "SomeoneElse",
    "Source",
    "Stay",
    "TellIf",
    "Topic",
    "Transfer",
    "Undoable",
    "Visit",
    "Waiting",
    "WallChoice",
    "Written",
    "YesAsk",
    "YesRules",
]
