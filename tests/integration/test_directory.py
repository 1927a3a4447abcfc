"""Loading the directory: good rows load and bad ones are said, nothing comes twice, and HSDS 3 goes out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from respite.accounts.actor import COMMAND, Actor
from respite.accounts.roles import Role
from respite.core.db import db
from respite.core.errors import NotFound
from respite.houses.models import House
from respite.resources.hsds import files
from respite.resources.hsds.files import Unusable
from respite.resources.hsds.package import package_at
from respite.resources.hsds.rows import Report
from respite.resources.hsds.schema import wrong_in, wrong_in_tables
from respite.resources.hsds.sheet import sheet_at
from respite.resources.hsds.tables import KINDS
from respite.resources.hsds.written import write_to
from respite.resources.models import (
    Organization,
    Phone,
    Schedule,
    Service,
)
from respite.resources.policy import Trust, trust_of
from respite.resources.service.exporting import export
from respite.resources.service.loading import load
from respite.resources.service.mapping import keep_mapping, mapping_named
from respite.resources.service.starter import load_starter
from tests.places import SUNDAY


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def loads(path: Path, source: str = "a source", **how: Any) -> Report:
    return load(COMMAND, package_at(path), source, now=SUNDAY, **how)


def written(folder: Path, **tables: str) -> Path:
    """A package of small tables, each as lines."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        lines = (" ".join(line.split()) for line in text.strip().splitlines())
        (folder / f"{name}.csv").write_text("\n".join(line.replace(" | ", "|").replace("|", ",") for line in lines))
    return folder


def counted() -> dict[str, int]:
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(kind.model)) or 0 for name, kind in KINDS.items()
    }


def said(report: Report, *, left_out: bool | None = None) -> list[tuple[str, str, str]]:
    wanted = (each for each in report.problems if left_out is None or each.left_out is left_out)
    return [(each.file, str(each.place), str(each.says)) for each in wanted]


BAD = {
    "organizations": """
        id | name | email | website | year_incorporated
        1 | Open Door | door@example.org | door.example.org | 1999
        2 | | | |
        1 | Open Door again | | |
        3 | Kettle | not an address | javascript:alert(1) |
        4 | One | two@example.org | https://example.org | 1 | 7 | 8
    """,
    "services": """
        id | organization_id | name | status | assured_date | minimum_age
        s1 | 1 | Supper | active | 2026-06-31 | 18
        s2 | 9 | Bread | sometimes | 03/04/2026 | old
        s3 | | Nobody's | active | |
    """,
    "locations": """
        id | organization_id | name | latitude | longitude
        l1 | 3 | Hall | 95 | 10
    """,
    "service_at_location": """
        id | service_id | location_id
        a1 | s1 | l1
        a2 | s7 | l1
    """,
    "phones": """
        id | service_id | number
        p1 | s1 | (303) 555-0142 ext. 7
        p2 | s7 | (303) 555-0143
        p3 | s1 | call us
    """,
    "regular_schedules": """
        id | service_id | weekday | opens_at | closes_at
        1 | s1 | Monday | 25:00 | 26:00
        2 | s1 | Someday | 9:00 | 17:00
        3 | s1 | 2 | 9am | 5:30 PM
    """,
    "hours_of_the_cat": "a | b\n1 | 2",
    "funding": "id | source\n1 | cake",
}


