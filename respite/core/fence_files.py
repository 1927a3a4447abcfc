"""The fence of a database that is a file: a room, which who acts is in, and a door, which who commits stands in.

The door is what keeps a commit from being overtaken for ever. Both are locks that the system takes back from a
process that dies; the files are empty and are never removed.
"""

from __future__ import annotations

import fcntl
import os
import time

_POLL = 0.001


def enter(database: str, seconds: float) -> int:
    """Be in the room with others; returns what `leave` wants. Raises TimeoutError, OSError."""
    until = time.monotonic() + seconds
    door = _locked(f"{database}-door", fcntl.LOCK_SH, until)
    try:
        return _locked(f"{database}-fence", fcntl.LOCK_SH, until)
    finally:
        leave(door)


def empty(database: str, seconds: float, held: list[int]) -> None:
    """Let nobody else in, and wait until the room is empty. What is held meanwhile stands in `held`, whatever fails.

    Raises TimeoutError, OSError.
    """
    until = time.monotonic() + seconds
    held.append(_locked(f"{database}-door", fcntl.LOCK_EX, until))
    held.append(_locked(f"{database}-fence", fcntl.LOCK_EX, until))


def leave(held: int) -> None:
    # Said aloud, since a process that was forked in between has a copy of it.
    fcntl.flock(held, fcntl.LOCK_UN)
    os.close(held)


def _locked(path: str, how: int, until: float) -> int:
    """Every holder opens the file for itself, so that threads exclude one another as processes do."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(file)
                raise TimeoutError from None
            time.sleep(_POLL)
        except BaseException:
            os.close(file)
            raise
        else:
            return file
