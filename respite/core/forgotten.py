"""The list of who was forgotten, kept beside the backups: a backup that is put back in place forgets them again.

A line is a time, what became of a row, its table and its id; no name and no word ever stands in it. The line is on
the disk before the act's commit, so nobody is told of a forgetting that a restore could undo.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from respite.core.clock import machine_now
from respite.core.db import guard_commit
from respite.core.errors import Refusal
from respite.core.logs import log
from respite.core.settings import FORGOTTEN, Settings

HEADER = "# Respite: who was forgotten, by id. It belongs beside the backups; restoring one reads it.\n"
FORGOT, KEPT = "forgot", "kept"


class ListNotWritten(Refusal):
    """The list cannot be written, so nobody is forgotten: a restore would bring them back."""

    status = 507
    sentence = _l(
        "Nothing was changed: the list of who was forgotten, which is kept beside the backups, cannot be written now. "
        "Please tell whoever looks after the machine. “respite doctor” says what to do."
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """Ids by table, and how many lines could not be read."""

    ids: dict[str, set[uuid.UUID]]
    unreadable: int = 0


def list_file() -> Path:
    settings: Settings = current_app.extensions["respite.settings"]
    return settings.forgotten_list


def note_forgotten(session: Session, table: str, row_id: uuid.UUID) -> None:
    """Have it stand in the list before the transaction that is open commits. The commit raises ListNotWritten."""
    guard_commit(session, f"forgotten:{table}:{row_id}", lambda: _listed(table, row_id))


@contextmanager
def _listed(table: str, row_id: uuid.UUID) -> Iterator[None]:
    file = list_file()
    try:
        append(file, [_line(FORGOT, table, row_id)])
    except OSError as error:
        log.error("forgotten.not-written", error=type(error).__name__)
        raise ListNotWritten from error
    try:
        yield
    except BaseException:
        with suppress(OSError):  # it was not forgotten after all; at worst it is once more
            append(file, [_line(KEPT, table, row_id)])
        raise


def _line(what: str, table: str, row_id: uuid.UUID) -> str:
    return f"{machine_now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {what} {table} {row_id}\n"


def append(file: Path, lines: Iterable[str]) -> None:
    """Add lines, whole and on the disk, or none. Raises OSError; a folder that is not there is never made."""
    new = not file.exists()
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.lseek(handle, 0, os.SEEK_END)
        before = "" if size else HEADER
        if size and os.pread(handle, 1, size - 1) != b"\n":
            before = "\n"  # a line that the power cut short
        try:
            _write(handle, (before + "".join(lines)).encode())
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if new:
        _fsync_folder(file.parent)


def _write(handle: int, told: bytes) -> None:
    while told:
        told = told[os.write(handle, told) :]


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: Path) -> Listed:
    """What the list says. Raises OSError.

    A line that takes one back answers one forgetting alone: that a second try failed does not undo the first.
    """
    times: dict[str, Counter[uuid.UUID]] = {}
    unreadable = 0
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        try:
            _at, what, table, row_id = parts[0], parts[1], parts[2], uuid.UUID(parts[3])
        except (IndexError, ValueError):
            unreadable += 1
            continue
        forgotten = times.setdefault(table, Counter())
        if what == FORGOT:
            forgotten[row_id] += 1
        elif what == KEPT:
            forgotten[row_id] = max(forgotten[row_id] - 1, 0)
        else:
            unreadable += 1
    return Listed({table: set(each.elements()) for table, each in times.items()}, unreadable)


def together(lists: Iterable[Listed]) -> Listed:
    """One list of several, such as the house's own and the copy beside a backup."""
    ids: dict[str, set[uuid.UUID]] = {}
    unreadable = 0
    for each in lists:
        unreadable += each.unreadable
        for table, found in each.ids.items():
            ids.setdefault(table, set()).update(found)
    return Listed(ids, unreadable)


def beside(backup: Path) -> Path:
    """Where the list lies that came along with a backup."""
    return backup.absolute().parent / FORGOTTEN
