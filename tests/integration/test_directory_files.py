"""A file is loaded in the browser: looked at first, each bad row said in the reader's language, and none of it kept."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from respite.accounts.roles import Role
from respite.audit.models import Event
from respite.core import web
from respite.core.clock import StillClock
from respite.core.db import db
from respite.core.web import takes_file
from respite.houses.models import House
from respite.resources import events
from respite.resources.hsds.said import kept, of_kept, said
from respite.resources.models import Mapping, Organization, Phone, Service, Source, Upload
from respite.resources.service import uploads
from respite.resources.views import loading
from tests.pages import Browser, forms_of
from tests.people import MakePerson

ORGANIZATIONS = "id,name,email\n1,Casa Peñón,door@example.org\n2,,\n3,Kettle,nowhere\n"
SERVICES = "id,organization_id,name,status\ns1,1,Supper,active\ns2,9,Bread,sometimes\n"
PHONES = "service_id,number\ns1,3035550142\n"
SHEET = "Agency,Service,Phone,Town,Colour\nKettle,Supper,(303) 555-0142,Denver,red\nKettle,Bread,call us,,\n"


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def dana(app: Flask, juniper: House, person: MakePerson) -> Browser:
    person("dana@example.org", {juniper.id: Role.COORDINATOR}, "Dana")
    return Browser(app, "dana@example.org")


def zipped(**tables: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue()


def sends(who: Browser, content: bytes | str, name: str = "county.zip", do: str = "look", **typed: str) -> TestResponse:
    """The form as it is drawn, with a file."""
    fields: dict[str, Any] = {"source": "County 211", "do": do, **typed}
    form = who.form("/resources/load")
    data = {**form.fields.to_dict(), **fields}
    whole = content.encode() if isinstance(content, str) else content
    return who.post("/resources/load", {**data, "file": (io.BytesIO(whole), name)})


def counted(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_and_then_loaded(app: Flask, dana: Browser, clock: StillClock) -> None:
    assert "/resources/load" in dana.get("/resources").text
    package = zipped(organizations=ORGANIZATIONS, services=SERVICES)
    answer = sends(dana, package)
    page = dana.follow(answer)
    assert (counted(Organization), counted(Source)) == (0, 0)  # looking writes nothing
    for words in (
        "What it would bring", "County 211: 5 rows read.", "3 rows read: 2 new, 0 changed, 0 as they were, 1 left out",
        "organizations.csv, line 3", "name is missing",
        "email is “nowhere”, which is no e-mail address; it was left empty",
    ):  # fmt: skip
        assert words in page.text, words
    assert db.session.scalars(sa.select(Upload.content_sealed)).one() is not None
    loading = dana.form(answer.location, f"{answer.location}/load")
    assert dana.send(loading).status_code == 303
    assert dana.send(loading).status_code == 303  # a double tap is one
    page = dana.get(answer.location).text
    for words in ("What came of it", "Dana", "2 new", "name is missing"):
        assert words in page, words
    assert (counted(Organization), counted(Service)) == (3, 2)  # two, and one that a service names by its id
    upload = db.session.scalars(sa.select(Upload)).one()
    assert (upload.content_sealed, upload.loaded_at) == (None, clock.at)
    assert db.session.query(Event).filter_by(kind=events.LOADED).count() == 1
    # Another language, long after: the same report, and as a table.
    assert dana.post("/language", {"language": "es"}).status_code == 303
    page = dana.get(answer.location).text
    assert "falta name" in page
    assert "línea 3" in page
    table = dana.get(f"{answer.location}/problems.csv")
    assert table.mimetype == "text/csv"
    assert "organizations.csv,línea 3,no,falta name" in table.text
    clock.at += timedelta(days=30)
    assert dana.get(answer.location).status_code == 404
    assert uploads.throw_away_old() == 1
    assert counted(Upload) == 0


def test_a_file_is_loaded_at_once_and_again_changes_nothing(app: Flask, dana: Browser) -> None:
    package = zipped(organizations="id,name\n1,Open Door\n2,Kettle\n")
    first = dana.follow(sends(dana, package, do="load")).text
    assert "2 new, 0 changed, 0 as they were, 0 left out" in first
    assert "Nothing. Every row is as it should be." in first
    assert "0 new, 0 changed, 2 as they were" in dana.follow(sends(dana, package, do="load")).text
    assert db.session.scalars(sa.select(Upload.content_sealed)).all() == [None, None]
    # A part takes nothing away; looking says what the whole would, and loading does it.
    one = zipped(organizations="id,name\n1,Open Door\n")
    assert "no longer in the list" not in dana.follow(sends(dana, one, whole="part")).text
    looked = dana.follow(sends(dana, one))
    assert "1 row of before is no longer in the list" in looked.text
    assert db.session.scalars(sa.select(Organization.gone_at)).all() == [None, None]
    done = dana.send(next(each for each in forms_of(looked) if each.action.endswith("/load")))
    assert "1 row is no longer in the list" in dana.follow(done).text
    # What is not loaded after all is thrown away, and after an hour by itself.
    looked = dana.follow(sends(dana, one))
    away = next(each for each in forms_of(looked) if each.action.endswith("/away"))
    assert "Nothing was loaded" in dana.follow(dana.send(away)).text
    assert dana.send(away).status_code in (303, 404)
    assert counted(Upload) == 4


def test_a_file_that_nobody_loads_is_gone_after_an_hour(app: Flask, dana: Browser, clock: StillClock) -> None:
    answer = sends(dana, zipped(organizations="id,name\n1,Open Door\n"))
    loading = dana.form(answer.location, f"{answer.location}/load")
    clock.at += timedelta(minutes=59)
    assert uploads.throw_away_old() == 0
    clock.at += timedelta(minutes=1)
    assert dana.get(answer.location).status_code == 404
    assert dana.send(loading).status_code == 404
    assert uploads.throw_away_old() == 1
    assert (counted(Upload), counted(Organization)) == (0, 0)


def test_a_spreadsheet_of_ones_own_says_its_columns_once(app: Flask, dana: Browser) -> None:
    answer = sends(dana, SHEET, "my county.csv")
    address = answer.location
    assert address.endswith("/columns")
    form = dana.form(address)
    guessed = [form.fields.get(f"column-{number}", "") for number in range(5)]
    assert guessed == ["organization.name", "service.name", "phone.number", "address.city", ""]
    assert "(303) 555-0142" in dana.get(address).text  # what stands there, to choose by
    wrong = dana.send(form, **{"column-0": None, "column-1": None}, name="Ours")
    assert wrong.status_code == 422
    assert "One column must be mapped to service.name" in wrong.text
    assert 'value="Ours"' in wrong.text
    assert counted(Mapping) == 0
    looked = dana.follow(dana.send(form, name="Ours"))
    assert "columns as in “Ours”" in looked.text
    assert "number is “call us”, which is no telephone number" in looked.text
    assert "my county.csv, Colour" in looked.text
    dana.send(next(each for each in forms_of(looked) if each.action.endswith("/load")))
    assert counted(Service) == 2
    assert db.session.scalars(sa.select(Phone.dialled)).all() == ["+13035550142"]
    # The next time the name is enough.
    again = dana.follow(sends(dana, SHEET, "my county.csv", do="load", mapping="Ours")).text
    assert "0 new, 0 changed, 2 as they were" in again
    other = sends(dana, SHEET.replace("Agency", "Group"), "my county.csv", mapping="Ours")
    assert (other.status_code, "names a column that is not there: Agency" in other.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("county.zip", b"PK\x03\x04 and no more", "The zip is broken"),
        ("county.zip", zipped(organizations=b"a" * 3_000_000), "grows to more than 200 times its size"),
        ("county.zip", zipped(cats="a,b\n1,2\n", dogs="a,b\n1,2\n"), "A mapping is for one CSV file"),
        ("county.csv", b"", "There is nothing in this file"),
        ("county.csv", b"\n\n", "is empty"),
        ("county.xlsx", b"PK", "save its sheet as CSV"),
        ("../../county.exe", b"MZ", "This must be a zip of CSV files"),
        ("county.csv", b"a,a\n1,2\n", "has two columns named a"),
    ],
)
def test_a_file_that_is_no_use_is_refused_in_words(
    app: Flask, dana: Browser, name: str, content: bytes, sentence: str
) -> None:
    answer = sends(dana, content, name, whole="part")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Please choose the file again" in answer.text
    form = next(each for each in forms_of(answer) if each.action == "/resources/load")
    assert (form.fields["source"], form.fields["whole"]) == ("County 211", "part")
    assert counted(Upload) == counted(Source) == 0


@pytest.fixture
def _as_it_was(app: Flask) -> Iterator[None]:
    yield
    takes_file(uploads.MOST_SENT)(app.view_functions["resources.load"])


@pytest.mark.usefixtures("_as_it_was")
def test_what_is_missing_or_too_much_is_said(app: Flask, dana: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = dana.fill("/resources/load", source="County 211", do="look")
    assert (nothing.status_code, "Please choose a file." in nothing.text) == (422, True)
    assert "Please fill this in." in sends(dana, SHEET, "a.csv", source=" ").text
    monkeypatch.setattr(loading, "MOST_SENT", 3_000)
    monkeypatch.setattr(web, "LARGEST_BODY", 3_000)
    takes_file(3_000)(app.view_functions["resources.load"])
    large = sends(dana, b"a" * 3_001, "a.csv")
    assert (large.status_code, "more than 0 MB" in large.text, "as you typed it" in large.text) == (422, True, True)
    unread = sends(dana, b"a" * 6_001, "a.csv")
    assert (unread.status_code, "say the rest again" in unread.text) == (422, True)
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 50)
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)
    assert "can be loaded at once" in sends(dana, zipped(organizations=ORGANIZATIONS)).text
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 5_000)
    for do in ("look", "load"):  # of a part of it nothing is loaded, whatever file of it is the one too many
        many = sends(dana, zipped(organizations=ORGANIZATIONS), do=do)
        assert (many.status_code, "At most 2 rows" in many.text) == (422, True)
    assert counted(Organization) == 0


def test_odd_letters_are_read_and_shown(app: Flask, dana: Browser) -> None:
    windows = ORGANIZATIONS.encode("cp1252")
    page = dana.follow(sends(dana, zipped(organizations=windows), do="load")).text
    assert "it is not UTF-8 and was read as Windows-1252" in page
    assert "Casa Peñón" in db.session.scalars(sa.select(Organization.name)).all()
    half = json.dumps([{"id": "\ud800", "name": "Half \ud83d", "description": "x", "\udfff": "\ud83d\ude00"}])
    page = dana.follow(sends(dana, half, "tur\u202ened.json", do="load", source="JSON"))
    assert page.status_code == 200
    assert "Half \ufffd" in db.session.scalars(sa.select(Organization.name)).all()


def test_who_does_not_keep_the_directory_cannot_send_a_file(app: Flask, juniper: House, person: MakePerson) -> None:
    for role in (Role.PEER, Role.SUPERVISOR, Role.VOLUNTEER, Role.BOARD_READER):
        person(f"{role}@example.org", {juniper.id: role}, "Pat")
        pat = Browser(app, f"{role}@example.org")
        assert "/resources/load" not in pat.get("/resources").text
        assert pat.get("/resources/load").status_code == 404
        answer = pat.post("/resources/load", {"source": "x", "do": "load", "file": (io.BytesIO(b"id,name"), "a.csv")})
        assert answer.status_code == 404
    nobody = Browser(app).post("/resources/load", {"file": (io.BytesIO(b"id,name"), "a.csv")})
    assert nobody.status_code == 303
    assert counted(Upload) == 0


def test_the_form_of_a_file_needs_its_token(app: Flask, dana: Browser) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = dana.form("/resources/load")
    data = {**form.fields.to_dict(), "source": "County", "do": "load"}
    for token, status in ((None, 400), ("nonsense", 400), (form.fields["csrf_token"], 303)):
        sent = {**data, "csrf_token": token} if token else {k: v for k, v in data.items() if k != "csrf_token"}
        content = io.BytesIO(zipped(organizations="id,name\n1,Open Door\n"))
        assert dana.post("/resources/load", {**sent, "file": (content, "a.zip")}).status_code == status
    assert counted(Upload) == 1


def test_a_kept_sentence_is_the_sentence() -> None:
    told = said("%(what)s; it was left empty", what=said("%(column)s is missing", column="name"))
    again = of_kept(json.loads(json.dumps(kept(told))))
    assert again == told
    assert of_kept(kept("line")) == "line"


def test_looking_reckons_as_loading_does(app: Flask, dana: Browser) -> None:
    """Whatever changed, moved or went: what is said before is what comes of it."""
    tables = {"organizations": "id,name\n1,Open Door\n2,Kettle\n", "services": SERVICES, "phones": PHONES}
    dana.follow(sends(dana, zipped(**tables), do="load"))
    tables["organizations"] = "id,name\n1,Open Doors\n"
    tables["services"] = SERVICES.replace("Supper", "Lunch")
    tables["phones"] = PHONES.replace("s1", "s2")
    looked = sends(dana, zipped(**tables))
    told = db.session.scalars(sa.select(Upload.report).where(Upload.loaded_at.is_(None))).one()
    dana.send(dana.form(looked.location, f"{looked.location}/load"))
    db.session.rollback()
    reports = db.session.scalars(sa.select(Upload.report).where(Upload.loaded_at.is_not(None))).all()
    assert told in reports
    assert told is not None
    assert told["gone"] == 2
