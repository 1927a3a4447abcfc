"""`flask --app app demo …`: the demo houses, and how to begin with them."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_migrate import upgrade

from respite.accounts.actor import COMMAND
from respite.cli import sqlite_file
from respite.cli.backup import time_mark
from respite.cli.demo import load as making
from respite.cli.demo.people import DANA, MARISOL, PASSWORD
from respite.core.clock import MovableClock, house_now, machine_now
from respite.core.db import db
from respite.core.settings import Settings
from respite.resources.service.starter import load_starter

STALE = timedelta(days=2)

group = AppGroup("demo", help="The demo houses that every newcomer meets first.")


def _only_in_demo_mode() -> Settings:
    settings: Settings = current_app.extensions["respite.settings"]
    if not settings.demo:
        raise click.ClickException(_("The demo houses and their accounts exist in demo mode only."))
    return settings


@group.command("load")
@click.option("--anew", is_flag=True, help="Put the demo's database aside and begin with a fresh week.")
def load(anew: bool) -> None:
    """Make the demo houses, where they are not there yet."""
    settings = _only_in_demo_mode()
    if anew:
        _put_the_old_demo_aside(settings)
    wanted = making.missing()
    if wanted:
        names = " · ".join(demo.name for demo in wanted)
        click.echo(_("Making the demo houses (a few seconds, once): %(houses)s", houses=names))
    now = house_now()
    for demo in wanted:
        making.make(demo, now)
    if wanted:
        load_starter(COMMAND, now=now)
    making.let_everybody_sign_in()


def _put_the_old_demo_aside(settings: Settings) -> None:
    if not settings.sqlite:
        raise click.ClickException(_("Only a demo in a file of its own can begin anew."))
    path = sqlite_file.path_of(settings.database_url)
    db.session.remove()
    db.engine.dispose()
    if sqlite_file.opened_by_others(path):
        raise click.ClickException(_("The server still has %(path)s open. Stop it first.", path=path))
    if path.exists():
        aside = sqlite_file.put_aside(path, f"before-{time_mark(machine_now())}")
        click.echo(_("What was there is kept as %(path)s.", path=aside))
    upgrade()
    clock = current_app.extensions["respite.clock"]
    if isinstance(clock, MovableClock):
        clock.forget()


@group.command("welcome")
def welcome() -> None:
    """Say which two windows to open, how to sign in, and what to try."""
    url = _only_in_demo_mode().public_url
    for line in _welcome_lines(url):
        click.echo(line)
    made = making.made_at()
    if made is not None and machine_now() - made >= STALE:
        click.echo(_stale((machine_now() - made).days))


def _welcome_lines(url: str) -> list[str]:
    return [
        "",
        _("Juniper House is open. Two windows show it best:"),
        _("  the desk  %(url)s/", url=url),
        _("  the wall  %(url)s/wall  (in another browser, or a private window)", url=url),
        _("Sign in as %(dana)s, the coordinator, with: %(password)s", dana=DANA.email, password=PASSWORD),
        _("  The wall shows eight letters: at the desk, type them under House, Screens."),
        _("Then try, and watch the wall follow by itself:"),
        _("  Save the free bed, and welcome the guest it is saved for."),
        _("  Let a guest leave, and tap Ready when the room is."),
        _("  Open Beds, and drag a stay to another door."),
        _("  Open %(url)s/demo/phones: see texts arrive, answer them, skip a week ahead.", url=url),
        _("%(url)s/demo skips ahead an hour or a day. In Spanish: %(marisol)s.", url=url, marisol=MARISOL.email),
        _("Stop the house with Ctrl+C."),
    ]


def _stale(days: int) -> str:
    return ngettext(
        "This week was made %(num)s day ago. A fresh one: .venv/bin/flask --app app demo load --anew",
        "This week was made %(num)s days ago. A fresh one: .venv/bin/flask --app app demo load --anew",
        days,
    )
