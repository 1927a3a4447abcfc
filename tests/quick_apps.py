"""Each test has an app and a database of its own; what comes out the same in each is made once, or when asked for.

Two things of the libraries are pure and put off: the code that builds a rule's address, and the parts of the OpenAPI
document. One is pure and shared: the SQL that a statement compiles to. Processes that tests start make all of
it themselves, as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apispec import APISpec
from flask import Flask
from flask_smorest import Api, Blueprint
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing.rules import Rule

#: More than the product has; each takes some kilobytes.
STATEMENTS = 5000


@pytest.fixture(scope="session", autouse=True)
def quick_apps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _addresses_when_asked(patch)
        _document_when_asked(patch)
        _statements_compiled_once(patch)
        yield


def _addresses_when_asked(patch: pytest.MonkeyPatch) -> None:
    compiled = Rule._compile_builder

    def when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        builder = None

        def builds(itself: Rule, **values: Any) -> tuple[str, str]:
            nonlocal builder
            builder = builder or compiled(rule, append_unknown)
            return builder(itself, **values)

        return builds

    patch.setattr(Rule, "_compile_builder", when_asked)


def _document_when_asked(patch: pytest.MonkeyPatch) -> None:
    answers, describe, to_dict = Api._register_responses, Blueprint.register_views_in_doc, APISpec.to_dict

    def answers_later(api: Api) -> None:
        vars(api.spec).setdefault("put_off", []).append(lambda: answers(api))

    def later(blueprint: Blueprint, api: Any, app: Any, spec: APISpec, **how: Any) -> None:
        vars(spec).setdefault("put_off", []).append(lambda: describe(blueprint, api, app, spec, **how))

    def made(spec: APISpec) -> dict[str, Any]:
        for describes in vars(spec).pop("put_off", []):
            describes()
        return to_dict(spec)

    patch.setattr(Api, "_register_responses", answers_later)
    patch.setattr(Blueprint, "register_views_in_doc", later)
    patch.setattr(APISpec, "to_dict", made)


def _statements_compiled_once(patch: pytest.MonkeyPatch) -> None:
    """What is compiled is known by its dialect, of which each engine has one: they share the first that connected."""
    make, dialects = SQLAlchemy._make_engine, dict[type[Dialect], Dialect]()
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def make_engine(self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        engine = make(self, bind_key, options, app)
        shared = dialects.get(type(engine.dialect))
        if shared is None or shared.server_version_info is None:
            dialects[type(engine.dialect)] = engine.dialect
        else:
            engine.dialect = shared
        engine._compiled_cache = compiled
        return engine

    patch.setattr(SQLAlchemy, "_make_engine", make_engine)
