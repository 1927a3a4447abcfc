"""A message as Twilio keeps it and as its API shows it (OpenAPI of 2010-04-01, twilio-oai d50069b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

VERSION = "2010-04-01"
LADDER = "scheduled,accepted,queued receiving,sending,sent,canceled failed undelivered,delivered read received"
RANKS = {word: rank for rank, words in enumerate(LADDER.split(",")) for word in words.split()}
FINAL = frozenset("canceled failed undelivered delivered read received".split())

ERRORS = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Carrier violation",
    30008: "Unknown error",
    30034: "Message from an unregistered number",
    30036: "Validity period expired",
}

# 3GPP TS 23.038: the characters of one septet and those of two.
ONE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO = frozenset("\f^{}\\[~]|€")


def segments_of(body: str) -> int:
    """How many SMS a body takes; never less than one."""
    if all(character in ONE or character in TWO for character in body):
        sizes, single, part = [2 if character in TWO else 1 for character in body], 160, 153
    else:
        sizes, single, part = [len(character.encode("utf-16-le")) // 2 for character in body], 70, 67
    if sum(sizes) <= single:
        return 1
    segments, room = 1, part
    for size in sizes:
        if size > room:
            segments, room = segments + 1, part
        room -= size
    return segments


def rfc2822(at: float | None) -> str | None:
    return None if at is None else format_datetime(datetime.fromtimestamp(at, UTC))


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Row:
    """One message. `at` is the instant it was accepted (or came in), on Twilio's own clock, in seconds since 1970."""

    sid: str
    to: str
    sender: str | None
    body: str
    at: float
    status: str
    direction: str = "outbound-api"
    by: str = "api"  # api, twilio (its own reply), person (came in)
    service: str | None = None
    callback: str | None = None
    validity: int = 36000
    send_at: float | None = None
    media: tuple[str, ...] = ()
    opt_out_type: str | None = None
    post: int | None = None  # the number of the POST that made it
    lag: float = 0.0
    updated: float = 0.0
    sent_at: float | None = None
    error_code: int | None = None
    segments: int = 0
    place: int = 0  # the order in which Twilio took them
    gone: bool = False  # deleted; the ledger still has it
    wrote: str = ""  # the body as it came, also when it was redacted since

    def __post_init__(self) -> None:
        self.wrote = self.wrote or self.body

    def move(self, status: str, at: float, error_code: int | None) -> None:
        """What Twilio knows of it never goes backwards, whatever its callbacks say."""
        if RANKS.get(status, 3) < RANKS.get(self.status, 3):
            return
        self.status, self.updated = status, at
        self.error_code = error_code if error_code or status != "delivered" else None
        if RANKS.get(status, 0) >= RANKS["sent"] and self.sent_at is None and status != "canceled":
            self.sent_at = at

    def shown(self, account: str) -> dict[str, Any]:
        """The Message resource."""
        uri = f"/{VERSION}/Accounts/{account}/Messages/{self.sid}"
        failed = self.error_code is not None and self.status in ("failed", "undelivered")
        return {
            "account_sid": account,
            "api_version": VERSION,
            "body": self.body,
            "date_created": rfc2822(self.at),
            "date_sent": rfc2822(self.sent_at),
            "date_updated": rfc2822(self.updated or self.at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": ERRORS.get(self.error_code or 0, "Unknown error") if failed else None,
            "from": self.sender,
            "messaging_service_sid": self.service,
            "num_media": str(len(self.media)),
            "num_segments": str(self.segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def audited(self) -> dict[str, Any]:
        """What the ledger tells a test."""
        return {
            "sid": self.sid, "to": self.to, "from": self.sender, "body": self.wrote, "at": self.at,
            "status": self.status, "error_code": self.error_code, "by": self.by, "direction": self.direction,
            "callback": self.callback, "validity": self.validity, "post": self.post, "opt_out_type": self.opt_out_type,
        }  # fmt: skip
