"""What a filling found, as a person reads it: what stays open, which facts make it so, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.staffing.models import RosterRun
from respite.staffing.queries.runs import DONE, LOST, OVERTAKEN, RUNNING, STOPPED, WAITING, state_of
from respite.staffing.roster.facts import What
from respite.staffing.roster.parts import Shift
from respite.staffing.views.reason_words import Wording

MOST_OF_ONE = 12  # facts of one cause that are named; more of them nobody reads


@dataclass(frozen=True, slots=True)
class Cause:
    """Shifts that cannot all be covered as long as these facts stand, and each single change that would mend it."""

    shifts: list[str]
    facts: list[str]
    cures: list[str]


@dataclass(frozen=True, slots=True)
class RunShown:
    state: str  # a sentence
    goes_on: bool
    gaps: list[str]
    least: bool  # no less can stay open
    causes: list[Cause]
    proven: bool


def run_shown(run: RosterRun, words: Wording, machine: datetime) -> RunShown:
    state = state_of(run, machine)
    found = run.found or {"gaps": [], "causes": []}
    return RunShown(
        state=_state(state, run, machine),
        goes_on=state in (WAITING, RUNNING),
        gaps=[_gap(words, gap) for gap in found["gaps"]],
        least=bool(found["gaps"]) and run.uncovered_proven,
        causes=[_cause(words, each) for each in found["causes"]],
        proven=state in (DONE, STOPPED) and run.proven,
    )


def _state(state: str, run: RosterRun, machine: datetime) -> str:
    if state == WAITING:
        return _("It begins in a moment.")
    if state == RUNNING:
        seconds = int((machine - (run.begun_at or machine)).total_seconds())
        if run.stop_asked_at is not None:
            return _("It ends with the best so far.")
        if run.objective is None:
            return _("Being filled, %(seconds)s of %(most)s seconds.", seconds=seconds, most=run.seconds)
        return _(
            "Being filled, %(seconds)s of %(most)s seconds. There is a first plan, and it gets better.",
            seconds=seconds,
            most=run.seconds,
        )
    return {
        DONE: _("Filled."),
        STOPPED: _("Ended with the best until then."),
        LOST: _("It ended without an answer. The draft is as it was; please try again."),
        OVERTAKEN: _("The draft was changed meanwhile, so nothing was written over it."),
    }[state]


def _gap(words: Wording, gap: Sequence[Any]) -> str:
    day, kind, tag, missing = gap
    shift = words.shift(Shift(day, kind))
    if tag:
        return _("%(shift)s: nobody who holds %(tag)s", shift=shift, tag=words.tag(tag))
    return _("%(shift)s: %(open)s", shift=shift, open=ngettext("%(num)s place open", "%(num)s places open", missing))


def _cause(words: Wording, cause: dict[str, Any]) -> Cause:
    shifts = [words.shift(Shift(day, kind)) for day, kind, _tag in cause["demands"]]
    return Cause(
        shifts=list(dict.fromkeys(shifts)),
        facts=list(dict.fromkeys(fact_words(words, fact) for fact in cause["facts"]))[:MOST_OF_ONE],
        cures=list(dict.fromkeys(fact_words(words, fact) for fact, _least in cause["cures"]))[:MOST_OF_ONE],
    )


def fact_words(words: Wording, fact: Sequence[Any]) -> str:
    """One fact as a sentence: "Ana: away until Friday 4 December"."""
    what, person, day, until, tag = fact
    said = _said(words, What(what), day, until, tag)
    return _("%(name)s: %(reason)s", name=words.name(person), reason=said) if person else said


def _said(words: Wording, what: What, day: int, until: int, tag: str) -> str:
    match what:
        case What.AWAY:
            return words.away(tag)
        case What.NOT_HELD:
            return words.not_held(tag)
        case What.LOCKED:
            return _("put on for %(day)s already", day=words.day(day))
        case What.HOURS:
            return _("no more hours in the week from %(day)s", day=words.day(day))
        case What.REST:
            return _("rests after %(day)s", day=words.day(day))
        case What.NIGHTS:
            return _("not more nights in a row")
        case What.IN_A_ROW:
            return _("not more days in a row")
        case What.WEEKENDS:
            return _("not more weekends")
        case What.OF_KIND:
            return _("not more of %(shift)s", shift=words.kind(tag))
        case What.LEAST_HOURS:
            return _("some hours at least in the week from %(day)s", day=words.day(day))
        case What.FROZEN:
            return _("nothing is added before %(day)s", day=words.day(until))
        case _:
            return _("some days in a row at least")
