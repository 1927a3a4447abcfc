"""Addresses that a provider calls: whether one is ours, whether it perseveres, and what of it may be shown."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, parse_qs, urlsplit

#: What an address ends with that Twilio calls: five more tries, whatever went wrong. Twilio reads this for itself; it
#: is no part of what it signs (its page usage/webhooks/webhooks-connection-overrides).
PERSEVERE = "#rc=5&rp=all"
_NEAR = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
_PORTS = {"https": 443, "http": 80}


def same_place(url: str, wanted: str) -> bool:
    """Whether two addresses lead to one place; what follows # does not count."""
    return _place(url) == _place(wanted)


def perseveres(url: str) -> bool:
    """Whether Twilio tries this address five more times for any reason."""
    asked = parse_qs(_split(url).fragment)
    return asked.get("rc") == ["5"] and "all" in ",".join(asked.get("rp", [])).split(",")


def shown_address(url: str) -> str:
    """What of an address may be shown: neither a name and password before the host nor a query."""
    parts = _split(url)
    port = _port(parts)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{port}' if port else ''}{parts.path}" if parts.scheme else ""


def is_nearby(host: str) -> bool:
    """A host that only this machine, or its own network, can find."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_NEAR)


def _place(url: str) -> tuple[str, str, int | None, str, str]:
    parts = _split(url)
    return parts.scheme, parts.hostname or "", _port(parts) or _PORTS.get(parts.scheme), parts.path, parts.query


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return urlsplit("")


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None
