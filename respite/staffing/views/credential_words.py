"""Credentials as people read them: where each stands, what is done, what is to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from respite.core.times import day_and_month
from respite.houses.rule_words import minutes_words
from respite.staffing.models import Training
from respite.staffing.policy.credentials import Kind, Progress, Sort
from respite.staffing.queries.credential_cards import Card, Stands

KINDS = {Kind.CREDENTIAL: _l("a credential that an issuer gives"), Kind.TRAINING: _l("a training of the house")}
SORTS = {Sort.LEARNING: _l("training"), Sort.WORK: _l("work as a peer elsewhere")}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is asked. `to_go` is empty where it is done; parts are indented under it."""

    label: str
    done: str
    to_go: str
    part: bool = False


def day_words(day: date) -> str:
    """A day of a certificate, with its year."""
    return day_and_month(day, year=True)


def stands_words(card: Card) -> str:
    if card.stands == Stands.HELD:
        return _("valid through %(day)s", day=day_words(card.last_day)) if card.last_day else _("valid")
    if card.stands == Stands.RAN_OUT and card.last_day is not None:
        return _("ran out after %(day)s", day=day_words(card.last_day))
    return _("on the way") if card.stands == Stands.UNDER_WAY else _("not yet")


def steps(card: Card) -> list[Step]:
    """What the rules ask on the way to it, or for renewing it, in the order in which it is done."""
    found: list[Step] = []
    if card.initial is not None:
        found += _hours(_("Training"), card.initial)
    if card.experience is not None:
        found.append(_work(card, card.experience))
    if card.supervision is not None:
        found += _hours(_("Supervision"), card.supervision)
    if card.rules.exam and (card.term is None or card.term.issued_on is None):
        found.append(_exam(card))
    if card.renewal is not None:
        found += _hours(_("Training for renewing"), card.renewal)
    return found


def notes(card: Card) -> list[str]:
    """What else is good to know: when it can be renewed, what was in a group beyond what counts, reminders."""
    said: list[str] = []
    if card.renewable_from is not None:
        said.append(_("It can be renewed from %(day)s on.", day=day_words(card.renewable_from)))
    for each in (card.initial, card.supervision, card.renewal):
        if each is not None and each.over_group:
            over = minutes_words(each.over_group)
            said.append(_("%(time)s in a group are more than the rules count.", time=over))
    said += [
        ngettext(
            "Reminded %(num)s day before, on %(day)s.",
            "Reminded %(num)s days before, on %(day)s.",
            each.days,
            day=day_words(each.at.date()),
        )
        for each in card.reminded
        if card.term is not None and each.expires_on == card.term.expires_on
    ]
    return said


def entry_words(entry: Training) -> str:
    """One entry of hours in a line: what, how long, when, where."""
    what = _("work as a peer elsewhere") if entry.sort == Sort.WORK else entry.category or _("training")
    facts = [what, minutes_words(entry.minutes), day_words(entry.day), entry.provider]
    return " · ".join([fact for fact in facts if fact] + ([_("in a group")] if entry.in_group else []))


def _hours(label: str, found: Progress) -> list[Step]:
    return [
        Step(label, _done(found.counted, found.needed), _to_go(found.left)),
        *(Step(part.name, _done(part.done, part.needed), _to_go(part.left), part=True) for part in found.parts),
    ]


def _work(card: Card, found: Progress) -> Step:
    to_go = _to_go(found.left)
    if not to_go and not card.experience_since:
        months = card.rules.experience_months
        to_go = ngettext("to go on over %(num)s month", "to go on over %(num)s months", months)
    return Step(_("Work as a peer"), _done(found.counted, found.needed), to_go)


def _exam(card: Card) -> Step:
    if card.term is not None and card.term.exam_on is not None:
        return Step(card.rules.exam, _("passed on %(day)s", day=day_words(card.term.exam_on)), "")
    return Step(card.rules.exam, "", _("open to you now") if card.exam_open else _("after the hours"))


def _done(done: int, needed: int) -> str:
    """ "44 of 60 hours"; with minutes where there are some."""
    said = str(done // 60) if done % 60 == 0 and needed % 60 == 0 else minutes_words(done)
    return _("%(done)s of %(needed)s", done=said, needed=minutes_words(needed))


def _to_go(minutes: int) -> str:
    return _("%(time)s to go", time=minutes_words(minutes)) if minutes else ""


def kind_options() -> list[tuple[str, Any]]:
    return [(str(kind), words) for kind, words in KINDS.items()]


def about_options(card: Card) -> list[tuple[str, str]]:
    """What hours can be about: the parts that the rules name, and anything else."""
    parts = dict.fromkeys(part.name for asked in (card.rules.initial, card.rules.renewal) for part in asked.parts)
    return [("", _("anything else")), *((name, name) for name in parts)]
