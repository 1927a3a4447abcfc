"""A house's database as one SQLite file: looked into, copied while it is in use, and checked."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.engine import make_url

from respite.core.crypto import CannotOpen, KeyRing

COUNTED = ("house", "person", "guest", "stay", "event")
SIDE_FILES = ("", "-journal", "-wal", "-shm")
WAIT_SECONDS = 10


class Unsound(Exception):
    """The file is not a whole database of Respite; the text says in a sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Contents:
    revision: str
    rows: Mapping[str, int]

    @property
    def in_words(self) -> str:
        return _(
            "houses: %(house)s, people here: %(person)s, guests: %(guest)s, stays: %(stay)s, events: %(event)s",
            **self.rows,
        )


def path_of(database_url: str) -> Path:
    """The file that a `sqlite:///` address names."""
    return Path(make_url(database_url).database or "")


def copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use into a new file of mode 0600, whole or not at all.

    The copy is one read transaction: who writes meanwhile waits for its end. Raises Unsound, OSError.
    """
    half_done = target.with_name(f".{target.name}.{os.getpid()}")
    os.close(os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_read_only(source)) as one, closing(sqlite3.connect(half_done)) as other:
            one.backup(other)
            # A copy needs no neighbours: its journal is the plain one, whatever the house's is.
            other.execute("PRAGMA journal_mode=DELETE")
            # Written anew, so that nothing lies about in it that was deleted in the house.
            other.execute("VACUUM")
        _flush(half_done)
        look_into(half_done, source)
        os.link(half_done, target)
        _flush(target.parent)
    except sqlite3.Error as error:
        raise Unsound(_("%(path)s cannot be read as a database: %(why)s", path=source, why=error)) from error
    finally:
        for side in SIDE_FILES:
            half_done.with_name(half_done.name + side).unlink(missing_ok=True)


def look_into(path: Path, called: Path | None = None) -> Contents:
    """Check every page and every reference, and count. Raises Unsound with what is wrong, in the name `called`."""
    name = called or path
    try:
        with closing(_read_only(path)) as connection:
            _must_be_whole(name, connection)
            tables = {table for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", *COUNTED} <= tables:
                raise Unsound(_("%(path)s is a database, but not one of Respite.", path=name))
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = {each: connection.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in COUNTED}  # noqa: S608
    except sqlite3.Error as error:
        raise Unsound(_("%(path)s cannot be read as a database: %(why)s", path=name, why=error)) from error
    return Contents(revision[0] if revision else "", rows)


def _must_be_whole(path: Path, connection: sqlite3.Connection) -> None:
    found = [" ".join(row[0].split()) for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise Unsound(_("%(path)s is damaged: %(why)s", path=path, why="; ".join(found)))
    loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    if loose:
        raise Unsound(_("%(path)s is damaged: %(count)s rows point at nothing.", path=path, count=len(loose)))


def opens_with(path: Path, ring: KeyRing) -> bool | None:
    """Whether the key ring opens a name sealed in the file; None where the file holds none."""
    with closing(_read_only(path)) as connection:
        row = connection.execute("SELECT id, name_sealed FROM guest ORDER BY made_at DESC LIMIT 1").fetchone()
    if row is None:
        return None
    try:
        ring.open(row[1], f"guest\0name_sealed\0{uuid.UUID(row[0])}".encode())
    except CannotOpen:
        return False
    return True


def has_tables(path: Path) -> bool:
    """Whether anything is there that a restore would cover. What cannot be read counts as something."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(_read_only(path)) as connection:
            return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    except sqlite3.Error:
        return True


def opened_by_others(path: Path) -> bool:
    """Whether another process of this machine has the file open, as far as we may see."""
    own = str(os.getpid())
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if handle.parts[2] != own and handle.samefile(path):
                return True
        except OSError:
            continue
    return False


def put_aside(path: Path, mark: str) -> Path:
    """Give the file and its side files another name, beside it; returns the new one."""
    aside = path.with_name(f"{path.name}.{mark}")
    for side in SIDE_FILES:
        part = path.with_name(path.name + side)
        if part.exists():
            part.rename(aside.with_name(aside.name + side))
    return aside


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
