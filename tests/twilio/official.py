"""The official client, pointed at the fake: what a test or a bench compares the house with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.twilio.companion import FakeTwilio


@contextmanager
def client_of(fake: FakeTwilio, token: str | None = None, timeout: float = 5) -> Iterator[Client]:
    """A client with this token, or with the right one; no call waits for longer than `timeout` seconds."""
    http = TwilioHttpClient(timeout=timeout)
    client = Client(fake.account, token or fake.token, http_client=http)
    client.api.base_url = client.messaging.base_url = fake.url
    try:
        yield client
    finally:
        if http.session is not None:
            http.session.close()
