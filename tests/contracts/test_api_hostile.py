"""Bad input over every operation of the OpenAPI document: a sentence comes back, and nothing is changed.

The values are made from what the document says of each field, so a new operation is walked over by itself.
"""

from __future__ import annotations

import io
import json
import shutil
import string
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respite.accounts.roles import Role
from tests.api_client import PREFIX, Document, Program, ask, document_of, rule_of
from tests.full_house import FullHouse, database_digest, fill
from tests.places import SUNDAY

Houses = tuple[Path, FullHouse, FullHouse]

JSON = {"Content-Type": "application/json"}
UNTOUCHED = ("access_log",)
DIGITS = "9" * 400
FIVE_MEGABYTES = b'{"reason": "' + b"x" * 5_000_000 + b'"}'

#: What is wrong for a field, by the type and format that the document gives it.
WRONG: dict[str, list[Any]] = {
    "string": [5, True, 1.5, [], {}, ["x"], "nul \0 here", "half \ud800 pair", "bell \a", "x" * 5000, "\ufffd"],
    "uuid": [5, "", "x", "7" * 36, DIGITS, "{" + str(uuid.UUID(int=7)) + "}", str(uuid.uuid4()) + "\0", "\ud800"],
    "date": [
        5,
        "",
        "yesterday",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "2026-11-22T00:00",
        "２０２６-11-22",
        DIGITS,
    ],
    "date-time": [
        5,
        "",
        "2026-11-22",
        "2026-11-22T14:30:00",
        "2026-11-22T14:30:00+99:99",
        "9999-12-31T23:59:59Z",
        "now",
    ],
    "integer": ["2", "", 1.5, True, -1, 10**400, float("1e300"), 1_000_000, [], {}, "٣"],
    "boolean": ["true", "yes", 1, 0, [], {}],
    "enum": ["nonsense", 5, "", "AS-PLANNED", "\0", []],
    "object": [[], "x", 5, True, {"no_such_name": 1}, {"name": {"deep": "er"}}],
}

