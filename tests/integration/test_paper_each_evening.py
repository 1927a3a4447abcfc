"""The sheet for the night, each evening at an hour of the house: at the desk, and by text to whoever is on call."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.core import due
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid
from respite.guests.service.promised import promise_guest
from respite.houses.models import House
from respite.houses.service.rules import change_rules
from respite.messaging.models import Message
from respite.messaging.models.people import CorrespondentKind
from respite.messaging.purposes import Purpose, rules_of
from respite.promises.service.acts import Wanted
from respite.staffing.service.shifts import put_on
from tests.boards import DAY, HOUR, MINUTE, TONIGHT, here, juniper
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY
from tests.texts_in import person_at, rows

HOME = "/houses/juniper-house"
BOARD, PAPER = f"{HOME}/board", f"{HOME}/board/paper"
SAID = "sheet is ready to print."
SAYS = [
    "Juniper House: hay algo para leer antes de esta noche: LINK",
    "Juniper House: there is something to read before tonight: LINK",
]
SIX = SUNDAY + 3 * HOUR + 28 * MINUTE  # 6 pm in the house


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def house(app: Flask) -> House:
    return juniper(("Willow",))


def wants(house: House, now: datetime = SUNDAY, **rules: object) -> None:
    change_rules(COMMAND, house.id, rules, number_seen=None, now=now)


def waits_until(house: House) -> datetime | None:
    db.session.rollback()
    kind = sa.select(due.Due.due_at).where(due.Due.kind == "handoff.paper.ready", due.Due.subject == house.id)
    return db.session.scalar(kind)


def is_on_call(house: House, who: uuid.UUID, number: str, *consents: Purpose, **more: object) -> None:
    person_at(house, number, kind=CorrespondentKind.PEER, subject_id=who, consents=consents, **more)
    put_on(COMMAND, house.id, person_id=who, kind="on-call", day=TONIGHT, begins=time(20), ends=time(8), now=SUNDAY)


def test_the_desk_says_it_from_that_hour_until_it_is_printed_or_morning(
    app: Flask, house: House, person: MakePerson, clock: StillClock
) -> None:
    person("dana@example.org", {house.id: Role.COORDINATOR})
    dana = Browser(app, "dana@example.org")
    clock.at = SIX
    assert SAID not in dana.get(BOARD).text  # a house that says nothing has none
    early = dana.fill(f"{HOME}/settings/rules", paper_at="09:00")
    assert "Please give an hour of the afternoon or the evening." in early.text
    assert dana.fill(f"{HOME}/settings/rules", paper_at="18:00").status_code == 303
    assert SAID in dana.get(BOARD).text
    clock.at = SIX - MINUTE
    assert SAID not in dana.get(BOARD).text
    clock.at = SIX
    printed = dana.fill(BOARD, f"{PAPER}/printed")
    assert printed.location == f"{PAPER}?print=now"
    assert "data-print-now" in dana.get(printed.location).text
    assert "data-print-now" not in dana.get(PAPER).text
    page = dana.get(BOARD)
    assert SAID not in page.text
    undo = next(form for form in forms_of(page) if form.action == f"{PAPER}/not-printed")
    assert dana.send(undo).location == BOARD
    clock.at = SIX + 11 * HOUR + 59 * MINUTE
    assert SAID in dana.get(BOARD).text
    clock.at += MINUTE  # six in the morning: the night is over
    assert SAID not in dana.get(BOARD).text
    clock.at = SIX + DAY
    assert SAID in dana.get(BOARD).text
    dana.fill(BOARD, f"{PAPER}/printed")
    clock.at = SIX + 2 * DAY
    assert SAID in dana.get(BOARD).text  # it was yesterday's that was printed
    assert dana.fill(f"{HOME}/settings/rules", paper_at="").status_code == 303
    assert SAID not in dana.get(BOARD).text
    person("vol@example.org", {house.id: Role.VOLUNTEER}, "Vol")
    assert Browser(app, "vol@example.org").post(f"{PAPER}/printed").status_code == 404


def test_whoever_is_on_call_is_texted_a_link_and_nothing_else(app: Flask, house: House, person: MakePerson) -> None:
    priya = person("priya@example.org", {house.id: Role.PEER}, "Priya")
    mei = person("mei@example.org", {house.id: Role.PEER}, "Mei")
    luz = person("luz@example.org", {house.id: Role.PEER}, "Luz")
    is_on_call(house, priya, "+13035550181", Purpose.SHIFTS)
    is_on_call(house, mei, "+13035550182")  # said yes to no text
    is_on_call(house, luz, "+13035550183", Purpose.SHIFTS, language="es")
    wants(house, paper_at=time(18))
    due.sweep(SIX)
    assert rows(Message) == []  # the house did not ask for it
    wants(house, SIX, paper_to_on_call=True)
    assert waits_until(house) == SIX + DAY
    for who in (priya, luz):
        put_on(
            COMMAND, house.id, person_id=who, kind="on-call", day=TONIGHT + timedelta(days=1), begins=time(20),
            ends=time(8), now=SUNDAY,
        )  # fmt: skip
    ida = here(house, "Willow", "Ida")
    promise_guest(COMMAND, ida.id, Wanted(words="Ida's insulin, room 3"), now=SUNDAY)
    for _twice in range(2):
        due.sweep(SIX + DAY)
    texts = rows(Message)
    for text in texts:
        assert (text.template, text.purpose) == ("paper-order", "shifts")
        assert text.not_after == SIX + DAY + 12 * HOUR  # in the morning it is worth nothing
        assert not rules_of(text.purpose).any_hour
    # The house, a few fixed words and the link: no name, no door, no number, nothing of anybody, in either language.
    said = sorted(re.sub(rf"https?://[^/ ]+{PAPER}", "LINK", text.body) for text in texts)
    assert said == SAYS
    assert waits_until(house) == SIX + 2 * DAY
    assert app.test_client().get(PAPER).status_code in (302, 303)  # the page asks them to sign in


def test_the_next_evening_is_one_of_the_houses_clock_and_what_is_late_is_over(house: House) -> None:
    before = datetime(2026, 10, 31, 12, tzinfo=UTC)
    wants(house, before, paper_at=time(18), paper_to_on_call=True)
    assert waits_until(house) == datetime(2026, 11, 1, 0, tzinfo=UTC)
    due.sweep(datetime(2026, 11, 1, 0, tzinfo=UTC))
    assert waits_until(house) == datetime(2026, 11, 2, 1, tzinfo=UTC)  # the clocks went back: an hour later
    due.sweep(datetime(2026, 11, 4, 17, tzinfo=UTC))  # nothing ran for three days, and it is morning
    assert waits_until(house) == datetime(2026, 11, 5, 1, tzinfo=UTC)
    assert rows(Message) == []
    wants(house, datetime(2026, 11, 4, 17, tzinfo=UTC), paper_at=None)
    assert waits_until(house) is None
    with pytest.raises(Invalid):
        wants(house, paper_at=time(11, 59))
