"""Several acts in the same moment, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from respite.core.db import db
from respite.core.errors import Refusal


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Start all of them together; the answers or refusals in order. Any other error is raised here."""
    db.session.rollback()  # a read left open would keep SQLite's writers waiting
    answers: list[object] = [None] * len(acts)
    broke: list[Exception] = []
    ready = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait(timeout=30)
            try:
                answers[number] = act()
            except Refusal as refusal:
                answers[number] = refusal
            except Exception as error:
                broke.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if broke:
        raise broke[0]
    return answers
