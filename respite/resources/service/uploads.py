"""A file that somebody sent in a browser: looked at, its columns said where they have to be, and loaded.

The file itself goes as soon as it is loaded, and after an hour where it is not.
"""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.core.clock import house_now
from respite.core.db import transaction
from respite.core.errors import NotFound
from respite.resources.hsds import files
from respite.resources.hsds.files import Sheet, Unusable, sent
from respite.resources.hsds.package import package_of
from respite.resources.hsds.rows import Report
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.sheet import checked, sheet_of, the_sheet
from respite.resources.models import Mapping, Upload
from respite.resources.service.access import lock_directory
from respite.resources.service.loading import look, take, write_taken
from respite.resources.service.mapping import keep, named
from respite.resources.service.pointing import Taken
from respite.resources.service.reports import report_kept

MEGABYTE = 1024 * 1024
MOST_SENT = 10 * MEGABYTE  # of a file as it is sent
MOST_UNPACKED = 40 * MEGABYTE
MOST_ROWS = 20_000  # nobody else can save meanwhile: on a small machine for about half a minute
MOST_COLUMNS = 150
WAITS = timedelta(hours=1)
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent, and what they said of it."""

    name: str
    content: bytes
    source: str
    whole: bool
    mapping: str | None = None


def read_sent(session: Session, told: Sent, columns: dict[str, str] | None = None) -> Taken:
    """All rows of the file, by these columns or by the mapping that is named. Nothing waits for it.

    Raises Unusable, NotHsds and Invalid.
    """
    found = sent(told.name, told.content, MOST_UNPACKED)
    if columns is None and told.mapping is not None:
        columns = session.scalar(sa.select(Mapping.columns).where(Mapping.name == told.mapping))
        if columns is None:
            raise Unusable(_l("There is no mapping named %(name)s.", name=told.mapping))
    package = package_of(found) if columns is None else sheet_of(found, columns)
    return take(package, told.source, most=MOST_ROWS)


def looked_at(session: Session, told: Sent, now: datetime, columns: dict[str, str] | None = None) -> Report:
    """What loading the file would bring. Raises Unusable, NotHsds and Invalid."""
    return look(session, read_sent(session, told, columns), whole=told.whole, now=now)


def sheet_in(told: Sent) -> Sheet:
    """The one spreadsheet that was sent. Raises Unusable."""
    sheet = files.sheet_of(the_sheet(sent(told.name, told.content, MOST_UNPACKED)))
    if len(sheet.columns) > MOST_COLUMNS:
        raise Unusable(
            _l(
                "This sheet has more than %(most)s columns. Please save it with those alone that matter.",
                most=MOST_COLUMNS,
            )
        )
    return sheet


def keep_file(actor: Actor, told: Sent, report: Report | None, *, now: datetime) -> Upload:
    """Keep the file for an hour, with what it would bring; without a report its columns are to be said yet."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        upload = _new(actor, told, now)
        upload.report = None if report is None else report_kept(report)
        upload.content = b64encode(told.content).decode()
        session.add(upload)
    return upload


def load_at_once(actor: Actor, told: Sent, taken: Taken, *, now: datetime) -> Upload:
    """Load what was read; of the file nothing is kept. Raises NotFound."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        report = write_taken(session, actor, taken, whole=told.whole, now=now)
        upload = _new(actor, told, now)
        upload.report, upload.loaded_at = report_kept(report), now
        session.add(upload)
    return upload


def say_columns(
    actor: Actor, upload_id: uuid.UUID, name: str, columns: dict[str, str], report: Report, *, now: datetime
) -> None:
    """Keep the mapping by its name, and what the file would bring by it. Raises NotFound, Invalid and Unusable."""
    name, fields = named(name), checked(columns)
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        upload = _waiting(session, upload_id, now)
        keep(session, name, fields)
        upload.mapping, upload.report = name, report_kept(report)


def load_kept(actor: Actor, upload_id: uuid.UUID, taken: Taken, *, now: datetime) -> None:
    """Load what was read of a file that waits, and let the file go. Raises NotFound."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        upload = _waiting(session, upload_id, now)
        report = write_taken(session, actor, taken, whole=upload.whole, now=now)
        upload.report, upload.loaded_at, upload.content = report_kept(report), now, None


def let_file_go(actor: Actor, upload_id: uuid.UUID, *, now: datetime) -> None:
    """It is not loaded after all. Raises NotFound."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        session.delete(_waiting(session, upload_id, now))


def told_of(upload: Upload) -> Sent:
    """What was sent, of a file that waits."""
    content = b64decode(upload.content or "")
    return Sent(upload.file_name, content, upload.source, upload.whole, upload.mapping)


def upload_for(session: Session, upload_id: uuid.UUID, now: datetime) -> Upload:
    """A file that waits, or one that was loaded. Raises NotFound when its time is over."""
    found = session.get(Upload, upload_id)
    if found is None or _is_over(found, now):
        raise NotFound
    return found


def loaded_lately(session: Session, now: datetime, most: int) -> list[Upload]:
    """What was loaded in a browser, the last first."""
    mine = sa.select(Upload).where(Upload.loaded_at > now - TOLD_FOR)
    return list(session.scalars(mine.order_by(Upload.loaded_at.desc()).limit(most)))


def throw_away_old() -> int:
    """Files that nobody loaded, and reports whose time is over, go; returns how many."""
    now = house_now()
    with transaction() as session:
        old = sa.or_(
            sa.and_(Upload.loaded_at.is_(None), Upload.sent_at <= now - WAITS), Upload.loaded_at <= now - TOLD_FOR
        )
        gone = session.execute(sa.delete(Upload).where(old))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def _new(actor: Actor, told: Sent, now: datetime) -> Upload:
    return Upload(
        id=uuid.uuid4(),
        file_name=told.name,
        source=told.source,
        whole=told.whole,
        mapping=told.mapping,
        sent_at=now,
        sent_by=actor.ref,
    )


def _waiting(session: Session, upload_id: uuid.UUID, now: datetime) -> Upload:
    found = session.get(Upload, upload_id, populate_existing=True)
    if found is None or found.loaded_at is not None or _is_over(found, now):
        raise NotFound
    return found


def _is_over(upload: Upload, now: datetime) -> bool:
    if upload.loaded_at is None:
        return upload.sent_at <= now - WAITS
    return upload.loaded_at <= now - TOLD_FOR
