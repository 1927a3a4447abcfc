"""Take the screenshots of README.md: the demo house on a Sunday afternoon, in a real browser.

    .venv/bin/python .ci/screens.py      (after `make dev`; needs a Chromium, or CHROMIUM names one)

A demo of its own is made in a folder that goes away again, and served on a free port. Two windows are opened
as a newcomer would: the desk by signing in, the wall by its eight letters.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
BIN = Path(sys.executable).parent
SUNDAY, HOUR, MINUTE = 6, 14, 32
LARGEST = 200_000  # bytes of one picture
STARTS_WITHIN = 60  # seconds

MOVE_CLOCK = """
import sys
from datetime import timedelta
from app import app
from respite.core.demo_clock import put_ahead
with app.app_context():
    put_ahead(timedelta(seconds=int(sys.argv[1])))
"""


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        lead = signed_in(browser, url, "Dana")
        wall = window(browser, 1920, 1080)
        pair(lead, wall, url)
        take(signed_in(browser, url, "Mei", height=1180), "desk")  # as whoever is on sees it
        lead.goto(f"{url}/houses/juniper-house/beds")
        take(lead, "roster", whole=True)
        take(wall, "wall")
        browser.close()


def window(browser: Browser, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-US", color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    return context.new_page()


def signed_in(browser: Browser, url: str, name: str, *, height: int = 900) -> Page:
    """The desk, as one of the demo's people finds it."""
    page = window(browser, 1280, height)
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/board")
    return page


def pair(desk: Page, wall: Page, url: str) -> None:
    """Read the letters off the wall and type them at the desk, as a coordinator does."""
    wall.goto(f"{url}/wall")
    letters = "".join(wall.locator(".letters").inner_text().split())
    desk.goto(f"{url}/houses/juniper-house/screens")
    desk.get_by_label("The letters on the screen").fill(letters)
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_label("Where the screen is").fill("Staff room")
    desk.get_by_role("radio", name="The doors").check()
    desk.get_by_role("checkbox").check()
    desk.get_by_role("button", name="Pair it").click()
    wall.locator("[data-part^='door-']").first.wait_for()


def take(page: Page, name: str, *, whole: bool = False) -> None:
    page.evaluate("document.fonts.ready")
    page.locator("[data-line='live']").first.wait_for(state="attached")
    path = SCREENS / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST} bytes")


def chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("no chromium on the PATH")
    return path


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A demo house of its own, whose clock stands at Sunday afternoon; its address."""
    port = free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "PORT": str(port),
    }
    flask = [str(BIN / "flask"), "--app", "app"]
    run([*flask, "db", "upgrade"], environment)
    run([sys.executable, "-c", MOVE_CLOCK, str(int(until_sunday().total_seconds()))], environment)
    run([*flask, "demo", "load"], environment)
    serve = ["--workers", "1", "--threads", "50", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "app:app"]
    with subprocess.Popen([str(BIN / "gunicorn"), *serve], cwd=ROOT, env=environment) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/health/ready", server)
            yield url
        finally:
            server.send_signal(signal.SIGTERM)


def run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


def until_sunday() -> timedelta:
    """How long it is until the next Sunday at half past two in Denver."""
    now = datetime.now(ZoneInfo("America/Denver"))
    days = (SUNDAY - now.weekday()) % 7
    then = (now + timedelta(days=days)).replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    if then <= now:
        then += timedelta(days=7)
    return then.astimezone(UTC) - now.astimezone(UTC)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the demo house did not start")


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        number: int = any_port.getsockname()[1]
        return number


if __name__ == "__main__":
    main()
