"""The edge of cli."""

from __future__ import annotations

from flask import Flask

from respite.cli import house, prepare


def wire(app: Flask) -> None:
    """Register what cli serves."""
    app.cli.add_command(house.group)
    app.cli.add_command(prepare.command)
