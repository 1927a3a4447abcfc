"""What can happen to the directory. It is the installation's, so no house's shift log tells it."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

LOADED = declare(
    "directory.source.loaded", UNTOLD, read="count", added="count", changed="count", gone="count", left_out="count"
)
EXPORTED = declare("directory.package.exported", UNTOLD, services="count")
ADDED = declare("directory.service.added", UNTOLD)
CORRECTED = declare("directory.service.corrected", UNTOLD)
PUBLISHED = declare("directory.service.published", UNTOLD)
RETIRED = declare("directory.service.retired", UNTOLD)
OFFERED_AGAIN = declare("directory.service.offered-again", UNTOLD)
GIVEN_BACK = declare("directory.service.given-back", UNTOLD)
CHECKED = declare("directory.service.checked", UNTOLD)
