"""The database: does it answer, is it whole, is it up to date, and do its words open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from respite.audit.models import Event
from respite.audit.service import broken_links
from respite.cli import migrated, sqlite_file
from respite.cli.checks.finding import Finding, fine, in_utc, look, mend
from respite.core.clock import machine_now
from respite.core.crypto import CannotOpen
from respite.core.db import SAFE_WAL, db
from respite.core.settings import Settings
from respite.guests.models import Guest
from respite.houses.models import House

CLOCK_SLACK = timedelta(minutes=2)
WAL_BYTES = b"\x02\x02"  # at offset 18 of a SQLite file that keeps a write-ahead log


def check(settings: Settings) -> Iterator[Finding]:
    answers = _answers()
    yield answers
    if answers.do:
        return
    if settings.sqlite:
        yield from _sqlite(sqlite_file.path_of(settings.database_url))
    up_to_date = _migrated()
    yield up_to_date
    if up_to_date.do:
        return
    yield _words_open(settings)
    yield _clock_after_last_event()
    yield _log_whole()


def _answers() -> Finding:
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
            version = ".".join(map(str, connection.dialect.server_version_info or ()))
            name = connection.dialect.name
    except (SQLAlchemyError, sqlite3.Error) as error:
        return mend(
            _("The database does not answer: %(why)s", why=_first_line(error)),
            _("Is the server of DATABASE_URL running, and may this user open it?"),
        )
    return fine(_("The database answers (%(name)s %(version)s).", name=name, version=version))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _sqlite(path: Path) -> Iterator[Finding]:
    yield _journal(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        yield mend(
            _("The database file is damaged: %(why)s", why=" ".join(said.split())),
            _("Stop the server and restore the newest backup: flask --app app restore PATH --force"),
        )
    if path.stat().st_mode & 0o077 and path.parent.stat().st_mode & 0o011:
        yield look(_("%(path)s can be read by other users of this machine.", path=path), f"chmod 600 {path}")


def _journal(path: Path) -> Finding:
    with path.open("rb") as file:
        wal = file.read(20)[18:20] == WAL_BYTES
    if wal and sqlite3.sqlite_version_info < SAFE_WAL:
        return mend(
            _(
                "The database keeps a write-ahead log, which SQLite %(version)s can damage.",
                version=sqlite3.sqlite_version,
            ),
            _("Stop the server and all else that has the file open. At the next start it goes back to the plain one."),
        )
    mode = _("write-ahead log") if wal else _("rollback journal")
    return fine(_("Its journal suits SQLite %(version)s (%(mode)s).", version=sqlite3.sqlite_version, mode=mode))


def _migrated() -> Finding:
    do = _("Bring it up to date: flask --app app db upgrade")
    try:
        with db.engine.connect() as connection:
            at = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        at = None
    if at == migrated.head():
        return fine(_("Its tables are those of this version (%(revision)s).", revision=at))
    if at is None:
        return mend(_("The database has no tables yet."), do)
    if migrated.known(at):
        return mend(_("The database is from an earlier version (%(revision)s).", revision=at), do)
    return mend(
        _("The database is from a newer version of Respite (%(revision)s).", revision=at),
        _("Install that version, or restore a backup made with this one."),
    )


def _words_open(settings: Settings) -> Finding:
    guest = db.session.scalar(sa.select(Guest).order_by(Guest.made_at.desc()).limit(1))
    try:
        named = guest is not None and guest.name
    except CannotOpen:
        return mend(
            _("The key ring does not open what is sealed in the database."),
            _(
                "Put the key ring file that it was sealed with at %(path)s (RESPITE_KEYS). Nothing else opens it.",
                path=settings.keys_file,
            ),
        )
    finally:
        db.session.rollback()
    return fine(_("The key ring opens what is sealed.") if named else _("Nothing is sealed yet."))


def _clock_after_last_event() -> Finding:
    last = db.session.scalar(sa.select(sa.func.max(Event.recorded_at)))
    db.session.rollback()
    if last is not None and last > machine_now() + CLOCK_SLACK:
        return mend(
            _("The machine's clock stands before the last entry of the event log (%(at)s).", at=in_utc(last)),
            _("Set the clock right, and let it be kept so: timedatectl set-ntp true"),
        )
    return fine(_("The clock goes on from the last entry of the event log."))


def _log_whole() -> Finding:
    broken = next(broken_links(), None)
    db.session.rollback()
    if broken:
        return mend(
            _("The event log is not whole."),
            _("See where: flask --app app audit verify. A backup from before shows what stood there."),
        )
    return fine(_("The event log is whole."))


def houses_zones() -> list[tuple[str, str]]:
    """Each house's name and time zone; none where the tables are not there yet."""
    try:
        rows = db.session.execute(sa.select(House.name, House.timezone)).all()
    except SQLAlchemyError:
        rows = []
    finally:
        db.session.rollback()
    return [(name, zone) for name, zone in rows]