def test_bad_rows_are_said_by_file_line_and_reason_and_good_ones_load(app: Flask, tmp_path: Path) -> None:
    report = loads(written(tmp_path / "bad", **BAD))
    assert sorted(said(report, left_out=True)) == sorted([
        ("organizations.csv", "line 6", "it has 7 cells, and there are 5 columns"),
        ("organizations.csv", "line 3", "name is missing"),
        ("phones.csv", "line 4", "number is “call us”, which is no telephone number"),
        ("regular_schedules.csv", "line 3", "weekday is “someday”, which is no day of the week"),
        ("regular_schedules.csv", "line 2", "opens_at is “25:00”, which is no time of the day"),
        ("services.csv", "line 4", "organization_id is missing"),
        ("organizations.csv", "line 4", "its id “1” is already that of line 2"),
        ("service_at_location.csv", "line 3", "service_id “s7” is none of the service rows that were loaded"),
        ("phones.csv", "line 3", "it belongs to nothing that was loaded"),
    ])  # fmt: skip
    assert sorted(said(report, left_out=False)) == [
        ("hours_of_the_cat.csv", "", "this is no table of HSDS; nothing of it was loaded"),
        ("locations.csv", "line 2", "95.0, 10.0 is no place on earth; both were left empty"),
        ("organizations.csv", "line 5", "email is “not an address”, which is no e-mail address; it was left empty"),
        ("organizations.csv", "line 5", "website is “javascript:alert(1)”, which is no web address; it was left empty"),
        ("phones.csv", "line 3", "service_id “s7” is none of the service rows that were loaded; it was left empty"),
        ("services.csv", "line 2", "assured_date is “2026-06-31”, which is no date; it was left empty"),
        ("services.csv", "line 3", "minimum_age is “old”, which is no number; it was left empty"),
        (
            "services.csv", "line 3",
            "status is “sometimes”, which is none of active, inactive, defunct, temporarily closed;"
            " it was taken as inactive",
        ),
    ]  # fmt: skip
    assert report.not_kept == {
        ("funding.csv", ""): 1, ("hours_of_the_cat.csv", ""): 1, ("organizations.csv", "year_incorporated"): 1,
    }  # fmt: skip
    assert all(each.read == each.loaded + each.left_out for each in report.counts.values())
    services = {each.name: each for each in db.session.scalars(sa.select(Service))}
    assert services.keys() == {"Supper", "Bread"}
    assert (services["Bread"].status, services["Supper"].status) == ("inactive", "active")
    assert (services["Bread"].assured_date, services["Supper"].assured_date) == (date(2026, 3, 4), None)
    phone = db.session.scalars(sa.select(Phone)).one()
    assert (phone.dialled, phone.extension) == ("+13035550142", "7")
    (hours,) = db.session.scalars(sa.select(Schedule))
    assert (hours.byday, hours.opens_at, hours.closes_at) == ("TU", time(9), time(17, 30))
    names = {each.external_id: each.name for each in db.session.scalars(sa.select(Organization))}
    assert names == {"1": "Open Door", "3": "Kettle", "9": "Organization 9"}


