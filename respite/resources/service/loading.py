"""Loading a package or a spreadsheet into the directory: all good rows in one transaction, each bad one said."""

from __future__ import annotations

import uuid
from collections import defaultdict
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
from respite.resources.hsds.reading import Read, read
from respite.resources.hsds.rows import Package, Report
from respite.resources.hsds.tables import KINDS
from respite.resources.models import Source
from respite.resources.service.access import lock_directory
from respite.resources.service.pointing import Pointing
from respite.resources.service.terms import mark_peer_run
from respite.resources.service.writing import Writing

LONGEST_NAME = 60


def load(actor: Actor, package: Package, source: str, *, whole: bool = True, now: datetime) -> Report:
    """Load what the package lists under a source's name; the same name again updates what it brought before.

    With `whole` what the source no longer lists is marked as gone from it, and the details of what is listed go.
    Raises NotFound, Invalid, and `hsds.files.Unusable` where nothing of it could be read.
    """
    name = " ".join(source.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(fields={"source": _("Please name the source in up to %(most)s letters.", most=LONGEST_NAME)})
    report = Report(name)
    # Read before the lock is taken: a house that saves a bed meanwhile does not wait for it.
    found: dict[str, list[Read]] = defaultdict(list)
    met: dict[str, set[str]] = defaultdict(set)
    for row in package.rows(report):
        own = read(row, report)
        if own is not None:
            found[row.kind.name].append(own)
        elif row.values.get("id"):
            met[row.kind.name].add(str(row.values["id"]).strip())
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_DIRECTORY)
        row_of_source = _source(session, name)
        lists = package.lists - report.incomplete
        pointing = Pointing(session, row_of_source.id, report, found, met, package.lists)
        writing = Writing(session, row_of_source.id, report, now)
        for kind in KINDS.values():
            writing.write(kind, pointing.settled(kind))
        if whole:
            for kind in reversed(KINDS.values()):
                if kind.name in lists and (pointing.seen[kind.name] or not kind.listed):
                    writing.let_go(kind, pointing.seen[kind.name])
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


def _source(session: Session, name: str) -> Source:
    found = session.scalar(sa.select(Source).where(Source.name == name))
    if found is None:
        found = Source(id=uuid.uuid4(), name=name)
        session.add(found)
        session.flush()
    return found
