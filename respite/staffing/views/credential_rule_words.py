"""The rules of a credential or training in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.accounts.words import role_words
from respite.houses.rule_words import minutes_words
from respite.staffing.models import CredentialRules
from respite.staffing.policy.credentials import Hours, RuleSet, from_body
from respite.staffing.views.credential_words import day_words


def asked_words(row: CredentialRules) -> list[tuple[str, str]]:
    """(what, how much) of all that is asked."""
    rules = from_body(row.body)
    return [(label, value) for label, value in (*_before(row, rules), *_after(rules)) if value]


def _before(row: CredentialRules, rules: RuleSet) -> list[tuple[str, str]]:
    issuer = row.issuer
    if issuer and row.issuer_until is not None:
        issuer = _("%(issuer)s, through %(day)s", issuer=issuer, day=day_words(row.issuer_until))
    exam = rules.exam
    if exam and rules.hours_before_exam:
        exam = _("%(exam)s, after the hours", exam=exam)
    return [
        (_("Given by"), issuer),
        (_("Training"), _hours(rules.initial)),
        (_("Work as a peer"), _work(rules)),
        (_("Supervision"), _hours(rules.supervision)),
        (_("Exam"), exam),
    ]


def _after(rules: RuleSet) -> list[tuple[str, str]]:
    months, days = rules.valid_months, rules.window_days
    valid = ngettext("%(num)s month", "%(num)s months", months) if months else _("does not run out by these rules")
    if months and rules.month_end:
        valid = _("%(time)s, to the end of the month", time=valid)
    window = "" if days is None else ngettext("%(num)s day before", "%(num)s days before", days)
    return [
        (_("Valid"), valid),
        (_("Training for renewing"), _hours(rules.renewal)),
        (_("It can be renewed from"), window),
        (_("Needed by"), ", ".join(str(role_words(role)) for role in rules.needed_by)),
    ]


def _hours(asked: Hours) -> str:
    if not asked.minutes:
        return ""
    said = [minutes_words(asked.minutes)]
    said += [_("%(name)s %(time)s", name=part.name, time=minutes_words(part.minutes)) for part in asked.parts]
    if asked.group_most is not None:
        said.append(_("at most %(time)s in a group", time=minutes_words(asked.group_most)))
    return "; ".join(said)


def _work(rules: RuleSet) -> str:
    if not rules.experience:
        return ""
    time, months = minutes_words(rules.experience), rules.experience_months
    if not months:
        return time
    return ngettext("%(time)s over at least %(num)s month", "%(time)s over at least %(num)s months", months, time=time)
