"""Two who are not to meet: what would bring them together asks a coordinator, and tells nobody of another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.core.errors import NotFound
from respite.guest_page.service.links import give_link
from respite.guests.errors import CannotUndo, CoordinatorFirst, YesAnswered
from respite.guests.models import ApartWish, BedOffer, Guest, OnceNamed, SomeoneElse, Stay, Visit, YesAsk
from respite.guests.policy.apart import Answer, IsIt, meet
from respite.guests.policy.offers import How
from respite.guests.service.apart import say_apart, take_apart_back
from respite.guests.service.arriving import welcome, welcome_new
from respite.guests.service.erasing import erase_guest
from respite.guests.service.leaving import leave
from respite.guests.service.moving import extend
from respite.guests.service.offering import offer_bed, say_not_now, say_yes
from respite.guests.service.people import Known, Named, put_name
from respite.guests.service.saving import save_bed
from respite.guests.service.staying import change_guest
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.visits import begin_visit, end_visit, go_on_to_bed
from respite.guests.service.waiting import Asked, add_waiting
from respite.guests.service.yes_answers import answer_ask, change_yes_rules, forget_old, wishes_in_the_way
from respite.houses.models import House
from respite.houses.queries import beds_of
from respite.houses.service.opening import open_house
from tests.at_once import at_once
from tests.guest_pages import OwnPage, has_a_page
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: What a peer reads, whatever the reason.
NEUTRAL = "A coordinator must say yes to this first. They are asked now. Please try again once they said so."


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, chairs=3, now=SUNDAY
    )


@pytest.fixture
def peer(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def dana(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR, "Dana")


@pytest.fixture
def ana(juniper: House, peer: Actor) -> Stay:
    """Ana is here for two nights, and would not want to meet Bo."""
    stay = welcome_new(peer, juniper.id, who=Named("Ana"), nights=2, now=SUNDAY)
    assert stay.guest_id is not None
    say_apart(peer, stay.guest_id, "Bo", now=SUNDAY)
    return stay


def asks() -> list[YesAsk]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(YesAsk).order_by(YesAsk.asked_at, YesAsk.id)))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def says_yes(dana: Actor, **more: object) -> None:
    open_asks = [ask.id for ask in asks() if ask.answer is None]
    for ask_id in open_asks:
        answer_ask(dana, ask_id, Answer.YES, now=SUNDAY, **more)  # type: ignore[arg-type]


def known(house: House, peer: Actor, name: str = "Bo") -> uuid.UUID:
    """Somebody whom the house knows, and who waits."""
    row = add_waiting(peer, house.id, who=Named(name, "+13035550188"), asked=Asked(nights=2), now=SUNDAY)
    assert row.guest_id is not None
    return row.guest_id


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


# -- who is meant ------------------------------------------------------------------------------------------------


def test_somebody_else_of_that_name_is_not_stopped_again(juniper: House, peer: Actor, dana: Actor, ana: Stay) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    (ask,) = asks()
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.OTHER}, now=SUNDAY)
    begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Named("Bo", "+13035550199"), nights=1, now=SUNDAY)


def test_who_is_known_to_be_meant_is_meant_by_whatever_name(
    juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    (ask,) = asks()
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.SAME}, now=SUNDAY)
    with transaction() as session:
        put_name(session.get_one(Guest, bo), "Robert")
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
    begin_visit(peer, juniper.id, who=Named("Bo", "+13035550199"), now=SUNDAY)


# -- offers, chairs, undo ----------------------------------------------------------------------------------------


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


# -- what is kept, and for how long ------------------------------------------------------------------------------


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


def renamed_on_their_page(app: Flask, bo: uuid.UUID, stay: Stay, peer: Actor) -> None:
    page = OwnPage(bo, stay.id, "t" * 43)
    give_link(COMMAND, bo, page.token, now=SUNDAY)
    assert page.opened(app).fill(page.at("name"), name="Bodhi").status_code == 303


def renamed_by_a_peer(app: Flask, bo: uuid.UUID, stay: Stay, peer: Actor) -> None:
    change_guest(peer, bo, name="Bodhi", pronouns=None, phone="+13035550188", now=SUNDAY)


@pytest.mark.parametrize("renames", [renamed_on_their_page, renamed_by_a_peer])
def test_another_name_leads_past_no_wish(
    app: Flask,
    juniper: House,
    peer: Actor,
    dana: Actor,
    ana: Stay,
    renames: Callable[[Flask, uuid.UUID, Stay, Actor], None],
) -> None:
    bo = known(juniper, peer)
    renames(app, bo, ana, peer)
    for _again in range(2):  # and a name after that
        with pytest.raises(CoordinatorFirst):
            save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
        change_guest(peer, bo, name="Bela", pronouns=None, phone=None, now=SUNDAY)
    # Whoever comes by the name that was said may be meant as well.
    with pytest.raises(CoordinatorFirst):
        welcome_new(peer, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY)
    ask = next(each for each in asks() if each.guest_id == bo)
    (between,) = wishes_in_the_way(db.session(), ask, SUNDAY)
    answer_ask(dana, ask.id, Answer.NOT_NOW, is_it={(between.wish.id, between.other.id): IsIt.OTHER}, now=SUNDAY)
    save_bed(peer, juniper.id, who=Known(bo), nights=1, now=SUNDAY)
    assert ana.guest_id is not None
    leave(peer, ana.id, now=SUNDAY + HOUR)
    assert count(OnceNamed) == 1
    erase_guest(dana, ana.guest_id, now=SUNDAY + HOUR)
    assert count(OnceNamed) == 0


def test_who_said_it_stops_too_where_the_other_took_another_name(juniper: House, peer: Actor) -> None:
    bo = welcome_new(peer, juniper.id, who=Named("Bo"), nights=2, now=SUNDAY)
    cy = known(juniper, peer, "Cy")
    say_apart(peer, cy, "Bo", now=SUNDAY)
    assert bo.guest_id is not None
    change_guest(peer, bo.guest_id, name="Bodhi", pronouns=None, phone=None, now=SUNDAY)
    with pytest.raises(CoordinatorFirst):
        save_bed(peer, juniper.id, who=Known(cy), nights=1, now=SUNDAY)


def test_undoing_the_coming_of_somebody_new_takes_what_they_said_along(juniper: House, peer: Actor) -> None:
    saved = save_bed(peer, juniper.id, who=Named("Ana"), nights=1, now=SUNDAY)
    undoable = last_undoable(db.session())
    assert undoable is not None
    assert saved.guest_id is not None
    say_apart(peer, saved.guest_id, "Bo", now=SUNDAY)
    undo(peer, undoable, now=SUNDAY)
    assert count(ApartWish) == 0


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


# -- on the guest's own page, and on the other's ------------------------------------------------------------------


def test_on_their_page_it_stands_can_be_prolonged_and_taken_back(app: Flask, juniper: House) -> None:
    page = has_a_page(juniper, "Ana")
    browser = page.opened(app)
    assert browser.fill(page.at("apart"), name="Bo").status_code == 303
    shown = browser.get(page.at("apart")).text
    assert "Bo" in shown
    assert "22 February 2027" in shown
    assert "Bo" in browser.get(page.at("kept")).text
    wish = db.session.scalars(sa.select(ApartWish)).one()
    browser.send(browser.form(page.at("apart"), page.at("apart", str(wish.id)), "Take it back"))
    assert count(ApartWish) == 0


def test_the_other_reads_nothing_of_it_anywhere(
    app: Flask, juniper: House, peer: Actor, dana: Actor, ana: Stay
) -> None:
    bo = known(juniper, peer)
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    says_yes(dana, note="Separate meals.")
    begin_visit(peer, juniper.id, who=Known(bo), now=SUNDAY)
    page = OwnPage(bo, ana.id, "t" * 43)
    give_link(COMMAND, bo, page.token, now=SUNDAY)
    browser = page.opened(app)
    for path in ((), ("kept",), ("record",), ("record.json",), ("apart",)):
        answer = browser.get(page.at(*path))
        if answer.status_code == 404:
            continue
        assert not any(word in answer.text for word in ("Ana", "Separate", "yes_ask", "apart_wish", "coordinator"))


def test_another_guests_wish_is_not_found(app: Flask, juniper: House, ana: Stay) -> None:
    wish = db.session.scalars(sa.select(ApartWish)).one().id
    db.session.rollback()
    page = has_a_page(juniper, "Eve")
    browser = page.opened(app)
    form = browser.form(page.at("apart"))
    form.action = page.at("apart", str(wish))
    assert browser.send(form).status_code == 404
    assert count(ApartWish) == 1


def test_the_coordinators_page_shows_both_and_takes_the_answer(
    app: Flask, juniper: House, peer: Actor, ana: Stay, person: MakePerson
) -> None:
    with pytest.raises(CoordinatorFirst):
        begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    browser = Browser(app, "dana@example.org")
    assert "Something waits for your yes." in browser.get("/houses/juniper-house/board").text
    page = browser.get("/houses/juniper-house/yes-first")
    assert "Ana would not want to meet Bo here." in page.text
    assert browser.fill("/houses/juniper-house/yes-first", f"/yes-asks/{asks()[0].id}", answer="yes").status_code == 303
    begin_visit(peer, juniper.id, who=Named("Bo"), now=SUNDAY)
    assert "Something waits" not in browser.get("/houses/juniper-house/board").text
