"""One line of the paper sheet, entered with the use case of its ordinary page and the time it happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from respite.accounts.actor import Actor
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.core.forms import Form, Unusable, as_uuid
from respite.core.times import clock_words
from respite.guests.models import ContactKind, Stay, Visit
from respite.guests.service import arriving, contacts, leaving, visits
from respite.guests.service.people import Nameless, Who
from respite.guests.service.promised import promise_guest
from respite.guests.views.contact_words import kind_words
from respite.guests.views.fields import who_is_it
from respite.handoff.policy import LONGEST_ENTRY
from respite.handoff.service.entries import write_entry
from respite.handoff.views.paper_choices import WITH_NAME, WITH_WORDS, What
from respite.houses.models import Bed, Chair, House, HouseRules
from respite.promises.policy import LONGEST_WORDS
from respite.promises.service.acts import Wanted, give

MOST_NIGHTS = 366

Row = TypeVar("Row", Stay, Bed, Visit)


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it was typed, with its time; `rest` are the ids that its choice brings."""

    what: What
    rest: tuple[str, ...]
    at: datetime
    sent: MultiDict[str, str]  # words, nights, agreed, who

    @property
    def words(self) -> str:
        return self.sent.get("words", "").strip()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a line is entered, and by whom."""

    actor: Actor
    house: House
    rules: HouseRules
    now: datetime


def parsed(choice: str) -> tuple[What, tuple[str, ...]]:
    """What a choice of the form says. Raises Invalid for none that is shown."""
    what, *rest = choice.split(":")
    if what not in set(What):
        raise Invalid(fields={"what": _("Please choose what it was.")})
    return What(what), tuple(rest)


def enter(here: Ground, line: Written) -> str:
    """Enter a line; returns what is said of it, which names doors and nobody. Raises what its use case raises, AskWho
    where a name is somebody's already, and Invalid for words where none are kept.
    """
    if line.words and line.what not in WITH_WORDS:
        raise Invalid(fields={"words": _("No words are kept with this. What is for the house is a line for the log.")})
    said = _ACTS[line.what](here, line)
    return f"{clock_words(line.at, here.house.timezone)} · {said}"


def _in_touch(here: Ground, line: Written) -> str:
    kind = line.rest[0] if line.rest else ""
    contacts.note_contact(here.actor, here.house.id, kind, at=line.at, now=here.now)
    return _("Noted: %(kind)s.", kind=kind_words(ContactKind(kind)))


def _arrived(here: Ground, line: Written) -> str:
    stay = _mine(Stay, here, line)
    came = arriving.welcome(here.actor, stay.id, agreed=_agreed(line), at=line.at, now=here.now)
    return _("Here: %(door)s.", door=_door(came))


def _new(here: Ground, line: Written) -> str:
    bed, form = _mine(Bed, here, line), _form(here, line)
    who: Who = who_is_it(form, here.house.id, here.rules)
    nights = form.whole_number("nights", least=0, most=MOST_NIGHTS, needed=False)
    form.done()
    came = arriving.welcome_new(
        here.actor, here.house.id, who=who, nights=1 if nights is None else nights, bed_id=bed.id,
        agreed=_agreed(line), at=line.at, now=here.now,
    )  # fmt: skip
    return _("Here: %(door)s.", door=_door(came))


def _left(here: Ground, line: Written) -> str:
    """By their door. Where nobody was behind it when the page was drawn, whoever came since leaves it."""
    bed = _mine(Bed, here, line)
    if len(line.rest) > 1:
        stay = _mine(Stay, here, line, 1)
    else:
        found = db.session.scalar(sa.select(Stay).where(Stay.occupies_bed_id == bed.id))
        if found is None:
            raise Invalid(fields={"what": _("Nobody is behind that door. Did somebody come there first?")})
        stay = found
    leaving.leave(here.actor, stay.id, at=line.at, now=here.now)
    return _("Left: %(door)s.", door=bed.name)


def _sat_down(here: Ground, line: Written) -> str:
    form = _form(here, line)
    who = who_is_it(form, here.house.id, here.rules) if line.words else Nameless()
    form.done()
    visit = visits.begin_visit(here.actor, here.house.id, who=who, at=line.at, now=here.now)
    return _("Chair %(chair)s is theirs.", chair=db.session.get_one(Chair, visit.chair_id).name)


def _went(here: Ground, line: Written) -> str:
    ended = visits.end_visit(here.actor, _mine(Visit, here, line).id, at=line.at, now=here.now)
    return _("Chair %(chair)s is free.", chair=db.session.get_one(Chair, ended.chair_id).name)


def _promised(here: Ground, line: Written) -> str:
    _not_longer(line, LONGEST_WORDS)
    wanted = Wanted(words=line.words)
    if line.rest:
        promise_guest(here.actor, _mine(Stay, here, line).id, wanted, at=line.at, now=here.now)
    else:
        give(here.actor, here.house.id, wanted, at=line.at, now=here.now)
    return _("A promise is noted.")


def _log(here: Ground, line: Written) -> str:
    _not_longer(line, LONGEST_ENTRY)
    write_entry(here.actor, here.house.id, line.words, at=line.at, now=here.now)
    return _("It stands in the log.")


_ACTS: dict[What, Callable[[Ground, Written], str]] = {
    What.IN_TOUCH: _in_touch,
    What.ARRIVED: _arrived,
    What.NEW: _new,
    What.LEFT: _left,
    What.SAT_DOWN: _sat_down,
    What.WENT: _went,
    What.PROMISED: _promised,
    What.LOG: _log,
}


def _mine(model: type[Row], here: Ground, line: Written, place: int = 0) -> Row:
    """The row of this house that a choice names. Raises NotFound."""
    session: Session = db.session()
    try:
        found = session.get(model, as_uuid(line.rest[place]))
    except (IndexError, Unusable):
        found = None
    if found is None or found.house_id != here.house.id:
        raise NotFound
    return found


def _form(here: Ground, line: Written) -> Form:
    """The line's fields as the ordinary page's form has them: the words are what somebody is called."""
    name = line.words if line.what in WITH_NAME else ""
    nameless = "" if name or not here.rules.nameless_stays else "yes"
    return Form(MultiDict([*line.sent.items(), ("name", name), ("nameless", nameless)]))


def _agreed(line: Written) -> bool:
    return line.sent.get("agreed") == "yes"


def _door(stay: Stay) -> str:
    return db.session.get_one(Bed, stay.occupies_bed_id).name


def _not_longer(line: Written, most: int) -> None:
    if len(line.words) > most:
        raise Invalid(fields={"words": _("Please keep this to %(most)s letters.", most=most)})
