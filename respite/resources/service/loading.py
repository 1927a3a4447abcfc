"""Loading a package or a spreadsheet into the directory: all good rows in one transaction, each bad one said."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.models import INSTALLATION
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import Invalid
from respite.resources import events
from respite.resources.finding.index import refresh_source
from respite.resources.hsds.files import MOST_ROWS
from respite.resources.hsds.reading import read
from respite.resources.hsds.rows import Package, Report
from respite.resources.hsds.tables import KINDS
from respite.resources.models import Source
from respite.resources.policy import OWN_SOURCE
from respite.resources.service.access import lock_directory
from respite.resources.service.pointing import Pointing, Taken
from respite.resources.service.terms import mark_peer_run
from respite.resources.service.writing import Counting, Writing

LONGEST_NAME = 60


def take(package: Package, source: str, *, most: int = MOST_ROWS) -> Taken:
    """Read the package. Nothing waits for it: no lock is taken. Raises Invalid and Unusable."""
    name = " ".join(source.split())
    if name == OWN_SOURCE:
        raise Invalid(fields={"source": _("This is the name of what is written by hand. Please choose another.")})
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(fields={"source": _("Please name the source in up to %(most)s letters.", most=LONGEST_NAME)})
    taken = Taken(Report(name, most), package.lists)
    for row in package.rows(taken.report):
        own = read(row, taken.report)
        if own is not None:
            taken.found[row.kind.name].append(own)
        elif row.values.get("id"):
            taken.met[row.kind.name].add(str(row.values["id"]).strip())
    return taken


def load(actor: Actor, package: Package, source: str, *, whole: bool = True, now: datetime) -> Report:
    """Load what the package lists under a source's name; the same name again updates what it brought before.

    With `whole` what the source no longer lists is marked as gone from it, and the details of what is listed go.
    Raises NotFound, Invalid, and `hsds.files.Unusable` where nothing of it could be read.
    """
    return load_taken(actor, take(package, source), whole=whole, now=now)


def look(session: Session, taken: Taken, *, whole: bool, now: datetime) -> Report:
    """What loading it would bring, reckoned as loading reckons it and without writing anything."""
    there = session.scalar(sa.select(Source.id).where(Source.name == taken.report.source))
    source_id = there or uuid.uuid4()
    _write_all(Pointing(session, source_id, taken), Counting(session, source_id, taken.report, now), taken, whole)
    return taken.report


def load_taken(actor: Actor, taken: Taken, *, whole: bool, now: datetime) -> Report:
    """Load what was read. Raises NotFound."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        return write_taken(session, actor, taken, whole=whole, now=now)


def write_taken(session: Session, actor: Actor, taken: Taken, *, whole: bool, now: datetime) -> Report:
    """Write what was read, in a transaction that holds the lock."""
    report = taken.report
    row_of_source = _source(session, report.source)
    writing = Writing(session, row_of_source.id, report, now)
    pointing = Pointing(session, row_of_source.id, taken)
    _write_all(pointing, writing, taken, whole)
    own = session.scalar(sa.select(Source.id).where(Source.name == OWN_SOURCE))
    if own is not None:
        writing.let_ours_go(own, pointing.seen["service"], taken.lists - report.incomplete)
    writing.raise_versions()
    mark_peer_run(session)
    refresh_source(session, row_of_source.id)
    row_of_source.loaded_at = now
    session.flush()
    record(
        session, INSTALLATION, events.LOADED, subject=row_of_source.id, actor=actor, at=now,
        read=report.total("read"), added=report.total("added"), changed=report.total("changed"),
        gone=report.gone, left_out=report.total("left_out"),
    )  # fmt: skip
    return report


def _write_all(pointing: Pointing, writing: Writing, taken: Taken, whole: bool) -> None:
    for kind in KINDS.values():
        writing.write(kind, pointing.settled(kind))
    lists = taken.lists - taken.report.incomplete
    if whole:
        for kind in reversed(KINDS.values()):
            if kind.name in lists and (pointing.seen[kind.name] or not kind.listed):
                writing.let_go(kind, pointing.seen[kind.name])


def _source(session: Session, name: str) -> Source:
    found = session.scalar(sa.select(Source).where(Source.name == name))
    if found is None:
        found = Source(id=uuid.uuid4(), name=name)
        session.add(found)
        session.flush()
    return found
