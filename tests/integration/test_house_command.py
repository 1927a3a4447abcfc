"""`flask --app app house add` opens a house and prints its slug."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.core.db import db
from respite.houses.models import House
from respite.houses.queries import beds_of, chairs_of

ADD = ["house", "add", "Bar House", "--kind", "both", "--timezone", "America/Denver", "--beds", "4", "--chairs", "2"]


def test_a_house_is_added_and_its_slug_printed(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=ADD)
    assert (result.exit_code, result.output) == (0, "bar-house\n")
    house = db.session.scalars(sa.select(House)).one()
    assert (house.name, house.kind, house.timezone) == ("Bar House", "both", "America/Denver")
    assert len(beds_of(db.session(), house.id)) == 4
    assert len(chairs_of(db.session(), house.id)) == 2


def test_a_living_room_needs_no_doors(app: Flask) -> None:
    args = ["house", "add", "Sala", "--kind", "living-room", "--timezone", "America/Chicago", "--chairs", "6"]
    assert app.test_cli_runner().invoke(args=args).output == "sala\n"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["house", "add", "Bar", "--timezone", "Mars/Base"], "time zone"),
        (["house", "add", "", "--timezone", "America/Denver"], "name"),
        (["house", "add", "a\x07b", "--timezone", "America/Denver"], "characters"),
        (["house", "add", "x" * 5000, "--timezone", "America/Denver"], "80 letters"),
        (["house", "add", "Bar", "--timezone", "America/Denver", "--beds", "9" * 400], "--beds"),
        (["house", "add", "Bar", "--timezone", "America/Denver", "--kind", "hotel"], "--kind"),
        (["house", "add", "Bar"], "--timezone"),
    ],
)
def test_a_house_that_cannot_be_is_said_and_none_is_made(app: Flask, changed: list[str], said: str) -> None:
    result = app.test_cli_runner().invoke(args=changed)
    assert result.exit_code != 0
    assert said in result.output
    assert db.session.scalars(sa.select(House)).all() == []
