"""The words of entries, as each database searches them best: FTS5 on SQLite, a weighted tsvector on PostgreSQL.

Both are given the same stems (words.py) and asked the same thing, so both find the same. No extension is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

#: Made by a migration for each database in its own way, so no model describes it.
TABLE = "directory_words"
#: A need stands among the words as one of these, which nobody can type.
NEED_MARK = "0need0"

#: Where a word may stand, the nearest first: how many of the three columns count.
IN_NAME, IN_KIND, ANYWHERE = 1, 2, 3
_COLUMNS, _WEIGHTS = ("name", "kind", "rest"), ("A", "AB", "ABC")

Number = sa.column("number", sa.Integer)


@dataclass(frozen=True, slots=True)
class EntryWords:
    number: int
    name: Sequence[str]
    kind: Sequence[str]
    rest: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was asked for: any of these phrases, or any word that begins so."""

    phrases: frozenset[tuple[str, ...]]
    beginnings: frozenset[str] = frozenset()


def write(session: Session, entries: Iterable[EntryWords]) -> None:
    """Keep the words of entries that have none yet."""
    if session.get_bind().dialect.name == "sqlite":
        rows: list[dict[str, Any]] = [
            {"n": each.number, "a": " ".join(each.name), "b": " ".join(each.kind), "c": " ".join(each.rest)}
            for each in entries
        ]
        statement = f"INSERT OR REPLACE INTO {TABLE} (rowid, name, kind, rest) VALUES (:n, :a, :b, :c)"  # noqa: S608
    else:
        rows = [{"n": each.number, "w": _vector(each)} for each in entries]
        statement = f"INSERT INTO {TABLE} (number, words) VALUES (:n, CAST(:w AS tsvector))"  # noqa: S608
    if rows:
        session.execute(sa.text(statement), rows)


def remove(session: Session, numbers: Sequence[int]) -> None:
    column = "rowid" if session.get_bind().dialect.name == "sqlite" else "number"
    if numbers:
        session.execute(sa.text(f"DELETE FROM {TABLE} WHERE {column} = :n"), [{"n": each} for each in numbers])  # noqa: S608


def matching(dialect: str, asked: Sequence[Asked], where: int = ANYWHERE, *, all_of_them: bool = True) -> sa.Subquery:
    """The numbers of the entries that have all (or some) of what was asked, as a subquery with one column."""
    if dialect == "sqlite":
        joint = " AND " if all_of_them else " OR "
        words = joint.join(_fts(each) for each in asked)
        statement = f"SELECT rowid AS number FROM {TABLE} WHERE {TABLE} MATCH :words"  # noqa: S608
        wanted = words if where == ANYWHERE else f"{{{' '.join(_COLUMNS[:where])}}} : ({words})"
    else:
        joint = " & " if all_of_them else " | "
        wanted = joint.join(_tsquery(each, _WEIGHTS[where - 1]) for each in asked)
        statement = f"SELECT number FROM {TABLE} WHERE words @@ CAST(:words AS tsquery)"  # noqa: S608
    return sa.text(statement).bindparams(sa.bindparam("words", wanted, unique=True)).columns(Number).subquery()


def _fts(asked: Asked) -> str:
    phrases = [f"({' AND '.join(_quoted(word) for word in phrase)})" for phrase in sorted(asked.phrases)]
    return f"({' OR '.join([*phrases, *(f'{_quoted(each)}*' for each in sorted(asked.beginnings))])})"


def _quoted(word: str) -> str:
    return f'"{word}"'  # stems are letters and digits alone


def _tsquery(asked: Asked, weights: str) -> str:
    phrases = [f"({' & '.join(_lexeme(word, weights) for word in phrase)})" for phrase in sorted(asked.phrases)]
    return f"({' | '.join([*phrases, *(_lexeme(each, f'*{weights}') for each in sorted(asked.beginnings))])})"


def _lexeme(word: str, where: str) -> str:
    return f"'{word}':{where}"


def _vector(entry: EntryWords) -> str:
    places: dict[str, list[str]] = {}
    for words, weight, at in ((entry.name, "A", 1), (entry.kind, "B", 2), (entry.rest, "C", 3)):
        for word in dict.fromkeys(words):
            places.setdefault(word, []).append(f"{at}{weight}")
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())
