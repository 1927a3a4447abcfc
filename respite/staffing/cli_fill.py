"""`flask --app app roster fill`: fill some weeks of a house from what stands in the database, and publish them."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

import click
import sqlalchemy as sa
from flask_babel import force_locale

from respite.accounts.actor import COMMAND
from respite.accounts.models import Person
from respite.core.clock import house_now, machine_now
from respite.core.db import db, end_read
from respite.core.errors import Refusal
from respite.houses.models import House
from respite.houses.policy.house_time import local
from respite.staffing import solver
from respite.staffing.cli import commands
from respite.staffing.errors import RulesAgainst
from respite.staffing.models import Roster, RosterRun
from respite.staffing.queries.places import places_between
from respite.staffing.queries.runs import DONE, GOING, LOST, OVERTAKEN, STOPPED, state_of
from respite.staffing.roster.parts import Shift
from respite.staffing.service.publishing import publish
from respite.staffing.service.rolling import AHEAD
from respite.staffing.service.rosters import begin_roster, live_roster
from respite.staffing.service.runs import SECONDS, SEED, begin_run, stop_run
from respite.staffing.views.against import with_shifts
from respite.staffing.views.reason_words import Wording

LOOKS_EVERY = 0.5  # seconds


@commands.command()
@click.argument("slug")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--weeks", type=click.IntRange(1, 8), default=4, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 600), default=SECONDS, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=SEED, show_default=True)
@click.option("--publish", "publishes", is_flag=True, help="Publish it, and text each peer once what changed for them.")
def fill(slug: str, first: datetime, weeks: int, seconds: int, seed: int, publishes: bool) -> None:
    """Fill the roster of the house SLUG, as its rules, wishes and days off have it.

    Without --publish it stays a draft, which the house's page of rosters shows. Ctrl-C stops with the best so far.
    """
    with force_locale("en"):
        try:
            roster_id = _draft(slug, first, weeks)
            run = _watched(begin_run(COMMAND, roster_id, seconds=seconds, seed=seed, now=house_now()).id)
            _tell(run)
            if publishes:
                _publish(roster_id)
        except RulesAgainst as refusal:
            _say_what_speaks_against(slug, refusal)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None


def _say_what_speaks_against(slug: str, refusal: RulesAgainst) -> None:
    session = db.session()
    house = session.scalars(sa.select(House).where(House.slug == slug)).one()
    for sentence in with_shifts(session, house, refusal.judged):
        click.echo(sentence)
    end_read()
    raise click.ClickException(
        "The draft waits on the house's page of rosters, where a reason gives it out all the same."
    )


def _draft(slug: str, first: datetime, weeks: int) -> uuid.UUID:
    """The draft of just these days, begun where there is none."""
    session = db.session()
    house = session.scalar(sa.select(House).where(House.slug == slug))
    if house is None:
        raise click.ClickException(f"There is no house {slug}.")
    begins, until = first.date(), first.date() + timedelta(weeks=weeks)
    today = local(house_now(), house.timezone).date()
    if begins < today or until > today + AHEAD:
        raise click.ClickException(f"Please choose days from {today} on, before {today + AHEAD}: those have shifts.")
    if not places_between(session, house, begins, until, drafts=True):
        raise click.ClickException(
            "No shift begins in these days. What a house's days ask for is set on its page of patterns."
        )
    standing, house_id = live_roster(session, house.id, begins, until), house.id
    end_read()
    if standing is not None:
        return standing.id
    return begin_roster(COMMAND, house_id, first_day=begins, until=until, now=house_now()).id


def _watched(run_id: uuid.UUID) -> RosterRun:
    """The run at its end; the solver is a process of its own."""
    solver.start(run_id)
    shown: tuple[int | None, int | None] = (None, None)
    while True:
        try:
            time.sleep(LOOKS_EVERY)
            run = db.session.get_one(RosterRun, run_id, populate_existing=True)
            state, said = state_of(run, machine_now()), (run.objective, run.bound)
            end_read()
        except KeyboardInterrupt:
            stop_run(COMMAND, run_id, now=house_now())
            continue
        if state not in GOING:
            break
        if said != shown and said[0] is not None:
            click.echo(f"objective {said[0]}, bound {said[1]}", err=True)
            shown = said
    if state == LOST:
        raise click.ClickException("The solver ended without an answer. The draft is as it was.")
    if state == OVERTAKEN:
        raise click.ClickException("The draft was changed meanwhile, so nothing was written over it.")
    return db.session.get_one(RosterRun, run_id, populate_existing=True)


def _tell(run: RosterRun) -> None:
    roster, house = db.session.get_one(Roster, run.roster_id), db.session.get_one(House, run.house_id)
    words, gaps = Wording(db.session(), house, roster.first_day), (run.found or {})["gaps"]
    for day, kind, tag, missing in gaps:
        who = f"nobody holds {words.tag(tag)}" if tag else f"{missing} open"
        click.echo(f"{words.shift(Shift(day, kind))}: {who}")
    if gaps and run.uncovered_proven:
        click.echo("With what stands in the house, no less can stay uncovered.")
    if not gaps:
        click.echo("Every place is filled.")
    click.echo(f"objective {run.objective}")
    click.echo(f"bound {run.bound}")
    click.echo(f"seconds {(run.took or 0) / 1000:.1f}")
    click.echo(f"proven {'yes' if run.proven else 'no'}")
    assert run.state in (DONE, STOPPED)
    end_read()


def _publish(roster_id: uuid.UUID) -> None:
    done = publish(COMMAND, roster_id, now=house_now())
    click.echo(f"published: {done.changed} places changed, {len(done.told)} people are told by text")
    if done.to_call:
        click.echo("These take no texts about shifts; please call them:")
        for name in db.session.scalars(sa.select(Person.name).where(Person.id.in_(done.to_call)).order_by(Person.name)):
            click.echo(f"  {name}")
