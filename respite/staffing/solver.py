"""The parent of a solver's process: starts it, hands the problem over, passes on what it tells, and writes its answer.

It runs in a thread of a web process, or in the foreground of a command. When it dies, the solver's input ends and so
does the solver; when the solver dies, nothing is written. Either way the draft stays as it was.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from respite.core.clock import house_now
from respite.core.db import db
from respite.core.logs import log
from respite.staffing.queries.runs import LOST
from respite.staffing.roster.alone import engine
from respite.staffing.service.runs import Task, finish_run, hear, lose_run, take_run

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "respite.staffing.roster.alone")
BEAT = 2.0  # seconds between two signs
Lines = queue.Queue[str | None]
GRACE = 60.0  # seconds above the asked ones after which a solver is given up


def start(run_id: uuid.UUID) -> None:
    """Solve in the background of this process. Called after the run is committed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_in_context, args=[app, run_id], name="roster-run", daemon=True).start()


def _in_context(app: Flask, run_id: uuid.UUID) -> None:
    with app.app_context():
        try:
            run(run_id)
        except Exception as error:
            db.session.rollback()
            log.error("roster.failed", error=type(error).__name__)
        finally:
            db.session.remove()


def run(run_id: uuid.UUID) -> str:
    """Take the run and see it through. Its state at the end; nothing where somebody else has it."""
    task = take_run(run_id, engine(), now=house_now())
    if task is None:
        return ""
    if not task.posed:
        return finish_run(task, [], now=house_now())
    with _solver() as (child, lines):
        try:
            answers = _listen(task, child, lines)
        except BaseException:
            db.session.rollback()
            lose_run(run_id)
            raise
    if answers is not None:
        return finish_run(task, answers, now=house_now())
    lose_run(run_id)
    return LOST


@contextmanager
def _solver() -> Iterator[tuple[subprocess.Popen[str], Lines]]:
    """The solver's process and what it says; ended with the block, however that ends."""
    lines: Lines = queue.Queue()
    with subprocess.Popen(  # noqa: S603  # this program alone
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        reader = threading.Thread(target=_read, args=[child, lines], name="roster-lines", daemon=True)
        reader.start()
        try:
            yield child, lines
        finally:
            child.kill()
            reader.join()


def _listen(task: Task, child: subprocess.Popen[str], lines: Lines) -> list[dict[str, Any]] | None:
    """What it answers; None where it ended, or was given up, without an answer."""
    assert child.stdin is not None
    told: dict[str, list[int]] = {}
    try:
        child.stdin.write(json.dumps(task.asked) + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        return None
    beats, asked_to_stop = 0, False
    while beats * BEAT < task.asked["seconds"] * 2 + GRACE:
        try:
            line = lines.get(timeout=BEAT)
        except queue.Empty:
            beats += 1
            if not hear(task.run_id, told) and not asked_to_stop:
                asked_to_stop = True
                child.stdin.close()
            continue
        if line is None:
            return None
        said = json.loads(line)
        if "answer" in said:
            answers: list[dict[str, Any]] = said["answer"]
            return answers
        if "progress" in said:
            place, objective, bound = said["progress"]
            told[str(place)] = [objective, bound]
    return None


def _read(child: subprocess.Popen[str], lines: Lines) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(None)
