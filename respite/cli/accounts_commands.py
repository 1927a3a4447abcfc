"""`flask --app app user … · token … · setup …`: people and tokens at the machine's own command line."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import current_app, url_for
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from respite.accounts import passwords
from respite.accounts.actor import COMMAND
from respite.accounts.roles import Role
from respite.accounts.service import api_tokens, links, own, people
from respite.core.clock import house_now
from respite.core.db import db
from respite.core.errors import Invalid, Refusal
from respite.houses.models import House

users = AppGroup("user", help="People who sign in.")
tokens = AppGroup("token", help="API tokens, each bound to a house and a role.")
setup = AppGroup("setup", help="The first account of an installation.")

ROLES = click.Choice([str(role) for role in people.ROLES])


@contextmanager
def _said() -> Iterator[None]:
    """A refusal is said as one line."""
    try:
        yield
    except Invalid as invalid:
        raise click.ClickException(" ".join(str(each) for each in invalid.fields.values()) or str(invalid)) from invalid
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "The database does not answer, or has no tables yet: "
            "`flask --app app prepare` makes them, and `doctor` says what is wrong."
        ) from error


def _house(slug: str) -> uuid.UUID:
    house_id = db.session.scalar(sa.select(House.id).where(House.slug == slug))
    known = db.session.scalars(sa.select(House.slug).order_by(House.slug)).all()
    db.session.rollback()
    if house_id is None:
        raise click.ClickException(f"There is no house {slug}. There is: {', '.join(known) or 'none yet'}.")
    return house_id


def _address(endpoint: str, token: str) -> str:
    with current_app.test_request_context():
        return str(current_app.config["PUBLIC_URL"]) + url_for(endpoint, token=token)


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What people call them.")
@click.option("--role", type=ROLES, required=True)
@click.option("--house", "slug", required=True, help="The house's slug, as in its addresses.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input instead of printing a link.")
def add_user(email: str, name: str, role: str, slug: str, password_stdin: bool) -> None:
    """Give somebody a role in a house; prints the link with which they choose a password."""
    house_id = _house(slug)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with _said():
        if password is not None:
            passwords.check(password, [name, *email.split("@")])
        invited = people.invite(COMMAND, house_id, email=email, name=name, role=role, now=house_now())
        if invited.token is None:
            click.echo(f"{invited.name} has an account already and signs in with it.")
        elif password is None:
            hours = int(links.LINK_LASTS.total_seconds() // 3600)
            click.echo(_address("accounts.welcome", invited.token))
            click.echo(f"The link works once, within {hours} hours.", err=True)
        else:
            own.give_password(invited.person_id, password)
            click.echo(f"{invited.name} can sign in.")


@users.command("link")
@click.argument("email")
def new_link(email: str) -> None:
    """Print a link for somebody who lost their password."""
    with _said():
        click.echo(_address("accounts.welcome", people.link_by_command(email)))


@users.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close somebody's account: every role and every session of theirs ends."""
    with _said():
        people.close_account(email)


@tokens.command("add")
@click.option("--house", "slug", required=True)
@click.option("--role", type=ROLES, default=str(Role.COORDINATOR), show_default=True)
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
def add_token(slug: str, role: str, name: str) -> None:
    """Print a new token. It cannot be shown again."""
    with _said():
        click.echo(api_tokens.make_token(COMMAND, _house(slug), role=role, name=name, now=house_now()))


@tokens.command("list")
@click.option("--house", "slug", required=True)
def list_tokens(slug: str) -> None:
    """The tokens of a house that are good."""
    for each in api_tokens.tokens_of(_house(slug)):
        used = each.used_at.date().isoformat() if each.used_at else "never"
        click.echo(f"{each.id}  {each.role:<16}  used {used:<10}  {each.name}")


@tokens.command("end")
@click.argument("token_id", type=click.UUID)
def end_token(token_id: uuid.UUID) -> None:
    """Take a token back, by the id that `token list` shows."""
    with _said():
        api_tokens.take_token_back(COMMAND, token_id, now=house_now())


@setup.command("link")
def setup_link() -> None:
    """Print the link by which the first account is made, once, within an hour."""
    with _said():
        click.echo(_address("accounts.setup", links.make_setup_link()))
