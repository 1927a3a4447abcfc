"""What a form sends becomes a value or a sentence, whatever was typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from respite.core.errors import Invalid
from respite.core.forms import Form, Shown, Unusable, as_day, as_text, as_wall_time, as_whole_number, new_key


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"


@pytest.fixture(autouse=True, scope="module")
def _words() -> Iterator[None]:
    app = Flask("forms")
    Babel(app)
    with app.test_request_context("/"):
        yield


def form(**sent: str) -> Form:
    return Form(MultiDict(sent))


def wrong(form: Form) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        form.done()
    return refused.value.fields


def test_text_comes_without_spaces_around_it_and_composed() -> None:
    sent = form(name="  Zoe\u0301 \n")
    assert sent.text("name") == "Zo\u00e9"
    sent.done()


@pytest.mark.parametrize("bad", ["a\0b", "a\x07b", "a\x1b[31mb", "a\ud800b", "a\u2028b", "a\nb", "a\x7fb"])
def test_characters_that_cannot_be_kept_are_said(bad: str) -> None:
    sent = form(name=bad)
    assert sent.text("name") == ""
    assert "characters" in wrong(sent)["name"]


def test_lines_are_kept_where_a_field_has_lines() -> None:
    assert as_text("one\r\ntwo\n\tthree", most=40, lines=True) == "one\ntwo\n\tthree"
    with pytest.raises(Unusable):
        as_text("one\0two", most=40, lines=True)


def test_marks_that_would_turn_the_page_around_go_and_those_of_a_script_stay() -> None:
    assert as_text("\u202eevil\u2066name\u202c", most=40) == "evilname"
    assert as_text("\u200fדנה\u200f", most=40) == "\u200fדנה\u200f"
    assert as_text("👩‍🌾", most=10) == "👩‍🌾"


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u200f", "\ufeff", "\u202e"])
def test_what_nobody_can_see_is_nothing(nothing: str) -> None:
    sent = form(name=nothing)
    assert sent.text("name", needed=False) == ""
    sent.done()
    sent.text("name")
    assert "fill" in wrong(sent)["name"]


def test_five_thousand_letters_are_too_many_and_forty_are_not() -> None:
    sent = form(long="é" * 5000, fine="é" * 40)
    sent.text("long", most=40)
    assert sent.text("fine", most=40) == "é" * 40
    assert wrong(sent) == {"long": "Please keep this to 40 letters."}


@pytest.mark.parametrize("bad", ["9" * 400, "-" + "1" * 400, "7.0", "1e3", "٣", "0x10", "five", "1 2", "-1", "61", "½"])
def test_a_number_that_is_none_or_outside_says_what_is_expected(bad: str) -> None:
    sent = form(nights=bad)
    sent.whole_number("nights", least=1, most=60)
    assert wrong(sent)["nights"] == "This must be a whole number from 1 to 60."


@pytest.mark.parametrize(("typed", "number"), [("7", 7), (" 07 ", 7), ("+3", 3), ("000060", 60)])
def test_a_number_within_is_read(typed: str, number: int) -> None:
    assert as_whole_number(typed, least=1, most=60) == number


@pytest.mark.parametrize(
    "bad", ["2026-02-30", "20261122", "2026-W47-7", "0001-01-01", "9999-12-31", "tomorrow", "２０２６-01-01"]
)
def test_a_day_that_is_none_is_said(bad: str) -> None:
    sent = form(day=bad)
    sent.day("day")
    assert "day" in wrong(sent)["day"]


def test_days_and_times_are_read() -> None:
    sent = form(day="2026-11-22", at="7:05", wall="2026-11-22T14:30", seconds="22:00:00")
    assert sent.day("day") == date(2026, 11, 22)
    assert sent.clock_time("at") == time(7, 5)
    assert sent.clock_time("seconds") == time(22)
    assert sent.wall_time("wall") == datetime(2026, 11, 22, 14, 30)
    sent.done()


@pytest.mark.parametrize("bad", ["24:00", "7", "07:60", "7pm", "07:05:30", "٠٧:٠٥"])
def test_a_time_that_is_none_is_said(bad: str) -> None:
    sent = form(at=bad)
    sent.clock_time("at")
    assert "22:00" in wrong(sent)["at"]


@pytest.mark.parametrize("bad", ["2026-11-22", "T14:30", "2026-11-31T10:00", "2026-11-22T25:00"])
def test_a_day_without_its_time_is_said(bad: str) -> None:
    with pytest.raises(Unusable):
        as_wall_time(bad)


def test_only_the_answers_shown_can_be_chosen() -> None:
    sent = form(colour="blue", other="red", id="not-an-id", flag="perhaps")
    assert sent.choice("colour", Colour) == "blue"
    sent.choice("other", Colour)
    assert sent.uuid("id") == UUID(int=0)
    assert sent.flag("flag") is False
    assert set(wrong(sent)) == {"other", "id", "flag"}


def test_several_answers_come_once_each_in_the_order_shown() -> None:
    sent = Form(MultiDict([("colours", "blue"), ("colours", "green"), ("colours", "blue")]))
    assert sent.choices("colours", Colour) == ["green", "blue"]
    sent.done()
    other = Form(MultiDict([("colours", "red")]))
    other.choices("colours", Colour)
    assert set(wrong(other)) == {"colours"}


def test_what_is_not_needed_may_be_left_out() -> None:
    sent = form()
    assert (sent.day("a", needed=False), sent.whole_number("b", needed=False), sent.uuid("c", needed=False)) == (
        None,
        None,
        None,
    )
    assert sent.flag("d") is False
    assert sent.version() is None
    sent.done()
    sent.day("a")
    assert set(wrong(sent)) == {"a"}


def test_the_first_sentence_about_a_field_stays() -> None:
    sent = form(nights="x")
    sent.whole_number("nights", most=9)
    sent.say("nights", "another")
    assert wrong(sent)["nights"] != "another"


def test_a_refused_form_shows_what_was_typed_and_a_fresh_one_what_stands() -> None:
    fresh = Shown({"name": "Willow", "quiet": True, "tags": ["a", "b"]})
    assert (fresh.value("name"), fresh.ticked("quiet"), fresh.values("tags")) == ("Willow", True, ["a", "b"])
    typed = Shown({"name": "Willow", "quiet": True}, MultiDict([("name", "x" * 9), ("tags", "c")]), {"name": "Long."})
    assert (typed.value("name"), typed.ticked("quiet"), typed.values("tags")) == ("x" * 9, False, ["c"])
    assert (typed.error("name"), typed.error("quiet")) == ("Long.", None)


def test_keys_differ() -> None:
    assert len({new_key() for _ in range(100)}) == 100


@given(st.text(max_size=300))
def test_whatever_is_typed_is_kept_as_plain_text_or_refused(typed: str) -> None:
    try:
        text = as_text(typed, most=200)
    except Unusable:
        return
    assert len(text) <= 200
    assert text == as_text(text, most=200)
    text.encode()
    assert "\0" not in text
    assert "\n" not in text


@given(st.text(max_size=40))
def test_whatever_is_typed_as_a_day_is_a_day_or_refused(typed: str) -> None:
    try:
        day = as_day(typed)
    except Unusable:
        return
    assert 1900 <= day.year <= 2199
