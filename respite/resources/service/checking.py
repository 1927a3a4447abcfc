"""Somebody asked there and made sure: that day stands with the service, and who and when in the log."""

from __future__ import annotations

import uuid
from datetime import datetime

from respite.accounts.actor import Actor
from respite.accounts.roles import May
from respite.audit.models import INSTALLATION
from respite.audit.service import record
from respite.core.db import transaction
from respite.core.errors import NotFound, StaleVersion
from respite.resources import events
from respite.resources.models import Service
from respite.resources.policy import Status
from respite.resources.service.access import lock_directory


def check_service(actor: Actor, service_id: uuid.UUID, *, version_seen: int | None = None, now: datetime) -> Service:
    """What stands here was made sure of now. Raises NotFound, and StaleVersion where something else stands by now."""
    with transaction() as session:
        lock_directory(session, actor, May.KEEP_BEDS)
        service = session.get(Service, service_id, populate_existing=True)
        if service is None or service.gone_at is not None or service.status == Status.DRAFT:
            raise NotFound
        if version_seen is not None and version_seen != service.version:
            raise StaleVersion
        service.checked_at, service.checked_by = now, actor.ref
        record(session, INSTALLATION, events.CHECKED, subject=service.id, actor=actor, at=now)
    return service
