"""The demo houses are the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.test_demo_houses import must_be_the_week
from tests.places import SUNDAY


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


def test_the_week_as_in_the_picture_on_either_database(app: Flask) -> None:
    must_be_the_week(SUNDAY)
