"""No page, sheet or file that is told to others shows a count of people from 1 to 10, or lets anybody work one out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db, transaction
from respite.core.errors import NotFound
from respite.guests.service.arriving import welcome_new
from respite.guests.service.people import Named
from respite.houses.models import House as HouseRow
from respite.houses.service.opening import open_house
from respite.reports import queries
from respite.reports.errors import AlreadyShared, NotClosed, TellsOfOthers
from respite.reports.models import FigureMonth, FigureRelease, FigureSharing
from respite.reports.policy import families, telling
from respite.reports.policy.families import Family
from respite.reports.policy.periods import ONE_DAY, Period, month_of, whole_periods
from respite.reports.queries import shared_by
from respite.reports.service import begin_sharing, release
from respite.reports.views.rows import Side, Telling
from tests import figures_attack
from tests.figures_attack import Connections, House, laid_open, read_file, small_house, told_of
from tests.pages import Browser
from tests.people import MakePerson
from tests.places import SUNDAY

houses = st.builds(
    small_house,
    st.integers(0, 10_000),
    beds=st.integers(1, 5),
    months=st.integers(2, 15),
    year_begins=st.integers(1, 12),
    busy=st.sampled_from([0.05, 0.15, 0.3, 0.6, 0.9]),
)


@settings(max_examples=8)
@given(houses)
def test_no_table_that_agrees_gives_a_small_count_away(house: House) -> None:
    assert laid_open(house, told_of(house)) == []


def _seed(number: int) -> House:
    busy = (0.05, 0.15, 0.3, 0.6, 0.9)[number % 5]
    return small_house(number, beds=1 + number % 4, months=4 + number % 14, year_begins=1 + number % 12, busy=busy)


def _every_large_sum(
    period: Period, months: object, parts: list[dict[date, int]], *_more: object, **_also: object
) -> bool:
    inside = [first for first in parts[0] if period.first <= first < period.until]
    return all(sum(part[first] for first in inside) >= telling.FEWEST for part in parts)


def _no_differences_looked_at(patch: pytest.MonkeyPatch) -> None:
    """A year less eleven of its months."""
    patch.setattr(telling, "_may_be_told", _every_large_sum)


def _one_month_may_be_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(telling, "_is_safe", lambda *_asked, **_also: True)


def _parts_without_their_whole(patch: pytest.MonkeyPatch) -> None:
    family = families.FAMILIES["left-sooner"]
    patch.setitem(families.FAMILIES, "left-sooner", Family(family.name, family.parts))


def _stays_that_began_too(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(families.FAMILIES, "stays-began", Family("stays-began", ("stay.began",)))
    patch.setitem(figures_attack.OF, "stays-began", ("began",))


def _no_look_at_who_is_left(patch: pytest.MonkeyPatch) -> None:
    """Fifty were asked and forty-six agreed: so four did not."""
    patch.setattr(Family, "rests_of", lambda self, atoms: ())


DEFECTS = (
    _no_look_at_who_is_left,
    _no_differences_looked_at,
    _one_month_may_be_left,
    _parts_without_their_whole,
    _stays_that_began_too,
)


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_attack_finds_what_a_weaker_rule_gives_away(
    defect: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    defect(monkeypatch)
    assert any(laid_open(_seed(number), told_of(_seed(number))) for number in (12, 9, 22, 24))


@pytest.mark.parametrize("defect", [_no_look_at_who_is_left, _no_differences_looked_at, _one_month_may_be_left])
def test_connections_are_attacked_too(
    defect: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was wanted may have been offered in an earlier month, so that less than nothing may be left of a month."""
    told = [told_of(_seed(number)) for number in range(12)]
    assert any(part == "homes found" for each in told for part, _period in each)
    assert [Connections(_seed(number)).laid_open(each, ()) for number, each in enumerate(told)] == [[]] * 12
    defect(monkeypatch)
    assert any(Connections(_seed(number)).laid_open(told_of(_seed(number)), ()) for number in range(12))


# -- what is served --------------------------------------------------------------------------------------------------


@pytest.fixture
def juniper_tells(app: Flask, clock: StillClock) -> Callable[[House], None]:
    """Juniper House, which tells months as they are given."""

    def tell(house: House) -> None:
        opened = open_house(
            COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=house.beds, now=SUNDAY
        )
        clock.at = datetime.combine(max(house.months), SUNDAY.timetz()) + timedelta(days=60)
        with transaction() as session:
            session.add(
                FigureSharing(house_id=opened.id, year_begins=house.year_begins, began_at=SUNDAY, made_by="command:x")
            )
            for first, atoms in house.months.items():
                atoms.lists["stay.nights"] = [3] * atoms.sum("ended.")
                session.add(FigureMonth(house_id=opened.id, month=first, body=atoms.as_body(), closed_at=clock.at))

    return tell


