"""Who may do what changed, announced after commit, so that what is open can be closed at once.

`access_changed` hears the mark of what changed: `sign-in:<id>` (ended or locked), `person:<id>` (left a
house, another role, closed), `display:<id>` and `token:<id>` (taken back). A listener only closes what is
open; the next look-up would refuse it anyway, so nothing depends on being heard.
"""

from __future__ import annotations

from collections.abc import Callable

from respite.core.logs import log

access_changed: list[Callable[[str], None]] = []


def announce(*marks: str) -> None:
    for mark in marks:
        for heard in access_changed:
            try:
                heard(mark)
            except Exception as error:  # the act is done and stays done
                log.error("accounts.announcement-failed", error=type(error).__name__, kind=mark.split(":")[0])
