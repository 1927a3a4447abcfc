"""Whether somebody can be forgotten: the list beside the backups is there to be written."""

from __future__ import annotations

import os
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import ngettext

from respite.cli.checks.finding import Finding, fine, look, mend
from respite.core import forgotten
from respite.core.settings import Settings


def check(settings: Settings) -> Finding:
    file = settings.forgotten_list
    if not file.parent.is_dir():
        return mend(
            _("The folder for the list of who was forgotten is not there: %(path)s", path=file.parent),
            _("Nobody can be forgotten until it is. Put the disk back, or name another folder in RESPITE_BACKUPS."),
        )
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        return mend(
            _("The list of who was forgotten cannot be written: %(path)s", path=file),
            _("Nobody can be forgotten until it can. It belongs to the user that the server runs as."),
        )
    return _read(file)


def _read(file: Path) -> Finding:
    if not file.exists():
        return fine(_("Nobody was forgotten yet; the list of it can be written."))
    try:
        listed = forgotten.read(file)
    except OSError as error:
        return mend(
            _("The list of who was forgotten cannot be read: %(why)s", why=error.strerror or ""),
            _("Nobody can be forgotten until it can. It belongs to the user that the server runs as."),
        )
    count = sum(map(len, listed.ids.values()))
    if listed.unreadable:
        return look(
            ngettext(
                "%(num)s line of the list of who was forgotten cannot be read.",
                "%(num)s lines of the list of who was forgotten cannot be read.",
                listed.unreadable,
            ),
            _("A line was cut short, as by a power cut. What it should say did not happen; it may be taken out."),
        )
    return fine(
        ngettext(
            "The list of who was forgotten can be written and has %(num)s entry.",
            "The list of who was forgotten can be written and has %(num)s entries.",
            count,
        )
    )
