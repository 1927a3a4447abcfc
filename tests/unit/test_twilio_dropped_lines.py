"""A line that breaks after the request has left says nothing for certain, also where it breaks inside TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from respite.core.settings import Settings
from respite.messaging.gateway import Answer, NotReached, Unclear
from respite.messaging.twilio_gateway import TwilioGateway


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now, here = dt.datetime.now(dt.UTC), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "here.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def breaking(certificate: Path) -> Iterator[SimpleNamespace]:
    """A server that takes a whole request in and then answers with what is no TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    found = SimpleNamespace(port=listening.getsockname()[1], heard=b"")

    def serve() -> None:
        raw, _address = listening.accept()
        inside, outside = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(inside, outside, server_side=True)

        def going(step: Any) -> Any:
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    raw.sendall(outside.read())
                    inside.write(raw.recv(65_536))

        try:
            going(tls.do_handshake)
            raw.sendall(outside.read())
            while b"Body=" not in found.heard:
                found.heard += going(lambda: tls.read(65_536))
            raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))  # a record that nobody sealed
        except (OSError, ssl.SSLError):
            pass  # the one who called hung up
        finally:
            raw.close()

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    yield found
    listening.close()
    server.join(5)


def _sends(port: int, verify: str | bool) -> Answer:
    settings = SimpleNamespace(
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="t" * 32,
        twilio_previous_auth_token=None,
        twilio_from="+13035550100",
        twilio_messaging_service_sid=None,
        twilio_api_url=f"https://127.0.0.1:{port}",
        public_url="https://maple.example",
    )
    gateway = TwilioGateway(cast(Settings, settings))
    gateway._http.session.verify = verify
    return gateway.send(
        to="+13035550143", body="Thinking of you.", attempt_id=str(uuid.uuid4()), valid_for=600, leaving=nullcontext
    )


def test_a_line_that_breaks_inside_tls_after_the_request(breaking: SimpleNamespace, certificate: Path) -> None:
    assert _sends(breaking.port, str(certificate)) == Unclear()
    assert b"Thinking" in breaking.heard, "it was taken in before the line broke"


def test_a_server_that_is_not_believed_was_told_nothing(breaking: SimpleNamespace) -> None:
    assert _sends(breaking.port, True) == NotReached()
    assert breaking.heard == b""
