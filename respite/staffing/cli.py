"""`flask --app app roster ...`: fill a roster from a file, and judge one. For a house: `cli_fill`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from respite.staffing.roster import benchmark, checking, costs, model
from respite.staffing.roster.answers import Progress, State
from respite.staffing.roster.parts import Roster
from respite.staffing.roster.problem import Problem
from respite.staffing.roster.reasons import Reason

commands = AppGroup("roster", help="Who is on when.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command()
@click.argument("file", type=FILE)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True)
@click.option("--seed", type=click.IntRange(min=0, max=2**31 - 1), default=1, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the roster here.")
def solve(file: Path, seconds: float, seed: int, out: Path | None) -> None:
    """Fill the roster of FILE, in the text format of the public shift scheduling benchmarks.

    Ctrl-C ends with the best roster so far.
    """
    problem = _problem(file)
    with _interrupt_stops() as stopped:
        answer = model.solve(problem, seconds=seconds, seed=seed, on_progress=_tell, should_stop=lambda: bool(stopped))
    if answer.state is State.NOTHING_YET:
        raise click.ClickException(f"No roster was found in {answer.seconds:.1f} seconds.")
    if out:
        out.write_text(benchmark.write_roster(problem, answer.roster), encoding="utf-8")
    if answer.state is State.IMPOSSIBLE:
        _show_broken(answer.broken)
        raise click.ClickException("No roster keeps every rule of this file. The nearest one breaks those above.")
    click.echo(f"objective {answer.objective}")
    click.echo(f"bound {answer.bound}")
    click.echo(f"seconds {answer.seconds:.1f}")
    click.echo(f"proven {'yes' if answer.state is State.PROVEN else 'no'}")


@commands.command()
@click.argument("file", type=FILE)
@click.argument("roster", type=FILE)
def check(file: Path, roster: Path) -> None:
    """Judge a written ROSTER for FILE: what it costs, and every rule that it breaks."""
    problem = _problem(file)
    try:
        assignments: Roster = benchmark.read_roster(text_of(roster), problem)
    except benchmark.NotReadable as refusal:
        raise click.ClickException(f"{roster}: {refusal}") from None
    click.echo(f"objective {costs.cost(problem, assignments).total}")
    broken = checking.broken(problem, assignments)
    _show_broken(broken)
    if broken:
        raise SystemExit(1)
    click.echo("Every rule is kept.")


def _problem(file: Path) -> Problem:
    try:
        return benchmark.read(text_of(file))
    except benchmark.NotReadable as refusal:
        raise click.ClickException(f"{file}: {refusal}") from None


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: this is not a text file.") from None


def _tell(progress: Progress) -> None:
    click.echo(f"{progress.seconds:.1f} s: objective {progress.objective}, bound {progress.bound}", err=True)


def _show_broken(reasons: list[Reason]) -> None:
    for reason in reasons:
        facts = [
            f"{name} {value}" for name, value in vars(reason).items() if name != "rule" and value not in ("", None)
        ]
        click.echo(f"broken: {reason.rule}, {', '.join(facts)}")


@contextmanager
def _interrupt_stops() -> Iterator[list[int]]:
    """Ctrl-C fills the list; a second one ends the program at once."""
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopped.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
