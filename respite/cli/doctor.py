"""`flask --app app doctor`: is everything as it should be, and if not, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from respite.cli.checks import database, forgetting, machine, reach, texts
from respite.cli.checks.finding import Finding, Weight
from respite.core.settings import Settings


@click.command("doctor")
@click.option(
    "--backups",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of backups: is its newest a day old at most?",
)
@with_appcontext
def command(backups: Path | None) -> None:
    """Look at everything the house stands on. Ends with 1 when something must be mended, else with 0."""
    settings: Settings = current_app.extensions["respite.settings"]
    raise SystemExit(say(_findings(settings, backups)))


def _findings(settings: Settings, backups: Path | None) -> Iterator[Finding]:
    yield from database.check(settings)
    yield from machine.check(settings, database.houses_zones(), backups)
    yield forgetting.check(settings)
    yield from reach.check(settings)
    yield from texts.check(settings)


def say(findings: Iterable[Finding]) -> int:
    """Print what was found, a line each, and what to do under it; the exit code."""
    marks = {Weight.FINE: _("fine"), Weight.LOOK: _("look"), Weight.MEND: _("mend")}
    width = max(map(len, marks.values()))
    to_mend = 0
    for finding in findings:
        click.echo(f"{marks[finding.weight]:<{width}}  {finding.what}")
        if finding.do:
            click.echo(f"{'':<{width}}  → {finding.do}")
        to_mend += finding.weight is Weight.MEND
    if to_mend:
        click.echo(ngettext("%(num)s thing must be mended.", "%(num)s things must be mended.", to_mend))
    return 1 if to_mend else 0
