"""`flask keys new`, `backup` and `restore`: a house's database there and back, and every way it must not go."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from respite.accounts.actor import COMMAND
from respite.cli import sqlite_file
from respite.core.crypto import KeyRing
from respite.core.db import db
from respite.core.settings import new_key_ring
from respite.factory import create_app
from respite.guests.models import Guest
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.places import SUNDAY, settings_for


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


@pytest.fixture
def house(app: Flask) -> House:
    house = open_house(COMMAND, name="Juniper House", kind="respite", timezone="America/Denver", beds=2, now=SUNDAY)
    save_bed(COMMAND, house.id, who=Named("Robin"), nights=2, now=SUNDAY)
    return house


def database(app: Flask) -> Path:
    return sqlite_file.path_of(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def copy(app: Flask, house: House, tmp_path: Path) -> Path:
    path = tmp_path / "copy.db"
    assert run(app, "backup", path).exit_code == 0
    return path


# -- keys --------------------------------------------------------------------------------------------------------


def test_a_key_ring_is_made_once_and_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert run(app, "keys", "new", path).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    KeyRing.from_file(path)
    before = path.read_bytes()
    again = run(app, "keys", "new", path)
    assert again.exit_code != 0
    assert "is there already" in again.output
    assert path.read_bytes() == before


def test_a_key_ring_that_cannot_be_written_is_said(app: Flask, tmp_path: Path) -> None:
    result = run(app, "keys", "new", tmp_path / "no such folder" / "keys.json")
    assert result.exit_code != 0
    assert "cannot be written" in result.output


# -- backup ------------------------------------------------------------------------------------------------------


def test_a_backup_is_whole_and_for_its_owner_alone(app: Flask, house: House, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    result = run(app, "backup", path)
    assert result.exit_code == 0, result.output
    assert "houses: 1, people here: 0, guests: 1, stays: 1, events: 2" in result.output
    assert "keys.json" in result.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sqlite_file.look_into(path).rows["stay"] == 1
    assert b"Robin" not in path.read_bytes()


def test_a_backup_goes_on_while_somebody_writes(app: Flask, house: House, tmp_path: Path) -> None:
    with db.engine.connect() as reading:
        reading.execute(sa.select(House.id)).all()
        assert run(app, "backup", tmp_path / "copy.db").exit_code == 0


def test_a_backup_in_a_folder_is_named_by_the_time_and_only_the_newest_stay(
    app: Flask, house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"respite-2020010{day}T030000Z.db").write_bytes(b"old")
    (folder / "respite notes.txt").write_text("stays")
    result = run(app, "backup", folder, "--keep", 3)
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in folder.iterdir())
    assert names[:3] == ["respite notes.txt", "respite-20200103T030000Z.db", "respite-20200104T030000Z.db"]
    assert len(names) == 4


def test_a_backup_covers_nothing(app: Flask, house: House, tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("mine")
    result = run(app, "backup", path)
    assert result.exit_code != 0
    assert "is there already" in result.output
    assert path.read_text() == "mine"


def test_a_backup_with_nowhere_to_go_leaves_nothing(app: Flask, house: House, tmp_path: Path) -> None:
    result = run(app, "backup", tmp_path / "no such folder" / "copy.db")
    assert result.exit_code != 0
    assert "cannot be written" in result.output
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_database_makes_no_backup(app: Flask, house: House, tmp_path: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    damage(database(app))
    result = run(app, "backup", tmp_path / "copy.db")
    assert result.exit_code != 0
    assert "damaged" in result.output
    assert not (tmp_path / "copy.db").exists()


def damage(path: Path) -> None:
    """Write over pages in the middle, past the header."""
    content = bytearray(path.read_bytes())
    for start in range(8 * 4096, len(content), 4096):
        content[start : start + 512] = b"\xff" * 512
    path.write_bytes(content)


# -- restore -----------------------------------------------------------------------------------------------------


def test_there_and_back(app: Flask, house: House, copy: Path) -> None:
    save_bed(COMMAND, house.id, who=Named("Later"), nights=1, now=SUNDAY)
    db.session.remove()
    result = run(app, "restore", copy, "--force")
    assert result.exit_code == 0, result.output
    assert "stays: 1" in result.output
    assert [guest.name for guest in db.session.scalars(sa.select(Guest))] == ["Robin"]
    (aside,) = database(app).parent.glob("house.db.before-*")
    assert sqlite_file.look_into(aside).rows["stay"] == 2
    assert stat.S_IMODE(database(app).stat().st_mode) == 0o600


def test_restore_into_nothing_needs_no_force(app: Flask, copy: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    database(app).unlink()
    result = run(app, "restore", copy)
    assert result.exit_code == 0, result.output
    assert "kept as" not in result.output
    assert db.session.scalars(sa.select(House.slug)).all() == ["juniper-house"]


def test_restore_covers_nothing_without_force(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    before = database(app).read_bytes()
    result = run(app, "restore", copy)
    assert result.exit_code != 0
    assert "--force" in result.output
    assert database(app).read_bytes() == before


def test_restore_asks_to_stop_the_server_first(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    code = "import sys; file = open(sys.argv[1], 'rb'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(database(app))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "open\n"
        result = run(app, "restore", copy, "--force")
        server.communicate("", timeout=20)
    assert result.exit_code != 0
    assert "Stop it" in result.output


def test_a_damaged_backup_is_refused(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    damage(copy)
    before = database(app).read_bytes()
    result = run(app, "restore", copy, "--force")
    assert result.exit_code != 0
    assert "damaged" in result.output or "cannot be read" in result.output
    assert database(app).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all, only words", None])
def test_what_is_no_backup_is_refused(app: Flask, house: House, tmp_path: Path, content: bytes | None) -> None:
    db.session.remove()
    path = tmp_path / "other"
    if content is None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE recipes (soup TEXT)")
    else:
        path.write_bytes(content)
    result = run(app, "restore", path, "--force")
    assert result.exit_code != 0
    assert "not one of Respite" in result.output or "cannot be read" in result.output
    assert db.session.scalars(sa.select(House.slug)).all() == ["juniper-house"]


def test_a_backup_of_a_newer_version_is_refused(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    result = run(app, "restore", copy, "--force")
    assert result.exit_code != 0
    assert "newer version" in result.output


def test_a_backup_of_an_earlier_version_says_to_upgrade(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001_first'")
    result = run(app, "restore", copy, "--force")
    assert result.exit_code == 0, result.output
    assert "db upgrade" in result.output


def test_a_backup_that_another_key_ring_sealed_is_refused(app: Flask, house: House, copy: Path, tmp_path: Path) -> None:
    keys = tmp_path / "other-keys.json"
    keys.write_text(new_key_ring())
    elsewhere = create_app(settings_for(f"sqlite:///{tmp_path / 'elsewhere.db'}", keys))
    with elsewhere.app_context():
        result = run(elsewhere, "restore", copy)
        db.engine.dispose()
    assert result.exit_code != 0
    assert "does not open" in result.output
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_full_disk_changes_nothing(app: Flask, house: House, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    db.session.remove()
    monkeypatch.setattr(os, "fsync", no_space)
    before = database(app).read_bytes()
    result = run(app, "restore", copy, "--force")
    assert result.exit_code != 0
    assert "No space left" in result.output
    assert database(app).read_bytes() == before
    assert sorted(path.name for path in database(app).parent.iterdir() if "house.db" in path.name) == ["house.db"]


def test_postgresql_is_left_to_its_own_tools(key_file: Path, tmp_path: Path) -> None:
    app = create_app(settings_for("postgresql+psycopg://respite@127.0.0.1:1/nowhere", key_file))
    file = tmp_path / "any"
    file.write_text("any")
    assert "pg_dump" in run(app, "backup", tmp_path / "copy").output
    assert "pg_restore" in run(app, "restore", file).output


# -- without an app ----------------------------------------------------------------------------------------------


def flask(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *args],
        cwd=Path(__file__).resolve().parents[2],
        env={"PATH": path, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


WRONG = {"RESPITE_MODE": "production", "DATABASE_URL": "sqlite:////nowhere/x.db", "SECRET_KEY": "s" * 40}


def test_with_a_wrong_setting_one_sentence_says_so(tmp_path: Path) -> None:
    result = flask("audit", "verify", RESPITE_KEYS=str(tmp_path / "keys.json"), **WRONG)
    assert result.returncode == 3
    assert result.stderr.startswith("Respite cannot start. RESPITE_KEYS: ")
    assert "Traceback" not in result.stderr


def test_with_a_wrong_setting_keys_and_doctor_still_help(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    said = flask("doctor", RESPITE_KEYS=str(keys), **WRONG)
    assert said.returncode == 1
    assert "RESPITE_KEYS" in said.stdout
    made = flask("keys", "new", str(keys), RESPITE_KEYS=str(keys), **WRONG)
    assert made.returncode == 0, made.stderr
    assert keys.exists()


def test_restore_leaves_the_backup_itself_alone(app: Flask, house: House, copy: Path) -> None:
    db.session.remove()
    kept = copy.with_name("kept")
    shutil.copy(copy, kept)
    assert run(app, "restore", copy, "--force").exit_code == 0
    assert copy.read_bytes() == kept.read_bytes()
