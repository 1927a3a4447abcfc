"""What is read out of a package, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from respite.resources.hsds.files import MOST_ROWS, TooMany
from respite.resources.hsds.said import Said, Words
from respite.resources.hsds.said import said as _l
from respite.resources.hsds.tables import Kind


@dataclass(slots=True)
class Row:
    """A row under the names of HSDS 3. One that was made of a part of another row is not counted as read."""

    kind: Kind
    file: str
    place: Words  # "line 12", or the way to an object in JSON
    values: dict[str, Any]
    counted: bool = True
    #: It may be said on several lines, each with more about it, as spreadsheets do.
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is not as it should be. With `left_out` the row was not loaded; else it was, without what is said."""

    file: str
    place: Words
    says: Said
    left_out: bool = False


@dataclass(slots=True)
class Counts:
    """Rows of one file. Each that was read was loaded, or left out, or had been read before."""

    read: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    again: int = 0  # said before, on another line or in another file, and read together with that
    left_out: int = 0

    @property
    def loaded(self) -> int:
        return self.added + self.changed + self.same


@dataclass(slots=True)
class Report:
    """What came of a load: every row that was read, every problem, and every column that is not kept."""

    source: str
    most: int = MOST_ROWS
    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)  # by file and kind
    problems: list[Problem] = field(default_factory=list)
    not_kept: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # values by file and column; "" is the whole file
    gone: int = 0
    made: int = 0  # rows made of parts of others, such as a language said in a column of a service
    #: Kinds of which not all could be read: what was not met may still be there.
    incomplete: set[str] = field(default_factory=set)
    _left: set[tuple[str, Words]] = field(default_factory=set)

    def of(self, row: Row) -> Counts:
        return self.counts.setdefault((row.file, row.kind.name), Counts())

    def read_one(self, row: Row) -> None:
        """Count a row that is read now. Raises TooMany for one too many."""
        self.of(row).read += 1
        if self.total("read") > self.most:
            raise TooMany(_l("At most %(most)s rows can be loaded at once. Please load it in parts.", most=self.most))

    def note(self, row: Row, says: Said, *, left_out: bool = False) -> None:
        self.problems.append(Problem(row.file, row.place, says, left_out))

    def leave_out(self, row: Row, says: Said) -> None:
        """Not loaded, and said once: what was made of a row that is left out goes with it."""
        if row.counted:
            self._left.add((row.file, row.place))
            self.of(row).left_out += 1
        elif (row.file, row.place) in self._left:
            return
        self.note(row, says, left_out=True)

    def went_with(self, row: Row) -> bool:
        """Whether this was made of a part of a row that is left out."""
        return not row.counted and (row.file, row.place) in self._left

    def keep_nothing_of(self, file: str, column: str, count: int = 1) -> None:
        self.not_kept[file, column] = self.not_kept.get((file, column), 0) + count

    def total(self, what: str) -> int:
        return sum(getattr(counts, what) for counts in self.counts.values())


@dataclass(slots=True)
class Package:
    """A package that was opened: the tables it has, and its rows, read as they are asked for."""

    rows: Callable[[Report], Iterator[Row]]
    #: The kinds of which it lists all there is; what is not in it any more is no longer in its source.
    lists: set[str] = field(default_factory=set)
