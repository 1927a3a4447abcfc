"""`flask prepare`: what has to be true before the server of `make run` starts."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade


@click.command("prepare")
@click.pass_context
@with_appcontext
def command(context: click.Context) -> None:
    """Bring the database up to date; in demo mode load the demo house and say how to sign in.

    One process instead of three: each start of Python and the app costs a second, and a second `make run`
    should be there at once.
    """
    upgrade()
    if not current_app.extensions["respite.settings"].demo:
        return
    demo = current_app.cli.commands.get("demo")
    if isinstance(demo, click.Group):
        for step in ("load", "welcome"):
            context.invoke(demo.commands[step])
