"""What Twilio posts to a house: the forms, the signature, and the manner (lost, shuffled, five times at once)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urldefrag

from tests.twilio.rows import ERRORS, VERSION, Row

RETRY_ON = frozenset("4xx 5xx ct rt".split())


@dataclass(frozen=True)
class Callback:
    """One thing to be posted. `times` copies go out at once."""

    url: str
    form: Mapping[str, str]
    kind: str  # status, inbound
    sid: str
    at: float
    times: int = 1


@dataclass
class Manner:
    """How status callbacks go out: at all, with what chance lost, up to how many seconds late, how many at once."""

    on: bool = True
    lose: float = 0.0
    shuffle: float = 0.0
    times: int = 1


@dataclass(frozen=True)
class Overrides:
    """The connection overrides in the fragment of a URL (#rc=5&rp=all), in seconds and retries."""

    connect: float = 5.0
    read: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> Overrides:
        told = dict(parse_qsl(urldefrag(url).fragment))
        policy = frozenset(told.get("rp", "ct").split(","))
        return cls(
            int(told.get("ct", 5000)) / 1000,
            int(told.get("rt", 15000)) / 1000,
            max(0, min(5, int(told.get("rc", 1)))),
            RETRY_ON if "all" in policy else policy,
        )


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature: the address without its fragment, then each name and value in the order of the names."""
    signed = urldefrag(url).url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def status_form(row: Row, account: str, status: str, error_code: int | None, at: float) -> dict[str, str]:
    form = {
        "MessageSid": row.sid, "SmsSid": row.sid, "MessageStatus": status, "SmsStatus": status, "To": row.to,
        "From": row.sender or "", "AccountSid": account, "ApiVersion": VERSION,
    }  # fmt: skip
    if row.service:
        form["MessagingServiceSid"] = row.service
    if error_code:
        form |= {"ErrorCode": str(error_code), "ErrorMessage": ERRORS.get(error_code, "Unknown error")}
    if status in ("delivered", "undelivered"):
        form["RawDlrDoneDate"] = datetime.fromtimestamp(at, UTC).strftime("%y%m%d%H%M")
    return form


def inbound_form(row: Row, account: str) -> dict[str, str]:
    form = {
        "MessageSid": row.sid, "SmsSid": row.sid, "SmsMessageSid": row.sid, "AccountSid": account,
        "ApiVersion": VERSION, "SmsStatus": "received", "From": row.sender or "", "To": row.to, "Body": row.body,
        "NumMedia": str(len(row.media)), "NumSegments": str(row.segments), "FromCity": "DENVER", "FromState": "CO",
        "FromZip": "80202", "FromCountry": "US", "ToCity": "", "ToState": "CO", "ToZip": "", "ToCountry": "US",
    }  # fmt: skip
    if row.service:
        form["MessagingServiceSid"] = row.service
    if row.opt_out_type:
        form["OptOutType"] = row.opt_out_type
    for place, url in enumerate(row.media):
        form |= {f"MediaUrl{place}": url, f"MediaContentType{place}": "image/jpeg"}
    return form
