"""What is read to somebody for whom a rule of the house says no: the rule's sentence, and the day it changes."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from respite.core.times import day_and_month
from respite.guests.policy.bed_fit import Judged
from respite.guests.service.nights import nights_sentence
from respite.houses.bed_rules import no_sentence


def to_read(judged: Judged) -> str:
    """The plain sentence for the person. No date is given where none is known."""
    if judged.rule is None:
        assert judged.nights is not None
        answer = judged.nights
        return nights_sentence(answer.nights_open, answer.asked_from, answer.opens_on, answer.full_stay_opens_on)
    words = no_sentence(judged.rule)
    if judged.changes_on is None:
        return words
    return _("%(rule)s From %(day)s on that is different.", rule=words, day=day_and_month(judged.changes_on, year=True))


def no_words(against: Iterable[Judged]) -> str:
    """For the peer: which rules say no, and that they may go on."""
    sentences = " ".join(
        _("Rule %(number)s says no: %(words)s", number=each.number, words=to_read(each)) for each in against
    )
    return _("%(rules)s You can go on all the same, and say so below.", rules=sentences)
