"""What others reach: the public address with its certificate and its sockets, and Redis."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from secrets import token_bytes
from urllib.parse import SplitResult, urlsplit

import redis
from flask_babel import gettext as _

from respite.cli.checks.finding import Finding, fine, look, mend
from respite.core.settings import Settings

PATIENCE = 5.0  # seconds
SOON = timedelta(days=14)  # or a quarter of its life, for those that are made for hours
SOCKET = "/socket.io/?EIO=4&transport=websocket"


def check(settings: Settings) -> Iterator[Finding]:
    yield from _address(settings)
    if settings.redis_url:
        yield _redis(settings.redis_url)


def _address(settings: Settings) -> Iterator[Finding]:
    url = urlsplit(settings.public_url)
    try:
        ends_in = _certificate_ends_in(url)
        status = _status(url, "/health/ready")
    except ssl.SSLError as error:
        yield mend(
            _(
                "The certificate of %(url)s is not believed: %(why)s",
                url=settings.public_url,
                why=error.reason or error,
            ),
            _("Let the proxy fetch a new one (docs/running-a-house.md)."),
        )
        return
    except (OSError, http.client.HTTPException) as error:
        yield _silent(settings, error)
        return
    if ends_in is not None:
        yield look(
            _("The certificate of %(url)s ends in %(hours)s hours.", url=settings.public_url, hours=ends_in),
            _("Let the proxy fetch a new one (docs/running-a-house.md)."),
        )
    if status != 200:
        yield mend(
            _("%(url)s answers, but not well (%(status)s).", url=settings.public_url, status=status),
            _("Is it Respite that answers there? Its own words: %(url)s/health/ready", url=settings.public_url),
        )
        return
    yield fine(_("%(url)s answers.", url=settings.public_url))
    yield _sockets(settings, url)


def _silent(settings: Settings, error: Exception) -> Finding:
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    said = _("Nobody answers at %(url)s: %(why)s", url=settings.public_url, why=why)
    if settings.demo:
        return look(said, _("Start the server: make run"))
    return mend(said, _("Do the server and the proxy run? systemctl status respite"))


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connect(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(host, url.port, timeout=PATIENCE, context=_trust())
    return http.client.HTTPConnection(host, url.port, timeout=PATIENCE)


def _status(url: SplitResult, path: str, headers: dict[str, str] | None = None) -> int:
    connection = _connect(url)
    try:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def _certificate_ends_in(url: SplitResult) -> int | None:
    """In how many hours the certificate ends, where that is soon; else None. Raises SSLError if nobody trusts it."""
    if url.scheme != "https":
        return None
    with (
        socket.create_connection((url.hostname or "", url.port or 443), timeout=PATIENCE) as plain,
        _trust().wrap_socket(plain, server_hostname=url.hostname) as safe,
    ):
        facts = safe.getpeercert() or {}
    begins, ends = (ssl.cert_time_to_seconds(str(facts[name])) for name in ("notBefore", "notAfter"))
    left = ends - time.time()
    return int(left // 3600) if left < min(SOON.total_seconds(), (ends - begins) / 4) else None


def _sockets(settings: Settings, url: SplitResult) -> Finding:
    wanted = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": b64encode(token_bytes(16)).decode(),
        "Origin": settings.public_url,
    }
    try:
        status = _status(url, SOCKET, wanted)
    except (OSError, http.client.HTTPException):
        status = 0
    if status == 101:
        return fine(_("Live screens get their socket."))
    return look(
        _("No socket opens at %(url)s, so screens look again every ten seconds only.", url=settings.public_url),
        _("Let the proxy pass WebSockets on (docs/running-a-house.md)."),
    )


def _redis(url: str) -> Finding:
    try:
        with redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
            client.ping()
    except redis.RedisError as error:
        return look(
            _("Redis does not answer: %(why)s", why=error),
            _("Start it again. Until then screens poll, and each server counts sign-in tries for itself."),
        )
    return fine(_("Redis answers."))
