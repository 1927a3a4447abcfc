"""What a funder asks: off until written, skippable, joined to nobody, and no small count told or to be worked out."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from respite.accounts.actor import Actor
from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.errors import Invalid, NotFound
from respite.guests.models import FunderAnswer, FunderQuestion
from respite.guests.policy.funder import FEWEST, by_year, told
from respite.guests.service import funder, parting
from respite.houses.models import House
from tests.at_once import at_once
from tests.pages import Browser, forms_of
from tests.people import MakePerson
from tests.places import SUNDAY

NEXT_YEAR = SUNDAY + timedelta(days=60)


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(juniper: House, actor_in: Callable[..., Actor]) -> Actor:
    return actor_in(juniper.id, Role.COORDINATOR, "Dana")


def asked(dana: Actor, house: House, **more: object) -> FunderQuestion:
    values: dict[str, object] = {
        "words_en": "How old are you?",
        "words_es": "¿Cuántos años tienes?",
        "choices_en": ["18 to 25", "26 to 60", "older"],
        "choices_es": ["18 a 25", "26 a 60", "más"],
        **more,
    }
    return funder.ask_question(dana, house.id, **values, now=SUNDAY)  # type: ignore[arg-type]


def answers() -> list[tuple[uuid.UUID, int]]:
    db.session.rollback()
    return [(row.question_id, row.choice) for row in db.session.scalars(sa.select(FunderAnswer))]


def test_nothing_is_asked_until_the_house_writes_it(app: Flask, juniper: House) -> None:
    assert Browser(app).get(f"/funder/{funder.hand_over(juniper.id)}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words_en": ""}, "words_en"),
        ({"words_es": "a" * 201}, "words_es"),
        ({"choices_en": ["one"]}, "choices_en"),
        ({"choices_en": ["one", "a" * 81]}, "choices_en"),
        ({"choices_es": ["uno", "dos"]}, "choices_es"),
    ],
)
def test_a_question_stands_in_both_languages_with_as_many_choices(
    dana: Actor, juniper: House, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        asked(dana, juniper, **wrong)
    assert set(refused.value.fields) == {field}


def test_only_a_lead_writes_questions(juniper: House, actor_in: Callable[..., Actor]) -> None:
    with pytest.raises(NotFound):
        asked(actor_in(juniper.id, Role.PEER, "Luis"), juniper)


def test_an_answer_is_kept_once_and_leaves_no_line_in_the_log(app: Flask, juniper: House, dana: Actor) -> None:
    one, two = asked(dana, juniper).id, asked(dana, juniper, words_en="How did you come?").id
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    token = funder.hand_over(juniper.id)
    at_once(app, *[lambda: funder.answer(token, {one: 1, two: 0}, now=SUNDAY)] * 4)
    funder.answer(token, {one: 2}, now=SUNDAY)
    assert sorted(answers()) == sorted([(one, 1), (two, 0)])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == events
    rows = db.session.scalars(sa.select(FunderAnswer)).all()
    assert {row.year for row in rows} == {date(2026, 1, 1)}
    columns = set(FunderAnswer.__table__.columns.keys())
    assert columns == {"id", "house_id", "question_id", "year", "choice"}, "nothing that ties it to a stay"


def test_all_of_it_can_be_skipped(juniper: House, dana: Actor) -> None:
    asked(dana, juniper)
    funder.answer(funder.hand_over(juniper.id), {}, now=SUNDAY)
    assert answers() == []


def test_what_is_not_asked_or_no_choice_is_refused(juniper: House, dana: Actor) -> None:
    question = asked(dana, juniper).id
    for wrong in ({question: 3}, {question: -1}, {uuid.uuid4(): 0}):
        with pytest.raises(Invalid):
            funder.answer(funder.hand_over(juniper.id), wrong, now=SUNDAY)
    assert answers() == []


def test_a_question_that_rests_meanwhile_costs_nobody_their_other_answers(
    app: Flask, juniper: House, dana: Actor
) -> None:
    rests, stays = asked(dana, juniper).id, asked(dana, juniper).id
    page = f"/funder/{funder.hand_over(juniper.id)}"
    guest = Browser(app)
    form = guest.form(page)
    funder.rest_question(dana, rests, True, now=SUNDAY)
    assert guest.send(form, **{f"q-{rests}": "0", f"q-{stays}": "1"}).status_code == 303
    assert answers() == [(stays, 1)]
    funder.rest_question(dana, rests, False, now=SUNDAY)
    assert guest.send(form, **{f"q-{rests}": "0", f"q-{stays}": "1"}).status_code == 303
    assert answers() == [(stays, 1)], "the same page answers once"
    funder.rest_question(dana, stays, True, now=SUNDAY)
    funder.answer(funder.hand_over(juniper.id), {stays: 0}, now=SUNDAY)
    assert answers() == [(stays, 1)]


def test_the_questions_on_leaving_and_a_funders_are_not_opened_by_one_anothers_link(
    juniper: House, dana: Actor
) -> None:
    asked(dana, juniper)
    with pytest.raises(NotFound):
        funder.house_of(parting.hand_over(juniper.id))
    with pytest.raises(NotFound):
        parting.house_of(funder.hand_over(juniper.id))


def test_rows_lie_in_the_order_of_ids_drawn_by_chance(juniper: House, dana: Actor) -> None:
    question = asked(dana, juniper).id
    for n in range(8):
        funder.answer(funder.hand_over(juniper.id), {question: n % 3}, now=SUNDAY)
    db.session.rollback()
    where = "rowid" if db.engine.dialect.name == "sqlite" else "ctid"
    lie = [str(each) for each in db.session.scalars(sa.text(f"SELECT id FROM funder_answer ORDER BY {where}"))]
    assert lie == sorted(lie)


# -- what is told ------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_no_count_from_one_to_ten_is_told(counts: list[int]) -> None:
    shown, total = told(counts)
    for real, said in zip(counts, shown, strict=True):
        assert said == (None if real < FEWEST else real)
    assert (total is None) == any(each < FEWEST for each in counts)


@pytest.mark.parametrize("counts", [(5, 0, 0), (10, 10, 0), (1, 1, 30), (1, 12, 13), (3, 11, 40), (10, 1, 0)])
def test_a_solver_cannot_work_out_what_is_not_told(counts: tuple[int, ...]) -> None:
    """All tables that would have been told alike: for each count left out, 0 to 10 are among them."""
    shown, total = told(counts)
    alike = [
        table
        for table in itertools.product(*(range(FEWEST) if said is None else (said,) for said in shown))
        if told(table) == (shown, total)
    ]
    for n, said in enumerate(shown):
        if said is None:
            assert {table[n] for table in alike} == set(range(FEWEST))


def test_a_year_that_goes_on_is_not_told() -> None:
    """Two looks at it would tell of the answer in between."""
    rows = [(date(2026, 1, 1), 0)] * 12
    assert by_year(rows, 2, date(2026, 12, 31)) == []
    (year,) = by_year(rows, 2, date(2027, 1, 1))
    assert (year.year, year.counts, year.total) == (2026, (12, None), None)


def test_page_and_file_tell_the_same(
    app: Flask, juniper: House, dana: Actor, person: MakePerson, clock: StillClock
) -> None:
    question = asked(dana, juniper).id
    for n in range(14):
        funder.answer(funder.hand_over(juniper.id), {question: 0 if n < 11 else 1}, now=SUNDAY)
    person("rae@example.org", {juniper.id: Role.BOARD_READER}, "Rae")
    clock.at = NEXT_YEAR
    reader = Browser(app, "rae@example.org")
    page = reader.get("/houses/juniper-house/funder-figures").text
    assert "<dd>11</dd>" in page
    assert "<dd>10 or fewer</dd>" in page
    assert "14" not in page[page.index("<main") : page.index("</main>")]
    lines = reader.get("/houses/juniper-house/funder-figures.csv").text.splitlines()[1:]
    assert [line.split(",")[2:] for line in lines] == [
        ["18 to 25", "11", "not told"],
        ["26 to 60", "10 or fewer", "not told"],
        ["older", "10 or fewer", "not told"],
    ]


def test_from_writing_a_question_to_an_answer_in_spanish(app: Flask, juniper: House, person: MakePerson) -> None:
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    lead = Browser(app, "dana@example.org")
    page = "/houses/juniper-house/settings/funder-questions"
    lead.fill(
        page,
        words_en="How did you come?",
        words_es="¿Cómo viniste?",
        choices_en="On foot\nBy bus",
        choices_es="A pie\nEn bus",
    )
    assert "How did you come?" in lead.get(page).text
    handed = lead.get("/houses/juniper-house/funder-questions").text
    path = "/funder/" + handed.split('href="/funder/')[1].split('"')[0]
    guest = Browser(app)
    guest.post("/language", {"language": "es", "back": path})
    shown = guest.get(path)
    assert "¿Cómo viniste?" in shown.text
    assert "Juniper" not in shown.text
    form = next(each for each in forms_of(shown) if each.action == path)
    name = next(each for each in form.fields if each.startswith("q-"))
    assert guest.send(form, **{name: "1"}).status_code == 303
    assert [choice for _question, choice in answers()] == [1]
