"""What guests keeps about a guest, as they read it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from respite.core.facts import About, Fact, Reading, a_day, a_moment, leave_out, one_of, tell, yes_or_no
from respite.core.phones import shown as phone_shown
from respite.core.times import time_words
from respite.guests.models import (
    BedOffer,
    Companion,
    CompanionKind,
    Conversation,
    Guest,
    LeftLine,
    Note,
    Reach,
    RuleAnswer,
    Stay,
    TellIf,
    Transfer,
    Visit,
    Waiting,
    WallChoice,
    Written,
)
from respite.guests.policy.bed_fit import Says
from respite.guests.policy.offers import Ended, How
from respite.guests.policy.stay_states import EndKind, StayState, WhoCalled
from respite.guests.policy.transfers import Goes
from respite.houses.queries import names_of

WALL = {
    WallChoice.NOTHING: _l("nothing"),
    WallChoice.PICTURE: _l("a picture"),
    WallChoice.INITIAL: _l("an initial"),
    WallChoice.NAME: _l("your name"),
}
STATES = {
    StayState.HELD: _l("saved for you"),
    StayState.HERE: _l("you are here"),
    StayState.LEFT: _l("you left"),
    StayState.LET_GO: _l("made free again"),
    StayState.RAN_OUT: _l("the time it was saved for is over"),
}
ENDS = {
    EndKind.AS_PLANNED: _l("as planned"),
    EndKind.SOONER_OWN_CHOICE: _l("sooner, as you chose"),
    EndKind.ASKED_TO_LEAVE: _l("the house asked you to leave"),
    EndKind.TAKEN_BY_AMBULANCE: _l("with an ambulance"),
    EndKind.TAKEN_BY_POLICE: _l("taken by the police"),
}
CALLED = {WhoCalled.HOUSE: _l("the house"), WhoCalled.GUEST: _l("you"), WhoCalled.OTHER: _l("somebody else")}
CAME_ALONG = {
    CompanionKind.CHILD: _l("children"),
    CompanionKind.SUPPORT_PERSON: _l("support people"),
    CompanionKind.ANIMAL: _l("animals"),
}
REACHED = {Reach.CALL: _l("a call"), Reach.TEXT: _l("a text"), Reach.WILL_CALL: _l("you call us")}
WRITTEN = {
    Written.TOGETHER: _l("written together with you"),
    Written.AFTERWARDS: _l("written after you talked"),
    Written.GUEST: _l("written by you"),
}
GOES = {
    Goes.REACH: _l("how to reach you"),
    Goes.HOURS: _l("when you can answer"),
    Goes.WISH: _l("what you would like"),
}
TELL_IF = {
    TellIf.ANY_BED: _l("a bed is free for fewer nights"),
    TellIf.SAME_DAY: _l("a bed is free at short notice"),
}
WAITED = {
    "saved": _l("a bed was saved"),
    "taken-off": _l("taken off the list"),
    "forgotten": _l("taken off the list"),
    "another-house": _l("it went on to another house"),
}

ASKED_BY = {How.TEXT: _l("by text"), How.CALL: _l("by telephone")}
OFFERED = {
    Ended.ACCEPTED: _l("you said yes"),
    Ended.NOT_NOW: _l("you said not now"),
    Ended.RAN_OUT: _l("the time to answer was over"),
    Ended.WITHDRAWN: _l("the house took it back"),
    Ended.ANSWERED: _l("you had a bed by then"),
}
ANSWERS = {Says.YES: _l("yes"), Says.NO: _l("no")}


def _goes(chosen: list[str], _reading: Reading) -> str:
    return ", ".join([str(_l("what you are called")), *(str(GOES[Goes(each)]) for each in chosen)])


def _tell_if(chosen: list[str], _reading: Reading) -> str | None:
    return ", ".join(str(TELL_IF[TellIf(each)]) for each in chosen) or None


def _a_phone(number: str, _reading: Reading) -> str:
    return phone_shown(number)


def _a_clock(at: time, _reading: Reading) -> str:
    return time_words(at)


def _by(ref: str, reading: Reading) -> str | None:
    return names_of(reading.session, [ref]).get(ref)


def _myself(reading: Reading) -> Iterable[Guest]:
    return reading.session.scalars(sa.select(Guest).where(Guest.id == reading.guest_id))


def _stays(reading: Reading) -> Iterable[Stay]:
    mine = sa.select(Stay).where(Stay.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(Stay.first_night.desc())).unique()


def _companions(reading: Reading) -> Iterable[Companion]:
    mine = sa.select(Companion).join(Stay, Stay.id == Companion.stay_id).where(Stay.guest_id == reading.guest_id)
    return reading.session.scalars(mine.order_by(Stay.first_night.desc(), Companion.kind))


def _offers(reading: Reading) -> Iterable[BedOffer]:
    mine = sa.select(BedOffer).join(Waiting, Waiting.id == BedOffer.waiting_id)
    return reading.session.scalars(mine.where(Waiting.guest_id == reading.guest_id).order_by(BedOffer.made_at.desc()))


def _mine(model: Any, at: Any) -> Any:
    def rows(reading: Reading) -> Iterable[Any]:
        mine = sa.select(model).where(model.guest_id == reading.guest_id)
        return reading.session.scalars(mine.order_by(at.desc())).unique()

    return rows


tell(
    About(
        Guest,
        _l("Who you are here"),
        _myself,
        (
            Fact("name_sealed", _l("Name")),
            Fact("pronouns_sealed", _l("Pronouns")),
            Fact("phone_sealed", _l("Phone"), _a_phone),
            Fact("wall_choice", _l("On the wall"), one_of(WALL)),
            Fact("picture", _l("Picture")),
        ),
        place=10,
    ),
    About(
        Stay,
        _l("Your stays"),
        _stays,
        (
            Fact("state", _l("How it stands"), one_of(STATES)),
            Fact("first_night", _l("First night"), a_day),
            Fact("until", _l("Until"), a_day),
            Fact("extensions", _l("Times it was made longer")),
            Fact("saved_at", _l("Written down"), a_moment),
            Fact("saved_until", _l("Saved until"), a_moment),
            Fact("confirmed_at", _l("Surely coming, said"), a_moment),
            Fact("call_made_at", _l("We called you"), a_moment),
            Fact("coming_sealed", _l("How you come")),
            Fact("arrived_at", _l("You came"), a_moment),
            Fact("out_since", _l("Out since"), a_moment),
            Fact("back_about", _l("Back about"), a_moment),
            Fact("check_in_wish_sealed", _l("A check-in you would like")),
            Fact("lockbox", _l("Lockbox")),
            Fact("lockbox_key_out", _l("You have its key"), yes_or_no),
            Fact("agreement_at", _l("Agreement read together"), a_moment),
            Fact("settled_in_at", _l("Gone through with you after you slept"), a_moment),
            Fact("left_at", _l("You left"), a_moment),
            Fact("ended_how", _l("How it ended"), one_of(ENDS)),
            Fact("asked_to_leave_rule", _l("House rule")),
            Fact("how_to_ask_again_sealed", _l("How to ask again")),
            Fact("may_return_on", _l("You can come back from"), a_day),
            Fact("who_called", _l("Who called"), one_of(CALLED)),
            Fact("guest_chose", _l("You chose it"), yes_or_no),
            Fact("own_account_sealed", _l("How you see it")),
            Fact("follow_up_wanted", _l("Texts later"), yes_or_no),
        ),
        place=20,
    ),
    About(
        Companion,
        _l("Who came with you"),
        _companions,
        (Fact("kind", _l("Who"), one_of(CAME_ALONG)), Fact("number", _l("How many"))),
        place=30,
    ),
    About(
        Note,
        _l("What you asked us to pass on"),
        _mine(Note, Note.at),
        (
            Fact("words_sealed", _l("Your words")),
            Fact("at", _l("When"), a_moment),
            Fact("made_by", _l("Written down by"), _by),
            Fact("passed_on_at", _l("Passed on"), a_moment),
        ),
        place=40,
    ),
    About(
        LeftLine,
        _l("Lines you left for the next"),
        _mine(LeftLine, LeftLine.at),
        (
            Fact("words_sealed", _l("Your line")),
            Fact("at", _l("When"), a_moment),
            Fact("taken_down_at", _l("Taken down"), a_moment),
        ),
        place=50,
    ),
    About(
        Visit,
        _l("Your visits"),
        _mine(Visit, Visit.arrived_at),
        (Fact("arrived_at", _l("You came"), a_moment), Fact("left_at", _l("You left"), a_moment)),
        place=60,
    ),
    About(
        Waiting,
        _l("Your place on the list"),
        _mine(Waiting, Waiting.since),
        (
            Fact("wish_sealed", _l("What you would like")),
            Fact("nights", _l("Nights")),
            Fact("reach", _l("How you would like to hear"), one_of(REACHED)),
            Fact("answer_from", _l("You can answer from"), _a_clock),
            Fact("answer_until", _l("You can answer until"), _a_clock),
            Fact("tell_if", _l("You would like to hear of it if"), _tell_if),
            Fact("since", _l("Since"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("ended_how", _l("How it ended"), one_of(WAITED)),
        ),
        place=70,
    ),
    About(
        BedOffer,
        _l("Beds you were asked about"),
        _offers,
        (
            Fact("made_at", _l("When"), a_moment),
            Fact("how", _l("How you were asked"), one_of(ASKED_BY)),
            Fact("first_night", _l("First night"), a_day),
            Fact("nights", _l("Nights")),
            Fact("minutes", _l("Minutes to answer, of hours in which you can")),
            Fact("runs_out_at", _l("You could answer until"), a_moment),
            Fact("ended_at", _l("Over"), a_moment),
            Fact("ended_how", _l("How it ended"), one_of(OFFERED)),
        ),
        place=75,
    ),
    About(
        Transfer,
        _l("What you let us tell another house"),
        _mine(Transfer, Transfer.heard_at),
        (Fact("goes", _l("What went along"), _goes), Fact("heard_at", _l("You said yes"), a_moment)),
        place=77,
    ),
    About(
        RuleAnswer,
        _l("House rules you were asked about"),
        _mine(RuleAnswer, RuleAnswer.number),
        (
            Fact("number", _l("Rule")),
            Fact("edition", _l("Version of the rule")),
            Fact("answer", _l("Your answer"), one_of(ANSWERS)),
            Fact("changes_on", _l("Changes on"), a_day),
            Fact("at", _l("When"), a_moment),
        ),
        place=78,
    ),
    About(
        Conversation,
        _l("Your conversation before a stay, each version"),
        _mine(Conversation, Conversation.number),
        (
            Fact("good_day_sealed", _l("A good day")),
            Fact("hard_day_sealed", _l("A hard day")),
            Fact("helps_sealed", _l("What helps")),
            Fact("helps_not_sealed", _l("What does not help")),
            Fact("access_sealed", _l("Getting around")),
            Fact("language_sealed", _l("Language")),
            Fact("company_sealed", _l("Company")),
            Fact("written", _l("How it was written"), one_of(WRITTEN)),
            Fact("made_by", _l("Written down by"), _by),
            Fact("at", _l("When"), a_moment),
            Fact("kept_until", _l("Kept until"), a_day),
        ),
        place=80,
    ),
)
leave_out(
    {
        "bed_offer.passed_over": "what speaks against asking others who asked earlier, nothing of this guest",
        "bed_offer.goes_on": "whether somebody else is asked afterwards, nothing of this guest",
        "farewell.said_at": "that they have died: whose page it would stand on is not there to read it",
        "undoable.before_sealed": "what an act changed, for half an hour, so that it can be taken back",
        "parting_answer.instead_sealed": "said on leaving and joined to nobody, so that nobody can say whose it is",
    }
)
