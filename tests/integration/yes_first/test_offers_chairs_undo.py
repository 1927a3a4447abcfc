"""Offers, chairs, what is taken back with Undo, and two in the same second."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.guests.errors import CannotUndo, CoordinatorFirst
from respite.guests.models import BedOffer, Stay
from respite.guests.policy.offers import How
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.offering import offer_bed, say_not_now, say_yes
from respite.guests.service.people import Known, Named
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from respite.houses.queries import beds_of
from tests.apart import DAY, HOUR, MINUTE, asks, count, known, says_yes
from tests.at_once import at_once
from tests.places import SUNDAY


def test_an_offer_stops_is_not_taken_up_and_passes_nobody_over(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    later = add_waiting(peer, juniper.id, who=Named("Vi", "+13035550177"), asked=Asked(nights=1), now=SUNDAY + HOUR)
    bed = beds_of(db.session(), juniper.id)[1].id
    waiting_id = db.session.scalar(sa.text("SELECT id FROM waiting ORDER BY since LIMIT 1"))
    db.session.rollback()
    first = uuid.UUID(str(waiting_id))
    with pytest.raises(CoordinatorFirst):
        offer_bed(peer, juniper.id, bed_id=bed, waiting_id=first, how=How.CALL, now=SUNDAY + HOUR)
    assert count(BedOffer) == 0
    offer = offer_bed(peer, juniper.id, bed_id=bed, waiting_id=later.id, how=How.CALL, now=SUNDAY + HOUR)
    assert offer.passed_over is None
    assert bo is not None


def test_an_offer_made_before_is_asked_again_when_it_is_taken_up(juniper: House, peer: Actor, dana: Actor) -> None:
    known(juniper, peer)
    waiting_id = uuid.UUID(str(db.session.scalar(sa.text("SELECT id FROM waiting"))))
    db.session.rollback()
    bed = beds_of(db.session(), juniper.id)[1].id
    offer = offer_bed(peer, juniper.id, bed_id=bed, waiting_id=waiting_id, how=How.CALL, now=SUNDAY)
    cy = known(juniper, peer, "Cy")
    say_apart(peer, cy, "Bo", now=SUNDAY)
    with pytest.raises(CoordinatorFirst):  # who is being asked counts as coming
        begin_visit(peer, juniper.id, who=Known(cy), now=SUNDAY)
    says_yes(dana)
    begin_visit(peer, juniper.id, who=Known(cy), now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        say_yes(peer, offer.id, now=SUNDAY + HOUR)


def test_a_chair_in_the_living_room_counts_as_being_here(juniper: House, peer: Actor, dana: Actor) -> None:
    visit = begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    cy = known(juniper, peer, "Cy")
    say_apart(peer, cy, "Bo", now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(cy), now=SUNDAY)
    end_visit(peer, visit.id, now=SUNDAY + HOUR)
    two = begin_visit(peer, juniper.id, who=Known(cy), now=SUNDAY + HOUR)
    begin = welcome_new(dana, juniper.id, who=Named("Kit"), nights=1, now=SUNDAY + HOUR)
    go_on_to_bed(peer, two.id, nights=1, now=SUNDAY + HOUR)
    assert begin.guest_id is not None


def test_taking_a_leaving_back_does_not_bring_them_together(juniper: House, peer: Actor, ana: Stay) -> None:
    leave(peer, ana.id, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    with pytest.raises(CannotUndo):
        undo(peer, undoable, now=SUNDAY)


def test_said_while_both_are_here_a_coordinator_hears_of_it(juniper: House, peer: Actor) -> None:
    welcome_new(peer, juniper.id, who=Named("Bo"), nights=2, now=SUNDAY)
    ana = welcome_new(peer, juniper.id, who=Named("Ana"), nights=2, now=SUNDAY)
    assert ana.guest_id is not None
    say_apart(peer, ana.guest_id, "Bo", now=SUNDAY)
    assert [ask.what for ask in asks()] == ["now"]


@pytest.mark.parametrize("rounds", range(5))
def test_of_two_who_arrive_at_the_same_moment_one_is_asked_about(
    app: Flask, juniper: House, peer: Actor, rounds: int
) -> None:
    ana, bo = known(juniper, peer, "Ana"), known(juniper, peer, "Bo")
    say_apart(peer, ana, "Bo", now=SUNDAY)
    beds = [bed.id for bed in beds_of(db.session(), juniper.id)]
    house_id = juniper.id
    answers = at_once(
        app,
        lambda: welcome_new(peer, house_id, who=Known(ana), nights=1, bed_id=beds[0], now=SUNDAY),
        lambda: welcome_new(peer, house_id, who=Known(bo), nights=1, bed_id=beds[1], now=SUNDAY),
    )
    assert sorted(type(each).__name__ for each in answers) == ["CoordinatorFirst", "Stay"]
    assert count(Stay) == 1
    assert len(asks()) == 1


@pytest.mark.parametrize(
    ("waits", "asked_now", "asks_about"),
    [
        (["Cy", "Di", "Ed", "Bo"], "Di", []),  # it is not Bo's turn
        (["Cy", "Bo", "Di", "Bo"], "Di", ["Bo"]),
        (["Cy", "Bo", "Bo"], None, ["Bo", "Bo"]),
    ],
)
def test_the_clock_asks_a_coordinator_about_whose_turn_it_is_alone(
    juniper: House,
    peer: Actor,
    ana: Stay,
    clock: StillClock,
    waits: list[str],
    asked_now: str | None,
    asks_about: list[str],
) -> None:
    places = [
        add_waiting(
            peer,
            juniper.id,
            who=Named(name, f"+1303555018{minute}"),
            asked=Asked(nights=2),
            since=SUNDAY - DAY + minute * MINUTE,
            now=SUNDAY,
        ).id
        for minute, name in enumerate(waits)
    ]
    free = next(bed.id for bed in beds_of(db.session(), juniper.id) if bed.id != ana.bed_id)
    offer = offer_bed(peer, juniper.id, bed_id=free, waiting_id=places[0], how=How.CALL, goes_on=True, now=SUNDAY)
    say_not_now(peer, offer.id, now=SUNDAY)
    sweep(SUNDAY + MINUTE)
    db.session.rollback()
    open_now = db.session.scalars(sa.select(BedOffer).where(BedOffer.ended_at.is_(None))).all()
    assert [waits[places.index(each.waiting_id)] for each in open_now] == ([asked_now] if asked_now else [])
    assert [ask.name for ask in asks()] == asks_about
