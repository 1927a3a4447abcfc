"""`flask --app app roster`: from a file to a roster and back to its judge, without a database."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.rosters import INSTANCES, instance

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWER = re.compile(r"objective (\d+)\nbound (\d+)\nseconds [\d.]+\nproven (yes|no)\n")

TWO_DAYS = """SECTION_HORIZON
2
SECTION_SHIFTS
D,480,
SECTION_STAFF
A,D=2,960,480,2,1,1,1
B,D=2,960,0,2,1,1,1
SECTION_DAYS_OFF
B,1
SECTION_SHIFT_ON_REQUESTS
SECTION_SHIFT_OFF_REQUESTS
A,0,D,3
SECTION_COVER
0,D,2,100,1
1,D,2,100,1
"""


@pytest.fixture
def two_days(tmp_path: Path) -> Path:
    path = tmp_path / "two-days.txt"
    path.write_text(TWO_DAYS, encoding="utf-8")
    return path


def test_a_file_is_solved_and_the_written_roster_is_judged(app: Flask, two_days: Path, tmp_path: Path) -> None:
    written = tmp_path / "roster.txt"
    runner = app.test_cli_runner()
    solved = runner.invoke(args=["roster", "solve", str(two_days), "--out", str(written)])
    assert solved.exit_code == 0, solved.output
    answer = ANSWER.search(solved.output)
    assert answer is not None
    assert answer.groups() == ("103", "103", "yes")
    assert written.read_text(encoding="utf-8").splitlines()[2:] == ["A,0,D", "A,1,D", "B,0,D"]
    judged = runner.invoke(args=["roster", "check", str(two_days), str(written)])
    assert (judged.exit_code, judged.output) == (0, "objective 103\nEvery rule is kept.\n")


def test_a_roster_changed_by_hand_is_told_what_it_breaks(app: Flask, two_days: Path, tmp_path: Path) -> None:
    written = tmp_path / "roster.txt"
    written.write_text("SECTION_ROSTER\nB,1,D\n", encoding="utf-8")
    judged = app.test_cli_runner().invoke(args=["roster", "check", str(two_days), str(written)])
    assert judged.exit_code == 1
    assert judged.output.splitlines()[0] == "objective 300"
    assert [line.split(",")[0] for line in judged.output.splitlines()[1:]] == ["broken: least-minutes", "broken: away"]


def test_a_file_without_any_roster_says_what_stands_in_the_way(app: Flask, two_days: Path) -> None:
    two_days.write_text(TWO_DAYS.replace("A,D=2,960,480", "A,D=2,960,960").replace("B,1", "A,1"), encoding="utf-8")
    solved = app.test_cli_runner().invoke(args=["roster", "solve", str(two_days)])
    assert solved.exit_code == 1
    assert "broken: least-minutes, person A" in solved.output
    assert "objective" not in solved.output.splitlines()


@pytest.mark.parametrize(
    "text, told",
    [
        (TWO_DAYS.replace("\n2\n", "\ntwo\n").encode(), "line 2: the number of days must be a whole number, not 'two'"),
        (b"\xff\xfe\x00", "this is not a text file"),
        (b"", "the file ends without SECTION_HORIZON"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(app: Flask, two_days: Path, text: bytes, told: str) -> None:
    two_days.write_bytes(text)
    for args in (["solve", str(two_days)], ["check", str(two_days), str(two_days)]):
        refused = app.test_cli_runner().invoke(args=["roster", *args])
        assert refused.exit_code == 1
        assert told in refused.output
        assert "Traceback" not in refused.output


@pytest.mark.slow
def test_interrupted_it_writes_the_best_so_far(tmp_path: Path) -> None:
    """A real process on a real instance, with a database that is not there."""
    instance(7)
    written = tmp_path / "roster.txt"
    file = str(INSTANCES / "Instance7.txt")
    flask = [sys.executable, "-m", "flask", "--app", "app", "roster"]
    environ = {**os.environ, "RESPITE_MODE": "demo", "DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    with subprocess.Popen(
        [*flask, "solve", file, "--seconds", "250", "--out", str(written)],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert " s: objective " in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    answer = ANSWER.fullmatch(said)
    assert answer is not None
    judged = subprocess.run(
        [*flask, "check", file, str(written)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert judged.stdout == f"objective {answer[1]}\nEvery rule is kept.\n"
    assert not (tmp_path / "none.db").exists()