def test_loading_again_changes_what_changed_and_marks_what_is_gone(app: Flask, tmp_path: Path) -> None:
    orgs = "id | name\n1 | Open Door\n2 | Kettle"
    services = "id | organization_id | name | status\ns1 | 1 | Supper | active\ns2 | 2 | Bread | active"
    phones = "service_id | number\ns1 | (303) 555-0142\ns2 | (303) 555-0143"
    folder = written(tmp_path / "one", organizations=orgs, services=services, phones=phones)
    loads(folder)
    loads(written(tmp_path / "other", organizations=orgs), "another source")
    supper = db.session.scalars(sa.select(Service).where(Service.external_id == "s1")).one()
    supper.checked_at, supper.checked_by = SUNDAY, "person:1"  # what somebody of a house made sure of stays
    db.session.commit()
    own, version = supper.id, supper.version
    written(folder, services=services.replace("Supper", "Late supper").replace("\ns2 | 2 | Bread | active", ""))
    written(folder, phones=phones.replace("0142", "0199"))
    report = loads(folder)
    assert (report.total("added"), report.total("changed")) == (1, 1)
    assert report.gone == 2  # a service, and the number that is another now; the service's own is still listed
    db.session.expire_all()
    supper = db.session.get_one(Service, own)
    assert (supper.name, supper.version, supper.checked_at) == ("Late supper", version + 1, SUNDAY)
    gone = db.session.scalars(sa.select(Service).where(Service.gone_at.is_not(None))).one()
    assert (gone.external_id, gone.gone_at) == ("s2", SUNDAY)
    of_supper = sa.select(Phone.dialled).where(Phone.service_id == own)
    assert db.session.scalars(of_supper).all() == ["+13035550199"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 4  # nothing of another source
    assert [each["name"] for each in export(COMMAND, now=SUNDAY).tables["service"]] == ["Late supper"]
    # A row that is bad now is still in its source; a part of the source says nothing of the rest.
    written(folder, services="id | organization_id | name | status\ns1 | 1 | | active\ns2 | 2 | Bread | active")
    back = loads(folder)
    assert (back.total("changed"), back.gone, back.total("left_out")) == (1, 0, 1)
    part = written(tmp_path / "part", services="id | organization_id | name | status\ns2 | 2 | Rye bread | active")
    assert (loads(part, whole=False).gone, loads(part, whole=False).total("same")) == (0, 1)
    db.session.expire_all()
    here = db.session.scalars(sa.select(Service.name).where(Service.gone_at.is_(None)).order_by(Service.name))
    assert list(here) == ["Late supper", "Rye bread"]
    # A file that breaks off says nothing of what should have come after it.
    (folder / "services.csv").write_text('id,organization_id,name,status\ns1,1,"Supper' + "x" * 1_100_000)
    broken = loads(folder)
    assert broken.gone == 0
    assert "a quote there may never be closed" in str(broken.problems[0].says)


def test_what_hangs_on_a_service_makes_a_new_version_of_it(app: Flask, tmp_path: Path) -> None:
    """Or somebody would say of a number or an address that they never saw that it is right."""
    tables = {
        "organizations": "id | name | description\n1 | Open Door | a red door\n2 | Kettle | tea",
        "services": "id | organization_id | name | status\ns1 | 1 | Supper | active\ns2 | 2 | Bread | active",
        "locations": "id | name\nl1 | Hall\nl2 | Barn",
        "service_at_location": "id | service_id | location_id\na1 | s1 | l1\na2 | s2 | l2",
        "addresses": "id | location_id | address_1 | city | state_province | postal_code | country\n"
        "d1 | l1 | 1 Elm | Denver | CO | 80203 | US\nd2 | l2 | 2 Elm | Denver | CO | 80203 | US",
        "phones": "id | service_id | number\np1 | s1 | (303) 555-0142\np2 | s2 | (303) 555-0143",
        "schedules": "id | service_at_location_id | freq | byday | opens_at | closes_at\n"
        "h1 | a1 | WEEKLY | MO | 9:00 | 10:00",
    }
    folder = written(tmp_path / "one", **tables)

    def versions() -> list[int]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Service.version).order_by(Service.external_id)))

    loads(folder)
    assert versions() == [1, 1]
    loads(folder)
    assert versions() == [1, 1]
    for number, (table, before, after) in enumerate(
        (
            ("addresses", "1 Elm", "3 Elm"),
            ("phones", "0142", "0199"),
            ("phones", "\np1 | s1 | (303) 555-0199", ""),
            ("schedules", "10:00", "11:00"),
            ("locations", "Hall", "Old hall"),
            ("organizations", "a red door", "a blue door"),
        ),
        start=2,
    ):
        assert before in tables[table]
        tables[table] = tables[table].replace(before, after)
        loads(written(folder, **{table: tables[table]}))
        assert versions() == [number, 1], (table, after)


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


ORGANIZATIONS = 'id,name,description\n1,Casa Peñón,"two\nlines"\n'


