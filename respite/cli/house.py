"""`flask --app app house …`: opening a house at the machine's own command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from respite.accounts.actor import COMMAND
from respite.core.clock import house_now
from respite.core.errors import Invalid, Refusal
from respite.core.forms import Unusable, as_text
from respite.houses.models import HouseKind
from respite.houses.service.opening import MOST_BEDS, MOST_CHAIRS, open_house

group = AppGroup("house", help="Houses of this installation.")


@group.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice([str(kind) for kind in HouseKind]), default="respite", show_default=True)
@click.option("--timezone", required=True, help="The house's IANA zone, such as America/Denver.")
@click.option("--beds", type=click.IntRange(0, MOST_BEDS), default=0, help="How many doors; they get names.")
@click.option("--chairs", type=click.IntRange(0, MOST_CHAIRS), default=0, help="How many chairs of a living room.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def add(name: str, kind: str, timezone: str, beds: int, chairs: int, language: str) -> None:
    """Open a house called NAME; prints its slug, the name it has in addresses."""
    try:
        house = open_house(
            COMMAND,
            name=as_text(name, most=80),
            kind=kind,
            timezone=timezone,
            beds=beds,
            chairs=chairs,
            language=language,
            now=house_now(),
        )
    except Unusable as unusable:
        raise click.ClickException(str(unusable)) from unusable
    except Invalid as invalid:
        raise click.ClickException(" ".join(str(each) for each in invalid.fields.values()) or str(invalid)) from invalid
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(house.slug)
