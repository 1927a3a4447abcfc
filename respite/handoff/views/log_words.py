"""What the log says of each kind of event that is told. A kind without words here fails a test.

A line says what was done, never why, and nothing of how somebody is. Whoever gave no name is "a guest".
"""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.core.times import day_words
from respite.guests.views.contact_words import kind_words, reason_words
from respite.handoff.names import Named
from respite.promises.policy import Outcome

Says = Callable[[Named], str]


def line_words(named: Named) -> str:
    """One line of the log. Raises KeyError for a kind that is not told."""
    return WORDS[named.kind](named)


def _guest(named: Named) -> str:
    return named.who or _("A guest")


def _door(named: Named) -> str:
    return named.door or _("a door")


def _a_guest(named: Named) -> str:
    return named.who or _("a guest")


def _somebody(named: Named) -> str:
    return named.who or _("Somebody")


def _until(named: Named) -> str:
    return day_words(named.day("until"), named.event.at.date())


def _saved(named: Named) -> str:
    return _("%(door)s is saved for %(name)s.", door=_door(named), name=_a_guest(named))


def _not_saved(named: Named) -> str:
    return _("%(door)s is no longer saved for %(name)s.", door=_door(named), name=_a_guest(named))


def _ran_out(named: Named) -> str:
    return _(
        "%(door)s was saved for %(name)s until now, and that time is over.",
        door=_door(named),
        name=named.who or _("a guest"),
    )


def _displaced(named: Named) -> str:
    return _(
        "%(name)s has a place and no bed for now: somebody is still behind %(door)s.",
        name=_guest(named),
        door=_door(named),
    )


def _came(named: Named) -> str:
    return _("%(name)s came, behind %(door)s.", name=_guest(named), door=_door(named))


def _moved(named: Named) -> str:
    return _("%(name)s moved to %(door)s.", name=_guest(named), door=_door(named))


def _swapped(named: Named) -> str:
    return _("%(name)s and %(other)s swapped doors.", name=_guest(named), other=named.other or _("a guest"))


def _longer(named: Named) -> str:
    return _("%(name)s stays until %(day)s.", name=_guest(named), day=_until(named))


def _past_leaving(named: Named) -> str:
    return _("%(name)s is here a night longer than agreed.", name=_guest(named))


def _left(named: Named) -> str:
    return _("%(name)s left.", name=_guest(named))


def _asked_to_pass_on(named: Named) -> str:
    return _("%(name)s asked us to pass something on.", name=_guest(named))


def _sat_down(named: Named) -> str:
    return _("%(name)s came to the living room.", name=_guest(named))


def _went_home(named: Named) -> str:
    return _("%(name)s left the living room.", name=_guest(named))


def _contact(named: Named) -> str:
    return _("Somebody was in touch: %(what)s.", what=kind_words(named.said("what")).lower())


def _not_offered(named: Named) -> str:
    return _("No bed could be offered: %(why)s.", why=reason_words(named.said("reason")).lower())


def _asks_to_stay(named: Named) -> str:
    return _("%(name)s asked for a stay and is on the list.", name=_somebody(named))


def _waits_no_more(named: Named) -> str:
    return _("%(name)s is no longer on the list.", name=_somebody(named))


def _offered(named: Named) -> str:
    return _("%(door)s was offered to %(name)s.", door=_door(named), name=named.who or _("somebody"))


def _offer_over(named: Named) -> str:
    name, door = _somebody(named), _door(named)
    match named.said("how"):
        case "accepted":
            return _("%(name)s said yes to %(door)s.", name=name, door=door)
        case "not-now":
            return _("%(name)s said not now to %(door)s, and keeps their place.", name=name, door=door)
        case "ran-out":
            return _("%(name)s did not answer about %(door)s, and keeps their place.", name=name, door=door)
        case _:
            return _("%(name)s is no longer asked about %(door)s.", name=name, door=door)


def _line_over(named: Named) -> str:
    return _("Nobody else is asked about %(door)s by itself. It needs one of us.", door=_door(named))


def _sent_on(named: Named) -> str:
    return _(
        "%(name)s asked for the request to go to %(house)s.",
        name=_somebody(named),
        house=named.other or _("another house"),
    )


def _came_from(named: Named) -> str:
    return _(
        "A request came from %(house)s: %(name)s.",
        house=named.other or _("another house"),
        name=named.who or _("somebody"),
    )


def _request_back(named: Named) -> str:
    return _("%(name)s took the request to another house back.", name=_somebody(named))


def _asked(named: Named) -> str:
    return _("%(name)s asked for something on their page.", name=_guest(named))


def _ask_answered(named: Named) -> str:
    return _("%(name)s has an answer to what they asked.", name=_guest(named))


