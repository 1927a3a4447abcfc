"""Real directories and the standard's own examples: every row accounted for, every problem true, nothing twice."""

from __future__ import annotations

import csv
import json
from datetime import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.audit.service import broken_links
from respite.core.db import db
from respite.resources.hsds.schema import wrong_in, wrong_in_tables
from respite.resources.hsds.written import write_to
from respite.resources.models import (
    Address,
    Attribute,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Term,
)
from respite.resources.service.exporting import export
from tests.integration.test_directory import counted, loads, said
from tests.places import SUNDAY

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EXAMPLES = SHARED / "hsds-3-examples"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the directories to load stand beside the checkout")
PACKAGES = (
    SHARED / "hsds-ilao", SHARED / "hsds-ohana-sample", EXAMPLES / "csv", EXAMPLES / "tabular.json",
    EXAMPLES / "service_full.json", EXAMPLES / "organization_full.json", EXAMPLES / "service_at_location_full.json",
    EXAMPLES / "location.json", EXAMPLES / "service_list.json", EXAMPLES / "taxonomy_term_list.json", EXAMPLES,
)  # fmt: skip


def test_real_packages_load_whole_and_once_and_leave_valid(app: Flask, tmp_path: Path) -> None:
    for path in PACKAGES:
        first = loads(path, path.name)
        assert all(each.read == each.loaded + each.again + each.left_out for each in first.counts.values()), path
        assert first.total("read") > 0
        assert first.total("left_out") == sum(each.left_out for each in first.problems)
        before = counted()
        second = loads(path, path.name)
        assert second.total("added") == second.total("changed") == second.gone == 0, path
        assert counted() == before
        assert second.problems == first.problems
        assert second.not_kept == first.not_kept
        # All rows of every file, counted by other means.
        if path.is_dir() and (path / "services.csv").exists():
            for file in path.glob("*.csv"):
                with file.open(newline="", encoding="utf-8") as stream:
                    rows = sum(any(row) for row in csv.reader(stream)) - 1
                read = sum(each.read for (name, _kind), each in first.counts.items() if name == file.name)
                assert rows == read + first.not_kept.get((file.name, ""), 0), file
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Service).where(Service.gone_at.is_(None))) == 459
    assert db.session.scalar(sa.select(Service.assured_date).where(Service.name == "Community Counselling").limit(1))
    exported = export(COMMAND, now=SUNDAY)
    assert list(wrong_in_tables(exported.tables)) == []
    assert list(broken_links()) == []
    write_to(tmp_path / "all.json", exported.tables)
    things = json.loads((tmp_path / "all.json").read_text())["contents"]
    assert len(things) == len(exported.tables["organization"])
    assert [wrong for each in things for wrong in wrong_in("organization", each)] == []
    write_to(tmp_path / "all.zip", exported.tables)
    again = loads(tmp_path / "all.zip", "our own")
    assert said(again, left_out=True) == []
    assert again.total("read") == sum(len(rows) for rows in exported.tables.values())
    assert {kind: counts.read for (_file, kind), counts in again.counts.items()} == {
        kind: len(rows) for kind, rows in exported.tables.items() if rows
    }


def test_each_problem_of_a_real_directory_is_true(app: Flask) -> None:
    """Looked up in the file itself, by its line, with other means than those that found it."""
    folder = SHARED / "hsds-ilao"
    report = loads(folder, "ilao")
    lines: dict[str, dict[int, dict[str, str]]] = {}
    for file in folder.glob("*.csv"):
        with file.open(newline="", encoding="utf-8") as stream:
            reader = csv.reader(stream)
            columns, at = next(reader), 1
            for row in reader:
                lines.setdefault(file.name, {})[at + 1] = dict(zip(columns, row, strict=True))
                at = reader.line_num  # the next begins one line after this one ends
    organizations = {row["id"] for row in lines["organizations.csv"].values()}
    for problem in report.problems:
        row = lines[problem.file][int(str(problem.place).removeprefix("line "))]
        says = str(problem.says)
        column = says.split()[0]
        if says.endswith("is missing") or "status is missing" in says:
            assert row[column] == ""
        elif "a day without hours" in says:
            assert row["opens_at"] == row["closes_at"] == ""
        elif "no telephone number" in says:
            assert not any(each.isdigit() for each in row["number"])
        elif "dialled" in says:
            digits = sum(each.isdigit() for each in row["number"])
            assert digits != 10 or any(each.isalpha() for each in row["number"])
        elif "taken as the next day" in says:
            opens, closes = (time(*map(int, row[each].split(":"))) for each in ("opens_at", "closes_at"))
            assert closes <= opens
        else:
            assert "organization rows that were loaded" in says
            assert row["organization_id"] not in organizations
    assert len(report.problems) == 27 + 5 + 665 + 29 + 429 + 1 + 161
    # Services of an organisation that the package does not list are of use; it has its id and no more.
    stand_in = db.session.scalars(sa.select(Organization).where(Organization.external_id == "91676")).one()
    assert stand_in.name == "Organization 91676"
    assert db.session.scalar(sa.select(Location.id).where(Location.organization_id == stand_in.id).limit(1))


def test_what_version_one_says_within_a_row_becomes_rows(app: Flask) -> None:
    loads(SHARED / "hsds-ohana-sample", "ohana")
    service = db.session.scalars(sa.select(Service).where(Service.name == "Passport Photos")).one()
    organization = db.session.get_one(Organization, service.organization_id)
    places = db.session.scalars(sa.select(ServiceAtLocation).where(ServiceAtLocation.service_id == service.id)).all()
    assert (organization.name, len(places)) == ("Example Agency", 1)
    hours = db.session.scalars(sa.select(Schedule).where(Schedule.service_id == service.id)).all()
    assert sorted((each.byday, each.opens_at, each.closes_at) for each in hours if each.freq == "WEEKLY") == [
        ("MO", time(8), time(12)), ("MO", time(14), time(16)), ("WE", time(10), time(15)),
    ]  # fmt: skip
    spoken = sa.select(Language.name).where(Language.location_id == places[0].location_id)
    assert {"Cantonese", "Taiwanese"} <= set(db.session.scalars(spoken))
    terms = sa.select(Term.code).join(Attribute).where(Attribute.service_id == service.id)
    assert "105" in set(db.session.scalars(terms))
    kinds = {each.address_type for each in db.session.scalars(sa.select(Address))}
    assert kinds == {"physical", "postal"}


def test_the_check_takes_the_standards_own_example(app: Flask) -> None:
    thing = json.loads((EXAMPLES / "service_full.json").read_text())
    wrong = [each for each in wrong_in("service", thing) if "is no field" in each or "is missing" in each]
    # The example's own metadata and its attribute say things that its schema has no field for, or leave some out.
    assert [each for each in wrong if not each.startswith(("attribute", "metadata"))] == []
