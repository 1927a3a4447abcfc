"""What speaks against putting somebody on, beside the form that asked, and what was decided all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.core.errors import Refusal
from respite.core.forms import Form
from respite.houses.models import House
from respite.staffing.errors import Judged, RulesAgainst
from respite.staffing.queries.overrides import Overruled
from respite.staffing.service.overruling import LONGEST_WHY, Anyway
from respite.staffing.views.reason_words import reason_words, rule_words


@dataclass(frozen=True, slots=True)
class Against:
    """For `staffing/_against.html`: sentences, and the mark of what was read."""

    reasons: list[str]
    mark: str


def against_shown(session: Session, house: House, refusal: Refusal | None) -> Against | None:
    """What the form that is drawn again says; a reason that was typed stays, whatever was wrong besides."""
    if isinstance(refusal, RulesAgainst):
        return Against(judged_words(session, house, refusal.judged), refusal.mark)
    if refusal is not None and request.form.get("why", "").strip():
        return Against([], request.form.get("read", ""))
    return None


def judged_words(session: Session, house: House, judged: Sequence[Judged], *, named: bool = True) -> list[str]:
    """What the judge found, as sentences."""
    found = (reason_words(session, house, each.day, each.reasons, named=named) for each in judged)
    return list(dict.fromkeys(sentence for sentences in found for sentence in sentences))


def read_anyway(form: Form) -> Anyway:
    """The reason that was typed; the form knows which rules were read with it."""
    why = form.text("why", needed=False, most=LONGEST_WHY)
    return Anyway(why, form.text("read", needed=False, most=16) or None)


def decided(found: Overruled | None) -> str:
    """ "Against a rule of the house (rest between shifts): nobody else can. Decided by Dana"."""
    if found is None:
        return ""
    return _(
        "Against a rule of the house (%(rules)s): %(why)s · decided by %(name)s",
        rules=rule_words(found.rules),
        why=found.why,
        name=found.by,
    )