def test_files_are_opened_with_care(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        loads(_zip(tmp_path / "good.zip", {"data/organizations.csv": ORGANIZATIONS.encode("utf-8-sig")})).problems == []
    )
    assert db.session.scalars(sa.select(Organization.name)).all() == ["Casa Peñón"]
    folder = tmp_path / "odd"
    folder.mkdir()
    for content, guess in (
        (ORGANIZATIONS.encode("cp1252"), ["it is not UTF-8 and was read as Windows-1252"]),
        (ORGANIZATIONS.replace(",", ";").encode(), ["its cells are set apart by ;"]),
        (ORGANIZATIONS.replace(",", "\t").encode("utf-16"), ["its cells are set apart by tabs"]),
        (ORGANIZATIONS.replace("Casa", "Ca\x00sa").encode(), ["it has NUL bytes, which were passed over"]),
    ):
        (folder / "organizations.csv").write_bytes(content)
        report = loads(folder)
        assert [str(each.says) for each in report.problems] == guess
        assert (report.total("same"), report.total("read")) == (1, 1)
    refused: list[tuple[Path, str]] = [
        (_zip(tmp_path / "out.zip", {"../organizations.csv": b"id,name\n"}), "names a file outside itself"),
        (_zip(tmp_path / "root.zip", {"/organizations.csv": b"id,name\n"}), "names a file outside itself"),
        (_zip(tmp_path / "bomb.zip", {"organizations.csv": b"a" * 30_000_000}), "grows to more than 200 times"),
        (tmp_path / "nothing", "There is nothing at"),
        (_zip(tmp_path / "empty.zip", {"readme.md": b""}), "no CSV and no JSON"),
    ]
    (tmp_path / "cut.zip").write_bytes((tmp_path / "good.zip").read_bytes()[:-10])
    (tmp_path / "sheet.csv").write_text("Agency,Phone\nKettle,1\n")
    (tmp_path / "book.xlsx").write_bytes(b"PK")
    refused += [
        (tmp_path / "cut.zip", "must be a folder or a zip"),
        (tmp_path / "sheet.csv", "needs a mapping of its columns"),
        (tmp_path / "book.xlsx", "save its sheet as CSV"),
    ]
    for path, sentence in refused:
        with pytest.raises(Unusable, match=sentence):
            loads(path)
    (tmp_path / "half.json").write_text('{"id": "1", ')
    assert "is not whole JSON (line 1)" in str(loads(tmp_path / "half.json").problems[0].says)
    (tmp_path / "deep.json").write_text('[{"id": "1", "status": "active", "x": ' + "[" * 200_000)
    assert "is not whole JSON" in str(loads(tmp_path / "deep.json").problems[0].says)
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    with pytest.raises(Unusable, match="Please load it in parts"):
        loads(folder)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Organization.gone_at)).all() == [None]  # nothing of all this took it away


def test_a_day_on_which_it_is_closed_is_one_still_when_it_comes_back(app: Flask, tmp_path: Path) -> None:
    older = written(
        tmp_path / "older",
        organizations="id|name|description\no1|Open Door|Help",
        services="id|organization_id|name|status\ns1|o1|Late supper|active",
        holiday_schedules="""
            id|service_id|closed|start_date|end_date|opens_at|closes_at
            h1|s1|true|2026-12-25|2026-12-25||
            h2|s1|false|2026-12-24|2026-12-24|10:00|12:00
        """,
    )
    assert said(loads(older)) == []

    def times() -> list[tuple[object, ...]]:
        columns = (Schedule.valid_from, Schedule.closed, Schedule.opens_at, Schedule.description)
        found = db.session.execute(sa.select(*columns).order_by(Schedule.valid_from)).all()
        db.session.rollback()
        return [tuple(row) for row in found]

    before = times()
    assert before == [(date(2026, 12, 24), False, time(10), None), (date(2026, 12, 25), True, None, None)]
    out = export(COMMAND, now=SUNDAY)
    assert [each["description"] for each in out.tables["schedule"] if each["valid_from"] == "2026-12-25"] == ["Closed"]
    write_to(tmp_path / "back.zip", out.tables)
    loads(tmp_path / "back.zip", "back")
    assert times() == sorted([*before, *before], key=str)


