"""`flask --app app resources …`: loading the directory, and giving it out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from respite.accounts.actor import COMMAND
from respite.core.clock import house_now
from respite.core.csv_cells import csv_file
from respite.core.errors import Invalid
from respite.resources.hsds import files
from respite.resources.hsds.files import Unusable
from respite.resources.hsds.package import package_at
from respite.resources.hsds.rows import Problem, Report
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.sheet import fields, sheet_at
from respite.resources.hsds.written import write_to
from respite.resources.service.exporting import export
from respite.resources.service.loading import load
from respite.resources.service.mapping import keep_mapping, mapping_named
from respite.resources.service.starter import load_starter

group = AppGroup("resources", help="The directory: who else there is, and what they offer.")
_QUOTED = re.compile(r"“[^”]*”|\d+")


@group.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--source", help="The name under which it is loaded again later; the file's own, unless given.")
@click.option(
    "--mapping", "mapping_file", type=click.Path(path_type=Path), help="Which column is which field, as JSON."
)
@click.option("--mapped", "mapping_name", help="A mapping that is kept; with --mapping, the name to keep it by.")
@click.option("--part", is_flag=True, help="A part of the source: what is not in it stays as it is.")
@click.option("--report", "report_to", type=click.Path(path_type=Path), help="A CSV file for each single problem.")
def load_command(
    path: Path,
    source: str | None,
    mapping_file: Path | None,
    mapping_name: str | None,
    part: bool,
    report_to: Path | None,
) -> None:
    """Load an HSDS package (a folder or zip of CSV files, or JSON) of version 1 or 3, or any CSV file by a mapping."""
    try:
        columns = _mapping(mapping_file, mapping_name)
        package = package_at(path) if columns is None else sheet_at(path, columns)
        report = load(COMMAND, package, source or path.resolve().stem, whole=not part, now=house_now())
    except Unusable as refused:
        raise click.ClickException(str(refused)) from refused
    except Invalid as refused:
        raise click.ClickException(" ".join(map(str, refused.fields.values()))) from refused
    for line in lines(report):
        click.echo(line)
    if report_to:
        report_to.write_bytes(csv_file(problem_rows(report)))


@group.command("export")
@click.argument("path", type=click.Path(path_type=Path))
def export_command(path: Path) -> None:
    """Write the directory as HSDS 3: to a folder or a .zip of CSV files, or to a .json file."""
    exported = export(COMMAND, now=house_now())
    left_out = exported.left_out + write_to(path, exported.tables)
    for kind, rows in exported.tables.items():
        if rows:
            click.echo(f"  {kind}: {len(rows)}")
    for each in left_out:
        click.echo(f"  left out: {each}")


@group.command("fields")
def fields_command() -> None:
    """Every field that a column of a spreadsheet can be mapped to."""
    for field in fields():
        click.echo(field)


@group.command("starter")
def starter_command() -> None:
    """Load the organisations run by peers that Respite comes with, to begin a directory."""
    for line in lines(load_starter(COMMAND, now=house_now())):
        click.echo(line)


def _mapping(path: Path | None, name: str | None) -> dict[str, str] | None:
    """The mapping that was given, kept where it was given a name; or the one kept by that name."""
    if path is not None:
        columns = files.json_of(files.File(path.name, path.read_bytes())) if path.is_file() else None
        if not isinstance(columns, dict):
            raise Unusable(_l("%(path)s must be a JSON file of columns and fields.", path=path))
        if name:
            keep_mapping(COMMAND, name, columns)
        return columns
    if name is None:
        return None
    kept = mapping_named(name)
    if kept is None:
        raise Unusable(_l("There is no mapping named %(name)s.", name=name))
    return kept


def lines(report: Report) -> Iterator[str]:
    """What came of a load, for a terminal: counts by file, problems by kind, columns of which nothing is kept."""
    yield f"{report.source}: {report.total('read')} rows read"
    for (file, kind), counts in report.counts.items():
        said = f"{counts.added} new, {counts.changed} changed, {counts.same} as they were, {counts.left_out} left out"
        if counts.again:
            said += f", {counts.again} said before"
        yield f"  {file} ({kind}): {counts.read} read = {said}"
    if report.made:
        yield f"  made of parts of these rows: {report.made}"
    if report.gone:
        yield f"  no longer in the source: {report.gone}"
    groups: Counter[tuple[str, str, bool]] = Counter()
    example: dict[tuple[str, str, bool], Problem] = {}
    for problem in report.problems:
        key = (problem.file, _QUOTED.sub("…", str(problem.says)), problem.left_out)
        groups[key] += 1
        example.setdefault(key, problem)
    for key, count in groups.items():
        first = example[key]
        more = f" (and {count - 1} more like it)" if count > 1 else ""
        where = f"{first.file}, {first.place}" if first.place else first.file
        yield f"  {'left out' if first.left_out else 'note'}: {where}: {first.says}{more}"
    for (file, column), count in report.not_kept.items():
        yield f"  not kept: {file}{': ' + column if column else ''} ({count})"


def problem_rows(report: Report) -> Iterator[list[str]]:
    """Every problem by file, place and reason, and what is not kept of each column."""
    yield ["file", "place", "loaded", "problem"]
    for each in report.problems:
        yield [each.file, str(each.place), "no" if each.left_out else "yes", str(each.says)]
    for (file, column), count in report.not_kept.items():
        yield [file, column, "", f"not kept ({count})"]
