"""The OpenAPI document, made from the blueprints as they are registered. Nothing is loaded from elsewhere."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Flask
from flask_smorest import Api

PREFIX = "/api/v1"
PROBLEM_JSON = "application/problem+json"
DOCUMENT_ENDPOINT = "api-docs.openapi_json"

DESCRIPTION = """\
Beds, stays and visits of a house, for programs.

Every request but those marked as public carries a bearer token, which is bound to one house and one role; what
the role may not do, and every other house, is answered like something that does not exist. No cookie counts.

A nights' `until` is the day of leaving, so `first_night` 2026-11-22 with two nights has `until` 2026-11-24.
Instants are RFC 3339 and come back in UTC. An act may name the version it saw (`If-Match`, from `ETag` or
`version`), and carry an `Idempotency-Key`: sent again within a day with the same body, it is one act with one answer.

Errors are problem+json (RFC 9457); `type` ends in the name of the rule.
"""


class Problem(ma.Schema):
    """Why not, and in which words (RFC 9457)."""

    type = ma.fields.Url(required=True, metadata={"description": "Ends in the rule's name, such as `bed-taken`."})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True, metadata={"description": "The sentence for a person."})
    errors = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        metadata={"description": "For `invalid`: field to sentence."},
    )


class HouseApi(Api):
    """smorest's Api with this product's own errors in place of its handlers and schemas."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """`core.web` answers every error, so that one place knows how."""

    def _register_pagination_header(self) -> None:
        """No list here is long enough for pages."""


def install(app: Flask) -> None:
    app.config.update(
        API_TITLE="Respite",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": DESCRIPTION}, "servers": [{"url": app.config["PUBLIC_URL"]}]},
    )
    api = HouseApi(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for name, about in PARAMETERS.items():
        api.spec.components.parameter(name, "header", about)
    app.extensions["respite.api"] = api


PARAMETERS: dict[str, dict[str, Any]] = {
    "If-Match": {
        "name": "If-Match",
        "required": False,
        "description": "The version that was seen, from `ETag` or `version`. An older one is answered 412.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "required": False,
        "description": "Sent again with the same body within 24 hours, the act is one act with one answer.",
        "schema": {"type": "string", "maxLength": 200},
    },
}
