"""The product as a house runs it: a gunicorn process of its own, killed and started again at will."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@dataclass
class Server:
    """One serving process. `log` is where it writes; `environ` is all it knows of the world."""

    environ: Mapping[str, str]
    log: Path
    port: int
    threads: int = 200
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-W", "error::DeprecationWarning:respite", "-m", "gunicorn", "--workers", "1",
                    "--threads", str(self.threads), "--worker-connections", "1000", "--graceful-timeout", "5",
                    "--bind", f"127.0.0.1:{self.port}", "--log-level", "warning", "app:app",
                ],
                cwd=ROOT,
                env={**os.environ, **self.environ, "PORT": str(self.port)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._wait_until_ready()
        return self

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < until:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(f"the server did not get ready:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, with_signal: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, with_signal)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)

    def logged(self) -> list[dict[str, object]]:
        """What it logged as structured lines."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


def server_for(database_url: str, key_file: Path, folder: Path, **environ: str) -> Server:
    """A server on a database that is migrated already, not started yet."""
    settings = {
        "RESPITE_MODE": "demo",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret for tests that is long enough",
        "RESPITE_KEYS": str(key_file),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return Server({**settings, **environ}, folder / "server.log", free_port())
