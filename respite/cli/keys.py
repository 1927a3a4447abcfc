"""`flask --app app keys …`: the key ring file that seals names, numbers and words."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from respite.core.settings import new_key_ring

group = AppGroup("keys", help="The key ring that seals what guests say of themselves.")


@group.command("new")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def new(path: Path) -> None:
    """Make a key ring file at PATH, readable by you alone. One that is there already stays as it is."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(
            _("%(path)s is there already and was left as it is: what it sealed opens with nothing else.", path=path)
        ) from None
    except OSError as error:
        raise click.ClickException(
            _("%(path)s cannot be written: %(why)s", path=path, why=error.strerror or "")
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(new_key_ring())
        file.flush()
        os.fsync(file.fileno())
    click.echo(_("%(path)s is made, and you alone can read it.", path=path))
    click.echo(_("Keep a copy away from the backups: without it nobody can read the names and words again."))
