"""The edge of audit: `flask --app app audit verify`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from respite.audit import models, service

__all__ = ["models", "wire"]

commands = AppGroup("audit", help="The house's event log.")


@commands.command()
def verify() -> None:
    """Walk the event log and say whether it is whole."""
    wrong = list(service.broken_links())
    for stream, version, what in wrong:
        click.echo(f"stream {stream}, version {version}: {what}")
    if wrong:
        raise SystemExit(1)
    click.echo("The event log is whole.")


def wire(app: Flask) -> None:
    app.cli.add_command(commands)
