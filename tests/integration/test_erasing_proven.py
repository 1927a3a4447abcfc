"""Forgetting leaves nothing: not in a table, a file as it lies, a log or a backup, and a restore forgets again."""

from __future__ import annotations

import dataclasses
import io
import logging
import os
import shutil
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from respite.accounts.actor import COMMAND, Actor, ActorKind
from respite.accounts.roles import Role
from respite.audit.service import broken_links
from respite.cli import sqlite_file
from respite.core import forgotten, logs
from respite.core.db import db
from respite.core.due import due_rows, sweep
from respite.core.forgotten import ListNotWritten
from respite.guests.models import Guest, Stay
from respite.guests.policy.stay_states import EndKind
from respite.guests.service.arriving import welcome_new
from respite.guests.service.conversation import Talk, write_conversation
from respite.guests.service.erasing import erase_guest
from respite.guests.service.forgotten_again import look_at_the_list
from respite.guests.service.leaving import Ending, leave
from respite.guests.service.people import Named
from respite.guests.service.saving import save_bed
from respite.guests.service.undo import last_undoable, undo
from respite.guests.service.waiting import Asked, add_waiting, end_waiting
from respite.houses.models import House
from respite.houses.service.opening import open_house
from tests.erasures import places_of, raw_bytes, sealed_values
from tests.guest_pages import OwnPage
from tests.integration.test_guest_page_kept import whole_guest
from tests.people import MakePerson
from tests.places import SUNDAY

HOUR = timedelta(hours=1)
#: PostgreSQL keeps its pages to itself, and has pg_restore.
of_sqlite_alone = pytest.mark.parametrize("both_databases", ["sqlite"], indirect=True)
#: Words of `everything`, a guest about whom every table keeps something.
PLANTED = (
    "Quillwort", "+13035550142", "by the slow bus", "at eight, with tea", "water the fern", "blue cup",
    "I saw it another way", "Call on Monday", "a quiet room", "I came home well", "Good to hear from you",
    "A question about sleep", "B77", "A ride to the station", "Of good_day", "Of company",
    "a soft knock", "my scarf", "my aunt Lo", "quilt circle", "A lamp by the window", "It stands there now",
    "The clatter woke me",
)  # fmt: skip


@pytest.fixture
def database_url(both_databases: str) -> str:
    return both_databases


@pytest.fixture
def juniper(app: Flask) -> House:
    return open_house(
        COMMAND, name="Juniper House", kind="both", timezone="America/Denver", beds=4, chairs=2, now=SUNDAY
    )


@pytest.fixture
def dana(juniper: House, person: MakePerson) -> Actor:
    roles = {juniper.id: Role.COORDINATOR}
    return Actor(ActorKind.PERSON, person("dana@example.org", roles), roles)


@pytest.fixture
def everything(juniper: House, dana: Actor) -> OwnPage:
    return whole_guest(juniper, dana)


@pytest.fixture(autouse=True)
def list_of_its_own(app: Flask, tmp_path: Path) -> None:
    """On PostgreSQL, too, where the list is in the folder of the backups."""
    if database(app) is None:
        (tmp_path / "backups").mkdir()
        settings = app.extensions["respite.settings"]
        app.extensions["respite.settings"] = dataclasses.replace(settings, backups=tmp_path / "backups")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that the server's log says, from INFO on."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    logs.configure(logging.INFO)
    return said


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def database(app: Flask) -> Path | None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return sqlite_file.path_of(url) if url.startswith("sqlite") else None


def file_of(app: Flask) -> Path:
    path = database(app)
    assert path is not None
    return path


def listed(app: Flask) -> set[uuid.UUID]:
    file = forgotten.list_file()
    return forgotten.read(file).ids.get("guest", set()) if file.exists() else set()


# -- nothing is left -------------------------------------------------------------------------------------------------


