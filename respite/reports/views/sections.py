"""What the page tells, section by section, of what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from respite.followup.words import window_words
from respite.guests.models import ContactKind, NoBed
from respite.guests.views.contact_words import kind_words, reason_words
from respite.reports.counting.asking import NOT_SAID
from respite.reports.policy.atoms import Atoms, middle, ninetieth
from respite.reports.policy.families import AS_PLANNED, FAMILIES
from respite.reports.policy.periods import Period
from respite.reports.views.rows import Row, Section, Side, Telling, a_day, decimal, each, hours, minutes, nights, share
from respite.reports.views.words import ended_words
from respite.resources.connections.policy import State
from respite.resources.connections.words import CATEGORIES

LONGEST_QUARTER = 92  # days


@dataclass(frozen=True, slots=True)
class Inside:
    """What a house reads of its own alone, for it is not a sum of months: distinct people, and who holds what."""

    guests: int = 0
    visitors: int = 0
    credentials: tuple[tuple[str, int, int], ...] = ()  # what and whose, holding it, of


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is told of one period, `days` of which have begun. `sources` are the houses' own words for how people
    came, `windows` those of their plans for after a stay."""

    atoms: Atoms
    period: Period
    telling: Telling
    days: int
    inside: Inside | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    windows: tuple[str, ...] = ()


def sections_of(counted: Counted) -> list[Section]:
    parts = (_in_touch, _asking, _stays, _beds, _living_room, _following, _connecting, _staff)
    return [section for part in parts for section in part(counted) if section.rows]


def _days(counted: Counted) -> Side:
    return Side(counted.days)


def _in_touch(counted: Counted) -> Iterable[Section]:
    atoms, row = counted.atoms, counted.telling.row
    contacts = Side(atoms.sum("contact."))
    of_all = _("contacts in all")
    kinds = atoms.kinds("contact.")
    rows = [row(_("Contacts"), contacts, _days(counted), _("days"), each(a_day))]
    rows += [
        row(kind_words(kind), Side(kinds[kind]), contacts, of_all, share) for kind in ContactKind if kinds.get(kind)
    ]
    found = atoms.list("contact.minutes")
    if found:
        name, of = _("Minutes until an officer or driver could leave, half at most"), Side(len(found))
        rows.append(counted.telling.middle(name, found, of, _("times it was asked"), middle(found), minutes))
    yield Section("in-touch", _("In touch"), tuple(rows))
    sources = atoms.kinds("source.")
    rows = [
        row(_("not said") if mark == NOT_SAID else counted.sources.get(mark, mark), Side(n), contacts, of_all, share)
        for mark, n in sorted(sources.items(), key=lambda pair: (pair[0] == NOT_SAID, -pair[1], pair[0]))
        if n
    ]
    yield Section("sources", _("How they came to us"), tuple(rows))


def _asking(counted: Counted) -> Iterable[Section]:
    atoms, row = counted.atoms, counted.telling.row
    offered, saved, refused = (Side(n) for n in _answers(atoms))
    answered = Side(offered.number + refused.number)
    rows = [
        row(_("Asked for a bed"), Side(atoms.numbers["request.made"]), _days(counted), _("days"), each(a_day)),
        row(_("Were offered one"), offered, answered, _("requests answered"), share),
        row(_("Took it: a bed was saved"), saved, offered, _("requests that were offered a bed"), share),
        row(_("We could not offer one"), refused, answered, _("requests answered"), share),
    ]
    reasons = atoms.kinds("no-bed.")
    rows += [
        row(reason_words(reason), Side(reasons.get(reason, 0)), refused, _("that we could not offer"), share)
        for reason in NoBed
        if reasons.get(reason)
    ]
    waits = atoms.list("answer.minutes")
    of = Side(len(waits))
    for name, value in (
        (_("Half were answered within"), middle(waits)),
        (_("Nine in ten were answered within"), ninetieth(waits)),
    ):
        rows.append(counted.telling.middle(name, waits, of, _("answers"), value, hours))
    yield Section("asking", _("Asking for a bed"), tuple(rows))


def _answers(atoms: Atoms) -> tuple[int, int, int]:
    return atoms.numbers["request.offered"], atoms.numbers["request.saved"], atoms.sum("no-bed.")


def _stays(counted: Counted) -> Iterable[Section]:
    atoms, row, inside = counted.atoms, counted.telling.row, counted.inside
    began, ended = Side(atoms.numbers["stay.began"]), Side(atoms.sum("ended."), "stays-ended")
    of_ended, of_began = _("stays that ended"), _("stays that began")
    lengths = atoms.list("stay.nights")
    sooner = FAMILIES["left-sooner"].of(atoms)[0]
    rows = [] if inside is None else [row(_("Stays that began"), began, _days(counted), _("days"), each(a_day))]
    rows += [
        row(_("Stays that ended"), ended, _days(counted), _("days"), each(a_day)),
        row(_("Left sooner than planned"), Side(sooner, "left-sooner"), ended, of_ended, share),
    ]
    if inside is not None:
        kinds = atoms.kinds("ended.")
        rows += [
            row(ended_words(kind), Side(n), ended, of_ended, share) for kind, n in kinds.items() if kind != AS_PLANNED
        ]
    rows += [
        row(_("Nights of a stay, on average"), Side(sum(lengths), "stays-ended"), ended, of_ended, each(nights)),
        counted.telling.middle(_("Nights of a stay, half at most"), lengths, ended, of_ended, middle(lengths), nights),
    ]
    if inside is not None:
        new = Side(atoms.numbers["guest.new"])
        rows.append(row(_("Guests who were new this fiscal year"), new, began, of_began, share))
    elif counted.period.days > LONGEST_QUARTER:
        new = Side(atoms.numbers["guest.new"], "new-guests")
        rows.append(row(_("Different guests in the fiscal year"), new, ended, of_ended, share))
    if inside is not None:
        rows.append(row(_("Different guests who were here"), Side(inside.guests), began, of_began, share))
        nobody = Side(atoms.numbers["stay.nobody"])
        rows.append(row(_("Stays without a guest on file"), nobody, began, of_began, share))
    yield Section("stays", _("Stays"), tuple(rows))


