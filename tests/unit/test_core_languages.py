"""Words that a house wrote in both languages are read in one's own, where they were written in it."""

import pytest
from flask import Flask
from flask_babel import force_locale

from respite.core.languages import in_language, language_read


@pytest.mark.parametrize(
    ("language", "english", "spanish", "read"),
    [
        ("en", "porch", "porche", "porch"),
        ("es", "porch", "porche", "porche"),
        ("en", "", "porche", "porche"),
        ("es", "porch", "", "porch"),
    ],
)
def test_words_are_read_in_ones_own_language_or_else_in_the_other(
    app: Flask, language: str, english: str, spanish: str, read: str
) -> None:
    with app.test_request_context(), force_locale(language):
        assert (language_read(), in_language(english, spanish)) == (language, read)
