"""How far the demo's clock stands ahead is read again and again; a busy database does not take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from respite.core.demo_clock import put_ahead, reader


def test_a_database_that_is_busy_leaves_the_clock_where_it_stood(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reader(app)
    put_ahead(timedelta(hours=3))
    assert read() == timedelta(hours=3)

    def busy(_engine: sa.Engine) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    with monkeypatch.context() as locked:
        locked.setattr(sa.Engine, "connect", busy)
        assert read() == timedelta(hours=3)
    put_ahead(timedelta(hours=4))
    assert read() == timedelta(hours=4)
