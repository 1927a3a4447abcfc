"""What can happen to the directory. It is the installation's, so no house's shift log tells it."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

LOADED = declare(
    "directory.source.loaded", UNTOLD, read="count", added="count", changed="count", gone="count", left_out="count"
)
EXPORTED = declare("directory.package.exported", UNTOLD, services="count")
CHECKED = declare("directory.service.checked", UNTOLD)
