"""Figures: what a house counts, against a count of our own from its rows and from the list that it lived through."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.core.clock import StillClock
from respite.core.db import db
from respite.guests.models import ContactKind, NoBed
from respite.guests.service.contacts import note_contact
from respite.guests.service.could_not_offer import not_for_contact
from respite.guests.service.erasing import erase_guest
from respite.houses.models import House
from respite.houses.queries import beds_of
from respite.houses.service.doors import close_bed, open_bed_again
from respite.houses.service.furnishing import add_bed, retire_bed
from respite.houses.service.opening import open_house
from respite.reports.counting import count
from respite.reports.policy.atoms import Atoms, middle, ninetieth
from respite.reports.policy.periods import Period, month_of, quarter_of, year_of
from respite.reports.queries import closed_months
from respite.reports.service import begin_sharing, close_months
from tests.replay import ZONE, Replayed, Written, at, counted, read, replay

STAYS = Path(__file__).resolve().parents[3] / "shared" / "data" / "stays-replay" / "stays.csv"
ONE_DAY = timedelta(days=1)
JULY = 7


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def _figures(house_id: object, period: Period, now: datetime) -> Atoms:
    house = db.session.get_one(House, house_id)
    found = count(db.session(), house, period, JULY, now)
    db.session.rollback()
    return found


def _rows(house_id: object) -> list[tuple[object, datetime, datetime | None, str | None]]:
    """Straight from the table, by SQL of our own."""
    with db.engine.connect() as connection:
        stay = sa.table("stay", *(sa.column(name, type_) for name, type_ in (
            ("house_id", sa.Uuid()), ("guest_id", sa.Uuid()), ("arrived_at", sa.DateTime(timezone=True)),
            ("left_at", sa.DateTime(timezone=True)), ("ended_how", sa.String()),
        )))  # fmt: skip
        rows = connection.execute(
            sa.select(stay.c.guest_id, stay.c.arrived_at, stay.c.left_at, stay.c.ended_how).where(
                stay.c.house_id == house_id, stay.c.arrived_at.is_not(None)
            )
        ).all()
    zone = ZoneInfo(ZONE)

    def local(instant: datetime | None) -> datetime | None:
        if instant is None:
            return None
        return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo("UTC"))).astimezone(zone)

    return [(guest, local(came), local(went), how) for guest, came, went, how in rows]  # type: ignore[misc]


def _claims(house_id: object) -> Counter[date]:
    """Nights that stays have claimed: another table than the figures read."""
    with db.engine.connect() as connection:
        claims = sa.table(
            "bed_night", sa.column("house_id", sa.Uuid()), sa.column("night", sa.Date()), sa.column("kind")
        )
        return Counter(
            connection.scalars(sa.select(claims.c.night).where(claims.c.house_id == house_id, claims.c.kind == "stay"))
        )


def _must_agree(told: Replayed, written: list[Written], beds: int, now: datetime) -> None:
    expected, claims, rows = counted(written, beds), _claims(told.house.id), _rows(told.house.id)
    came = [stay for stay in written if stay.number not in expected.refused]
    first, last = min(told.board_on), max(told.board_on)
    periods = [Period(first, last + ONE_DAY), Period(first + 9 * ONE_DAY, first + 30 * ONE_DAY)]
    months = [month_of(first)]
    while months[-1].until <= last:
        months.append(month_of(months[-1].until))
    periods += [*months, quarter_of(last, JULY), year_of(last, JULY)]
    for period in periods:
        found = _figures(told.house.id, period, now)
        inside = [stay for stay in came if period.first <= stay.arrived_on < period.until]
        ended = [stay for stay in came if period.first <= stay.left_on < period.until]
        nights = [night for night in told.board_on if period.first <= night < period.until]
        assert found.numbers["stay.began"] == len(inside)
        assert found.sum("ended.") == found.numbers["ended.as-planned"] == len(ended)
        assert sorted(found.list("stay.nights")) == sorted(stay.nights for stay in ended)
        assert found.numbers["night.slept"] == sum(expected.guests_on[night] for night in nights)
        assert found.numbers["night.slept"] == sum(claims[night] for night in nights)
        assert found.numbers["night.open"] == beds * len([night for night in nights if night < last])  # not tonight
        assert found.numbers["guest.new"] == _new(rows, period)
    whole = [_figures(told.house.id, month, now) for month in months]
    together = _figures(told.house.id, Period(months[0].first, months[-1].until), now)
    assert sum(whole, Atoms()).as_body() == together.as_body()


def _new(rows: list[tuple[object, datetime, datetime | None, str | None]], period: Period) -> int:
    """Guests of the period, day by day, who were not here on an earlier day of the same year from July on."""
    days: dict[date, set[object]] = {}
    for guest, came, went, _how in rows:
        day, end = came.date(), went.date() if went is not None else period.until
        while day <= end:
            days.setdefault(day, set()).add(guest)
            day += ONE_DAY
    new, day = 0, period.first
    while day < period.until:
        begins = date(day.year if day.month >= JULY else day.year - 1, JULY, 1)
        before = {guest for each, guests in days.items() if begins <= each < day for guest in guests}
        new += len(days.get(day, set()) - before)
        day += ONE_DAY
    return new


def _made_up() -> list[Written]:
    chance = random.Random(11)
    monday = date(2026, 5, 18)  # across the end of a year that begins in July
    days = sorted(monday + chance.randrange(56) * ONE_DAY for _ in range(38))
    return [
        Written(n, chance.randrange(20), day, day + chance.choice([0, 1, 2, 3, 5, 9]) * ONE_DAY)
        for n, day in enumerate(days, 1)
    ]


def test_counted_again_from_rows_and_from_the_list(app: Flask, clock: StillClock) -> None:
    """A made-up summer in two beds, some guests more than once. Then all are forgotten, and nothing else changes."""
    written = _one_stay_at_a_time(_made_up())
    told = replay(clock, written, 2, ())
    _must_agree(told, written, 2, clock.now())
    begin_sharing(COMMAND, told.house.id, year_begins=JULY, now=clock.now())
    closed = closed_months(db.session(), told.house.id)
    assert list(closed) == [date(2026, 5, 1), date(2026, 6, 1)]
    year = Period(date(2026, 5, 1), date(2026, 9, 1))
    before = _figures(told.house.id, year, clock.now()).as_body()
    for guest_id in {guest for guest, _came, _went, _how in _rows(told.house.id)}:
        erase_guest(COMMAND, guest_id, now=clock.now())
    after = _figures(told.house.id, year, clock.now()).as_body()
    # Whose a stay was cannot be had for the forgotten: the figures say so, and the rest is as it was.
    assert after["numbers"].pop("stay.nobody") == after["numbers"]["stay.began"]
    assert (before["numbers"].pop("stay.nobody"), after["numbers"].pop("guest.new")) == (0, 0)
    assert before["numbers"].pop("guest.new") > 10
    assert after == before
    clock.at += timedelta(days=31)
    assert close_months(clock.now()) == 1
    assert close_months(clock.now()) == 0
    now_closed = closed_months(db.session(), told.house.id)
    assert {month: now_closed[month] for month in closed} == closed


def _one_stay_at_a_time(written: list[Written]) -> list[Written]:
    """Nobody comes a second time while they are here, which the house would refuse for another reason."""
    until: dict[int, date] = {}
    kept = []
    for stay in written:
        if until.get(stay.guest, date.min) <= stay.arrived_on:
            until[stay.guest] = stay.left_on + ONE_DAY
            kept.append(stay)
    return kept


@pytest.mark.slow
def test_195_real_stays(app: Flask, clock: StillClock) -> None:
    if not STAYS.exists():
        pytest.skip("the list of real stays is not on this machine")
    written = read(STAYS)
    told = replay(clock, written, 4, ())
    _must_agree(told, written, 4, clock.now())


def test_beds_that_close_come_and_go(app: Flask, clock: StillClock) -> None:
    """June in two beds: one shut for ten nights and opened after four, a third added on the 11th, gone on the 21st."""
    clock.at = at(date(2026, 6, 1), datetime.min.time().replace(hour=9))
    house = open_house(COMMAND, name="Bar House", kind="respite", timezone=ZONE, beds=2, now=clock.now())
    bed, june = beds_of(db.session(), house.id)[0].id, month_of(date(2026, 6, 1))
    shut = close_bed(
        COMMAND, bed, first_night=date(2026, 6, 5), until=date(2026, 6, 15), reason="paint", now=clock.now()
    )
    clock.at += 8 * ONE_DAY
    open_bed_again(COMMAND, shut.id, now=clock.now())
    clock.at += 2 * ONE_DAY
    third = add_bed(COMMAND, house.id, name="Third", now=clock.now())
    clock.at += 10 * ONE_DAY
    retire_bed(COMMAND, third.id, now=clock.now())
    clock.at += 9 * ONE_DAY
    half = _figures(house.id, june, clock.now())
    assert half.numbers["night.counted"] == 29  # the last census is still to come
    clock.at += 20 * ONE_DAY
    numbers = _figures(house.id, june, clock.now()).numbers
    assert (numbers["night.counted"], numbers["night.closed"], numbers["night.open"]) == (30, 4, 60 - 4 + 10)


def test_asking_and_answers(app: Flask, clock: StillClock) -> None:
    house = open_house(COMMAND, name="Bar House", kind="respite", timezone=ZONE, beds=1, now=clock.now())
    for n in range(10):
        contact = note_contact(COMMAND, house.id, ContactKind.ASKS_TO_STAY, now=clock.now())
        clock.at += timedelta(minutes=n)
        not_for_contact(COMMAND, contact.id, NoBed.NIGHTS if n % 2 else NoBed.NONE_FREE, now=clock.now())
    clock.at += timedelta(minutes=1)
    found = _figures(house.id, month_of(clock.now().date()), clock.now())
    assert found.kinds("no-bed.") == {"nights": 5, "none-free": 5}
    assert found.numbers["contact.asks-to-stay"] == found.numbers["source.not-said"] == 10
    waits = found.list("answer.minutes")
    assert sorted(waits) == list(range(10))
    assert (middle(waits), ninetieth(waits)) == (4.5, 8.0)
