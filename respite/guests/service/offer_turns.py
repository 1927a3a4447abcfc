"""Whose turn it is for a bed, where a coordinator has to say yes first for some of those who wait."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from respite.guests.models import Waiting
from respite.guests.policy.apart import What
from respite.guests.policy.offers import InLine, next_in_line
from respite.guests.service.apart_who import Comes
from respite.guests.service.ground import Ground
from respite.guests.service.yes_first import needs_a_yes, stands_apart


def coming(waiting: Waiting, first: date, nights: int) -> Comes:
    return Comes(What.BED, waiting.guest, first, first + timedelta(days=nights))


def who_need_no_yes(session: Session, here: Ground, line: list[InLine], first: date) -> list[InLine]:
    """Nobody is passed over for whom a coordinator has to say yes first."""
    return [each for each in line if not needs_a_yes(session, None, here, _would_come(session, each, first))]


def next_who_needs_no_yes(session: Session, here: Ground, line: list[InLine], first: date) -> InLine | None:
    """The next in line. A coordinator is asked about those whose turn it was, and who need a yes, alone."""
    left = line
    while (turn := next_in_line(left, here.at)) is not None:
        if not stands_apart(session, here, _would_come(session, turn, first)):
            return turn
        left = [each for each in left if each is not turn]
    return None


def _would_come(session: Session, each: InLine, first: date) -> Comes:
    return coming(session.get_one(Waiting, each.waiting_id), first, each.nights)
