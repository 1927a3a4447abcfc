"""The API's blueprints: an operation states its guard, what it takes, what it gives and what it may refuse.

    api = ApiBlueprint("stays", "…")

    @api.operation("POST", "/stays/<uuid:stay_id>/move", an_act, takes=MoveAsked, gives=StayShown)
    def move_stay(asked, stay): ...

A view gets what was asked and what the guard found, calls one use case and returns the thing itself. An act
is answered once per `Idempotency-Key`; the answer's `version` is also its `ETag`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import Flask, Response, jsonify, request
from flask_babel import gettext as _
from flask_smorest import Blueprint

from respite.accounts.acting import LONGEST_KEY, act_once, acting
from respite.core.api.document import PREFIX, PROBLEM_JSON, Problem
from respite.core.api.reading import StrictParser
from respite.core.db import end_read
from respite.core.errors import Invalid, StaleVersion

View = Callable[..., Any]

_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}", re.ASCII)

READ = frozenset({401, 404, 503})
ACT = READ | {409, 413, 415, 422}
PUBLIC_READ = frozenset({404, 429, 503})
_WHY = {
    401: "No token, or one that was taken back",
    404: "Nothing by that address, or not for this token",
    409: "A rule of the house stands against it",
    412: "Somebody changed it since it was seen (`stale-version`)",
    413: "More than a megabyte",
    415: "Not JSON",
    422: "What was sent cannot be used (`invalid`, `idempotency-key-reused`)",
    429: "Asked too often",
    503: "The database is busy; trying again is safe",
}


class ApiBlueprint(Blueprint):
    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"{name}-api", __name__, url_prefix=PREFIX, description=description)
        self.tag = name

    def operation(
        self,
        method: str,
        rule: str,
        guard: Callable[[View], View] | None,
        *,
        gives: type[ma.Schema],
        takes: type[ma.Schema] | None = None,
        asks: type[ma.Schema] | None = None,
        status: int = 200,
    ) -> Callable[[View], View]:
        """State an operation. Without a guard it is public, and stands in the factory's short list too."""

        acts = method != "GET"
        # What is made in a house had no version before.
        refusals = _refusals(acts, acts and not rule.startswith("/houses/"), asks is not None, public=guard is None)

        def state(view: View) -> View:
            served = self._reading(_answering(view, gives(), status, acts), takes, asks, acts)
            served = self._documented(self.response(status, gives)(served), view.__name__, refusals, acts)
            if guard is not None:
                served = guard(served)
            self.route(rule, methods=[method], tags=[self.tag])(served)
            return view

        return state

    def _reading(self, served: View, takes: type[ma.Schema] | None, asks: type[ma.Schema] | None, acts: bool) -> View:
        if takes is not None:
            served = self.arguments(takes, required=_needs_body(takes))(served)
        elif acts:
            served = self.arguments(Nothing, required=False, as_kwargs=True)(served)
        return served if asks is None else self.arguments(asks, location="query")(served)

    def _documented(self, served: View, name: str, refusals: list[int], acts: bool) -> View:
        for code in refusals:
            problem = self.alt_response(code, schema=Problem, content_type=PROBLEM_JSON, description=_WHY[code])
            served = problem(served)
        return self.doc(
            operationId=name,
            security=[{"token": []}] if 401 in refusals else [],
            parameters=[*(["If-Match"] if 412 in refusals else []), *(["Idempotency-Key"] if acts else [])],
        )(served)


class Nothing(ma.Schema):
    """An act that needs no more than its address."""

    class Meta:
        unknown = ma.RAISE


def register(app: Flask, blueprint: ApiBlueprint) -> None:
    app.extensions["respite.api"].register_blueprint(blueprint)


def version_seen() -> int | None:
    """The version that the caller saw, from `If-Match`; none where it does not say. Raises StaleVersion, Invalid."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    number = given.removeprefix("W/").strip('"')
    if "," in given:
        raise Invalid(_("Please name one version in If-Match."))
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise StaleVersion
    return int(number)


def _needs_body(schema: type[ma.Schema]) -> bool:
    return any(field.required for field in schema().fields.values())


def _refusals(acts: bool, versioned: bool, asks: bool, *, public: bool) -> list[int]:
    refusals = PUBLIC_READ if public else ACT if acts else READ
    return sorted(refusals | ({412} if versioned else set()) | ({422} if asks else set()))


def _answering(view: View, gives: ma.Schema, status: int, acts: bool) -> View:
    @wraps(view)
    def answer(*asked: Any, **found: Any) -> Response:
        def act() -> dict[str, Any]:
            told: dict[str, Any] = gives.dump(view(*asked, **found))
            return told

        told = _once(act) if acts else act()
        end_read()
        response = jsonify(told)
        response.status_code = status
        if "version" in told and "id" in told:
            response.set_etag(str(told["version"]))
            if not acts:
                response.make_conditional(request)
        return response

    return answer


def _once(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    sent = request.query_string + b"\n" + request.get_data(cache=True)
    return act_once(acting(), _key(), f"{request.method} {request.path}", sent, act)


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid(_("An Idempotency-Key has up to %(most)s plain letters, digits and marks.", most=LONGEST_KEY))
    return key
