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
from respite.staffing.queries.places import place_of
from respite.staffing.roster.parts import Shift as Asked
from respite.staffing.service.overruling import LONGEST_WHY, Anyway
from respite.staffing.views.reason_words import Wording, reason_words, rule_words


@dataclass(frozen=True, slots=True)
class Against:
    """For `staffing/_against.html`: sentences, and the mark of what was read."""

    reasons: list[str]
    mark: str


def against_shown(session: Session, house: House, refusal: Refusal | None, *, several: bool = False) -> Against | None:
    """What the form that is drawn again says; a reason that was typed stays, whatever was wrong besides.

    `several`: it is about many shifts, and each sentence names its own.
    """
    if isinstance(refusal, RulesAgainst):
        said = with_shifts if several else judged_words
        return Against(said(session, house, refusal.judged), refusal.mark)
    if refusal is not None and request.form.get("why", "").strip():
        return Against([], request.form.get("read", ""))
    return None


def judged_words(session: Session, house: House, judged: Sequence[Judged], *, named: bool = True) -> list[str]:
    """What the judge found, as sentences."""
    found = (reason_words(session, house, each.day, each.reasons, named=named) for each in judged)
    return list(dict.fromkeys(sentence for sentences in found for sentence in sentences))


def with_shifts(session: Session, house: House, judged: Sequence[Judged]) -> list[str]:
    """`judged_words` with the shifts that each sentence is about: "Ana: away until Wed 2 Dec (Night, Mon 30 Nov)"."""
    found: dict[str, list[str]] = {}
    for each in judged:
        place = place_of(session, house, each.shift_id, drafts=True)
        shift = Wording(session, house, each.day).shift(Asked(0, place.group)) if place is not None else ""
        for sentence in judged_words(session, house, [each]):
            found.setdefault(sentence, []).append(shift)
    return [f"{sentence} ({'; '.join(dict.fromkeys(shifts))})" for sentence, shifts in found.items()]


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
