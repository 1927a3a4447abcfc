"""The house's rules as pages of guests show them: each with its question, what was answered, and what is read out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from respite.core.forms import Form
from respite.guests.models import NoBed
from respite.guests.policy.bed_fit import Judged, Says, noes
from respite.guests.service.bed_fit import Fit
from respite.guests.service.bed_fit_words import to_read
from respite.guests.views.contact_words import reason_words
from respite.houses.bed_rules import KINDS, bed_rules_now, no_sentence, question_of
from respite.houses.policy.bed_rules import RuleKind


@dataclass(frozen=True, slots=True)
class Line:
    """One rule beside one person. `question` is none for the nights rule, which nobody is asked."""

    number: int
    edition: int
    title: str
    question: str | None
    says: Says
    says_words: str
    read: str | None
    reason: NoBed
    reason_words: str
    about_age: bool
    changes_on: str


def says_words(says: Says) -> str:
    return {Says.YES: _("Yes"), Says.NO: _("No"), Says.NOT_ASKED: _("Not asked")}[says]


def rule_lines(judged: Sequence[Judged]) -> list[Line]:
    return [_line(each) for each in judged]


def _line(each: Judged) -> Line:
    rule = each.rule
    return Line(
        number=each.number,
        edition=each.edition,
        title=str(KINDS[RuleKind(rule.kind)]) if rule is not None else _("The nights rule"),
        question=question_of(rule) if rule is not None else None,
        says=each.says,
        says_words=says_words(each.says),
        read=to_read(each) if each.says == Says.NO else None,
        reason=each.reason,
        reason_words=reason_words(each.reason),
        about_age=each.about_age,
        changes_on=each.changes_on.isoformat() if each.changes_on is not None and rule is not None else "",
    )


def in_short(judged: Sequence[Judged]) -> str | None:
    """ "Rule 3 says no · 2 rules not asked"; nothing where nothing speaks against and all was asked."""
    against = [_("Rule %(number)s says no", number=each.number) for each in noes(judged)]
    open_ = sum(each.says == Says.NOT_ASKED for each in judged)
    unasked = ngettext("%(num)s rule not asked", "%(num)s rules not asked", open_) if open_ else None
    return " · ".join(filter(None, (*against, unasked))) or None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the house in a form."""

    name: str
    number: int
    question: str
    read: str


def asks_of(session: Session, house_id: uuid.UUID) -> list[Ask]:
    return [
        Ask(f"rule-{rule.number}", rule.number, question_of(rule), no_sentence(rule))
        for rule in bed_rules_now(session, house_id)
    ]


def fit_in(form: Form, session: Session, house_id: uuid.UUID) -> Fit:
    """What the fields of `guests/_rule_questions.html` say."""
    answers: dict[int, Says] = {}
    for rule in bed_rules_now(session, house_id):
        said = form.choice(f"rule-{rule.number}", Says, needed=False)
        if said and not form.wrong:
            answers[rule.number] = Says(said)
    return Fit(answers, form.flag("all_the_same"))
