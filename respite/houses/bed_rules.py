"""Rules about whom the house can offer a bed, read and put into words: the question, and what is said after a no."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.languages import in_language
from respite.houses.models import BedRule
from respite.houses.policy.bed_rules import RuleKind

KINDS = {
    RuleKind.AREA: _l("Where somebody lives"),
    RuleKind.AGE: _l("How old somebody is"),
    RuleKind.VETERANS: _l("For veterans"),
    RuleKind.WOMEN: _l("For women"),
    RuleKind.OWN: _l("A question of the house"),
}


def bed_rules_now(session: Session, house_id: uuid.UUID) -> list[BedRule]:
    """The rules in force, by number; the nights rule is worked out and is none of these."""
    found = sa.select(BedRule).where(BedRule.house_id == house_id, BedRule.ended_at.is_(None))
    return list(session.scalars(found.order_by(BedRule.number)))


def bed_rules_ever(session: Session, house_id: uuid.UUID) -> list[BedRule]:
    """Every version, the newest of each number first."""
    found = sa.select(BedRule).where(BedRule.house_id == house_id)
    return list(session.scalars(found.order_by(BedRule.number, BedRule.edition.desc())))


def question_of(rule: BedRule) -> str:
    """What is asked; yes means that the house can offer them a bed."""
    own = in_language(rule.words_en, rule.words_es)
    match rule.kind:
        case RuleKind.AREA:
            return _("Do they live here: %(area)s?", area=own)
        case RuleKind.AGE:
            return _("Are they %(age)s or older?", age=rule.least_age)
        case RuleKind.VETERANS:
            return own or _("Are they a veteran?")
        case RuleKind.WOMEN:
            return own or _("This house is for women. Is that them, as they see it?")
    return own


def no_sentence(rule: BedRule) -> str:
    """What can be read to somebody for whom the answer is no."""
    own = in_language(rule.no_en, rule.no_es)
    if own:
        return own
    match rule.kind:
        case RuleKind.AREA:
            area = in_language(rule.words_en, rule.words_es)
            return _("The beds of this house are for people who live here: %(area)s.", area=area)
        case RuleKind.AGE:
            return _("People can stay in this house from the age of %(age)s on.", age=rule.least_age)
        case RuleKind.VETERANS:
            return _("This house is for veterans.")
        case RuleKind.WOMEN:
            return _("This house is for women.")
    return _("A rule of this house stands against it.")
