"""Each test has an app of its own; what few of them look at is made when it is looked at, for it is most of the cost.

Two things of the libraries are pure and put off: the code that builds a rule's address, and a blueprint's part of the
OpenAPI document. Processes that tests start make both at once, as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from apispec import APISpec
from flask_smorest import Blueprint
from werkzeug.routing.rules import Rule


@pytest.fixture(scope="session", autouse=True)
def quick_apps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _addresses_when_asked(patch)
        _document_when_asked(patch)
        yield


def _addresses_when_asked(patch: pytest.MonkeyPatch) -> None:
    compiled = Rule._compile_builder

    def when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        builder = cache(lambda: compiled(rule, append_unknown))
        return lambda itself, **values: builder()(itself, **values)

    patch.setattr(Rule, "_compile_builder", when_asked)


def _document_when_asked(patch: pytest.MonkeyPatch) -> None:
    describe, to_dict = Blueprint.register_views_in_doc, APISpec.to_dict

    def later(blueprint: Blueprint, api: Any, app: Any, spec: APISpec, **how: Any) -> None:
        vars(spec).setdefault("put_off", []).append(lambda: describe(blueprint, api, app, spec, **how))

    def made(spec: APISpec) -> dict[str, Any]:
        for describes in vars(spec).pop("put_off", []):
            describes()
        return to_dict(spec)

    patch.setattr(Blueprint, "register_views_in_doc", later)
    patch.setattr(APISpec, "to_dict", made)
