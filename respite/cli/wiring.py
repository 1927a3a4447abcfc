"""The edge of cli."""

from __future__ import annotations

from flask import Flask

from respite.cli import backup, doctor, house, keys, prepare


def wire(app: Flask) -> None:
    """Register what cli serves."""
    for command in (house.group, keys.group, backup.backup, backup.restore, doctor.command, prepare.command):
        app.cli.add_command(command)
