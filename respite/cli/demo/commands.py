"""`flask --app app demo …`: the demo houses, and how to begin with them."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from respite.cli.demo import load as making
from respite.cli.demo.people import ANA, DANA, LUIS, MARISOL, PASSWORD
from respite.core.clock import house_now
from respite.core.settings import Settings

group = AppGroup("demo", help="The demo houses that every newcomer meets first.")


def _only_in_demo_mode() -> Settings:
    settings: Settings = current_app.extensions["respite.settings"]
    if not settings.demo:
        raise click.ClickException(_("The demo houses and their accounts exist in demo mode only."))
    return settings


@group.command("load")
def load() -> None:
    """Make the demo houses, where they are not there yet."""
    _only_in_demo_mode()
    wanted = making.missing()
    if wanted:
        names = " · ".join(demo.name for demo in wanted)
        click.echo(_("Making the demo houses (a few seconds, once): %(houses)s", houses=names))
    now = house_now()
    for demo in wanted:
        making.make(demo, now)
    making.let_everybody_sign_in()


@group.command("welcome")
def welcome() -> None:
    """Say which two windows to open, how to sign in, and what to try."""
    url = _only_in_demo_mode().public_url
    for line in _welcome_lines(url):
        click.echo(line)


def _welcome_lines(url: str) -> list[str]:
    return [
        "",
        _("Juniper House is open. Two windows show it best:"),
        _("  the desk  %(url)s/", url=url),
        _("  the wall  %(url)s/wall  (in another browser, or a private window)", url=url),
        _("Sign in as %(dana)s, the coordinator, with: %(password)s", dana=DANA.email, password=PASSWORD),
        _("  The wall shows eight letters: at the desk, type them under Screens."),
        _("Then try, and watch the wall follow by itself:"),
        _("  Save the free bed, and welcome the guest it is saved for."),
        _("  Let a guest leave, and tap Ready when the room is."),
        _("  Open Beds, and drag a stay to another door."),
        _("Others here: %(others)s. Same words.", others=", ".join(p.email for p in (LUIS, ANA))),
        _("In Spanish: %(marisol)s, Casa Enebro. Stop the house with Ctrl+C.", marisol=MARISOL.email),
    ]
