"""What was said at leaving, as figures: only once so many have answered that no answer stands for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

FEWEST_TOLD = 11  # a smaller count of people is not told to others
FEWEST = 5  # answers of a quarter before anything of it is shown


class Helpful(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, as it was given."""

    quarter: date
    helpful: str | None
    instead: str | None


@dataclass(frozen=True, slots=True)
class QuarterSaid:
    """What was said in three months. `answered` are those who said whether it helped; `instead` their words, in the
    order of the alphabet."""

    quarter: date
    helped: int
    partly: int
    answered: int
    instead: tuple[str, ...]
    split: bool = True  # whether it is told how many said what

    def told(self) -> QuarterSaid | None:
        """As it is told to others: no count under 11 of those who answered or said one thing; without words of fewer.

        Nothing, where not even how many answered is told.
        """
        said = (self.helped, self.partly, self.answered - self.helped - self.partly)
        if self.answered < FEWEST_TOLD:
            return None
        words = self.instead if len(self.instead) >= FEWEST_TOLD else ()
        return replace(self, instead=words, split=min(said) >= FEWEST_TOLD)


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def by_quarter(answers: Iterable[Said], today: date) -> list[QuarterSaid]:
    """The quarters that are over and have enough answers, the latest first."""
    found: dict[date, list[Said]] = {}
    for each in answers:
        found.setdefault(each.quarter, []).append(each)
    over = [day for day, said in found.items() if day < quarter_of(today) and len(said) >= FEWEST]
    return [_of_quarter(day, found[day]) for day in sorted(over, reverse=True)]


def _of_quarter(quarter: date, answers: Sequence[Said]) -> QuarterSaid:
    said = [each.helpful for each in answers if each.helpful is not None]
    return QuarterSaid(
        quarter=quarter,
        helped=said.count(Helpful.YES),
        partly=said.count(Helpful.PARTLY),
        answered=len(said),
        instead=tuple(sorted(each.instead for each in answers if each.instead)),
    )