def _undone(_named: Named) -> str:
    return _("Something that an earlier handoff told was taken back. The board shows how it is now.")


def _kept(named: Named) -> str:
    words = named.words or _("something we promised")
    if named.said("outcome") == Outcome.NO_ANSWER:
        return _("No answer: %(words)s", words=words)
    return _("Done: %(words)s", words=words)


def _offer_of_shift_over(named: Named) -> str:
    if named.said("why") == "taken":
        return _("An open shift has somebody.")
    return _("An open shift is no longer asked about.")


WORDS: dict[str, Says] = {
    "guest.bed.saved": _saved,
    "guest.save.let-go": _not_saved,
    "guest.save.ran-out": _ran_out,
    "guest.save.displaced": _displaced,
    "guest.stay.began": _came,
    "guest.stay.moved": _moved,
    "guest.stay.swapped": _swapped,
    "guest.stay.extended": _longer,
    "guest.stay.overstayed": _past_leaving,
    "guest.stay.ended": _left,
    "guest.note.made": _asked_to_pass_on,
    "guest.visit.began": _sat_down,
    "guest.visit.ended": _went_home,
    "guest.contact.noted": _contact,
    "guest.bed.not-offered": _not_offered,
    "guest.waiting.added": _asks_to_stay,
    "guest.waiting.ended": _waits_no_more,
    "guest.bed.offered": _offered,
    "guest.offer.ended": _offer_over,
    "guest.line.ended": _line_over,
    "guest.request.sent-on": _sent_on,
    "guest.request.came": _came_from,
    "guest.request.taken-back": _request_back,
    "guest.ask.made": _asked,
    "guest.ask.taken-back": lambda named: _(
        "%(name)s needs no answer any more to what they asked.", name=_guest(named)
    ),
    "guest.ask.answered": _ask_answered,
    "guest.act.undone": _undone,
    "guest-page.phone.lost": lambda named: _(
        "%(name)s lost a phone. Nothing is sent to that number.", name=_guest(named)
    ),
    "guest-page.phone.found": lambda named: _("%(name)s has their phone again.", name=_guest(named)),
    "house.rules.changed": lambda _named: _("A house rule changed."),
    "house.bed.readied": lambda named: _("%(door)s is ready.", door=_door(named)),
    "house.bed.unreadied": lambda named: _("%(door)s is getting ready again.", door=_door(named)),
    "house.bed.closed": lambda named: _("%(door)s is closed until %(day)s.", door=_door(named), day=_until(named)),
    "house.bed.opened": lambda named: _("%(door)s is open again.", door=_door(named)),
    "text.message.needs-person": lambda _named: _("A text could not go out by itself and needs one of us."),
    "text.line.paused": lambda _named: _("Texts rest for now: the line to the phones has trouble."),
    "text.line.resumed": lambda _named: _("Texts go out again."),
    "promise.word.kept": _kept,
    "promise.word.open-again": lambda named: _(
        "Open again: %(words)s", words=named.words or _("something we promised")
    ),
    "promise.word.let-go": lambda named: _("Let go: %(words)s", words=named.words or _("something we promised")),
    "staffing.shift.stays": lambda named: _("%(name)s stays on until somebody comes.", name=named.by or _("Somebody")),
    "staffing.call.made": lambda _named: _("A second person was wanted."),
    "staffing.call.ended": lambda _named: _("Nobody else is wanted any more."),
    "staffing.gap.told": lambda named: ngettext(
        "%(num)s coming shift is not covered.", "%(num)s coming shifts are not covered.", named.number("count")
    ),
    "staffing.page.made": lambda _named: _("The clinical on-call was asked for."),
    "staffing.page.ended": lambda _named: _("The clinical on-call is no longer needed."),
    "staffing.offer.opened": lambda _named: _("A shift is open, and colleagues are asked."),
    "staffing.offer.closed": _offer_of_shift_over,
    "staffing.swap.done": lambda _named: _("Two of us changed shifts."),
    "activity.day.off": lambda named: _(
        "%(what)s does not take place on %(day)s.",
        what=named.other or _("An activity"),
        day=day_words(named.day("day"), named.event.at.date()),
    ),
    "activity.day.on-again": lambda named: _(
        "%(what)s takes place after all on %(day)s.",
        what=named.other or _("An activity"),
        day=day_words(named.day("day"), named.event.at.date()),
    ),
    "moment.hard.began": lambda _named: _("Something hard happened. It stands under Hard moments."),
    "moment.hard.taken-back": lambda _named: _("A hard moment that was begun was taken back."),
    "moment.hard.put-away": lambda _named: _("A hard moment was talked over, and is put away."),
    "moment.hard.opened-again": lambda _named: _("A hard moment is open again."),
    "handoff.entry.written": lambda named: named.words or _("A line that is no longer kept."),
}
