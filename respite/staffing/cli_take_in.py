"""`flask --app app roster take-in`: shifts from another system, from a file, into a house's list."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping
from pathlib import Path

import click
import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import Session

from respite.accounts.actor import COMMAND
from respite.accounts.models import Person
from respite.core.clock import house_now
from respite.core.db import db, end_read
from respite.core.errors import Refusal
from respite.core.forms import Unusable, as_choice, as_clock_time, as_day, as_text
from respite.houses.models import House
from respite.staffing.cli import FILE, commands, text_of
from respite.staffing.policy.shifts import ShiftKind
from respite.staffing.queries.shifts import people_for_shifts
from respite.staffing.service.overruling import LONGEST_WHY
from respite.staffing.service.taking_in import Line, NotTakenIn, TakenIn, take_in
from respite.staffing.views.against import judged_words

COLUMNS = ("day", "begins", "ends", "kind", "person")
MOST_LINES = 500  # other writing waits meanwhile
IN_THE_HOUSE = "floor"


class UnreadableError(ValueError):
    """A line cannot be understood; the message says why."""


@commands.command("take-in")
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option(
    "--all-the-same", "why", default="", help="Write also what rules speak against; this reason stands beside."
)
def take_in_command(slug: str, file: Path, why: str) -> None:
    """Take the shifts of FILE into the list of the house SLUG, all of them or none.

    FILE is a CSV with the columns day, begins, ends, kind and person (docs/roster.md). What is wrong with a line, and
    which rules speak against it, is said line by line, and then nothing is written. A shift that is in the list
    already is not made twice.
    """
    with force_locale("en"):
        try:
            reason = as_text(why, most=LONGEST_WHY)
        except Unusable as error:
            raise click.ClickException(f"--all-the-same: {error}") from None
        session = db.session()
        house = session.scalar(sa.select(House).where(House.slug == slug))
        if house is None:
            raise click.ClickException(f"There is no house {slug}.")
        lines, wrong = _read(session, house, text_of(file))
        house_id = house.id
        end_read()
        try:
            found = take_in(COMMAND, house_id, lines, why=reason, only_look=bool(wrong), now=house_now())
        except NotTakenIn as refusal:
            _say_why_not(house_id, refusal, wrong)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
        else:
            _say(found)


def _read(session: Session, house: House, text: str) -> tuple[list[Line], dict[int, str]]:
    """The lines of the file that can be read, and what is wrong with the others, by their number in it."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text), strict=True)
    people = _people(session, house)
    lines: list[Line] = []
    wrong: dict[int, str] = {}
    try:
        names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
        if missing := [name for name in COLUMNS if name not in names]:
            raise click.ClickException(
                f"The first line names the columns {', '.join(COLUMNS)}: {missing[0]} is missing."
            )
        rows.fieldnames = names
        for row in rows:
            if len(lines) + len(wrong) >= MOST_LINES:
                raise click.ClickException(f"Please take in up to {MOST_LINES} shifts at a time.")
            try:
                lines.append(_line(rows.line_num, row, people))
            except (Unusable, UnreadableError) as error:
                wrong[rows.line_num] = str(error)
    except csv.Error as error:
        raise click.ClickException(f"Line {rows.line_num} is no CSV: {error}.") from None
    return lines, wrong


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _line(number: int, row: Mapping[str, str | None], people: Mapping[str, list[Person]]) -> Line:
    value = {name: (row[name] or "").strip() for name in COLUMNS}
    if None in row:
        raise UnreadableError("There are more values than columns.")
    kind = value["kind"] or IN_THE_HOUSE
    if kind not in set(ShiftKind):
        raise UnreadableError(f"The kind is {' or '.join(ShiftKind)}.")
    return Line(
        number=number,
        day=as_day(value["day"]),
        begins=as_clock_time(value["begins"]),
        ends=as_clock_time(value["ends"]),
        kind=as_choice(kind, ShiftKind),
        person_id=_person(value["person"], people).id if value["person"] else None,
    )


def _people(session: Session, house: House) -> dict[str, list[Person]]:
    """Who works here, by the address they sign in with and by name."""
    found: dict[str, list[Person]] = {}
    for person in people_for_shifts(session, house.id):
        for called in {person.email.casefold(), person.name.casefold()}:
            found.setdefault(called, []).append(person)
    return found


def _person(called: str, people: Mapping[str, list[Person]]) -> Person:
    found = people.get(called.casefold(), [])
    if len(found) > 1:
        raise UnreadableError("Several people here are called that: please use the address they sign in with.")
    if not found:
        raise UnreadableError("Nobody by that name or address works in this house.")
    return found[0]


def _say_why_not(house_id: uuid.UUID, refusal: NotTakenIn, wrong: Mapping[int, str]) -> None:
    session = db.session()
    house = session.get_one(House, house_id)
    said = {number: [sentence] for number, sentence in (refusal.wrong | dict(wrong)).items()}
    for number, judged in refusal.judged.items():
        said[number] = [*said.get(number, []), *judged_words(session, house, [judged])]
    end_read()
    for number in sorted(said):
        click.echo(f"line {number}: {'; '.join(said[number])}")
    ends = "Nothing was written."
    if refusal.judged and not (wrong or refusal.wrong):
        ends += ' With --all-the-same "why" it is written with that reason beside each of these shifts.'
    raise click.ClickException(ends)


def _say(found: TakenIn) -> None:
    click.echo(f"new shifts: {found.made}")
    click.echo(f"open shifts that somebody has now: {found.given}")
    click.echo(f"there already: {found.stood}")
