"""Twilio behind the seam: the one module that imports its package.

What its package does not give is taken from the HTTP answer itself: Retry-After, and the Date by Twilio's clock.
Facts about codes, timeouts and signatures: Twilio's API pages, `docs/texting.md`.
"""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NameResolutionError, NewConnectionError, SSLError

from respite.core.clock import machine_now
from respite.core.settings import Settings
from respite.messaging.gateway import (
    Accepted,
    Answer,
    CalledOff,
    Check,
    Leaving,
    LineDown,
    Listing,
    NotReached,
    Refused,
    Seen,
    Unclear,
)
from respite.messaging.policy.addresses import PERSEVERE
from respite.messaging.twilio_checks import all_checks
from respite.messaging.twilio_sockets import Adapter, writing_inside

CONNECT_SECONDS, READ_SECONDS = 5, 20
CONNECTIONS = 32
PAGE = 1000
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")


class _Http(TwilioHttpClient):
    """Twilio's HTTP client with time-outs, without a second try, at another host where the settings name one."""

    def __init__(self, base_url: str | None) -> None:
        # Its log would hold numbers: a listing asks for them in the address.
        silent = logging.getLogger("respite.twilio")
        silent.disabled = True
        super().__init__(logger=silent)
        self.timeout: Any = (CONNECT_SECONDS, READ_SECONDS)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, Adapter(pool_maxsize=CONNECTIONS, max_retries=0))
        self.session.trust_env = False
        self._base = urlsplit(base_url) if base_url else None
        self._last = threading.local()
        #: Twilio's clock as last read, and the monotonic seconds then: ours may jump afterwards.
        self.read: tuple[datetime, float] | None = None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if self._base is not None:
            url = urlunsplit((self._base.scheme, self._base.netloc, *urlsplit(url)[2:]))
        self._last.headers = {}
        response = super().request(method, url, *args, **kwargs)
        self._last.headers = response.headers
        with suppress(ValueError):
            self.read = parsedate_to_datetime(self.header("Date")).astimezone(UTC), time.monotonic()
        return response

    def header(self, name: str) -> str:
        """A header of this thread's last answer; empty where there was none."""
        return str(self._last.headers.get(name, ""))


class TwilioGateway:
    tells_statuses = True

    @property
    def ahead(self) -> timedelta | None:
        if self._http.read is None:
            return None
        at, since = self._http.read
        return at + timedelta(seconds=time.monotonic() - since) - machine_now()

    def __init__(self, settings: Settings) -> None:
        assert settings.twilio_account_sid is not None
        assert settings.twilio_auth_token is not None
        self._settings = settings
        self._sender = settings.twilio_from
        self._service = settings.twilio_messaging_service_sid
        self._callbacks = f"{settings.public_url}/webhooks/twilio/status/"
        self._http = _Http(settings.twilio_api_url)
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._http)
        tokens = filter(None, (settings.twilio_auth_token, settings.twilio_previous_auth_token))
        self._validators = [RequestValidator(token) for token in tokens]

    def send(self, *, to: str, body: str, attempt_id: str, valid_for: int, leaving: Leaving) -> Answer:
        sender: dict[str, Any] = {"messaging_service_sid": self._service} if self._service else {"from_": self._sender}
        try:
            with writing_inside(leaving):
                made = self._client.messages.create(
                    to=to,
                    body=body,
                    status_callback=f"{self._callbacks}{attempt_id}{PERSEVERE}",
                    validity_period=valid_for,
                    **sender,
                )
        except CalledOff:
            raise
        except TwilioException as error:
            return self._refusal(getattr(error, "status", None), getattr(error, "code", None))
        except requests.exceptions.RequestException as error:
            return NotReached() if _left_nothing(error) else Unclear()
        except Exception:  # an answer that cannot be read says nothing about whether it was taken
            return Unclear()
        if not isinstance(made.sid, str) or not _SID.fullmatch(made.sid):
            return Unclear()
        return Accepted(made.sid, str(made.status or "accepted"))

    def _refusal(self, status: int | None, code: int | None) -> Answer:
        """What an error says, in either of the two shapes that Twilio gives errors."""
        if status == 429:
            return Refused(429, code, _seconds(self._http.header("Retry-After")))
        # Without a code of Twilio's own somebody else may have answered; the package then repeats the status.
        if status is not None and 400 <= status < 500 and status != 408 and (code or 0) > 10_000:
            return Refused(status, code)
        return Unclear(http=status)

    def outbound_to(self, number: str, since: datetime) -> Listing:
        return self._listing(since, None, outbound=True, to=number)

    def outbound(self, since: datetime, until: datetime) -> Listing:
        sender = {} if self._service else {"from_": self._sender}
        return self._listing(since, until, outbound=True, **sender)

    def inbound(self, since: datetime) -> Listing:
        sender = {} if self._service else {"to": self._sender}
        return self._listing(since, None, outbound=False, **sender)

    def _listing(self, since: datetime, until: datetime | None, *, outbound: bool, **wanted: Any) -> Listing:
        """Newest first, until they are older than `since`. No filter by date: a text not sent yet has none."""
        found: list[Seen] = []
        at: datetime | None = None
        try:
            for each in self._client.messages.stream(page_size=PAGE, **wanted):
                at = at or self._clock()
                seen = _seen(each)
                if seen.made_at < since:
                    break
                wanted_way = seen.outbound if outbound else str(each.direction) == "inbound"
                if wanted_way and self._is_ours(each, outbound=outbound) and (until is None or seen.made_at <= until):
                    found.append(seen)
            return Listing(at or self._clock(), tuple(found))
        except Exception as error:
            raise LineDown from error

    def _is_ours(self, each: Any, *, outbound: bool) -> bool:
        """Other programs may share the account. Without a service the sender is asked for in the listing already,
        but for texts to one number."""
        if self._service is None:
            return not outbound or each.from_ in (None, self._sender)
        # What comes in may not name the service, and is heard all the same: it may be a STOP.
        return each.messaging_service_sid == self._service or (not outbound and not each.messaging_service_sid)

    def _clock(self) -> datetime:
        """Twilio's clock. Without it nothing can be said about how long a text has been missing."""
        return parsedate_to_datetime(self._http.header("Date")).astimezone(UTC)

    def fetch(self, sid: str) -> Seen | None:
        try:
            return _seen(self._client.messages(sid).fetch())
        except TwilioRestException as error:
            if error.status == 404 and error.code == 20404:
                return None
            raise LineDown from error
        except Exception as error:
            raise LineDown from error

    def signed(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        return any(validator.validate(url, form, signature) for validator in self._validators)

    def checks(self, inbound_url: str) -> list[Check]:
        return all_checks(self._client, self._settings, inbound_url)


def _seen(each: Any) -> Seen:
    return Seen(
        sid=each.sid,
        to=each.to or "",
        sender=each.from_,
        body=each.body or "",
        status=str(each.status),
        error_code=each.error_code,
        # What Twilio itself answers to STOP and HELP ("outbound-reply") is nobody's text of ours.
        outbound=str(each.direction) == "outbound-api",
        made_at=each.date_created.astimezone(UTC),
        media=int(each.num_media or 0),
    )


def _left_nothing(error: requests.exceptions.RequestException) -> bool:
    """Whether no byte of the request can have left: no name, no connection, a certificate that is not believed.

    Other errors of TLS may come after the request, while the answer is waited for.
    """
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, SSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError | NameResolutionError)


def _seconds(raw: str) -> float | None:
    return min(float(raw), 3600.0) if raw.isascii() and raw.isdigit() and len(raw) < 6 else None