def test_any_spreadsheet_loads_by_a_mapping_that_is_said_once(app: Flask, tmp_path: Path) -> None:
    sheet = tmp_path / "county.csv"
    sheet.write_text(
        "Agency,Program,Line,Line 2,Street,Town,ST,Zip,Languages,For,Peers,Notes\n"
        "Kettle,Supper,(303) 555-0142,(303) 555-0143,1 Elm St,Denver,CO,80203,English; Spanish,Food,yes,warm\n"
        "Kettle,Bread,(303) 555-0142,,1 Elm St,Denver,CO,80203,,Food; Company,,\n"
        ",,,,,,,,,Food,,\n"
        "Kettle,Supper,(303) 555-0144,,,,,,,,,\n"  # more about what the second line says
    )
    columns = {
        "Agency": "organization.name", "Program": "service.name", "Line": "phone.number", "Line 2": "phone.number",
        "Street": "address.address_1", "Town": "address.city", "ST": "address.state_province",
        "Zip": "address.postal_code", "Languages": "language.name", "For": "taxonomy_term.name",
        "Peers": "service.peer_run",
    }  # fmt: skip
    keep_mapping(COMMAND, "county", columns)
    mapping = mapping_named("county")
    assert mapping == columns
    reports = [load(COMMAND, sheet_at(sheet, mapping), "county", now=SUNDAY) for _ in range(2)]
    sums = [[each.total(what) for what in ("read", "left_out", "again", "added", "same")] for each in reports]
    assert sums == [[4, 1, 1, 2, 0], [4, 1, 1, 0, 2]]
    assert said(reports[0], left_out=True) == [("county.csv", "line 4", "name is missing")]
    assert reports[0].not_kept == {("county.csv", "Notes"): 1}
    made = counted()
    assert {kind: made[kind] for kind in ("organization", "service", "location", "address", "language")} == {
        "organization": 1, "service": 2, "location": 1, "address": 1, "language": 2,
    }  # fmt: skip
    assert made["phone"] == 4
    run_by_peers = db.session.scalars(sa.select(Service.name).where(Service.peer_run.is_(True))).all()
    assert run_by_peers == ["Supper"]
    for wrong, sentence in (
        ({"Agency": "organization.nam"}, "which is no field. There are: organization"),
        ({"Line": "phone.number"}, "must be mapped to service.name"),
        ({"Agency": "organization.name", "Fax": "phone.number"}, "names a column that is not there: Fax"),
    ):
        with pytest.raises(Unusable, match=sentence):
            sheet_at(sheet, wrong)


def test_of_a_spreadsheet_nothing_goes_without_being_said(app: Flask, tmp_path: Path) -> None:
    """Two columns for one field keep the first; a line that contradicts another is left out with all that it says."""
    sheet = tmp_path / "county.csv"
    sheet.write_text(
        "Agency,Program,About,More,Line\n"
        "Kettle,Supper,Hot soup,Bring a bowl,3035550142\n"
        "Kettle,Bread,,From four on,3035550143\n"
        "Kettle,Supper,Cold soup,,3035550144\n"
    )
    columns = {
        "Agency": "organization.name", "Program": "service.name", "About": "service.description",
        "More": "service.description", "Line": "phone.number",
    }  # fmt: skip
    report = load(COMMAND, sheet_at(sheet, columns), "county", now=SUNDAY)
    assert report.not_kept == {("county.csv", "More"): 1}
    found = {each.name: each.description for each in db.session.scalars(sa.select(Service))}
    assert found == {"Supper": "Hot soup", "Bread": "From four on"}
    assert [place for _file, place, _says in said(report, left_out=True)] == ["line 4"]
    assert sorted(db.session.scalars(sa.select(Phone.number))) == ["3035550142", "3035550143"]


