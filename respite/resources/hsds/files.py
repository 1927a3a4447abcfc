"""Opening what somebody gives: a folder, a zip, a JSON file, a spreadsheet as CSV.

Nothing of a zip is ever written to the disk, so a path in it leads nowhere; how much it may grow to is looked at first.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from respite.resources.hsds.said import Said
from respite.resources.hsds.said import said as _l

MOST_BYTES = 256 * 1024 * 1024  # of all files of a package, unpacked
MOST_FILES = 200
MOST_TIMES = 200  # how much larger than packed; text packs to a tenth, seldom to a fiftieth
MOST_ROWS = 1_000_000
MOST_OF_A_CELL = 1_000_000  # letters; a quote that is never closed runs into this
_HALF_A_LETTER = re.compile(r"\\u[dD][89a-fA-F]")
_KNOWN, _WORKBOOKS = (".csv", ".tsv", ".txt", ".json"), (".xlsx", ".xls", ".ods")
_MARKS = (",", ";", "\t", "|")


class Unusable(Exception):
    """The whole of it cannot be read; the words are for a person."""

    def __init__(self, says: Said) -> None:
        super().__init__(says)
        self.says = says


class TooMany(Unusable):
    """More rows than are loaded at once. Of what was read up to there nothing is: a part is nobody's wish."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a package, by the name that is said of it."""

    name: str
    content: bytes

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem.lower()

    @property
    def ending(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


def opened(path: Path) -> list[File]:
    """The files of a folder or zip, or the one file. Raises Unusable."""
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.is_file() and not each.is_symlink())
        kept = [each for each in inside if each.suffix.lower() in (".csv", ".json")]
        _must_fit(sum(each.stat().st_size for each in kept), len(kept))
        files = [File(each.name, each.read_bytes()) for each in kept]
    elif not path.is_file():
        raise Unusable(_l("There is nothing at %(path)s.", path=path))
    elif zipfile.is_zipfile(path):
        files = _unzipped(path)
    else:
        _must_be_known(path.name)
        _must_fit(path.stat().st_size, 1)
        files = [File(path.name, path.read_bytes())]
    return _some(files)


def sent(name: str, content: bytes, most: int) -> list[File]:
    """The same of one file that somebody sent, up to so many bytes once it is unpacked. Raises Unusable."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _some(_unzipped(io.BytesIO(content), most))
    ending = PurePosixPath(name).suffix.lower()
    if ending == ".zip":
        raise Unusable(_l("The zip is broken: it could not be read to its end."))
    if ending not in _KNOWN + _WORKBOOKS:
        raise Unusable(_l("This must be a zip of CSV files, a JSON file, or a CSV file."))
    _must_be_known(name)
    _must_fit(len(content), 1, most)
    return [File(name, content)]


def _some(files: list[File]) -> list[File]:
    if not files:
        raise Unusable(_l("There is no CSV and no JSON file in it."))
    return files


def _must_be_known(name: str) -> None:
    ending = PurePosixPath(name).suffix.lower()
    if ending in _WORKBOOKS:
        raise Unusable(_l("This is a workbook. Please save its sheet as CSV (UTF-8) and load that."))
    if ending not in _KNOWN:
        raise Unusable(_l("This must be a folder or a zip of CSV files, a JSON file, or a CSV file."))


def _unzipped(file: Path | io.BytesIO, most: int | None = None) -> list[File]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [each for each in archive.infolist() if not each.is_dir() and "__MACOSX" not in each.filename]
            _must_fit(sum(each.file_size for each in members), len(members), most)
            return [_unpacked(archive, each) for each in members if each.filename.lower().endswith((".csv", ".json"))]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise Unusable(_l("The zip is broken: it could not be read to its end.")) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> File:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        raise Unusable(_l("The zip names a file outside itself (%(name)s). Nothing of it was loaded.", name=name[:60]))
    if member.flag_bits & 1:
        raise Unusable(_l("The zip is locked with a password. Please save it without one."))
    if member.file_size > MOST_TIMES * max(member.compress_size, 1024):
        raise Unusable(
            _l(
                "%(name)s in the zip grows to more than %(most)s times its size. Nothing was loaded.",
                name=name[:60],
                most=MOST_TIMES,
            )
        )
    with archive.open(member) as stream:
        content = stream.read(member.file_size + 1)
    if len(content) > member.file_size:
        raise Unusable(_l("%(name)s in the zip is larger than the zip says. Nothing was loaded.", name=name[:60]))
    return File(PurePosixPath(name).name, content)


def _must_fit(size: int, count: int, most: int | None = None) -> None:
    most = MOST_BYTES if most is None else most
    if size > most or count > MOST_FILES:
        raise Unusable(
            _l(
                "At most %(most)s MB in %(files)s files can be loaded at once. Please load it in parts.",
                most=most // (1024 * 1024),
                files=MOST_FILES,
            )
        )


def text_of(file: File) -> tuple[str, Said | None]:
    """The words of a file, and what had to be guessed to read them."""
    content = file.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), None
        except UnicodeDecodeError as error:
            raise Unusable(_l("%(name)s begins like UTF-16 and is not.", name=file.name)) from error
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        # Every byte is a letter in Latin-1; Windows' own set has the marks that people really write.
        return content.decode("cp1252", errors="replace"), _l("it is not UTF-8 and was read as Windows-1252")


def json_of(file: File) -> Any:
    text = text_of(file)[0]
    try:
        data = json.loads(text)
        return _without_halves(data) if _HALF_A_LETTER.search(text) else data
    except (ValueError, RecursionError) as error:
        where = _l(" (line %(line)s)", line=error.lineno) if isinstance(error, json.JSONDecodeError) else ""
        raise Unusable(_l("%(name)s is not whole JSON%(where)s.", name=file.name, where=where)) from error


def _without_halves(data: Any) -> Any:
    """JSON can name half a letter, which nothing can keep or show."""
    whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole)


@dataclass(slots=True)
class Sheet:
    """A CSV file: the names of its columns, and its rows with the line at which each begins."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]
    guessed: list[Said]


def sheet_of(file: File) -> Sheet:
    """Read a CSV file, whatever sets its cells apart. Raises Unusable."""
    text, guess = text_of(file)
    guessed = [guess] if guess else []
    if "\x00" in text:
        text = text.replace("\x00", "")
        guessed.append(_l("it has NUL bytes, which were passed over"))
    first = text.lstrip("\r\n").split("\n", 1)[0]
    mark = max(_MARKS, key=first.count)
    if mark != ",":
        tabs = mark == "\t"
        guessed.append(
            _l("its cells are set apart by tabs") if tabs else _l("its cells are set apart by %(mark)s", mark=mark)
        )
    csv.field_size_limit(MOST_OF_A_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows = _numbered(file, reader)
    columns = next(rows, (0, []))[1]
    columns = [" ".join(each.split()) for each in columns]
    if not any(columns):
        raise Unusable(_l("%(name)s is empty.", name=file.name))
    twice = sorted({each for each in columns if each and columns.count(each) > 1})
    if twice:
        raise Unusable(_l("%(name)s has two columns named %(column)s.", name=file.name, column=twice[0][:60]))
    return Sheet(columns, rows, guessed)


def _numbered(file: File, reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unusable(
                _l(
                    "%(name)s cannot be read on from line %(line)s: a quote there may never be closed.",
                    name=file.name,
                    line=line,
                )
            ) from error
        if any(cells):
            yield line, cells
