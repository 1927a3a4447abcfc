"""A program that talks to the API, and holds every answer against the OpenAPI document.

Each request runs in a context of its own, as a server runs it: nothing of one is left for the next.
"""

from __future__ import annotations

import re
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from respite.core.db import end_read

PREFIX = "/api/v1"
PROBLEM_JSON = "application/problem+json"


@dataclass
class Document:
    """The OpenAPI document, and what it says of an answer."""

    whole: dict[str, Any]
    _paths: list[tuple[re.Pattern[str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path in self.whole["paths"]:
            self._paths.append((re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path))

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        # The exact path first: /availability is no slug.
        found = [about for pattern, about in self._paths if pattern.fullmatch(path.partition("?")[0])]
        exact = min(found, key=lambda about: about.count("{"), default=None)
        return self.whole["paths"][exact].get(method.lower()) if exact else None

    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [
            (method.upper(), path, about)
            for path, methods in self.whole["paths"].items()
            for method, about in methods.items()
            if method != "parameters"
        ]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.whole["components"]["schemas"][name] if name else schema

    def body_of(self, about: dict[str, Any]) -> dict[str, Any]:
        content = about.get("requestBody", {}).get("content", {}).get("application/json")
        return self.resolved(content["schema"]) if content else {"properties": {}}

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """The status is a documented one, and the body has the shape documented for it."""
        about = self.operation(method, path)
        assert about is not None, f"{method} {path} is not in the document"
        assert str(answer.status_code) in about["responses"], (
            method,
            path,
            answer.status,
            answer.get_data(as_text=True),
        )
        content = about["responses"][str(answer.status_code)].get("content", {})
        assert answer.mimetype in content, (answer.mimetype, path)
        schema = {**content[answer.mimetype]["schema"], "components": self.whole["components"]}
        OAS31Validator(schema).validate(answer.get_json())


@dataclass
class Program:
    """Holds a token, or none. Every answer is checked against the document, where that names the path."""

    app: Flask
    document: Document
    token: str | None = None

    def __call__(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        answer = ask(self.app.test_client(use_cookies=False), method, PREFIX + path, headers=headers, **more)
        if answer.status_code not in (304, 405):
            self.document.check(method, PREFIX + path, answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self("POST", path, json=json, **more) if json is not None else self("POST", path, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self("DELETE", path, **more)


def ask(client: FlaskClient, method: str, path: str, **more: Any) -> TestResponse:
    """One request, as the server sees it: without the application context of the test around it.

    Nor does the test go on reading meanwhile, since a reader may keep SQLite's writer waiting.
    """
    if has_app_context():
        end_read()
    return Context().run(client.open, path, method=method, **more)


def document_of(app: Flask) -> Document:
    answer = ask(app.test_client(), "GET", f"{PREFIX}/openapi.json")
    assert answer.status_code == 200
    return Document(answer.get_json())


def rule_of(answer: TestResponse) -> str:
    """The rule that a problem names."""
    assert answer.mimetype == PROBLEM_JSON, answer.get_data(as_text=True)
    return answer.get_json()["type"].rpartition("/")[2]
