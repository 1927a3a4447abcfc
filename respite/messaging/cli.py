"""`flask --app app messages …`: how the line for texts stands, for whoever keeps the machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
from flask.cli import AppGroup

from respite.core.clock import house_now, machine_now
from respite.core.db import db
from respite.messaging.gateway import is_set_up
from respite.messaging.standing import ALL, COMPARED, SWEPT, WEBHOOK, Standing, standing

group = AppGroup("messages", help="Texts that leave and come in.")


@group.command("status")
def status() -> None:
    """Say how texts stand, without a name, a number or a word of them. Ends with 1 when a person is needed."""
    found = standing(db.session(), house_now())
    db.session.rollback()
    now, machine = house_now(), machine_now()
    for line in _lines(found, now, machine):
        click.echo(line)
    stuck = is_set_up() and found.due_too_long(now)
    raise SystemExit(1 if stuck or found.needs_person(machine) else 0)


def _lines(found: Standing, now: datetime, machine: datetime) -> Iterator[str]:
    yield f"line            {'set up' if is_set_up() else 'not set up: no text leaves'}"
    yield f"paused          {_paused(found)}"
    for state, count in found.counts.items():
        yield f"{state:<16}{count}"
    yield f"oldest waiting  {_age(found.waits_since, now)}"
    yield f"oldest due      {_age(found.due_since, now)}"
    yield f"oldest unknown  {_age(found.unknown_since, machine)}"
    yield f"for a person    {found.undecided}"
    yield f"last webhook    {_age(found.marks.get(WEBHOOK), machine, 'never')}"
    yield f"last sweep      {_age(found.marks.get(SWEPT), machine, 'never')}"
    yield f"last comparison {_age(found.marks.get(COMPARED), machine, 'never')}"


def _paused(found: Standing) -> str:
    by_people = [f"{'a house' if purpose == ALL else purpose} ({count})" for purpose, count in found.paused.items()]
    return ", ".join([*(["by the provider"] if found.provider_paused else []), *by_people]) or "no"


def _age(at: datetime | None, now: datetime, without: str = "none") -> str:
    """How long ago: "40 s", "12 min", "3 h", "2 d"."""
    if at is None:
        return without
    seconds = max(0, int((now - at).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