def test_who_keeps_a_house_keeps_the_directory(
    app: Flask, juniper: House, actor_in: Callable[..., Actor], tmp_path: Path
) -> None:
    package = package_at(written(tmp_path / "one", organizations="id | name\n1 | Open Door"))
    for role in Role:
        if role in (Role.COORDINATOR, Role.DIRECTOR, Role.DISPLAY):
            continue
        actor = actor_in(juniper.id, role)
        for act in (
            lambda who=actor: load(who, package, "a source", now=SUNDAY),
            lambda who=actor: export(who, now=SUNDAY),
            lambda who=actor: keep_mapping(who, "mine", {"A": "service.name"}),
        ):
            with pytest.raises(NotFound):
                act()
    coordinator = actor_in(juniper.id, Role.COORDINATOR)
    assert load(coordinator, package, "a source", now=SUNDAY).total("added") == 1
    assert export(actor_in(juniper.id, Role.DIRECTOR), now=SUNDAY).tables["organization"][0]["name"] == "Open Door"


def test_the_starting_directory_is_run_by_peers_and_checked_by_nobody_yet(app: Flask) -> None:
    report = load_starter(COMMAND, now=SUNDAY)
    assert (report.problems, report.not_kept) == ([], {})
    services = db.session.scalars(sa.select(Service)).all()
    assert len(services) >= 11
    assert all(each.peer_run for each in services)
    assert all(each.peer_run for each in db.session.scalars(sa.select(Organization)))
    assert {trust_of(each.assured_date, None, SUNDAY.date()) for each in services} == {Trust.NOT_CHECKED}
    assert counted()["phone"] == counted()["address"] == 0  # nothing is made up
    assert load_starter(COMMAND, now=SUNDAY).total("same") == report.total("read")
    assert len(export(COMMAND, now=SUNDAY).tables["organization"]) == 11


def test_what_was_checked_goes_stale_after_half_a_year() -> None:
    today = date(2026, 11, 22)
    ago = lambda days: today - timedelta(days=days)  # noqa: E731
    assert trust_of(None, None, today) is Trust.NOT_CHECKED
    assert trust_of(ago(180), None, today) is Trust.CHECKED
    assert trust_of(ago(181), None, today) is Trust.STALE
    assert trust_of(ago(500), ago(3), today) is Trust.CHECKED
    assert trust_of(ago(-1), None, today) is Trust.NOT_CHECKED


def test_the_check_finds_what_is_not_hsds_3(app: Flask) -> None:
    load_starter(COMMAND, now=SUNDAY)
    tables = export(COMMAND, now=SUNDAY).tables
    service = tables["service"][0]
    for changed, sentence in (
        ({"name": None}, "name is missing"),
        ({"organization_id": None}, "organization_id is missing"),
        ({"status": "open"}, "status is 'open'"),
        ({"id": "1"}, "id is '1', not uuid"),
        ({"url": "nowhere"}, "url is 'nowhere'"),
        ({"email": "nobody"}, "email is 'nobody'"),
        ({"minimum_age": "young"}, "minimum_age is 'young'"),
        ({"assured_date": "11/22/2026"}, "assured_date is '11/22/2026'"),
        ({"last_modified": "yesterday"}, "last_modified is 'yesterday'"),
        ({"colour": "warm"}, "colour is no field"),
        ({"program_id": service["id"]}, "is no program of the package"),
        ({"id": tables["service"][1]["id"]}, "stands there 2 times"),
    ):
        rows = [{**service, **changed}, *tables["service"][1:]]
        assert any(sentence in wrong for wrong in wrong_in_tables({**tables, "service": rows})), sentence
    attribute = {**tables["attribute"][0], "link_id": tables["taxonomy"][0]["id"]}
    assert any("link_id" in wrong for wrong in wrong_in_tables({**tables, "attribute": [attribute]}))
    assert "cats is no table of HSDS 3" in list(wrong_in_tables({"cats": []}))
    nested = {
        "id": service["id"],
        "name": "Supper",
        "status": "active",
        "phones": [{"id": service["id"], "type": "cat"}],
    }
    assert list(wrong_in("service", nested)) == [f"phone {service['id']}: number is missing"]
