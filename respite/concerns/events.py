"""Only the house's office outside is told to the log; of what a guest told nothing ever is."""

from __future__ import annotations

from respite.audit.kinds import UNTOLD, declare

OFFICE_CHANGED = declare("concern.office.changed", UNTOLD)
