"""What was deleted from a file of SQLite's does not lie about in it after pressing, and all that is there is there."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from respite.core.pressing import press


def lived_in(path: Path, seed: int) -> tuple[set[bytes], set[bytes]]:
    """A table in which rows came, changed and went, with `secure_delete`: what is there, and what is gone."""
    chance = random.Random(seed)
    there: dict[str, bytes] = {}
    ever: set[bytes] = set()

    def some() -> bytes:
        return chance.randbytes(chance.randint(30, 1500))

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for each in ("secure_delete=ON", "synchronous=OFF"):
            connection.execute(f"PRAGMA {each}")
        connection.execute("CREATE TABLE word (id TEXT PRIMARY KEY, sealed BLOB, more TEXT)")
        for _ in range(2500):
            what = chance.random()
            if what < 0.5 or not there:
                row, words = chance.randbytes(16).hex(), some()
                connection.execute("INSERT INTO word VALUES (?, ?, ?)", (row, words, "y" * chance.randint(0, 200)))
                there[row] = words
            elif what < 0.75:
                row, words = chance.choice(list(there)), some()
                connection.execute("UPDATE word SET sealed = ? WHERE id = ?", (words, row))
                there[row] = words
            else:
                row = chance.choice(list(there))
                connection.execute("DELETE FROM word WHERE id = ?", (row,))
                del there[row]
            if row in there:
                ever.add(there[row])
    return set(there.values()), ever - set(there.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_that_is_gone_lies_in_the_file(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "house.db"
    there, gone = lived_in(path, seed)
    press(path)
    stored = path.read_bytes()
    assert [words for words in gone if words[:30] in stored] == []
    with closing(sqlite3.connect(path)) as connection:
        assert {row[0] for row in connection.execute("SELECT sealed FROM word")} == there
