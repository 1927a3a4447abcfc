"""`flask --app app backup` and `restore`: the house's database as one file, there and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from respite.cli import forgotten_list, migrated, sqlite_file
from respite.cli.sqlite_file import Unsound
from respite.core.clock import machine_now
from respite.core.db import db
from respite.core.settings import Settings

PREFIX = "respite-"


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1, 10_000), help="In a folder: how many of its newest backups stay.")
@with_appcontext
def backup(path: Path, keep: int | None) -> None:
    """Copy the database to PATH while the house goes on, and check the copy.

    PATH is a file that is not there yet, or a folder, where the file is named by the time.
    """
    settings = _settings()
    _must_be_sqlite(settings, "pg_dump --format=custom --file=respite.dump")
    folder = path if path.is_dir() else None
    target = _new_name(folder) if folder else path
    if target.exists():
        raise click.ClickException(_("%(path)s is there already; a backup never covers another.", path=target))
    try:
        sqlite_file.copy(sqlite_file.path_of(settings.database_url), target)
        contents = sqlite_file.look_into(target)
    except Unsound as unsound:
        raise click.ClickException(str(unsound)) from unsound
    except OSError as error:
        raise click.ClickException(
            _("%(path)s cannot be written: %(why)s", path=target, why=error.strerror or "")
        ) from error
    click.echo(_("%(path)s: whole, %(contents)s.", path=target, contents=contents.in_words))
    click.echo(
        _(
            "Names and words in it open only with the key ring %(keys)s. Keep a copy of that elsewhere.",
            keys=settings.keys_file,
        )
    )
    if folder and keep:
        _forget_older(folder, keep)


def _new_name(folder: Path) -> Path:
    return folder / f"{PREFIX}{time_mark(machine_now())}.db"


def time_mark(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def backups_in(folder: Path) -> list[Path]:
    """Backups of a folder by their names' time, the newest first."""
    return sorted(folder.glob(f"{PREFIX}*Z.db"), reverse=True)


def _forget_older(folder: Path, keep: int) -> None:
    for old in backups_in(folder)[keep:]:
        old.unlink()


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put what is there now aside, and the backup in its place.")
@with_appcontext
def restore(path: Path, force: bool) -> None:
    """Put the backup at PATH in the database's place. Stop the server first."""
    settings = _settings()
    _must_be_sqlite(settings, f"pg_restore --clean --if-exists --dbname=NAME {path}")
    target = sqlite_file.path_of(settings.database_url)
    db.engine.dispose()
    try:
        contents = sqlite_file.look_into(path)
        _must_be_ours(path, contents)
        _must_be_free(target, force)
        listed = forgotten_list.gathered(path)
        aside = _exchange(path, target)
    except Unsound as unsound:
        raise click.ClickException(str(unsound)) from unsound
    if aside:
        click.echo(_("What was there is kept as %(path)s.", path=aside))
    click.echo(_("%(path)s is in place: %(contents)s.", path=path, contents=contents.in_words))
    if contents.revision != migrated.head():
        click.echo(_("It is from an earlier version. Bring it up to date: flask --app app db upgrade"))
        click.echo(_("Then forget again who was forgotten since: flask --app app forget-again"))
        return
    forgotten_list.replay(listed)


def _must_be_ours(path: Path, contents: sqlite_file.Contents) -> None:
    if not migrated.known(contents.revision):
        raise Unsound(
            _(
                "%(path)s is from a newer version of Respite (%(revision)s). Install that version first.",
                path=path,
                revision=contents.revision,
            )
        )
    if sqlite_file.opens_with(path, current_app.extensions["respite.keys"]) is False:
        raise Unsound(
            _(
                "The key ring %(keys)s does not open what is sealed in %(path)s. RESPITE_KEYS must name its own.",
                path=path,
                keys=_settings().keys_file,
            )
        )


def _must_be_free(target: Path, force: bool) -> None:
    if not sqlite_file.has_tables(target):
        return
    if not force:
        raise Unsound(_("There is a house in %(path)s already. With --force it is put aside first.", path=target))
    if sqlite_file.opened_by_others(target):
        raise Unsound(_("The server still has %(path)s open. Stop it, then restore.", path=target))


def _exchange(path: Path, target: Path) -> Path | None:
    """The backup comes beside the target under another name first, so that a full disk changes nothing."""
    fresh = target.with_name(f"{target.name}.fresh-{time_mark(machine_now())}")
    try:
        sqlite_file.copy(path, fresh)
    except OSError as error:
        raise Unsound(_("%(path)s cannot be written: %(why)s", path=target, why=error.strerror or "")) from error
    aside = sqlite_file.put_aside(target, f"before-{time_mark(machine_now())}") if target.exists() else None
    fresh.rename(target)
    return aside


def _settings() -> Settings:
    settings: Settings = current_app.extensions["respite.settings"]
    return settings


def _must_be_sqlite(settings: Settings, instead: str) -> None:
    if not settings.sqlite:
        raise click.ClickException(
            _("PostgreSQL brings its own tool, which also works while the house goes on: %(command)s", command=instead)
        )