RAW: list[tuple[str, bytes, str]] = [
    ("no JSON", b"nights=2", "invalid"),
    ("cut off", b'{"nights": 2', "invalid"),
    ("a list", b'[{"nights": 2}]', "invalid"),
    ("a word", b'"nights"', "invalid"),
    ("nothing", b"null", "invalid"),
    ("a name twice", b'{"nights": 2, "nights": 3}', "invalid"),
    ("a name twice inside", b'{"guest": {"name": "a", "name": "b"}}', "invalid"),
    ("a name without a place", b'{"house_id": 1}', "invalid"),
    ("a name of half a pair", b'{"\\ud800": 1}', "invalid"),
    ("an endless name", b'{"' + b"n" * 100_000 + b'": 1}', "invalid"),
    ("no number", b'{"nights": NaN}', "invalid"),
    ("endless digits", b'{"nights": ' + b"9" * 20_000 + b"}", "invalid"),
    ("no UTF-8", b'{"guest": {"name": "\xff\xfe"}}', "invalid"),
    ("nested without end", b'{"guest": ' * 50_000 + b"1" + b"}" * 50_000, "invalid"),
    ("lists without end", b"[" * 200_000, "invalid"),
    ("five megabytes", FIVE_MEGABYTES, "too-large"),
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, two_full_houses: Houses) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgres")
        return url
    shutil.copy(two_full_houses[0], tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


@pytest.fixture
def juniper(app: Flask, database_url: str, two_full_houses: Houses) -> FullHouse:
    return two_full_houses[1] if database_url.startswith("sqlite") else fill("Juniper House", SUNDAY)


@pytest.fixture
def aspen(app: Flask, database_url: str, two_full_houses: Houses) -> FullHouse:
    return two_full_houses[2] if database_url.startswith("sqlite") else fill("Aspen House", SUNDAY, mark="Ocelot")


@pytest.fixture
def document(app: Flask) -> Document:
    return document_of(app)


@pytest.fixture
def director(app: Flask, document: Document, juniper: FullHouse) -> Program:
    return Program(app, document, juniper.tokens[Role.DIRECTOR])


def _acts(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method, path, about in document.operations():
        if method != "GET":
            yield method, path.removeprefix(PREFIX), about


def _path(path: str, house: FullHouse) -> str:
    """The operation's address for a thing it can be done to: saved beds are let go and welcomed, guests leave."""
    needs_saved = path.endswith(("/hold", "/confirmation", "/arrival"))
    return path.format(**{**house.ids, "stay_id": house.ids["other_stay_id" if needs_saved else "stay_id"]})


def _fields(schema: dict[str, Any]) -> dict[str, list[Any]]:
    """What is wrong for each field of a body."""
    return {name: WRONG[_kind(about)] for name, about in schema["properties"].items()}


def _kind(about: dict[str, Any]) -> str:
    if "enum" in about:
        return "enum"
    if "anyOf" in about or "$ref" in about:
        return "object"
    kinds = about["type"] if isinstance(about["type"], list) else [about["type"]]
    kind = next(each for each in kinds if each != "null")
    return about.get("format", kind) if kind == "string" else kind


def _fine(schema: dict[str, Any], house: FullHouse) -> dict[str, Any]:
    """A body that the operation takes."""
    day = SUNDAY.date()
    known = {
        "nights": 1,
        "bed_id": house.ids["bed_id"],
        "stay_id": house.ids["other_stay_id"],
        "person_id": house.ids["person_id"],
        "from": str(day),
        "until": str(day + timedelta(days=1)),
        "purpose": "caring",
        "number": "303 555 0143",
        "method": "phone",
    }
    body = {name: known[name] for name in schema.get("required", [])}
    return body | ({"guest": {"name": "Robin"}} if "guest" in schema["properties"] else {})


def _must_be_refused(program: Program, method: str, path: str, body: Any, why: str) -> None:
    answer = program(method, path, data=json.dumps(body), headers=JSON)
    assert 400 <= answer.status_code < 500, f"{method} {path} {why}: {answer.status}"
    assert answer.get_json()["detail"]


def test_a_wrong_value_in_any_field_is_told_and_changes_nothing(
    app: Flask, document: Document, director: Program, juniper: FullHouse, aspen: FullHouse
) -> None:
    for method, path, about in _acts(document):
        schema, address = document.body_of(about), _path(path, juniper)
        fine = _fine(schema, juniper) if schema["properties"] else {}
        before = database_digest(UNTOUCHED)
        for name, wrong in _fields(schema).items():
            for value in wrong:
                _must_be_refused(director, method, address, fine | {name: value}, f"{name}={str(value)[:40]!r}")
            if name.endswith("_id") and name in {**aspen.ids, "closure_id": ""}:
                foreign = aspen.ids["other_stay_id" if name == "stay_id" else name]
                _must_be_refused(director, method, address, fine | {name: foreign}, f"{name} of another house")
        for name in schema.get("required", []):
            without = {key: value for key, value in fine.items() if key != name}
            _must_be_refused(director, method, address, without, f"without {name}")
            _must_be_refused(director, method, address, fine | {name: None}, f"{name} is null")
        _must_be_refused(director, method, address, fine | {"no_such_name": 1}, "a name that is not there")
        assert database_digest(UNTOUCHED) == before, f"{method} {path} changed something"
        # The rest of the body was fine: what was told above was told of the one field.
        answer = director(method, address, data=json.dumps(fine), headers=JSON)
        assert answer.status_code in (200, 201, 409), (method, path, answer.get_data(as_text=True))


def test_a_body_that_is_no_plain_object_is_told_and_changes_nothing(
    document: Document, director: Program, juniper: FullHouse
) -> None:
    before = database_digest(UNTOUCHED)
    for method, path, _about in _acts(document):
        for what, raw, rule in RAW:
            answer = director(method, _path(path, juniper), data=raw, headers=JSON)
            assert rule_of(answer) == rule, f"{method} {path}: {what}: {answer.status}"
            assert answer.status_code == (413 if rule == "too-large" else 422)
        in_chunks = director(
            method,
            _path(path, juniper),
            headers=JSON,
            input_stream=io.BytesIO(FIVE_MEGABYTES),
            environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        )
        assert (in_chunks.status_code, rule_of(in_chunks)) == (413, "too-large")
        other = director(method, _path(path, juniper), data=b"<nights/>", headers={"Content-Type": "text/xml"})
        assert (other.status_code, rule_of(other)) == (415, "not-json")
    assert database_digest(UNTOUCHED) == before


def test_a_stale_version_and_a_used_key_stop_every_act(
    document: Document, director: Program, juniper: FullHouse
) -> None:
    used = {"Idempotency-Key": "used-before"}
    assert director.post(f"/houses/{juniper.slug}/visits", {}, headers=used).status_code == 201
    before = database_digest(UNTOUCHED)
    for method, path, about in _acts(document):
        schema, address = document.body_of(about), _path(path, juniper)
        body = json.dumps(_fine(schema, juniper) if schema["properties"] else {})
        again = director(method, address, data=body, headers=JSON | used)
        assert rule_of(again) == "idempotency-key-reused", f"{method} {path}"
        if "412" in about["responses"] and not path.endswith("/closure"):
            stale = director(method, address, data=body, headers=JSON | {"If-Match": '"99"'})
            assert rule_of(stale) == "stale-version", f"{method} {path}"
    assert database_digest(UNTOUCHED) == before


QUERIES = [
    "from=2026-11-25&{until}=2026-11-22",
    "from=2026-11-22&{until}=2026-11-22",
    "from=2026-11-22&{until}=2029-11-22",
    "from=2026-11-22&from=2026-11-23",
    "from=yesterday",
    "from=",
    f"from={DIGITS}",
    "from=2026-11-22%00",
    "from=%ff%fe",
    "from=%ED%A0%80",
    "sleep=1",
    "from=9999-12-31",
]


def test_a_query_that_cannot_be_meant_is_told(director: Program, juniper: FullHouse) -> None:
    for path, until in (("beds", "until"), ("shifts", "to")):
        for query in QUERIES:
            answer = director.get(f"/houses/{juniper.slug}/{path}?{query.format(until=until)}")
            assert (answer.status_code, rule_of(answer)) == (422, "invalid"), query
            assert all(sentence.endswith(".") for sentence in answer.get_json()["errors"].values())


ADDRESSES = [
    "stays/7",
    f"stays/{DIGITS}",
    "stays/%00",
    "stays/%ED%A0%80",
    "houses/%00/board",
    "houses/%ff/board",
    "houses/%00/availability",
    f"houses/{DIGITS}/board",
    "houses/a'%20OR%201=1--/board",
    "houses/J%C3%9CNIPER-HOUSE/board",
]


def test_an_address_that_is_none_is_not_found(app: Flask, director: Program) -> None:
    headers = {"Authorization": f"Bearer {director.token}"}
    for address in ADDRESSES:
        answer = ask(app.test_client(), "GET", f"{PREFIX}/{address}", headers=headers)
        assert (answer.status_code, rule_of(answer)) == (404, "not-found"), address


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text(string.digits + "-T:Z"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


# One database is enough: what gets through is plain values.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_comes_no_operation_breaks(
    document: Document, director: Program, juniper: FullHouse, data: st.DataObject
) -> None:
    method, path, about = data.draw(st.sampled_from(list(_acts(document))))
    schema = document.body_of(about)
    names = st.sampled_from([*schema["properties"], "other"])
    body = _fine(schema, juniper) if schema["properties"] else {}
    body |= data.draw(st.dictionaries(names, ANYTHING, min_size=1, max_size=4))
    answer = director(method, _path(path, juniper), data=json.dumps(body), headers=JSON)
    assert answer.status_code < 500, (method, path, body)
