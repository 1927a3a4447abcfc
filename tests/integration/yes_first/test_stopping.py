"""What would bring two together who are not to meet asks a coordinator, and tells nobody of another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.db import db
from respite.core.errors import NotFound
from respite.guests.errors import CoordinatorFirst, YesAnswered
from respite.guests.models import ApartWish, Stay, Visit
from respite.guests.policy.apart import Answer, meet
from respite.guests.service.apart import say_apart, take_apart_back
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.leaving import leave
from respite.guests.service.moving import extend
from respite.guests.service.people import Known, Named
from respite.guests.service.saving import save_bed
from respite.guests.service.visits import begin_visit
from respite.guests.service.yes_answers import answer_ask, change_yes_rules, wishes_in_the_way
from respite.houses.models import House
from respite.houses.queries import beds_of
from tests.apart import DAY, HOUR, asks, count, known, says_yes
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

#: What a peer reads, whatever the reason.
NEUTRAL = "A coordinator must say yes to this first. They are asked now. Please try again once they said so."


def test_whatever_would_bring_them_together_stops_and_asks_once(juniper: House, peer: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    chair_or_bed: list[Callable[[], object]] = [
        lambda: save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY),
        lambda: save_bed(peer, juniper.id, who=Known(bo), nights=1, first_night=SUNDAY.date() + DAY, now=SUNDAY),
        lambda: save_bed(peer, juniper.id, who=Known(bo), nights=1, first_night=ana.until, now=SUNDAY),
        lambda: welcome_new(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY),
        lambda: welcome_new(peer, juniper.id, who=Named("bo "), nights=0, now=SUNDAY),
        lambda: begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY),
    ]
    for act in chair_or_bed * 2:
        with pytest.raises(CoordinatorFirst) as stopped:
            act()
        assert str(stopped.value.sentence) == NEUTRAL
        assert stopped.value.facts == {}
    # Tonight's bed is asked once for both ways in, and each of the rest once.
    assert sorted((ask.what, ask.first.day, ask.until.day, ask.guest_id is None) for ask in asks()) == [
        ("bed", 22, 22, True),
        ("bed", 22, 23, False),
        ("bed", 23, 24, False),
        ("bed", 24, 25, False),
        ("chair", 22, 22, False),
    ]
    assert count(Visit) == 0
    assert count(Stay) == 1


def test_after_the_other_has_left_nothing_stops(juniper: House, peer: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    save_bed(peer, juniper.id, who=Known(bo), nights=1, first_night=ana.until + DAY, now=SUNDAY)
    assert asks() == []
    leave(peer, ana.id, now=SUNDAY + HOUR)
    welcome_new(peer, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY + HOUR)
    assert asks() == []


def test_it_counts_both_ways(juniper: House, peer: Actor) -> None:
    """Who said it is stopped too: they are not to come upon the one they named."""
    bo = welcome_new(peer, juniper.id, who=Named("Bo"), nights=2, now=SUNDAY)
    cy = known(juniper, peer, "Cy")
    say_apart(peer, cy, "Bo", now=SUNDAY)
    assert asks() == []
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(cy), nights=2, now=SUNDAY)
    leave(peer, bo.id, now=SUNDAY + HOUR)
    save_bed(peer, juniper.id, who=Known(cy), nights=2, now=SUNDAY + HOUR)


def test_a_yes_holds_for_what_was_asked_and_no_more(juniper: House, peer: Actor, dana: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=2, now=SUNDAY)
    says_yes(dana, note="Meals at different hours.")
    saved = save_bed(peer, juniper.id, who=Known(bo), nights=2, now=SUNDAY)
    welcome(peer, saved.id, now=SUNDAY + HOUR)
    with pytest.raises(CoordinatorFirst):
        extend(dana, saved.id, 1, now=SUNDAY + HOUR)
    (answered, longer) = asks()
    assert answered.note == "Meals at different hours."
    assert answered.note_sealed is not None
    assert b"Meals" not in answered.note_sealed
    assert longer.answer is None
    with pytest.raises(YesAnswered):
        answer_ask(dana, answered.id, Answer.NOT_NOW, now=SUNDAY)


def test_a_yes_is_given_over_the_wishes_that_stood_then(juniper: House, peer: Actor, dana: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=2, now=SUNDAY)
    says_yes(dana)
    eve = welcome_new(peer, juniper.id, who=Named("Eve"), nights=1, now=SUNDAY)
    assert eve.guest_id is not None
    say_apart(peer, eve.guest_id, "Bo", now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=2, now=SUNDAY)


def test_not_now_lets_nothing_through_and_is_in_the_log_without_words(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    answer_ask(dana, asks()[0].id, Answer.NOT_NOW, note="He is in town next week.", now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    rows = db.session.scalars(sa.select(Event).where(Event.kind.like("guest.yes.%"))).all()
    assert [row.data for row in rows] == ['{"what":"chair"}', '{"answer":"not-now"}', '{"what":"chair"}']
    assert not any(str(bo) in str(row.subject) or str(ana.guest_id) in str(row.subject) for row in rows)


def test_only_a_coordinator_answers_or_reads(
    app: Flask, juniper: House, aspen: House, peer: Actor, ana: Stay, actor_in: Callable[..., Actor], person: MakePerson
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    ask_id, wish_id = asks()[0].id, db.session.scalar(sa.select(ApartWish.id))
    assert wish_id is not None
    for actor in (peer, actor_in(juniper.id, Role.VOLUNTEER), actor_in(aspen.id, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            answer_ask(actor, ask_id, Answer.YES, now=SUNDAY)
        with pytest.raises(NotFound):
            take_apart_back(actor, wish_id, now=SUNDAY)
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    browser = Browser(app, "luis@example.org")
    assert browser.get("/houses/juniper-house/yes-first").status_code == 404
    assert "wait for your yes" not in browser.get("/houses/juniper-house/board").text


def test_while_the_house_asks_a_yes_for_everything_it_reads_the_same(juniper: House, peer: Actor, dana: Actor) -> None:
    change_yes_rules(dana, juniper.id, everything=True, months=3, now=SUNDAY)
    with pytest.raises(CoordinatorFirst) as general:
        save_bed(peer, juniper.id, who=Named("Kit"), nights=1, now=SUNDAY)
    assert str(general.value.sentence) == NEUTRAL
    assert wishes_in_the_way(db.session(), asks()[0], SUNDAY) == []
    says_yes(dana)
    save_bed(peer, juniper.id, who=Named("Kit"), nights=1, now=SUNDAY)
    save_bed(dana, juniper.id, who=Named("Mo"), nights=1, now=SUNDAY)


@pytest.mark.parametrize("way", ["save", "visit", "arrive"])
def test_a_peers_page_is_the_same_letter_by_letter_whatever_the_reason(
    app: Flask, juniper: House, peer: Actor, dana: Actor, person: MakePerson, way: str
) -> None:
    person("luis@example.org", {juniper.id: Role.PEER}, "Luis")
    browser = Browser(app, "luis@example.org")
    path = {
        "save": "/houses/juniper-house/save",
        "visit": "/houses/juniper-house/visits/new",
        "arrive": f"/beds/{beds_of(db.session(), juniper.id)[1].id}/arrival",
    }[way]
    ana = welcome_new(
        peer, juniper.id, who=Named("Ana"), nights=2, bed_id=beds_of(db.session(), juniper.id)[0].id, now=SUNDAY
    )
    assert ana.guest_id is not None

    def refused() -> tuple[int, str]:
        form = browser.form(path)
        answer = browser.send(form, name="Bo", **({"nights": 1} if way != "visit" else {}))
        page = answer.text
        for each in ("csrf_token", "key"):
            for field in forms_of(answer):
                page = page.replace(field.fields.get(each) or "\0", "…")
        return answer.status_code, page[page.index("<main") : page.index("</main>")]

    change_yes_rules(dana, juniper.id, everything=True, months=3, now=SUNDAY)
    general = refused()
    change_yes_rules(dana, juniper.id, everything=False, months=3, now=SUNDAY)
    say_apart(peer, ana.guest_id, "Bo", now=SUNDAY)
    apart = refused()
    assert general == apart
    assert general[0] == 409
    assert NEUTRAL in general[1]


@pytest.mark.parametrize(
    ("one", "two", "together"),
    [
        ((1, 3), (3, 5), True),
        ((1, 3), (4, 5), False),
        ((4, 5), (1, 3), False),
        ((2, 2), (1, 5), True),
    ],
)
def test_days_meet(one: tuple[int, int], two: tuple[int, int], together: bool) -> None:
    day = SUNDAY.date()
    a, b, c, d = (day + n * DAY for n in (*one, *two))
    assert meet(a, b, c, d) is together
    assert meet(c, d, a, b) is together
