"""The list of who was forgotten, at a restore: read beside the backup and in its own place, and done again."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.cli.sqlite_file import Unsound
from respite.core import forgotten
from respite.core.clock import house_now
from respite.core.forgotten import Listed
from respite.guests.models import Guest
from respite.guests.service.forgotten_again import forget_again


def gathered(backup: Path | None = None) -> Listed | None:
    """The house's own list and the one beside the backup, as one; none where there is neither. Raises Unsound."""
    places = {forgotten.list_file().absolute()}
    if backup is not None:
        places.add(forgotten.beside(backup))
    there = [place for place in sorted(places) if place.exists()]
    try:
        return forgotten.together(map(forgotten.read, there)) if there else None
    except OSError as error:
        raise Unsound(
            _(
                "The list of who was forgotten cannot be read: %(why)s. Nothing was changed. Without it, the backup "
                "would bring them back.",
                why=error.strerror or "",
            )
        ) from error


def replay(listed: Listed | None) -> None:
    """Forget again, and say how many."""
    if listed is None:
        click.echo(
            _(
                "There is no list of who was forgotten beside it, nor at %(path)s. Whoever was forgotten since that "
                "backup is here again. If there is a list, put it there and run: flask --app app forget-again",
                path=forgotten.list_file(),
            )
        )
        return
    ids = listed.ids.get(Guest.__tablename__, set())
    gone = forget_again(ids, now=house_now())
    click.echo(
        ngettext(
            "Forgotten again: %(num)s guest of %(all)s on the list.",
            "Forgotten again: %(num)s guests of %(all)s on the list.",
            gone,
            all=len(ids),
        )
    )
    if listed.unreadable:
        click.echo(
            ngettext(
                "%(num)s line of the list cannot be read. Please look at it.",
                "%(num)s lines of the list cannot be read. Please look at them.",
                listed.unreadable,
            )
        )


@click.command("forget-again")
@with_appcontext
def forget_again_command() -> None:
    """Forget again who is on the list of the forgotten, after a backup was put in place by other means."""
    try:
        replay(gathered())
    except Unsound as unsound:
        raise click.ClickException(str(unsound)) from unsound
