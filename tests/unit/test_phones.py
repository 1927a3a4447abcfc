"""Telephone numbers are kept in one form, whatever was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from respite.core.forms import Form, Unusable
from respite.core.phones import as_phone, phone, shown


@pytest.fixture(autouse=True, scope="module")
def _words() -> Iterator[None]:
    app = Flask("phones")
    Babel(app)
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize("typed", ["(303) 555-0123", "303.555.0123", "+1 303 555 0123", " 1-303-555-0123 "])
def test_one_number_typed_in_many_ways_is_one_number(typed: str) -> None:
    assert as_phone(typed) == "+13035550123"


@pytest.mark.parametrize(
    "typed", ["911", "555-0123", "9" * 400, "call me", "303 555 0123 ext. 5", "+999 1", "ask for Bo"]
)
def test_what_is_no_number_is_said(typed: str) -> None:
    with pytest.raises(Unusable):
        as_phone(typed)


def test_a_number_is_shown_as_people_at_home_write_it() -> None:
    assert shown("+15555550123") == "(555) 555-0123"
    assert shown("+525512345678") == "+52 55 1234 5678"


def test_a_field_without_a_number_is_none_and_a_wrong_one_has_its_sentence() -> None:
    form = Form(MultiDict({"empty": " ", "wrong": "abc", "fine": "303 555 0123", "nul": "303\0"}))
    assert (phone(form, "empty"), phone(form, "wrong"), phone(form, "fine")) == (None, None, "+13035550123")
    assert phone(form, "nul") is None
    assert set(form.wrong) == {"wrong", "nul"}
