"""Scripts and styles are sent compressed where the browser takes it, and are kept by it as before."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from respite.core.web import asset

NAMES = ("core/base.css", "board/live.js")


def _asked(app: Flask, address: str, **headers: str) -> TestResponse:
    """The answer, read to its end."""
    return app.test_client().get(address, headers={n.replace("_", "-"): v for n, v in headers.items()}, buffered=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_static_text_is_the_same_text_compressed(app: Flask, name: str) -> None:
    plain = _asked(app, f"/static/{name}")
    small = _asked(app, f"/static/{name}", Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.content_length == len(small.data) < len(plain.data)
    assert "Accept-Encoding" in small.headers["Vary"]
    assert plain.headers["Content-Type"] == small.headers["Content-Type"]
    again = _asked(app, f"/static/{name}", Accept_Encoding="gzip", If_None_Match=small.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_only_what_is_there_as_named_is_kept_for_good(app: Flask) -> None:
    """A page of a newer version may ask the older server: its answer must not stay in the browser for a year."""
    with app.test_request_context():
        named = asset("core/base.css")
    assert "immutable" in _asked(app, named).headers["Cache-Control"]
    assert "immutable" not in _asked(app, "/static/core/base.css?v=another").headers["Cache-Control"]
    missing = _asked(app, "/static/core/missing.css?v=another")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_who_does_not_take_it_gets_it_plain(app: Flask) -> None:
    assert "Content-Encoding" not in _asked(app, "/static/core/base.css", Accept_Encoding="gzip;q=0").headers


def test_a_changed_file_is_compressed_anew(app: Flask, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    file = tmp_path / "one.css"
    for text in ("a { color: red }" * 100, "b { color: blue }" * 120):
        file.write_text(text)
        answer = _asked(app, "/static/one.css", Accept_Encoding="gzip")
        assert gzip.decompress(answer.data).decode() == text


def test_pages_and_what_is_not_there_stay_as_they_are(app: Flask) -> None:
    for address in ("/wall", "/static/none.css"):
        assert "Content-Encoding" not in _asked(app, address, Accept_Encoding="gzip").headers
