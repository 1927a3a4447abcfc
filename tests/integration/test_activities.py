"""Groups and activities: at the right hour through changes of the clocks, counted without names, each to their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.activities import service
from respite.activities.models import Activity, ActivityDay
from respite.activities.policy import FOR_GUESTS, FOR_NEIGHBOURS, OpenTo, days_of
from respite.activities.queries import months_of, on_between
from respite.activities.service import CalledOff, Wanted
from respite.audit.models import Event
from respite.board.queries import board_of
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid, NotFound, StaleVersion
from respite.guests.service.erasing import erase_guest
from respite.guests.service.people import Named
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import House
from tests.at_once import at_once
from tests.guest_pages import has_a_page
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

DAY, PHONE = timedelta(days=1), "+13035550188"
TODAY = date(2026, 11, 22)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def peer(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.PEER, "Luis")


@pytest.fixture
def garden(juniper: House, peer: Actor) -> Activity:
    return made(juniper, peer)


def made(house: House, peer: Actor, title: str = "Garden", **more: object) -> Activity:
    values: dict[str, object] = {"first_day": TODAY, "begins": time(17), "ends": time(18), "weekly": True, **more}
    return service.set_activity(peer, house.id, Wanted(title=title, **values), now=SUNDAY)  # type: ignore[arg-type]


def on(house: House, begin: date = TODAY, days: int = 21, **more: object) -> list[tuple[str, int]]:
    db.session.rollback()
    found = on_between(db.session(), house, begin, begin + days * DAY, **more)  # type: ignore[arg-type]
    return [(each.title, each.day.day) for each in found]


def test_once_is_once_and_weekly_goes_on_until_it_ends(juniper: House, peer: Actor, garden: Activity) -> None:
    made(juniper, peer, "Concert", weekly=False, first_day=TODAY + 3 * DAY)
    assert on(juniper) == [("Garden", 22), ("Concert", 25), ("Garden", 29), ("Garden", 6)]
    service.end_activity(peer, garden.id, now=SUNDAY + 8 * DAY)
    assert on(juniper) == [("Garden", 22), ("Concert", 25), ("Garden", 29)]


def test_one_that_never_was_goes_when_it_ends(juniper: House, peer: Actor) -> None:
    later = made(juniper, peer, first_day=TODAY + 3 * DAY)
    assert service.end_activity(peer, later.id, now=SUNDAY) is None
    assert on(juniper) == []


@pytest.mark.parametrize(
    ("first", "begins", "hours"),
    [
        (date(2026, 10, 25), time(17), [23, 0, 0]),  # the night before the second one, clocks go back
        (date(2027, 3, 7), time(17), [0, 23, 23]),  # and forward
    ],
)
def test_the_hour_on_the_wall_stays_through_a_change_of_the_clocks(
    juniper: House, peer: Actor, first: date, begins: time, hours: list[int]
) -> None:
    made(juniper, peer, first_day=first, begins=begins)
    found = on_between(db.session(), juniper, first, first + 21 * DAY)
    assert [each.starts_at.astimezone(UTC).hour for each in found] == hours
    assert {each.ends_at - each.starts_at for each in found} == {timedelta(hours=1)}


def test_in_hours_that_the_clocks_jump_over_nothing_is(juniper: House, peer: Actor) -> None:
    first = date(2027, 3, 7)
    made(juniper, peer, "Night tea", first_day=first, begins=time(2), ends=time(3))
    made(juniper, peer, "Late tea", first_day=first, begins=time(2), ends=time(3, 30))
    assert on(juniper, first, 15) == [
        ("Late tea", 7),
        ("Night tea", 7),
        ("Late tea", 14),
        ("Late tea", 21),
        ("Night tea", 21),
    ]


def test_days_of_begins_where_it_is_asked() -> None:
    first = date(2026, 1, 5)
    assert list(days_of(True, first, None, date(2026, 2, 1), date(2026, 2, 10))) == [date(2026, 2, 2), date(2026, 2, 9)]
    assert list(days_of(True, first, date(2026, 2, 2), date(2026, 2, 1), date(2026, 2, 10))) == [date(2026, 2, 2)]
    assert list(days_of(False, first, first, date(2026, 1, 6), date(2026, 2, 10))) == []


def test_each_reads_what_is_for_them(juniper: House, peer: Actor) -> None:
    for open_to in OpenTo:
        made(juniper, peer, str(open_to), open_to=open_to)
    assert {title for title, _day in on(juniper, days=1)} == {"guests", "neighbours", "both"}
    assert {title for title, _day in on(juniper, days=1, open_to=FOR_GUESTS)} == {"guests", "both"}
    assert {title for title, _day in on(juniper, days=1, open_to=FOR_NEIGHBOURS)} == {"neighbours", "both"}


def test_what_cannot_be_is_said_by_field(juniper: House, peer: Actor, garden: Activity) -> None:
    for wrong, name in (
        ({"title": ""}, "title"),
        ({"title": "a" * 61}, "title"),
        ({"place": "a" * 81}, "place"),
        ({"led_by": "a" * 41}, "led_by"),
        ({"open_to": "all"}, "open_to"),
        ({"ends": time(16)}, "ends"),
    ):
        with pytest.raises(Invalid) as refused:
            made(juniper, peer, **wrong)  # type: ignore[arg-type]
        assert set(refused.value.fields) == {name}
    wanted = Wanted(title="Yard", first_day=TODAY, begins=time(17), ends=time(18), weekly=True)
    service.set_activity(peer, juniper.id, wanted, activity_id=garden.id, version_seen=1, now=SUNDAY)
    with pytest.raises(StaleVersion):
        service.set_activity(peer, juniper.id, wanted, activity_id=garden.id, version_seen=1, now=SUNDAY)


def test_a_day_is_called_off_with_a_word_and_is_not_counted(juniper: House, peer: Actor, garden: Activity) -> None:
    service.count(peer, garden.id, TODAY, one_more=True, now=SUNDAY)
    service.call_off(peer, garden.id, TODAY, "Rain. Next week again.", now=SUNDAY)
    with pytest.raises(CalledOff):
        service.count(peer, garden.id, TODAY, one_more=True, now=SUNDAY)
    (row,) = on_between(db.session(), juniper, TODAY, TODAY + DAY)
    assert (row.off, row.word, row.came) == (True, "Rain. Next week again.", None)
    service.put_on_again(peer, garden.id, TODAY, now=SUNDAY)
    assert service.count(peer, garden.id, TODAY, one_more=True, now=SUNDAY) == (1, 2)
    with pytest.raises(NotFound):
        service.count(peer, garden.id, TODAY + DAY, one_more=True, now=SUNDAY)


def test_taps_of_several_at_once_are_all_counted(app: Flask, juniper: House, peer: Actor, garden: Activity) -> None:
    activity_id = garden.id
    at_once(app, *[lambda: service.count(peer, activity_id, TODAY, one_more=True, now=SUNDAY)] * 6)
    db.session.rollback()
    assert db.session.scalars(sa.select(ActivityDay.came)).all() == [6]
    with pytest.raises(Invalid):
        service.count(peer, activity_id, TODAY, came=501, now=SUNDAY)


def test_only_who_keeps_beds_here(
    juniper: House, aspen: House, actor_in: Callable[..., Actor], garden: Activity
) -> None:
    for house, role in ((juniper, Role.VOLUNTEER), (aspen, Role.DIRECTOR)):
        with pytest.raises(NotFound):
            service.count(actor_in(house.id, role), garden.id, TODAY, one_more=True, now=SUNDAY)
    with pytest.raises(NotFound):
        service.share_calendar(actor_in(juniper.id, Role.PEER, "Ida"), juniper.id, True, now=SUNDAY)


def test_months_have_what_was_held_called_off_and_counted(juniper: House, peer: Actor) -> None:
    first = date(2026, 10, 25)
    group = made(juniper, peer, first_day=first)
    for day, came in ((first, 4), (date(2026, 11, 1), 7), (date(2026, 11, 8), 0)):
        service.count(peer, group.id, day, came=came, now=SUNDAY)
    service.call_off(peer, group.id, date(2026, 11, 15), now=SUNDAY)
    november, october, *rest = months_of(db.session(), juniper, SUNDAY)
    assert (november.held, november.off, november.counted, november.came) == (3, 1, 2, 7)
    assert (october.held, october.came) == (1, 4)
    assert len(rest) == 10
    assert {each.held for each in rest} == {0}


def changed(house: House, peer: Actor, activity: Activity, title: str = "Garden", **more: object) -> Activity:
    values: dict[str, object] = {"begins": time(17), "ends": time(18), "weekly": True, **more}
    wanted = Wanted(title=title, **values)  # type: ignore[arg-type]
    return service.set_activity(peer, house.id, wanted, activity_id=activity.id, now=SUNDAY)


@pytest.mark.parametrize(
    ("then", "to_come"),
    [
        ({"first_day": TODAY + 2 * DAY}, [24, 1, 8]),  # another day of the week
        ({"first_day": date(2026, 11, 3)}, [24, 1, 8]),  # the same, said with a day that is over
        ({"first_day": TODAY + 7 * DAY}, [29, 6]),
        ({"first_day": TODAY + 2 * DAY, "weekly": False}, [24]),
        ({"first_day": date(2026, 11, 8), "weekly": False}, []),
    ],
)
def test_another_day_from_now_on_leaves_what_was(
    juniper: House, peer: Actor, then: dict[str, object], to_come: list[int]
) -> None:
    group = made(juniper, peer, first_day=date(2026, 11, 8))
    service.count(peer, group.id, date(2026, 11, 8), came=7, now=SUNDAY)
    service.count(peer, group.id, date(2026, 11, 15), came=5, now=SUNDAY)
    before = months_of(db.session(), juniper, SUNDAY - DAY)
    changed(juniper, peer, group, **then)
    assert on(juniper, date(2026, 11, 1), 21) == [("Garden", 8), ("Garden", 15)]
    assert [day for _title, day in on(juniper)] == to_come
    assert months_of(db.session(), juniper, SUNDAY - DAY) == before


def test_a_day_to_come_that_is_off_stays_off_when_a_group_goes_on_otherwise(juniper: House, peer: Actor) -> None:
    group = made(juniper, peer, first_day=date(2026, 11, 8))
    service.call_off(peer, group.id, TODAY + 14 * DAY, "Rain", now=SUNDAY)
    changed(juniper, peer, group, first_day=TODAY + 7 * DAY)
    db.session.rollback()
    found = on_between(db.session(), juniper, TODAY, TODAY + 21 * DAY)
    assert [(each.day.day, each.word) for each in found] == [(29, ""), (6, "Rain")]


def test_something_single_that_was_is_put_right_with_its_count(juniper: House, peer: Actor) -> None:
    concert = made(juniper, peer, weekly=False, first_day=TODAY - 2 * DAY)
    service.count(peer, concert.id, TODAY - 2 * DAY, came=12, now=SUNDAY)
    changed(juniper, peer, concert, weekly=False, first_day=TODAY - 3 * DAY)
    db.session.rollback()
    found = on_between(db.session(), juniper, TODAY - 5 * DAY, TODAY)
    assert [(each.day, each.came) for each in found] == [(TODAY - 3 * DAY, 12)]
    again = changed(juniper, peer, concert, weekly=False, first_day=TODAY + DAY)
    assert again.id != concert.id
    assert [day for _title, day in on(juniper, TODAY - 5 * DAY)] == [19, 23]


def test_a_group_that_ended_stays_so_with_another_name(juniper: House, peer: Actor) -> None:
    group = made(juniper, peer, "Walk", first_day=date(2026, 11, 8))
    service.end_activity(peer, group.id, now=SUNDAY)
    changed(juniper, peer, group, "Walks", first_day=date(2026, 11, 8))
    assert on(juniper, date(2026, 11, 1), 60) == [("Walks", 8), ("Walks", 15)]


def test_events_hold_no_word_and_no_name(juniper: House, peer: Actor) -> None:
    group = made(juniper, peer, led_by="Sunny")
    service.call_off(peer, group.id, TODAY, "Rain", now=SUNDAY)
    rows = db.session.scalars(sa.select(Event.data).where(Event.kind.like("activity.%"))).all()
    assert not any(word in row for row in rows for word in ("Sunny", "Rain", "Garden"))
    sealed = db.session.scalar(sa.select(Activity.led_by_sealed))
    assert sealed is not None
    assert b"Sunny" not in sealed


# -- the pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return Browser(app, "dana@example.org")


def test_a_group_is_set_counted_taken_back_and_called_off_on_its_page(browser: Browser, juniper: House) -> None:
    calendar = "/houses/juniper-house/activities"
    answer = browser.fill(f"{calendar}/new", title="Garden", led_by="Sunny", first_day="2026-11-22")
    page = browser.follow(answer)
    assert "Garden" in page.text
    assert "with Sunny" in page.text
    activity_id = db.session.scalar(sa.select(Activity.id))
    db.session.rollback()
    one_more = next(form for form in forms_of(page) if "one_more" in form.fields)
    counted = browser.follow(browser.send(one_more))
    assert "1 came." in counted.text
    undo = next(form for form in forms_of(counted) if form.action.endswith("/came") and form.buttons == ["Undo"])
    assert "Not counted." in browser.follow(browser.send(undo)).text
    many = next(f for f in forms_of(browser.get(calendar)) if f.action.endswith("/came") and "one_more" not in f.fields)
    assert "12 came." in browser.follow(browser.send(many, came=12)).text
    off = browser.form(calendar, f"/activities/{activity_id}/off")
    off_page = browser.follow(browser.send(off, word="Rain"))
    assert "not this time" in off_page.text
    assert "Rain" in off_page.text
    assert browser.get(f"{calendar}/sheet").status_code == 200
    figures = browser.get(f"{calendar}/figures.csv")
    assert "2026-11,0,1,0,0" in figures.text
    assert browser.get(f"{calendar}/figures").status_code == 200


def test_without_the_houses_leave_nobody_reads_it_and_then_only_what_is_for_neighbours(
    app: Flask, browser: Browser, juniper: House, peer: Actor
) -> None:
    made(juniper, peer, "Garden", led_by="Sunny")
    made(juniper, peer, "Evening circle", open_to=OpenTo.GUESTS)
    passer_by = Browser(app)
    for path in ("/calendar/juniper-house", "/calendar/juniper-house/feed.ics", "/calendar/no-such-house"):
        assert passer_by.get(path).status_code == 404
    share = browser.form("/houses/juniper-house/activities", "/houses/juniper-house/activities/shared")
    assert browser.send(share).status_code == 303
    page = passer_by.get("/calendar/juniper-house").text
    assert "Garden" in page
    assert "Evening circle" not in page
    assert passer_by.get("/houses/juniper-house/activities").status_code in (302, 303, 401, 404)
    feed = Calendar.from_ical(passer_by.get("/calendar/juniper-house/feed.ics").data)
    events = feed.walk("VEVENT")
    assert {str(each["summary"]) for each in events} == {"Garden"}
    assert len(events) == 12
    assert events[0]["dtstart"].dt == datetime(2026, 11, 23, 0, tzinfo=UTC)


def test_a_day_that_is_off_is_cancelled_in_the_feed(
    browser: Browser, juniper: House, peer: Actor, garden: Activity
) -> None:
    service.call_off(peer, garden.id, TODAY, now=SUNDAY)
    feed = Calendar.from_ical(browser.get("/houses/juniper-house/activities.ics").data)
    first, second, *_more = feed.walk("VEVENT")
    assert (str(first["status"]), str(second["status"])) == ("CANCELLED", "CONFIRMED")
    assert first["uid"] != second["uid"]


def test_a_guest_reads_what_is_on_for_them_on_their_page(
    app: Flask, juniper: House, peer: Actor, clock: StillClock
) -> None:
    made(juniper, peer, "Garden")
    made(juniper, peer, "Street fair", open_to=OpenTo.NEIGHBOURS)
    page = has_a_page(juniper)
    shown = page.opened(app).get(page.at("activities"))
    assert "Garden" in shown.text
    assert "Street fair" not in shown.text


@pytest.mark.parametrize(("forgotten", "stays"), [("zebulon", None), ("Luis", "Luis"), ("Ana", "Zebulon")])
def test_with_a_guest_their_name_goes_from_what_they_led(
    juniper: House, peer: Actor, actor_in: Callable[..., Actor], forgotten: str, stays: str | None
) -> None:
    """Unless it is the name of somebody who works here as well."""
    made(juniper, peer, led_by=stays or "Zebulon")
    guest = add_waiting(peer, juniper.id, who=Named(forgotten, PHONE), asked=Asked(nights=2), now=SUNDAY).guest_id
    assert guest is not None
    erase_guest(actor_in(juniper.id, Role.COORDINATOR, "Dana"), guest, now=SUNDAY)
    db.session.rollback()
    assert {each.led_by for each in on_between(db.session(), juniper, TODAY, TODAY + 8 * DAY)} == {stays}


def test_the_walls_house_face_shows_what_is_on_for_guests_today(juniper: House, peer: Actor, garden: Activity) -> None:
    made(juniper, peer, "Talk", begins=time(19), ends=time(20), open_to=OpenTo.NEIGHBOURS)
    made(juniper, peer, "Walk", first_day=TODAY + 3 * DAY)

    def shown(now: datetime = SUNDAY) -> list[tuple[str, bool]]:
        return [(row.title, row.meal) for row in board_of(juniper, now).gatherings]

    assert shown() == [("Garden", False)]
    ends = SUNDAY.replace(hour=1) + DAY  # 6 pm in Denver
    assert board_of(juniper, SUNDAY).next_change_at <= ends
    assert shown(ends) == []
    service.call_off(peer, garden.id, TODAY, "rain", now=SUNDAY)
    assert shown() == []
    told = db.session.scalars(sa.select(Event.parts).where(Event.kind.like("activity.%"))).all()
    assert set(told) == {'["house-face"]'}