def _board_reader(app: Flask, person: MakePerson) -> Browser:
    house = db.session.scalars(sa.select(HouseRow)).one()
    person("board@example.org", {house.id: Role.BOARD_READER})
    return Browser(app, "board@example.org")


def _served(browser: Browser, house: House) -> dict[tuple[str, Period], int]:
    """Every file of every period, and that page and sheet say nothing that the file does not."""
    found: dict[tuple[str, Period], int] = {}
    for period in house.periods:
        days = f"from={period.first}&to={period.last}"
        text = browser.get(f"/houses/juniper-house/figures.csv?{days}").get_data().decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text.partition("\r\n")[2])))
        found |= read_file(period, lines)
        said = {line[name] for line in lines for name in ("Number", "Out of")} | {line["In words"] for line in lines}
        for page in ("figures", "figures/print"):
            html = browser.get(f"/houses/juniper-house/{page}?{days}").get_data(as_text=True)
            cells = re.findall(r'<td data-label="[^"]*">(?:<span class="of-number">)?([^<]*)<', html)
            shown = {cell.strip().replace(",", "").removesuffix(".0") for cell in cells} - {"–"}
            assert shown <= {each.replace(",", "").removesuffix(".0") for each in said}
    return found


def test_what_a_board_is_served_gives_nothing_away(
    app: Flask, person: MakePerson, juniper_tells: Callable[[House], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = _seed(22)
    juniper_tells(house)
    browser = _board_reader(app, person)
    served = _served(browser, house)
    assert served == told_of(house)
    assert len(served) > 20
    assert laid_open(house, served) == []
    # Days of one's own choosing are answered with a closed period; the house's own view is not there.
    sliding = browser.get("/houses/juniper-house/figures?from=2026-01-02&to=2026-02-01").get_data(as_text=True)
    assert "only whole months" in sliding
    for page in ("figures", "figures/print", "figures.csv"):
        assert browser.get(f"/houses/juniper-house/{page}?view=inside").status_code == 404

    def shares_everything(
        self: Telling, name: str, number: Side, of: Side, of_what: str, comes_to: Callable[..., tuple[float, str]]
    ) -> object:
        row = kept(self, name, number, of, of_what, comes_to)
        value, words = comes_to(number.number, of.number) if of.number else (None, "")
        return type(row)(row.name, row.number, row.shown, row.of, row.of_shown, row.of_what, value, words)

    kept = Telling.row
    monkeypatch.setattr(Telling, "row", shares_everything)
    assert laid_open(house, _served(browser, house)) != []


def test_what_is_written_down_late_changes_nothing_that_was_told(
    app: Flask, clock: StillClock, juniper_tells: Callable[[House], None]
) -> None:
    """Two looks at a closed month are the same: its numbers are kept, and not counted anew."""
    house = _seed(24)
    juniper_tells(house)
    row = db.session.scalars(sa.select(HouseRow)).one()
    before = shared_by(db.session(), row.id)
    welcome_new(COMMAND, row.id, who=Named("Robin"), nights=2, at=clock.at - timedelta(days=20), now=clock.at)
    after = shared_by(db.session(), row.id)
    assert before == after


def test_a_director_releases_a_total_and_nothing_with_it(
    app: Flask, clock: StillClock, actor_in: Callable[..., Actor], juniper_tells: Callable[[House], None]
) -> None:
    house = _seed(24)  # one bed: of its first year the quarters are told and no month before October
    juniper_tells(house)
    row = db.session.scalars(sa.select(HouseRow)).one()
    director, coordinator = actor_in(row.id, Role.DIRECTOR), actor_in(row.id, Role.COORDINATOR)
    months = sorted(house.months)

    def releases(
        period: Period, funder: str = "County", what: str = "stays-ended", by: Actor = director
    ) -> FigureRelease:
        return release(by, row.id, what=what, period=period, funder=funder, now=clock.now())

    with pytest.raises(NotFound):
        releases(month_of(months[-1]), by=coordinator)
    with pytest.raises(NotClosed):
        releases(Period(months[0], months[0] + ONE_DAY))
    told = told_of(house)
    given: dict[tuple[str, Period], int] = {}
    refused = []
    for period in house.periods:
        for what, part in (("stays-ended", "ended"), ("visits", "visits"), ("new-guests", "new")):
            try:
                made = releases(period, what=what, funder=f"{what} fund")
            except TellsOfOthers:
                refused.append((part, period))
            else:
                assert made.number == house.true((part, period))
                given[part, period] = made.number
    small = [cell for cell, number in given.items() if 1 <= number <= 10]
    assert small
    assert refused
    # How many stays ended says, but for those who are in the house, how many began: they are the same people.
    itself = {*given, *(("began", period) for part, period in given if part == "ended")}
    # Where everybody who left was asked whether to be in touch, how many were asked is that number, too.
    itself |= {
        ("offered", period) for part, period in given if part == "ended" and not house.true(("not asked", period))
    }
    assert laid_open(house, told | given, itself) == []
    # What is told to everybody is what it was, and each release is in the log, without its number.
    assert shared_by(db.session(), row.id) is not None
    logged = db.session.scalars(sa.select(Event).where(Event.kind == "figure.total.released")).all()
    assert len(logged) == len(given)
    assert all(event.actor == director.ref and "number" not in event.data for event in logged)
    assert any(laid_open(house, told | given | {cell: house.true(cell)}, {*itself, cell}) for cell in refused)


def test_a_house_begins_to_tell_once(app: Flask, clock: StillClock, actor_in: Callable[..., Actor]) -> None:
    house = open_house(COMMAND, name="Bar House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    clock.at = SUNDAY + timedelta(days=75)  # early in February: January is not a week over
    with pytest.raises(NotFound):
        begin_sharing(actor_in(house.id, Role.PEER), house.id, year_begins=7, now=clock.now())
    begin_sharing(actor_in(house.id, Role.COORDINATOR), house.id, year_begins=7, now=clock.now())
    with pytest.raises(AlreadyShared):
        begin_sharing(COMMAND, house.id, year_begins=1, now=clock.now())
    shared = shared_by(db.session(), house.id)
    assert shared is not None
    assert sorted(shared.months) == [date(2026, 11, 1), date(2026, 12, 1)]
    assert shared.periods == whole_periods(shared.months, 7)
    assert queries.releases_of(db.session(), house.id) == []


_FIGURES = ("figures", "figures/print", "figures.csv")
_INSIDE, _ALL = tuple(f"{page}?view=inside" for page in _FIGURES), tuple(f"{page}?houses=all" for page in _FIGURES)
_EVERY_PAGE = {*_FIGURES, *_INSIDE, *_ALL, "figures/telling", "figures/releases"}
_OPEN_TO = {
    Role.DIRECTOR: _EVERY_PAGE,
    Role.COORDINATOR: _EVERY_PAGE - {"figures/releases"},
    Role.BOARD_READER: {*_FIGURES, *_ALL},
}


@pytest.mark.parametrize("role", Role)
def test_who_sees_which_page_of_figures(
    app: Flask, person: MakePerson, juniper_tells: Callable[[House], None], role: Role
) -> None:
    juniper_tells(_seed(22))
    juniper = db.session.scalars(sa.select(HouseRow)).one()
    aspen = open_house(COMMAND, name="Aspen House", kind="respite", timezone="America/Denver", beds=1, now=SUNDAY)
    with transaction() as session:
        session.add(FigureSharing(house_id=aspen.id, year_begins=1, began_at=SUNDAY, made_by="command:x"))
    person("reads@example.org", {juniper.id: role})
    browser = Browser(app, "reads@example.org")

    def opens(slug: str, pages: Iterable[str]) -> set[str]:
        return {page for page in pages if browser.get(f"/houses/{slug}/{page}").status_code == 200}

    assert opens("juniper-house", _EVERY_PAGE) == _OPEN_TO.get(role, set())
    assert opens("aspen-house", _EVERY_PAGE) == set()
    for page in _ALL if role in _OPEN_TO else ():
        assert "Aspen" not in browser.get(f"/houses/juniper-house/{page}").get_data(as_text=True)
    posted = {"year_begins": "1", "what": "visits", "period": "2026-01-01_2026-12-31", "funder": "County"}
    for page in ("figures/telling", "figures/releases"):
        answer = browser.post(f"/houses/juniper-house/{page}", posted)
        assert (answer.status_code == 404) is (page not in _OPEN_TO.get(role, set())), (page, answer.status_code)
        assert browser.post(f"/houses/aspen-house/{page}", posted).status_code == 404
