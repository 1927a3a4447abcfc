"""What speaks against giving somebody a shift, and how it is said."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from respite.accounts.models import Membership
from respite.accounts.roles import Role
from respite.core.db import db, transaction
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.staffing.models import Peer, Shift
from respite.staffing.queries.places import Place
from respite.staffing.roster.reasons import Rule
from respite.staffing.service.fitting import against
from respite.staffing.views.reason_words import reason_words
from tests.duty import MONDAY, give, off, pattern, peer, places, rules, says, turn
from tests.people import stands_back
from tests.places import SUNDAY

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def house(app: Flask, juniper: House) -> House:
    for name in ("Day", "Evening", "Night"):
        places(juniper, pattern(juniper, name, seats=2), MONDAY - timedelta(days=7), 28, published=SUNDAY)
    return juniper


@pytest.fixture
def ana(house: House, person: Callable[..., uuid.UUID]) -> uuid.UUID:
    return person("ana@example.org", {house.id: Role.PEER}, "Ana")


def place(house: House, name: str, day: date, number: int = 0) -> Place:
    return turn(house, name, day)[number]


def rules_against(house: House, who: uuid.UUID, asked: Place, **more: object) -> list[Rule]:
    return [each.rule for each in against(db.session(), house, who, asked.shift_id, SUNDAY, **more)]  # type: ignore[arg-type]


def said(house: House, who: uuid.UUID, asked: Place, language: str = "en") -> list[str]:
    found = against(db.session(), house, who, asked.shift_id, SUNDAY)
    with force_locale(language):
        return reason_words(db.session(), house, asked.day, found)


def test_nothing_speaks_against_a_free_person(house: House, ana: uuid.UUID) -> None:
    assert rules_against(house, ana, place(house, "Night", MONDAY)) == []


def test_rest_on_either_side(house: House, ana: uuid.UUID) -> None:
    give(ana, place(house, "Night", MONDAY))
    assert said(house, ana, place(house, "Evening", TUESDAY)) == [
        "Ana: 8 h of rest after Night, Mon 30 Nov; 10 h are needed"
    ]
    assert said(house, ana, place(house, "Evening", TUESDAY), "es") == [
        "Ana: 8 h de descanso después de Night, lun 30 nov; hacen falta 10 h"
    ]
    give(ana, place(house, "Day", MONDAY + timedelta(days=3)))
    assert said(house, ana, place(house, "Evening", MONDAY + timedelta(days=2))) == [
        "Ana: 8 h of rest before Day, Thu 3 Dec; 10 h are needed"
    ]


def test_two_places_of_one_shift_are_not_one_person(house: House, ana: uuid.UUID) -> None:
    give(ana, place(house, "Day", MONDAY))
    assert said(house, ana, place(house, "Day", MONDAY, 1)) == ["Ana: on that day already: Day"]
    assert rules_against(house, ana, place(house, "Day", MONDAY)) == []  # it is theirs


def test_what_a_swap_takes_away_does_not_count(house: House, ana: uuid.UUID) -> None:
    mine = place(house, "Night", MONDAY)
    give(ana, mine)
    assert rules_against(house, ana, place(house, "Evening", TUESDAY), instead_of=[mine.shift_id]) == []


def test_hours_of_a_week_from_monday(house: House, ana: uuid.UUID) -> None:
    give(ana, *(place(house, "Day", MONDAY + timedelta(days=n)) for n in (0, 1, 2, 3, 5)))
    assert said(house, ana, place(house, "Day", MONDAY + timedelta(days=6))) == [
        "Ana: 48 h in the week from Mon 30 Nov; 40 h are the most"
    ]
    peer(house, ana, most_minutes=960)
    assert Rule.MOST_MINUTES not in rules_against(house, ana, place(house, "Day", MONDAY + timedelta(days=8)))
    give(ana, place(house, "Day", MONDAY + timedelta(days=8)), place(house, "Day", MONDAY + timedelta(days=9)))
    assert rules_against(house, ana, place(house, "Day", MONDAY + timedelta(days=11))) == [Rule.MOST_MINUTES]


def test_days_and_nights_in_a_row(house: House, ana: uuid.UUID) -> None:
    give(ana, *(place(house, "Night", MONDAY + timedelta(days=n)) for n in (4, 5, 6)))
    asked = place(house, "Night", MONDAY + timedelta(days=7))
    assert said(house, ana, asked) == ["Ana: 4 nights in a row from Fri 4 Dec; 3 are the most"]
    give(ana, *(place(house, "Evening", MONDAY + timedelta(days=n)) for n in (2, 3)))
    assert Rule.MOST_IN_A_ROW in rules_against(house, ana, asked)


def test_their_own_limits_are_stricter_where_they_are(house: House, ana: uuid.UUID) -> None:
    peer(house, ana, most_nights_in_a_row=1, least_rest_minutes=1000, no_nights_until=MONDAY, on_call_willing=True)
    assert said(house, ana, place(house, "Night", MONDAY - timedelta(days=3))) == ["Ana: no nights until Mon 30 Nov"]
    give(ana, place(house, "Night", MONDAY))
    assert rules_against(house, ana, place(house, "Night", TUESDAY)) == [Rule.REST, Rule.NIGHTS_IN_A_ROW]


def test_time_off_counts_once_it_is_agreed(house: House, ana: uuid.UUID) -> None:
    off(house, ana, TUESDAY, TUESDAY + timedelta(days=3), state="asked")
    assert rules_against(house, ana, place(house, "Day", TUESDAY)) == []
    off(house, ana, TUESDAY, TUESDAY + timedelta(days=3))
    assert said(house, ana, place(house, "Day", TUESDAY)) == ["Ana: away until Fri 4 Dec"]
    # A night that ends in the first morning off touches it.
    assert rules_against(house, ana, place(house, "Night", MONDAY)) == [Rule.AWAY]
    assert rules_against(house, ana, place(house, "Evening", MONDAY)) == []


def test_hours_of_the_week_at_which_they_cannot(house: House, ana: uuid.UUID) -> None:
    says(house, ana, "cannot", [MONDAY.weekday()], time(22), time(2))
    says(house, ana, "rather-not", [MONDAY.weekday()], time(7), time(15))
    assert said(house, ana, place(house, "Night", MONDAY)) == ["Ana: cannot at these hours"]
    assert rules_against(house, ana, place(house, "Evening", MONDAY)) == [Rule.AWAY]
    assert rules_against(house, ana, place(house, "Day", MONDAY)) == []
    assert rules_against(house, ana, place(house, "Night", TUESDAY)) == []


def test_another_house_is_elsewhere_and_rest_is_kept_around_it(house: House, ana: uuid.UUID, aspen: House) -> None:
    made = pattern(aspen, "Day")
    places(aspen, made, TUESDAY, 1)
    asked = place(house, "Night", MONDAY)
    give(ana, turn(aspen, "Day", TUESDAY)[0])
    assert said(house, ana, asked) == ["Ana: on in another house around that time"]
    assert rules_against(house, ana, place(house, "Night", TUESDAY)) == [Rule.AWAY]  # eight hours after
    assert rules_against(house, ana, place(house, "Day", TUESDAY + timedelta(days=1))) == []


def test_what_everybody_on_a_shift_holds(house: House, ana: uuid.UUID) -> None:
    made = pattern(house, "Night", everyone=["language:es"])
    places(house, made, TUESDAY, 1, published=SUNDAY)
    asked = next(each for each in turn(house, "Night", TUESDAY) if each.everyone)
    assert said(house, ana, asked) == ["Ana: does not speak Spanish"]
    peer(house, ana)
    with transaction() as session:
        session.query(Peer).one().languages = ["es"]
    assert rules_against(house, ana, asked) == []


def test_the_rules_that_count_on_the_day(house: House, ana: uuid.UUID) -> None:
    rules(house, MONDAY + timedelta(days=7), rest=480)
    give(ana, place(house, "Night", MONDAY), place(house, "Night", MONDAY + timedelta(days=8)))
    assert rules_against(house, ana, place(house, "Evening", TUESDAY)) == [Rule.REST]
    assert rules_against(house, ana, place(house, "Evening", TUESDAY + timedelta(days=8))) == []


def test_on_call_and_in_the_house_at_once_is_once_too_much(house: House, ana: uuid.UUID) -> None:
    made = pattern(house, "Night", kind="on-call")
    places(house, made, MONDAY, 2, published=SUNDAY)
    call = next(each for each in turn(house, "Night", MONDAY) if each.kind == "on-call")
    floor = next(each for each in turn(house, "Night", MONDAY) if each.kind == "floor")
    give(ana, call)
    assert said(house, ana, floor) == ["Ana: on call at that time"]
    assert rules_against(house, ana, place(house, "Day", TUESDAY)) == []  # on call at home is rest
    peer(house, ana, on_call_willing=False)
    tomorrow = next(each for each in turn(house, "Night", TUESDAY) if each.kind == "on-call")
    assert said(house, ana, tomorrow) == ["Ana: does not go on call"]


def test_who_has_no_duty(house: House, ana: uuid.UUID) -> None:
    stands_back(house.id, ana)
    asked = place(house, "Day", MONDAY)
    assert said(house, ana, asked) == ["Ana: has no shifts for now"]
    stands_back(house.id, ana, back=True)
    with transaction() as session:
        session.query(Membership).filter_by(person_id=ana, ended_at=None).one().ended_at = SUNDAY
    assert rules_against(house, ana, asked) == [Rule.AWAY]


def test_a_shift_of_another_house_is_none(house: House, ana: uuid.UUID, aspen: House) -> None:
    with pytest.raises(NotFound):
        against(db.session(), aspen, ana, place(house, "Day", MONDAY).shift_id, SUNDAY)


def test_a_shift_that_is_over_changes_no_more(house: House, ana: uuid.UUID) -> None:
    asked = place(house, "Day", MONDAY)
    after = db.session.get_one(Shift, asked.shift_id).ends_at
    assert [each.rule for each in against(db.session(), house, ana, asked.shift_id, after)] == [Rule.FROZEN]
