"""`flask doctor` names each thing that can be wrong, in words, with what to do; each is planted here once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import ssl
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.cli import sqlite_file
from respite.cli.checks import machine, reach
from respite.core.crypto import KeyRing
from respite.core.db import db
from respite.core.settings import new_key_ring
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.places import SUNDAY, settings_for

Change = Callable[..., None]


@pytest.fixture
def house(app: Flask) -> House:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=2, now=SUNDAY)
    save_bed(COMMAND, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    database(app).chmod(0o600)
    return house


@pytest.fixture(autouse=True)
def _a_sound_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What depends on the machine that runs the tests is fine, until a test plants a fault."""
    monkeypatch.setattr(machine, "_kept_by_the_network", lambda: True)
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    for name in machine.BUILT:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("built")
    free(monkeypatch, 50_000_000_000)


def free(monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(100_000_000_000, 1, left))


@pytest.fixture
def change(app: Flask, key_file: Path) -> Change:
    """Change settings of the running app."""

    def put(**changed: object) -> None:
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        app.extensions["respite.settings"] = settings_for(url, key_file, **changed)

    put(public_url="http://127.0.0.1:1")
    return put


def doctor(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["doctor", *map(str, args)])


def database(app: Flask) -> Path:
    return sqlite_file.path_of(app.config["SQLALCHEMY_DATABASE_URI"])


def must_mend(result: Result, what: str, do: str) -> None:
    """The doctor ends with 1, and says `what` in a line to mend with `do` under it."""
    lines = result.output.splitlines()
    assert result.exit_code == 1, result.output
    at = next((n for n, line in enumerate(lines) if line.startswith("mend") and what in line), None)
    assert at is not None, result.output
    assert do in lines[at + 1]
    assert "must be mended" in lines[-1]


def says_look(result: Result, what: str, do: str) -> None:
    """The doctor ends with 0, and asks somebody to look at `what`."""
    lines = result.output.splitlines()
    assert result.exit_code == 0, result.output
    at = next((n for n, line in enumerate(lines) if line.startswith("look") and what in line), None)
    assert at is not None, result.output
    assert do in lines[at + 1]


# -- a house that is well ----------------------------------------------------------------------------------------


def test_a_house_that_is_well(app: Flask, house: House, change: Change) -> None:
    with serving(200, 101) as url:
        change(public_url=url)
        result = doctor(app)
    assert result.exit_code == 0, result.output
    assert {line.split()[0] for line in result.output.splitlines()} == {"fine"}
    for what in ("database answers", "journal", "tables", "key ring", "MB are free", "clock", "zones", "log is whole"):
        assert what in result.output
    assert url in result.output
    assert "socket" in result.output


# -- the database ------------------------------------------------------------------------------------------------


def test_a_database_that_does_not_answer(app: Flask, change: Change) -> None:
    db.session.remove()
    db.engine.dispose()
    path = database(app)
    path.unlink()
    path.mkdir()
    must_mend(doctor(app), "does not answer", "DATABASE_URL")


def test_a_damaged_database(app: Flask, house: House, change: Change) -> None:
    with db.engine.connect() as connection:
        page = connection.scalar(sa.text("SELECT rootpage FROM sqlite_master WHERE name = 'companion'"))
    db.session.remove()
    db.engine.dispose()
    content = bytearray(database(app).read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    database(app).write_bytes(content)
    must_mend(doctor(app), "is damaged", "restore")


def test_a_log_that_the_library_can_damage(app: Flask, house: House, change: Change) -> None:
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(database(app))) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM house").fetchall()
        db.engine.dispose()
        if sqlite3.sqlite_version_info >= (3, 51, 3):
            pytest.skip("this SQLite keeps its log safely")
        result = doctor(app)
    assert result.exit_code == 1
    assert "write-ahead log" in result.output or "locked" in result.output


def test_a_database_without_tables(app: Flask, change: Change) -> None:
    db.session.remove()
    db.engine.dispose()
    database(app).unlink()
    must_mend(doctor(app), "no tables yet", "db upgrade")


@pytest.mark.parametrize(
    ("revision", "what", "do"),
    [("0001_first", "earlier version", "db upgrade"), ("9999_later", "newer version", "Install that version")],
)
def test_a_database_of_another_version(
    app: Flask, house: House, change: Change, revision: str, what: str, do: str
) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    must_mend(doctor(app), what, do)


def test_a_database_that_others_can_read(app: Flask, house: House, change: Change) -> None:
    database(app).parent.chmod(0o755)
    database(app).chmod(0o644)
    says_look(doctor(app), "can be read by other users", "chmod 600")


