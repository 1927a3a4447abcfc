"""A line whose clock only a test moves, and a text for it."""

from __future__ import annotations

from tests.twilio.line import Line

START = 1_800_000_000.0  # Friday, 15 January 2027, 08:00 GMT
PHONE = "+13035550111"
SERVICE = "MG" + "a" * 32


def still_line(seed: int = 0, service: str | None = None) -> Line:
    return Line(machine=lambda: START, seed=seed, service=service)


def text(line: Line, to: str = PHONE, body: str = "Hello", **more: str) -> dict[str, str]:
    """The form of a POST."""
    return {"To": to, "From": line.number, "Body": body, "StatusCallback": "https://texts.example/s/1"} | more
