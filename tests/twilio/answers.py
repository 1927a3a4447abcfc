"""What goes back over the wire: Twilio's JSON, its errors, and the broken answers that a fault asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.twilio.faults import Fault

WORDS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20009: "Cannot delete this resource before it is complete",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21703: "The Messaging Service does not have a phone number available to send a message",
    30409: "This message cannot be canceled",
    35114: "SendAt timestamp is missing or invalid",
    35115: "SendAt time is outside the allowed window",
    35118: "MessagingServiceSid is required to schedule a message",
}
PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass(frozen=True)
class Answer:
    """One answer. `wire` says how it travels: whole, broken (ends early), reset, or hang (ends without a word)."""

    http: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: str = "whole"
    delay: float = 0.0
    hang: float = 0.0

    def json(self) -> Any:
        return json.loads(self.body)


def as_json(http: int, payload: Any, **headers: str) -> Answer:
    return Answer(http, json.dumps(payload), {"Content-Type": "application/json;charset=utf-8", **headers})


def error(http: int, code: int, message: str | None = None, retry_after: int | None = None) -> Answer:
    more = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return as_json(
        http,
        {
            "code": code,
            "message": message or WORDS.get(code, "The request could not be carried out"),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": http,
        },
        **more,
    )


def page(http: int, title: str) -> Answer:
    return Answer(http, PAGE.format(title=title), {"Content-Type": "text/html; charset=utf-8"})


def _problem(http: int, code: int) -> Answer:
    told = {
        "type": f"https://www.twilio.com/docs/api/errors/{code}",
        "title": WORDS.get(code, "The request could not be carried out"),
        "status": http,
        "code": code,
    }
    return as_json(http, told, **{"Content-Type": "application/problem+json"})


def by_fault(fault: Fault, proper: Answer) -> Answer:
    """What is said under this fault, where `proper` is what a healthy Twilio would say."""
    http = fault.http or {"error-page": 502, "page": 200}.get(fault.answer, 500)
    code = fault.code or {429: 20429, 404: 20404, 401: 20003}.get(http, 20500)
    match fault.answer:
        case "created":
            said = proper
        case "created-cut":
            said = Answer(proper.http, proper.body[: len(proper.body) // 2], proper.headers)
        case "created-broken":
            said = Answer(proper.http, proper.body, proper.headers, wire="broken")
        case "page":
            said = page(http, "One moment, please")
        case "error":
            said = error(http, code, retry_after=fault.retry_after)
        case "problem":
            said = _problem(http, code)
        case "error-page":
            said = page(http, "Bad Gateway")
        case "hang":
            said = Answer(0, wire="hang")
        case _:
            said = Answer(0, wire="reset")
    return Answer(said.http, said.body, said.headers, said.wire, fault.delay, fault.hang)