def test_a_key_ring_of_another_house(app: Flask, house: House, change: Change, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(new_key_ring())
    app.extensions["respite.keys"] = KeyRing.from_file(other)
    must_mend(doctor(app), "does not open", "RESPITE_KEYS")


def test_a_clock_that_went_back(app: Flask, house: House, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("respite.cli.checks.database.machine_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    must_mend(doctor(app), "before the last entry", "timedatectl")


def test_an_event_log_that_somebody_changed(app: Flask, house: House, change: Change) -> None:
    with db.engine.begin() as connection:
        for trigger in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        connection.execute(sa.text("UPDATE event SET data = '{}' WHERE version = 1"))
    must_mend(doctor(app), "not whole", "audit verify")


# -- the machine -------------------------------------------------------------------------------------------------


def test_a_key_ring_that_others_can_read(app: Flask, house: House, change: Change, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    keys.chmod(0o644)
    change(keys_file=keys, public_url="http://127.0.0.1:1")
    must_mend(doctor(app), "can be read by other users", "chmod 600")


def test_a_disk_that_is_full(app: Flask, house: House, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 20_000_000)
    must_mend(doctor(app), "20 MB are free", "Make room")
    free(monkeypatch, 500_000_000)
    says_look(doctor(app), "500 MB are free", "Make room")


def test_a_clock_that_nobody_keeps(app: Flask, house: House, change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_kept_by_the_network", lambda: False)
    says_look(doctor(app), "not kept right", "timedatectl")


def test_a_time_zone_that_this_machine_does_not_know(app: Flask, house: House, change: Change) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE house SET timezone = 'America/Atlantis'"))
    must_mend(doctor(app), "Juniper House (America/Atlantis)", "tzdata")


def test_a_build_with_something_missing(app: Flask, house: House, change: Change, tmp_path: Path) -> None:
    (tmp_path / machine.BUILT[0]).unlink()
    must_mend(doctor(app), machine.BUILT[0], "make setup")


def test_backups_that_are_missing_or_old(app: Flask, house: House, change: Change, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    must_mend(doctor(app, "--backups", folder), "no backup", "backup")
    old = folder / "respite-20201122T030000Z.db"
    old.write_bytes(b"")
    sooner = (datetime.now(UTC) - timedelta(hours=27)).timestamp()
    os.utime(old, (sooner, sooner))
    says_look(doctor(app, "--backups", folder), "27 hours old", "list-timers")
    app.test_cli_runner().invoke(args=["backup", str(folder)])
    assert "0 hours old" in doctor(app, "--backups", folder).output


# -- what others reach -------------------------------------------------------------------------------------------


@contextmanager
def serving(ready: int, upgrade: int, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that answers its health with `ready` and a socket's upgrade with `upgrade`."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(ready if self.path.startswith("/health") else upgrade)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_an_address_where_nobody_answers(app: Flask, house: House, change: Change) -> None:
    says_look(doctor(app), "Nobody answers at http://127.0.0.1:1", "make run")
    change(public_url="http://127.0.0.1:1", mode="production")
    must_mend(doctor(app), "Nobody answers", "systemctl status respite")


def test_an_address_where_something_is_wrong(app: Flask, house: House, change: Change) -> None:
    with serving(503, 101) as url:
        change(public_url=url)
        must_mend(doctor(app), "(503)", "/health/ready")


def test_a_proxy_that_passes_no_sockets(app: Flask, house: House, change: Change) -> None:
    with serving(200, 400) as url:
        change(public_url=url)
        says_look(doctor(app), "No socket opens", "WebSockets")


@pytest.mark.redis
def test_a_redis_that_answers(app: Flask, house: House, change: Change, redis_url: str) -> None:
    change(redis_url=redis_url, public_url="http://127.0.0.1:1")
    assert "Redis answers" in doctor(app).output


def test_a_redis_that_does_not_answer(app: Flask, house: House, change: Change) -> None:
    change(redis_url="redis://127.0.0.1:1/0", public_url="http://127.0.0.1:1")
    says_look(doctor(app), "Redis does not answer", "Start it again")


def certificate(tmp_path: Path, hours: int) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for localhost that is good for `hours`, and the certificate to trust for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=12))
        .not_valid_after(now + timedelta(hours=hours, minutes=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / f"server-{hours}.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, pem


def test_a_certificate_that_nobody_believes(app: Flask, house: House, change: Change, tmp_path: Path) -> None:
    tls, _pem = certificate(tmp_path, 2000)
    with serving(200, 101, tls) as url:
        change(public_url=url)
        must_mend(doctor(app), "is not believed", "running-a-house.md")


@pytest.mark.parametrize(("hours", "said"), [(2000, None), (11, None), (3, "ends in 3 hours")])
def test_a_certificate_that_ends_soon(
    app: Flask,
    house: House,
    change: Change,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
    said: str | None,
) -> None:
    tls, pem = certificate(tmp_path, hours)
    monkeypatch.setattr(reach, "_trust", lambda: ssl.create_default_context(cafile=str(pem)))
    with serving(200, 101, tls) as url:
        change(public_url=url)
        result = doctor(app)
    if said is None:
        assert "certificate" not in result.output
        assert result.exit_code == 0, result.output
    else:
        says_look(result, said, "new one")
