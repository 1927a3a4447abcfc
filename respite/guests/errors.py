"""What is not possible with guests and stays, named by the rule, in the words a person reads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from respite.core.errors import Refusal


class NoBedFree(Refusal):
    sentence = _l("No door is free for all of these nights. Other nights, or a chair tonight, may be.")

    @classmethod
    def rule(cls) -> str:
        return "bed-taken"


class NightsUsedUp(Refusal):
    """The house's return rule leaves fewer nights; the sentence says how many now and from when a full stay."""


class StayTooLong(Refusal):
    sentence = _l("That is more nights than this house's longest stay.")


class AlreadyHere(Refusal):
    sentence = _l("This guest has a bed in this house already for one of these nights.")


class NobodyLeftToOpen(Refusal):
    """A guest names the last person who could open their page."""

    sentence = _l("One of us must be able to open your page, so that we can help you. Take one name off first.")


class NotWaitingToArrive(Refusal):
    """The stay is not in the state that the act needs."""

    sentence = _l("Somebody was faster: this is not saved any more.")


class NotHereNow(Refusal):
    sentence = _l("This guest is not in the house now.")


class OnlyOffered(Refusal):
    sentence = _l("This bed is offered to somebody who has not answered yet. Once they say yes, it is saved for them.")


class BedOffered(Refusal):
    """The bed's nights are kept for somebody who was asked; saving it on purpose takes the offer back."""

    sentence = _l("This bed is offered to somebody on the list just now.")

    @classmethod
    def rule(cls) -> str:
        return "bed-taken"


class OfferOver(Refusal):
    sentence = _l("This offer is over. They keep their place on the list.")


class RuleSaysNo(Refusal):
    """A rule of the house was answered with no; the sentence says which. One may go on, and says so."""

    sentence = _l("A rule of this house stands against it.")


class SomebodyAskedFirst(Refusal):
    sentence = _l("Somebody asked earlier and can be asked now. Please ask them first, or say what speaks against it.")


class AskedAlready(Refusal):
    sentence = _l("They are being asked about this bed already.")


class NotByText(Refusal):
    """A text cannot ask them; the sentence says why."""

    sentence = _l("They cannot be asked about a bed by text. Please call them.")


class AlreadyArrived(Refusal):
    sentence = _l("This guest is here already.")


class SavedTimeOver(Refusal):
    sentence = _l("The time this bed was saved for is over. If it is still free, save it again.")


class SomebodyBehindTheDoor(Refusal):
    sentence = _l("Somebody is still behind that door. Please choose another, or wait until they have left.")

    @classmethod
    def rule(cls) -> str:
        return "bed-taken"


class NamelessNotOffered(Refusal):
    sentence = _l("This house asks what to call a guest. A chosen name is enough.")


class CompanionsNotTaken(Refusal):
    sentence = _l("This house cannot take those companions. Its rules say who may come along.")


class ConversationFirst(Refusal):
    sentence = _l("In this house a conversation comes before the first night, and none is on file.")


class ExtensionsUsedUp(Refusal):
    sentence = _l("This stay was made longer as often as the house's rules allow.")


class TooManyNightsAtOnce(Refusal):
    sentence = _l("That is more nights at once than the house's rules add to a stay.")


class NotYoursToGrant(Refusal):
    sentence = _l("In this house somebody else answers this. Please ask a coordinator.")


class CoordinatorFirst(Refusal):
    """The same words whatever the reason: what the house asks a yes for just now, or two who are not to meet."""

    sentence = _l("A coordinator must say yes to this first. They are asked now. Please try again once they said so.")


class YesAnswered(Refusal):
    sentence = _l("Somebody has answered this already.")


class ChairTaken(Refusal):
    sentence = _l("Somebody is in that chair. Please choose another.")


class NoChairFree(Refusal):
    sentence = _l("Every chair has somebody in it now.")


class VisitOver(Refusal):
    sentence = _l("This visit has ended already.")


class CannotUndo(Refusal):
    sentence = _l("Something has changed since, so this cannot be taken back by itself. Please change it by hand.")


class NotDisplaced(Refusal):
    sentence = _l("This bed is still saved where it was.")


class WallChoiceTooOpen(Refusal):
    sentence = _l("The house's rules do not let that much stand on the wall.")


class CallbackPromised(Refusal):
    sentence = _l("Somebody has said already that they will.")


class ContactAnswered(Refusal):
    sentence = _l("This one is noted already: they asked for a bed, or the house could not offer one.")


class NoNumber(Refusal):
    sentence = _l("We have no number of yours. Please call us, or tell us one.")


class NotOnTheList(Refusal):
    sentence = _l("This is not on the list any more. Somebody may have been faster.")


class AlreadyWaiting(Refusal):
    sentence = _l("They are on the list already, with the place of when they first asked.")


class ForgettingAsked(Refusal):
    sentence = _l("You asked for this already.")


class AskOver(Refusal):
    sentence = _l("This one is answered already.")


class NotNewest(Refusal):
    sentence = _l("There is a newer version of this now. Here it is; please read it first.")


class StillWithUs(Refusal):
    sentence = _l("They have a bed or a chair here now. This can be done once they have left.")
