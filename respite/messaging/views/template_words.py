"""What each template is called on the page of words, and when it leaves."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.messaging.policy.own_words import Fault
from respite.messaging.policy.segments import Counted

#: In the order of the page: a heading, and under it (template, what it is).
GROUPS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        _l("After a stay"),
        (
            ("consent-confirmed", _l("Confirms that they said yes")),
            ("follow-up-1", _l("The first time we ask how it goes")),
            ("follow-up-2", _l("The second time")),
            ("follow-up-3", _l("The third time")),
            ("follow-up-4", _l("The last time")),
            ("follow-up-call", _l("Would they like a call")),
            ("follow-up-call-yes", _l("To a yes to a call")),
            ("follow-up-heard", _l("To another answer of one letter")),
            ("connection", _l("A place or people they asked about")),
            ("card", _l("Places, to somebody who asks for them now")),
            ("connection-asked", _l("Did it work out?")),
            ("connection-glad", _l("They say it did")),
            ("connection-no-hurry", _l("They say not yet")),
        ),
    ),
    (
        _l("A kind word now and then"),
        (
            ("caring-first", _l("The first one says when it is read, and that it is no line for emergencies")),
            ("caring-discreet", _l("The first one to somebody who asked for discreet words")),
            ("caring-1", _l("The second")),
            ("caring-2", _l("The third")),
            ("caring-3", _l("The fourth")),
            ("caring-4", _l("The fifth")),
            ("caring-5", _l("The last but one says that one more comes")),
            ("caring-6", _l("The last")),
        ),
    ),
    (
        _l("A room for somebody who asked"),
        (
            ("bed-offered", _l("A room is free for them, and until when we keep it")),
            ("bed-taken-back", _l("The house took that back")),
            ("bed-yours", _l("They say yes")),
            ("bed-not-now", _l("They say not now, and keep their place")),
            ("bed-over", _l("They answer when its time is over")),
        ),
    ),
    (
        _l("Answers that go out by themselves"),
        (
            ("answer-danger", _l("To words that may mean danger")),
            ("answer-help", _l("To HELP")),
            ("answer-stopped", _l("To STOP")),
            ("answer-started", _l("To START")),
            ("answer-wrong-number", _l("To “wrong number”")),
        ),
    ),
    (
        _l("Answers to a short text of somebody who works here"),
        (
            ("answer-which", _l("A word that could answer several questions")),
            ("answer-on-way", _l("To “on my way”")),
            ("answer-here", _l("To “I’m here”")),
            ("answer-coming", _l("To a yes of somebody who comes in")),
            ("answer-passes", _l("To a no of somebody who was asked to come in")),
            ("answer-looks-after", _l("To a yes of whoever looks after it")),
            ("answer-settled", _l("To an answer that is needed no more")),
            ("answer-stays", _l("To a yes of somebody who stays on")),
            ("answer-goes", _l("To a no of somebody who cannot stay on")),
            ("offer-passed", _l("They pass on an open shift")),
            ("offer-not-you", _l("They would take an open shift, and a rule stands in the way")),
            ("offer-moved", _l("The open shift changed in between")),
            ("offer-over", _l("It is not open any more")),
            ("cannot-come-heard", _l("They can’t come")),
            ("choosing-done", _l("They are done choosing shifts, or want us to choose")),
            ("choosing-over", _l("The same, when choosing is over")),
            ("time-off-heard", _l("They ask for days off")),
            ("time-off-back", _l("They take it back")),
            ("time-off-over", _l("The days they ask for are over")),
            ("time-off-standing", _l("They asked for some of these days already")),
            ("time-off-long", _l("They ask for more than a year at once")),
            ("time-off-unclear", _l("Days off that cannot be read")),
            ("swap-passed", _l("They say no to a colleague’s question")),
            ("swap-waits", _l("They say yes, and somebody looks at it first")),
            ("swap-ended", _l("A colleague’s question is over by then")),
        ),
    ),
    (
        _l("To those who work here"),
        (
            ("shift-open", _l("A shift is open")),
            ("shift-yours", _l("An open shift is theirs")),
            ("shift-filled", _l("An open shift is filled")),
            ("swap-take", _l("A colleague asks them to take a shift")),
            ("swap-for", _l("A colleague would like to swap shifts")),
            ("swap-done", _l("Two shifts are swapped")),
            ("swap-given", _l("A colleague takes their shift")),
            ("swap-declined", _l("A colleague can’t take it")),
            ("swap-looked-at", _l("A colleague said yes, and somebody looks at it first")),
            ("swap-over", _l("A question between colleagues is over")),
            ("shift-to-phone", _l("Nobody has a shift, and somebody is to call round")),
            ("choosing-asked", _l("They can choose shifts of some weeks")),
            ("choosing-nudge", _l("The same once more, where nothing was heard")),
            ("time-off-agreed", _l("Days off are agreed")),
            ("time-off-declined", _l("Days off are not possible this time")),
            ("roster-published", _l("Their shifts of some weeks are set")),
            ("shift-changed", _l("A shift changed")),
            ("shift-tomorrow", _l("A reminder the day before")),
            ("credential-ends", _l("A credential runs out soon")),
            ("shift-soon", _l("A reminder on the day")),
            ("shift-on-way", _l("Shortly before it begins")),
            ("shift-not-here", _l("They are not here yet")),
            ("shift-stay", _l("Can they stay on until somebody is here?")),
            ("shift-relieved", _l("Somebody is here, and they can go")),
            ("shift-come-in", _l("Somebody on call is asked to come in")),
            ("shift-lead", _l("Nobody is here yet, to those who lead the house")),
            ("second-wanted", _l("A second person is wanted")),
            ("page", _l("The clinical on-call is asked for")),
            ("page-unanswered", _l("Nobody clinical answered, to those who lead the house")),
            ("gap-ahead", _l("To coordinators: a coming shift is not covered")),
            ("gaps-ahead", _l("To coordinators: several are not covered")),
            ("gap-now", _l("To coordinators: one within four hours is not covered")),
            ("paper-order", _l("The sheet for the night is ready, to whoever is on call")),
            ("handoff", _l("The handoff waits")),
            ("handoff-second-peer", _l("The handoff waits, to a second person")),
            ("read-soon", _l("Something came in that should be read soon")),
            ("trying", _l("A test")),
        ),
    ),
)

NAMES: dict[str, Any] = {name: words for _heading, each in GROUPS for name, words in each}

FIELDS: dict[str, Any] = {
    "first_name": _l("their first name"),
    "peer_first_name": _l("the first name of whoever writes"),
    "brand": _l("our name in texts"),
    "house_phone": _l("our telephone"),
    "link": _l("a link to a page of ours"),
    "day_words": _l("a day"),
    "time_words": _l("a time"),
    "other_words": _l("a second shift, day and time"),
    "code": _l("the number to answer with"),
    "sign_off": _l("how they like texts to be signed"),
}


def count_words(counted: Counted) -> str:
    """What a text costs: "1 text, 91 of 160"."""
    texts = ngettext("%(num)s text", "%(num)s texts", counted.segments)
    if counted.encoding == "gsm-7":
        room = 160 if counted.segments <= 1 else 153 * counted.segments
        return _("%(texts)s, %(used)s of %(room)s", texts=texts, used=counted.units, room=room)
    room = 70 if counted.segments <= 1 else 67 * counted.segments
    return _(
        "%(texts)s, %(used)s of %(room)s, since some of its letters take more room",
        texts=texts,
        used=counted.units,
        room=room,
    )


def fault_words(fault: Fault) -> str:
    """What stands in the way of a wording, as the person reads who wrote it."""
    what = fault.what
    match fault.kind:
        case "programme-word":
            return _(
                "“%(what)s” tells others what kind of house this is. Somebody else may read this phone.", what=what
            )
        case "health-word":
            return _("“%(what)s” says something about health. Somebody else may read this phone.", what=what)
        case "link":
            return _(
                "“%(what)s” leads to somebody else’s page. Links to our own pages alone may be in a text.", what=what
            )
        case "too-long":
            return _("This is longer than three texts. Please shorten it.")
        case "too-many-letters":
            return _("Please keep this to %(most)s letters.", most=what)
        case "empty":
            return _("Please fill this in.")
        case "unknown-field":
            return _("{%(what)s} is nothing that this text knows. What it knows stands on this page.", what=what)
        case "needs-brackets":
            return _("{%(what)s} may be empty. Put [ and ] around the part that is left out then.", what=what)
        case "mark":
            return _("A %(what)s stands alone. These marks are for what is filled in or left out.", what=what)
        case "must-say":
            return _("%(what)s has to stay in it.", what=what)
    return _("This cannot be sent as it is.")
