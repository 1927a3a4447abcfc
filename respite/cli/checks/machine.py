"""The machine: its disk, its clock, its knowledge of time zones, and the files that only the house may read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _

from respite.cli import sqlite_file
from respite.cli.backup import backups_in
from respite.cli.checks.finding import Finding, fine, in_utc, look, mend
from respite.core.clock import machine_now
from respite.core.settings import INSTANCE, ROOT, Settings

LEAST_FREE, SOON_FULL = 200_000_000, 1_000_000_000  # bytes
OLD_BACKUP = timedelta(hours=26)  # a daily one with two hours to spare
BUILT = ("static/vendor/socket.io.esm.min.js", "respite/translations/es/LC_MESSAGES/messages.mo")


def check(settings: Settings, zones: Iterable[tuple[str, str]], backups: Path | None) -> Iterator[Finding]:
    yield _key_ring(settings.keys_file)
    yield _disk(sqlite_file.path_of(settings.database_url).parent if settings.sqlite else ROOT)
    yield _clock()
    yield from _zones(zones)
    yield _built()
    if backups is not None:
        yield _backups(backups)


def _key_ring(path: Path) -> Finding:
    if path.stat().st_mode & 0o077:
        return mend(
            _("The key ring %(path)s can be read by other users of this machine.", path=path), f"chmod 600 {path}"
        )
    return fine(_("The key ring %(path)s can be read by its owner alone.", path=path))


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder if folder.is_dir() else INSTANCE).free
    said = _("%(free)s MB are free for the database.", free=free // 1_000_000)
    if free < LEAST_FREE:
        return mend(said, _("Make room now: a full disk means that nothing can be saved."))
    if free < SOON_FULL:
        return look(said, _("Make room soon: old backups and logs are the usual places."))
    return fine(said)


def _clock() -> Finding:
    kept = _kept_by_the_network()
    now = in_utc(machine_now())
    if kept is False:
        return look(
            _("The machine's clock (%(now)s) is not kept right by the network.", now=now), "timedatectl set-ntp true"
        )
    return fine(_("The machine's clock says %(now)s.", now=now))


def _kept_by_the_network() -> bool | None:
    """Whether a time service keeps the clock, as systemd says; None where nobody can say."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def _zones(zones: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    unknown = [(house, zone) for house, zone in zones if not _is_known(zone)]
    for house, zone in unknown:
        yield mend(
            _("This machine does not know the time zone of %(house)s (%(zone)s).", house=house, zone=zone),
            _("Install the time zones again: .venv/bin/pip install --force-reinstall tzdata"),
        )
    if not unknown:
        yield fine(_("Time zones are known."))


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _built() -> Finding:
    missing = [name for name in BUILT if not (ROOT / name).is_file()]
    if missing:
        return mend(
            _("Something of the build is missing: %(files)s.", files=", ".join(missing)),
            _("Build it again: make setup"),
        )
    return fine(_("Browser scripts and languages are built."))


def _backups(folder: Path) -> Finding:
    newest = next(iter(backups_in(folder)), None)
    if newest is None:
        return mend(_("There is no backup in %(folder)s.", folder=folder), f"flask --app app backup {folder}")
    hours = int((machine_now().timestamp() - newest.stat().st_mtime) // 3600)
    said = _("The newest backup in %(folder)s is %(hours)s hours old.", folder=folder, hours=hours)
    if timedelta(hours=hours) >= OLD_BACKUP:
        return look(said, _("Does its timer run? systemctl list-timers backup.timer"))
    return fine(said)
