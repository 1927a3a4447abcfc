"""`flask prepare`: what has to be true before the server of `make run` starts."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_migrate import upgrade

from respite.cli.demo import commands as demo
from respite.core.settings import Settings


@click.command("prepare")
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """Bring the database up to date; in demo mode load the demo house and say how to sign in.

    One process instead of three: each start of Python and the app costs a second, and a second `make run`
    should be there at once.
    """
    settings: Settings = current_app.extensions["respite.settings"]
    if settings.demo:
        _must_be_free(urlsplit(settings.public_url).port)
    upgrade()
    if settings.demo:
        context.invoke(demo.load)
        context.invoke(demo.welcome)


def _must_be_free(port: int | None) -> None:
    """Said before the welcome names an address at which somebody else answers."""
    if port is None:
        return
    with socket.socket() as door:
        # As the server itself does: a port whose last connections are still closing is free.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                _(
                    "Something answers at port %(port)s already. Choose another: PORT=%(other)s make run",
                    port=port,
                    other=port + 1,
                )
            ) from None