def test_no_planted_word_is_anywhere_afterwards(
    app: Flask,
    juniper: House,
    dana: Actor,
    everything: OwnPage,
    heard: io.StringIO,
    tmp_path: Path,
) -> None:
    others = welcome_new(COMMAND, juniper.id, who=Named("Sorrel"), nights=1, now=SUNDAY)
    assert len(places_of(PLANTED)) > 20, "the words are in every table before"
    before, kept = sealed_values(), {others.guest_id}
    erase_guest(dana, everything.guest_id, now=SUNDAY + 3 * HOUR)
    db.session.remove()
    assert places_of(PLANTED) == set()
    assert places_of([str(everything.guest_id)]) <= {"event.subject", "event.actor", "access_log.subject"}
    assert {guest.id for guest in db.session.scalars(sa.select(Guest))} == kept
    assert list(broken_links()) == []
    db.session.remove()
    sweep(SUNDAY + 3 * HOUR)
    assert [word for word in PLANTED if word in heard.getvalue()] == []
    assert [word for word in PLANTED if word in forgotten.list_file().read_text()] == []
    path = database(app)
    if path is not None:
        gone = before - sealed_values()
        assert len(gone) > 20
        _nothing_lies_about(raw_bytes(path), gone)
        assert run(app, "backup", tmp_path / "after.db").exit_code == 0
        _nothing_lies_about((tmp_path / "after.db").read_bytes(), gone)


def _nothing_lies_about(stored: bytes, gone: set[bytes]) -> None:
    assert [word for word in PLANTED if word.encode() in stored] == []
    left = [value for value in gone if value in stored]
    assert left == [], f"{len(left)} of {len(gone)} sealed values lie in the file still, and the key ring opens them"


@of_sqlite_alone
def test_among_many_nothing_lies_about_in_the_file(app: Flask, juniper: House, tmp_path: Path) -> None:
    """Pages of a database that grows are split and moved; what was moved must not stay where it was."""
    path = file_of(app)
    ids: list[uuid.UUID] = []
    for n in range(60):
        row = add_waiting(COMMAND, juniper.id, who=Named(f"Guest {n}"), asked=Asked("w" * (n * 7 % 120)), now=SUNDAY)
        assert row.guest_id is not None
        ids.append(row.guest_id)
        words = {"helps": "h" * (n * 13 % 700), "company": "c" * (n * 29 % 900)}
        write_conversation(COMMAND, row.guest_id, Talk(words), now=SUNDAY)
    before = sealed_values()
    for guest_id in ids[::2]:
        erase_guest(COMMAND, guest_id, now=SUNDAY + HOUR)
    db.session.remove()
    assert sweep(SUNDAY + HOUR) >= 1
    gone = before - sealed_values()
    assert len(gone) >= 90
    _nothing_lies_about(raw_bytes(path), gone)
    assert run(app, "backup", tmp_path / "after.db").exit_code == 0
    _nothing_lies_about((tmp_path / "after.db").read_bytes(), gone)


# -- the list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def robin(app: Flask, juniper: House) -> uuid.UUID:
    stay = welcome_new(COMMAND, juniper.id, who=Named("Robin"), nights=2, now=SUNDAY)
    leave(COMMAND, stay.id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY + HOUR)
    assert stay.guest_id is not None
    return stay.guest_id


def test_whoever_is_forgotten_stands_in_the_list_by_id_alone(app: Flask, robin: uuid.UUID) -> None:
    erase_guest(COMMAND, robin, now=SUNDAY + HOUR)
    said = forgotten.list_file().read_text()
    assert said.startswith("# ")
    assert said.splitlines()[-1].endswith(f" forgot guest {robin}")
    assert forgotten.list_file().stat().st_mode & 0o077 == 0


def test_so_does_who_is_forgotten_by_the_clock_and_by_undo(app: Flask, juniper: House, person: MakePerson) -> None:
    peer = Actor(ActorKind.PERSON, person("p@example.org", {juniper.id: Role.PEER}), {juniper.id: Role.PEER})
    row = add_waiting(peer, juniper.id, who=Named("Ana"), now=SUNDAY)
    waited = row.guest_id
    end_waiting(peer, row.id, "taken-off", now=SUNDAY)
    save_bed(peer, juniper.id, who=Named("Bo"), nights=1, now=SUNDAY)
    undoable = last_undoable(db.session())
    saved = db.session.scalar(sa.select(Stay.guest_id).where(Stay.guest_id != waited))
    assert undoable is not None
    undo(peer, undoable, now=SUNDAY)
    assert listed(app) == {saved}
    sweep(SUNDAY + HOUR)
    assert listed(app) == {saved, waited}


