"""Run the tests in groups, a failing one once more alone, and end on one line that counts them all.

    tests.py                 every group
    tests.py PATH|OPTION...  one run of pytest with these arguments

Quick tests share the cores; browsers and long property tests come in groups of their own, so that a slow
machine is not asked for all at once. A test that fails and then passes alone is printed as such and does not
fail the run: it is named, to be mended, and hides nothing.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree  # reads only what pytest has just written

ROOT = Path(__file__).resolve().parent.parent

# Name, what is in it, how many processes.
GROUPS = (
    ("quick", "not browser and not slow", "2"),
    ("slow", "slow and not browser", "2"),
    ("browser", "browser", "2"),
)
SLOWEST = 25  # tests of each group that are named with their time
NOTHING_COLLECTED = 5
# So many failures have one cause, and it is not the machine: running them again would only take time.
MANY = 20
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
ROOM = 2 * 1024**3


@dataclass
class Outcome:
    """What a run of pytest said: how many of each kind, the tests that failed, and why some were left out."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    skipped_because: Counter[str] = field(default_factory=Counter)
    broke: bool = False


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode
    first = Outcome()
    for name, marked, processes in GROUPS:
        began, worked = time.monotonic(), cpu_of_children()
        outcome = pytest("-m", marked, "-n", processes, "--dist", "loadgroup", f"--durations={SLOWEST}")
        took, worked = time.monotonic() - began, cpu_of_children() - worked
        print(f"== {name}: {summary(outcome)} in {took:.0f} s, {worked:.0f} s of CPU", flush=True)
        first.counts += outcome.counts
        first.failed += outcome.failed
        first.skipped_because += outcome.skipped_because
        first.broke |= outcome.broke
    twice = failing_again(first.failed)
    for test in first.failed:
        print(f"== failed, then {'failed again' if test in twice else 'passed alone'}: {test}")
    first.counts["failed"] = len(twice)
    first.counts["passed"] += len(first.failed) - len(twice)
    for reason, count in first.skipped_because.most_common():
        print(f"== {count} skipped: {reason}")
    if first.broke:
        print("== pytest itself did not finish in one of the groups; see above")
    print(summary(first), flush=True)
    return 1 if first.broke or first.counts["failed"] else 0


def cpu_of_children() -> float:
    """Seconds that all processes begun here and ended since have worked: beside a group's time it says whether more of
    them at once would be quicker."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def failing_again(failed: list[str]) -> set[str]:
    """Those of the failed tests that fail again when nothing runs beside them."""
    if not failed or len(failed) > MANY:
        return set(failed)
    again = pytest(*failed)
    return set(failed) if again.broke else set(again.failed)


def pytest(*arguments: str) -> Outcome:
    """Run pytest with these arguments, in full view."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        code = subprocess.run(
            [*command, "-o", "junit_family=xunit1", *arguments], cwd=ROOT, env=environment(folder), check=False
        ).returncode
        outcome = read(report) if report.exists() else Outcome(broke=True)
    # 0 all passed, 1 some failed, 5 none selected; anything else means that tests were left out.
    outcome.broke |= code not in (0, 1, NOTHING_COLLECTED) or (code == 1 and not outcome.failed)
    return outcome


def environment(folder: str) -> dict[str, str]:
    # One thread per process for number crunching: two processes on two cores are already enough.
    return {"OMP_NUM_THREADS": "1", **os.environ, "TMPDIR": folder}


def memory() -> str | None:
    """Where files are kept in memory, if there is room: on a disk, waiting for each commit takes most of a run."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    found = os.statvfs(MEMORY)
    roomy = found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
    return str(MEMORY) if roomy else None


def read(report: Path) -> Outcome:
    outcome = Outcome()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314
        parts = {part.tag: part for part in case}
        if parts.keys() & {"failure", "error"}:
            outcome.failed.append(node_id(case))
        elif "skipped" in parts:
            outcome.counts["skipped"] += 1
            outcome.skipped_because[parts["skipped"].get("message", "")] += 1
        else:
            outcome.counts["passed"] += 1
    outcome.failed = list(dict.fromkeys(outcome.failed))
    outcome.counts["failed"] = len(outcome.failed)
    return outcome


def node_id(case: ElementTree.Element) -> str:
    """The test as pytest's command line names it; a file that could not be read stands for itself."""
    path, name = case.get("file", ""), case.get("name", "")
    if not path:
        return name.replace(".", "/") + ".py"
    inside = case.get("classname", "").removeprefix(path.removesuffix(".py").replace("/", ".")).strip(".")
    return "::".join(part for part in (path, *inside.split("."), name) if part)


def summary(outcome: Outcome) -> str:
    return ", ".join(f"{outcome.counts[kind]} {kind}" for kind in ("passed", "failed", "skipped"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
