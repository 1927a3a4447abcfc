"""Somebody from whom a guest keeps their page: how a test reads as them, and what there is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from respite.core.db import db
from tests.pages import Browser

#: Where nobody reads as who is signed in: guests' own pages, screens, other programs, and the phones of the demo.
ELSEWHERE = ("/g/", "/static/", "/demo/", "/api/", "/wall")


class Fresh(Browser):
    """A browser whose requests have nothing read in common, like any two requests outside of a test."""

    def get(self, path: str) -> TestResponse:
        db.session.remove()
        return super().get(path)

    def post(self, path: str, data: Any = None) -> TestResponse:
        db.session.remove()
        return super().post(path, data)

    def comes_in_with(self, session: str) -> Fresh:
        self._client.set_cookie("sid", session)
        return self


def addresses(app: Flask, ids: dict[str, str]) -> Iterator[str]:
    """Every page of those who work here that these ids lead to."""
    rules: list[Rule] = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    for rule in rules:
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(ELSEWHERE) and rule.arguments <= set(ids):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule.rule)
