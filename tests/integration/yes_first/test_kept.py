"""How long a wish and an ask are kept, and what goes with a guest who is forgotten."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from respite.accounts.actor import Actor
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.due import sweep
from respite.guests.errors import CoordinatorFirst
from respite.guests.models import ApartWish, SomeoneElse, Stay
from respite.guests.policy.apart import Answer, IsIt
from respite.guests.service.apart import say_apart
from respite.guests.service.arriving import welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.visits import begin_visit
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.yes_answers import answer_ask, change_yes_rules, forget_old, wishes_in_the_way
from respite.houses.models import House
from tests.apart import DAY, HOUR, asks, count, known, says_yes
from tests.places import SUNDAY


def test_when_its_last_day_is_over_it_counts_no_more_and_goes(
    juniper: House, peer: Actor, ana: Stay, clock: StillClock
) -> None:
    wish = db.session.scalars(sa.select(ApartWish)).one()
    assert wish.until.isoformat() == "2027-02-22"
    over = SUNDAY + 95 * DAY
    save_bed(peer, juniper.id, who=Named("Bo"), nights=1, now=over)  # nobody has swept yet
    clock.at = over
    sweep(over)
    assert count(ApartWish) == 0


def test_asks_of_days_that_are_over_go(juniper: House, peer: Actor, ana: Stay, clock: StillClock) -> None:
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    assert forget_old() == 0
    clock.at = SUNDAY + 3 * DAY
    assert forget_old() == 1
    assert asks() == []


def test_with_a_guest_all_they_said_goes_and_what_ties_others_to_them(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    (ask,) = asks()
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.SAME}, now=SUNDAY)
    erase_guest(dana, bo, now=SUNDAY)
    assert asks() == []
    assert db.session.scalars(sa.select(ApartWish)).one().other_guest_id is None
    leave(peer, ana.id, now=SUNDAY + HOUR)
    assert ana.guest_id is not None
    erase_guest(dana, ana.guest_id, now=SUNDAY + HOUR)
    assert (count(ApartWish), count(SomeoneElse)) == (0, 0)


def test_forgetting_one_leaves_what_was_asked_about_another_of_that_name(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    one = welcome_new(dana, juniper.id, who=Named("Cy", "+13035550101"), nights=2, now=SUNDAY)
    assert one.guest_id is not None
    say_apart(peer, one.guest_id, "Ana", now=SUNDAY)
    assert [ask.guest_id for ask in asks()] == [one.guest_id]
    two = add_waiting(peer, juniper.id, who=Named("Cy", "+13035550102"), asked=Asked(nights=2), now=SUNDAY).guest_id
    assert two is not None
    erase_guest(dana, two, now=SUNDAY)
    assert [ask.guest_id for ask in asks()] == [one.guest_id]


@pytest.mark.parametrize("who", ["ana", "bo"])
def test_with_a_guest_the_notes_that_speak_of_them_go(
    juniper: House, peer: Actor, dana: Actor, ana: Stay, who: str
) -> None:
    """Also where they are not named, beside a yes over what they said; and where another guest was asked about."""
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=2, now=SUNDAY)
    says_yes(dana, note="One eats at six, the other at seven.")
    cy = known(juniper, peer, "Cy")
    change_yes_rules(dana, juniper.id, everything=True, months=3, now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(cy), nights=2, now=SUNDAY)
    (open_ask,) = (ask for ask in asks() if ask.answer is None)
    answer_ask(dana, open_ask.id, Answer.NOT_NOW, note=f"Not while {who.upper()} is here.", now=SUNDAY)
    assert ana.guest_id is not None
    leave(peer, ana.id, now=SUNDAY + HOUR)
    erase_guest(dana, ana.guest_id if who == "ana" else bo, now=SUNDAY + HOUR)
    assert [ask.note for ask in asks()] == ([None, None] if who == "ana" else [None])


def test_undoing_the_coming_of_somebody_new_takes_what_they_said_along(juniper: House, peer: Actor) -> None:
    saved = save_bed(peer, juniper.id, who=Named("Ana"), nights=1, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    assert saved.guest_id is not None
    say_apart(peer, saved.guest_id, "Bo", now=SUNDAY)
    undo(peer, undoable, now=SUNDAY)
    assert count(ApartWish) == 0
