"""Whether the house can offer somebody a bed, rule by rule: yes, no or not asked. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from respite.guests.models.contacts import NoBed
from respite.guests.policy.return_rule import NightsAnswer
from respite.houses.models import BedRule
from respite.houses.policy.bed_rules import NIGHTS_NUMBER, RuleKind

#: So long after the day on which an answer changes somebody who wished to be told of it is still known.
TOLD_WITHIN = timedelta(days=14)
LONGEST_AHEAD = timedelta(days=366 * 20)


class Says(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_ASKED = "not-asked"


REASONS = {
    RuleKind.AREA: NoBed.AREA,
    RuleKind.AGE: NoBed.AGE,
    RuleKind.VETERANS: NoBed.HOUSE_KIND,
    RuleKind.WOMEN: NoBed.HOUSE_KIND,
    RuleKind.OWN: NoBed.OTHER,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule of the house and what it says of somebody now. Without `rule` it is the nights rule."""

    number: int
    edition: int
    says: Says
    rule: BedRule | None = None
    changes_on: date | None = None
    nights: NightsAnswer | None = None

    @property
    def reason(self) -> NoBed:
        """What could not be offered is counted under, where this rule says no."""
        return NoBed.NIGHTS if self.rule is None else REASONS[RuleKind(self.rule.kind)]

    @property
    def about_age(self) -> bool:
        return self.rule is not None and self.rule.kind == RuleKind.AGE


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is kept."""

    number: int
    edition: int
    says: Says
    changes_on: date | None = None


def judged_by_nights(edition: int, answer: NightsAnswer) -> Judged:
    """The nights rule: a no bears the day from which a night is open."""
    if answer.nights_open > 0:
        return Judged(NIGHTS_NUMBER, edition, Says.YES, nights=answer)
    return Judged(NIGHTS_NUMBER, edition, Says.NO, changes_on=answer.opens_on, nights=answer)


def judged_by_rules(rules: Iterable[BedRule], answers: Iterable[Answered], today: date) -> list[Judged]:
    """An answer counts for the version it was given to; a no whose day has come is asked anew."""
    given = {(each.number, each.edition): each for each in answers}
    found: list[Judged] = []
    for rule in rules:
        answer = given.get((rule.number, rule.edition))
        if answer is None or (answer.changes_on is not None and answer.changes_on <= today):
            found.append(Judged(rule.number, rule.edition, Says.NOT_ASKED, rule))
        else:
            found.append(Judged(rule.number, rule.edition, answer.says, rule, answer.changes_on))
    return found


def noes(judged: Iterable[Judged]) -> list[Judged]:
    return [each for each in judged if each.says == Says.NO]