@pytest.mark.parametrize("trouble", ["folder", "full", "short"])
def test_without_the_list_nobody_is_forgotten_and_it_says_why(
    app: Flask, robin: uuid.UUID, trouble: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "list" / "respite-forgotten.txt"
    if trouble != "folder":
        file.parent.mkdir()
        forgotten.append(file, ["2026-11-22T20:30:00Z forgot guest 00000000-0000-4000-8000-000000000000\n"])
    before = file.read_bytes() if file.exists() else None
    monkeypatch.setattr("respite.core.forgotten.list_file", lambda: file)
    write = os.write
    if trouble == "full":
        monkeypatch.setattr("respite.core.forgotten.os.write", lambda *_: _no_room())
    if trouble == "short":
        monkeypatch.setattr(
            "respite.core.forgotten.os.write", lambda fd, told: write(fd, told[:9]) if len(told) > 60 else _no_room()
        )
    with pytest.raises(ListNotWritten) as refused:
        erase_guest(COMMAND, robin, now=SUNDAY + HOUR)
    monkeypatch.undo()
    assert "Nothing was changed" in str(refused.value)
    assert db.session.get_one(Guest, robin).name == "Robin"
    assert (file.read_bytes() if file.exists() else None) == before
    assert not (trouble == "folder" and file.parent.exists()), "a folder that is not there may be a disk that is not"


def _no_room() -> int:
    raise OSError(28, "No space left on device")


def test_the_clock_tries_again_once_the_list_can_be_written(
    app: Flask,
    juniper: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = add_waiting(COMMAND, juniper.id, who=Named("Ana"), now=SUNDAY)
    end_waiting(COMMAND, row.id, "taken-off", now=SUNDAY)
    with monkeypatch.context() as patch:
        patch.setattr("respite.core.forgotten.list_file", lambda: Path("/nowhere/list.txt"))
        sweep(SUNDAY + HOUR)
        assert [each.kind for each in due_rows(SUNDAY + HOUR)] == ["guest.guest.on-file"]
    sweep(SUNDAY + HOUR)
    assert db.session.scalars(sa.select(Guest)).all() == []


def test_what_could_not_be_committed_is_taken_back_in_the_list(
    app: Flask, robin: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the commit")

    with monkeypatch.context() as patch:
        patch.setattr(type(db.session()), "commit", fails)
        with pytest.raises(RuntimeError, match="the commit"):
            erase_guest(COMMAND, robin, now=SUNDAY + HOUR)
    assert forgotten.list_file().read_text().count(str(robin)) == 2
    assert listed(app) == set()
    assert db.session.get_one(Guest, robin).name == "Robin"


@pytest.mark.parametrize(
    ("lines", "stays_forgotten"),
    [
        (["forgot"], True),
        (["forgot", "kept"], False),
        (["forgot", "forgot", "kept"], True),  # back out of a backup, and the second try failed
        (["forgot", "kept", "forgot"], True),
        (["kept", "forgot"], True),
        (["forgot", "kept", "kept", "forgot"], True),
    ],
)
def test_a_try_that_failed_undoes_no_forgetting_before_it(
    tmp_path: Path, lines: list[str], stays_forgotten: bool
) -> None:
    file, one = tmp_path / "list.txt", uuid.uuid4()
    forgotten.append(file, [f"2026-11-22T20:30:00Z {what} guest {one}\n" for what in lines])
    assert forgotten.read(file).ids == {"guest": {one} if stays_forgotten else set()}


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    file, one, two = tmp_path / "list.txt", uuid.uuid4(), uuid.uuid4()
    forgotten.append(file, [f"2026-11-22T20:30:00Z forgot guest {one}\n"])
    with file.open("a") as half:
        half.write("2026-11-22T20:31:00Z forgot gue")
    forgotten.append(file, [f"2026-11-22T20:32:00Z forgot guest {two}\n"])
    read = forgotten.read(file)
    assert (read.ids, read.unreadable) == ({"guest": {one, two}}, 1)


# -- a restore forgets again -----------------------------------------------------------------------------------------


@pytest.fixture
def file(app: Flask) -> Path:
    return file_of(app)


@of_sqlite_alone
def test_a_restore_forgets_again_who_was_forgotten_since(
    app: Flask,
    juniper: House,
    dana: Actor,
    everything: OwnPage,
    file: Path,
    tmp_path: Path,
) -> None:
    welcome_new(COMMAND, juniper.id, who=Named("Sorrel"), nights=1, now=SUNDAY)
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    assert run(app, "backup", copy).exit_code == 0
    gone = sealed_values()
    erase_guest(dana, everything.guest_id, now=SUNDAY + 3 * HOUR)
    db.session.remove()
    result = run(app, "restore", copy, "--force")
    assert result.exit_code == 0, result.output
    assert "guests: 2" in result.output
    assert "Forgotten again: 1 guest of 1 on the list." in result.output
    assert places_of(PLANTED) == set()
    assert [guest.name for guest in db.session.scalars(sa.select(Guest))] == ["Sorrel"]
    assert list(broken_links()) == []
    db.session.remove()
    sweep(SUNDAY + 3 * HOUR)
    _nothing_lies_about(raw_bytes(file), gone - sealed_values())


@of_sqlite_alone
def test_who_was_here_when_the_backup_was_made_goes_too(
    app: Flask,
    juniper: House,
    file: Path,
    tmp_path: Path,
) -> None:
    stay = welcome_new(COMMAND, juniper.id, who=Named("Robin"), nights=2, now=SUNDAY)
    assert stay.guest_id is not None
    stay_id, guest_id = stay.id, stay.guest_id
    run(app, "backup", tmp_path / "copy.db")
    leave(COMMAND, stay_id, ending=Ending(EndKind.AS_PLANNED), now=SUNDAY + HOUR)
    erase_guest(COMMAND, guest_id, now=SUNDAY + HOUR)
    db.session.remove()
    result = run(app, "restore", tmp_path / "copy.db", "--force")
    assert "Forgotten again: 1 guest" in result.output
    again = db.session.get_one(Stay, stay_id)
    assert (again.guest_id, again.state) == (None, "here")


@of_sqlite_alone
def test_the_list_beside_a_backup_counts_on_another_machine(
    app: Flask,
    juniper: House,
    robin: uuid.UUID,
    file: Path,
    tmp_path: Path,
) -> None:
    copy = tmp_path / "stick" / "copy.db"
    copy.parent.mkdir()
    run(app, "backup", copy)
    erase_guest(COMMAND, robin, now=SUNDAY + HOUR)
    shutil.move(forgotten.list_file(), forgotten.beside(copy))
    db.session.remove()
    db.engine.dispose()
    file.unlink()
    result = run(app, "restore", copy)
    assert "Forgotten again: 1 guest of 1 on the list." in result.output
    assert db.session.scalars(sa.select(Guest)).all() == []


@of_sqlite_alone
def test_without_a_list_a_restore_says_so(app: Flask, robin: uuid.UUID, file: Path, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy.db")
    erase_guest(COMMAND, robin, now=SUNDAY + HOUR)
    forgotten.list_file().unlink()
    db.session.remove()
    result = run(app, "restore", tmp_path / "copy.db", "--force")
    assert result.exit_code == 0
    assert "There is no list of who was forgotten" in result.output
    assert "forget-again" in result.output


@of_sqlite_alone
def test_a_list_that_cannot_be_read_changes_nothing(app: Flask, robin: uuid.UUID, file: Path, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy.db")
    forgotten.list_file().mkdir()  # what stands there is no file
    db.session.remove()
    before = file.read_bytes()
    result = run(app, "restore", tmp_path / "copy.db", "--force")
    assert result.exit_code != 0
    assert "cannot be read" in result.output
    assert file.read_bytes() == before


def test_a_backup_put_in_place_by_other_means_is_seen_to_within_a_minute_of_the_start(
    app: Flask,
    juniper: House,
    robin: uuid.UUID,
) -> None:
    """As after pg_restore: the job of the clockwork, and the command for whoever does not want to wait."""
    forgotten.append(forgotten.list_file(), [f"2026-11-22T20:30:00Z forgot guest {robin}\n"])
    assert look_at_the_list() == 1
    assert db.session.scalars(sa.select(Guest).where(Guest.id == robin)).all() == []
    assert look_at_the_list() == 0
    result = run(app, "forget-again")
    assert result.exit_code == 0
    assert "Forgotten again: 0 guests" in result.output
