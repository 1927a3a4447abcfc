"""Offers of a bed in the same moment: two of one bed, an offer and a saved bed, a yes and the end of its clock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from respite.accounts.actor import Actor
from respite.core.due import due_rows
from respite.core.errors import Refusal
from respite.guests.models import BedOffer, Stay
from respite.guests.policy.offers import How, Said
from respite.guests.service import offering, saving
from respite.guests.service.people import Named
from respite.houses.models import House
from respite.messaging.models import Message
from tests.at_once import at_once
from tests.places import SUNDAY
from tests.texts_in import rows, says
from tests.waiting_line import HOUR, MINUTE, Line, stands

TWO_HOURS = SUNDAY + 2 * HOUR


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def line(juniper: House, actor_in: Callable[..., Actor]) -> Line:
    return Line(juniper, actor_in)


def _offer(line: Line, waiting_id: uuid.UUID) -> BedOffer:
    bed_id = line.beds[0]
    return offering.offer_bed(
        line.dana, line.house_id, bed_id=bed_id, waiting_id=waiting_id, how=How.CALL, said=Said.NOT_REACHED, now=SUNDAY
    )


def test_twenty_are_offered_one_bed_and_one_has_it(app: Flask, line: Line) -> None:
    people = [line.waits(f"Guest {n}", text=False).id for n in range(20)]
    answers = at_once(app, *[lambda who=who: _offer(line, who) for who in people])
    assert sum(isinstance(each, BedOffer) for each in answers) == 1
    assert sum(isinstance(each, Refusal) and each.rule() == "bed-taken" for each in answers) == 19
    assert line.claimed() == 2
    assert len(rows(BedOffer)) == len(rows(Stay)) == 1


def test_twenty_want_a_bed_whose_offer_just_ran_out_and_one_has_it(app: Flask, line: Line) -> None:
    """No sweep runs: the first of them lets go what ran out, and the others meet a saved bed."""
    offer = _offer(line, line.waits("Ana", text=False).id)

    def claims(name: str) -> object:
        who, bed = Named(name), line.beds[0]
        return saving.save_bed(line.dana, line.house_id, who=who, nights=1, bed_id=bed, now=TWO_HOURS)

    answers = at_once(app, *[lambda n=n: claims(f"Guest {n}") for n in range(20)])
    assert sum(isinstance(each, Stay) for each in answers) == 1
    assert stands(offer).ended_how == "ran-out"
    assert line.kinds().count("guest.offer.ended") == 1


@pytest.mark.parametrize("once_more", range(5))
def test_an_offer_and_a_saved_bed_never_have_one_night(app: Flask, line: Line, once_more: int) -> None:
    ana = line.waits("Ana", text=False).id
    bed = line.beds[0]
    answers = at_once(
        app,
        lambda: _offer(line, ana),
        lambda: saving.save_bed(line.dana, line.house_id, who=Named("Zed"), nights=1, bed_id=bed, now=SUNDAY),
    )
    assert sum(isinstance(each, Refusal) for each in answers) == 1
    assert len(line.saved()) == 1


@pytest.mark.parametrize("late", [timedelta(seconds=-1), timedelta()])
def test_a_yes_at_the_instant_at_which_it_runs_out(app: Flask, line: Line, late: timedelta) -> None:
    """A second before it is theirs, whatever the sweep does; at the instant itself it is over, for either of them."""
    ana, _bo = line.waits("Ana"), line.waits("Bo")
    offer = line.offers(ana, goes_on=True)
    code, at = line.code(offer), TWO_HOURS + late
    (row,) = [each for each in due_rows(TWO_HOURS) if each.kind == "guest.offer.runs-out"]
    at_once(
        app,
        lambda: says(f"Y{code}", line.numbers["Ana"], at=at),
        lambda: offering.run_out(row, TWO_HOURS),
        lambda: says("yes", line.numbers["Ana"], at=at),
        lambda: offering.run_out(row, TWO_HOURS),
    )
    ended = stands(offer).ended_how
    (saved,) = line.saved() or [("nobody", "none")]
    answered = {each.template for each in rows(Message) if each.purpose == "automatic"}
    if late:
        # Whoever had the lock first: a yes of before, or a sweep of after. Never both.
        assert (ended, saved, answered) in (
            ("accepted", ("Ana", "held"), {"bed-yours"}),
            ("ran-out", ("nobody", "none"), {"bed-over"}),
        )
    else:
        assert (ended, saved, answered) == ("ran-out", ("nobody", "none"), {"bed-over"})
    assert line.claimed() == (2 if ended == "accepted" else 0)
    assert line.kinds().count("guest.offer.ended") == 1


def test_two_offers_of_one_person_answered_at_once_are_one_bed(app: Flask, line: Line) -> None:
    ana = line.waits("Ana")
    codes = [line.code(line.offers(ana, bed)) for bed in (0, 1)]
    number = line.numbers["Ana"]
    at_once(app, *[lambda code=code: says(f"Y{code}", number, at=SUNDAY + MINUTE) for code in codes])
    assert line.saved() == [("Ana", "held")]
    assert sorted(how or "" for _who, how in line.asked()) == ["accepted", "answered"]
    assert line.claimed(0) + line.claimed(1) == 2


def test_the_next_step_taken_by_two_sweeps_asks_one(app: Flask, line: Line) -> None:
    ana, _bo, _cy = line.waits("Ana"), line.waits("Bo"), line.waits("Cy")
    offer = line.offers(ana, goes_on=True)
    line.says("Ana", f"N{line.code(offer)}")
    (row,) = due_rows(SUNDAY + 2 * MINUTE)
    at_once(app, *[lambda: offering.go_on(row, SUNDAY + 2 * MINUTE) for _sweep in range(4)])
    assert line.asked() == [("Ana", "not-now"), ("Bo", None)]