def _beds(counted: Counted) -> Iterable[Section]:
    atoms, row = counted.atoms, counted.telling.row
    slept, free = Side(atoms.numbers["night.slept"], "bed-nights"), Side(atoms.numbers["night.open"])
    shut = Side(atoms.numbers["night.closed"])
    if not (free.number or shut.number):
        return
    everything = Side(free.number + shut.number)
    counted_nights = Side(atoms.numbers["night.counted"])
    yield Section(
        "beds",
        _("Beds"),
        (
            row(_("Bed-nights: occupancy"), slept, free, _("available bed-nights"), share),
            row(_("Available bed-nights"), free, counted_nights, _("nights"), each(_a_night)),
            row(_("Closed bed-nights"), shut, everything, _("bed-nights, available or closed"), share),
        ),
    )


def _a_night(number: float) -> str:
    return str(_("%(number)s a night", number=decimal(number)))


def _living_room(counted: Counted) -> Iterable[Section]:
    atoms, row, inside = counted.atoms, counted.telling.row, counted.inside
    visits = Side(atoms.numbers["visit.began"], "visits")
    if not visits.number and inside is not None:
        return
    spent = Side(atoms.numbers["visit.minutes"], "visits", is_minutes=True)
    rows = [
        row(_("Visits"), visits, _days(counted), _("days"), each(a_day)),
        row(_("Time spent here"), spent, visits, _("visits"), each(hours)),
    ]
    if inside is not None and inside.visitors:
        rows.append(
            row(
                _("Visits by guests on file"),
                visits,
                Side(inside.visitors),
                _("guests on file who visited"),
                each(_each),
            )
        )
    yield Section("visits", _("Living room"), tuple(rows))


def _each(number: float) -> str:
    return str(_("%(number)s each", number=decimal(number)))


def _following(counted: Counted) -> Iterable[Section]:
    """The windows of the plan, whether anything happened in them or not: what is left out would tell, too."""
    atoms, row, rows = counted.atoms, counted.telling.row, list[Row]()
    windows = dict.fromkeys(counted.windows)
    if counted.inside is not None:
        windows |= dict.fromkeys(key.rpartition(".")[2] for key in atoms.numbers if key.startswith("follow."))
    for window in sorted(windows, key=_hours_after):
        offered, agreed, reached, answered = (
            Side(atoms.numbers[key], key)
            for key in (f"follow.{step}.{window}" for step in ("offered", "agreed", "reached", "answered"))
        )
        ended = Side(atoms.sum("ended."), "stays-ended")
        name = window_words(window)
        rows += [
            row(_("%(window)s: offered", window=name), offered, ended, _("stays that ended"), share),
            row(_("%(window)s: agreed", window=name), agreed, offered, _("offered"), share),
            row(_("%(window)s: reached", window=name), reached, agreed, _("agreed"), share),
            row(_("%(window)s: answered", window=name), answered, reached, _("reached"), share),
        ]
    yield Section("following", _("After a stay"), tuple(rows))


def _connecting(counted: Counted) -> Iterable[Section]:
    atoms, row, rows = counted.atoms, counted.telling.row, list[Row]()
    for category, words in CATEGORIES.items():
        offered, wanted, connected = (
            Side(atoms.numbers[key], key)
            for key in (f"connect.{step}.{category}" for step in (State.OFFERED, State.WANTED, State.CONNECTED))
        )
        if counted.inside is not None and not offered.number and not wanted.number and not connected.number:
            continue
        rows += [
            row(_("%(category)s: wanted", category=words), wanted, offered, _("offered"), share),
            row(_("%(category)s: connected", category=words), connected, wanted, _("wanted"), share),
        ]
    yield Section("connecting", _("Connections"), tuple(rows))


def _hours_after(window: str) -> int:
    return int(window[1:]) * (24 if window[0] == "d" else 1)


def _staff(counted: Counted) -> Iterable[Section]:
    atoms, row = counted.atoms, counted.telling.row

    def time(key: str) -> Side:
        return Side(atoms.numbers[key], is_minutes=True)

    rows = [
        row(_("Hours worked in the house"), time("staff.worked"), time("staff.planned"), _("hours planned"), share),
        row(_("Hours on call"), time("staff.on-call"), _days(counted), _("days"), each(hours)),
        row(
            _("Hours with fewer than the house asks for"),
            time("cover.short"),
            time("cover.asked"),
            _("hours asked for"),
            share,
        ),
        row(_("Hard moments"), Side(atoms.numbers["moment.began"]), _days(counted), _("days"), each(a_day)),
    ]
    if counted.inside is not None:
        rows += [
            row(words, Side(holds), Side(people), _("people in that role now"), share)
            for words, holds, people in counted.inside.credentials
        ]
    yield Section("staff", _("People who work here"), tuple(rows))
