"""The edge of the directory."""

from __future__ import annotations

from flask import Flask

from respite.resources import cli, events, models
from respite.resources.connections import wiring as connections
from respite.resources.finding import models as found

__all__ = ["events", "found", "models", "wire"]


def wire(app: Flask) -> None:
    """Register what the directory and connections serve."""
    app.cli.add_command(cli.group)
    connections.wire(app)
