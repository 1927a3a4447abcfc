"""When a setting is wrong there is no app: one sentence says so, and the commands that help still work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click
from flask import Flask
from flask_babel import Babel

from respite.cli import keys
from respite.core.settings import WrongSetting

GUNICORN_GIVES_UP = 3  # the code at which gunicorn stops instead of starting its worker again and again


def started(create_app: Callable[[], Flask], words: Sequence[str]) -> Flask:
    """The app, or where a setting is wrong the little one that `keys` and `doctor` need.

    `words` are those of the command line. Anything else ends with a sentence on what is wrong.
    """
    try:
        return create_app()
    except WrongSetting as wrong:
        said = f"Respite cannot start. {wrong}"
        if {"keys", "doctor"}.isdisjoint(words):
            print(said, file=sys.stderr)
            raise SystemExit(GUNICORN_GIVES_UP) from None
        return _little_app(said)


def _little_app(said: str) -> Flask:
    app = Flask("respite")
    Babel(app)
    app.cli.add_command(keys.group)

    @app.cli.command("doctor", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
    def doctor() -> None:
        """Say which setting is wrong."""
        click.echo(said)
        raise SystemExit(1)

    return app
