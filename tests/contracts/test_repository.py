"""What the repository itself holds: nothing that belongs elsewhere, everything that a stranger needs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

TOP_LEVEL = frozenset(
    ".ci .gitattributes .gitignore .npmrc CHANGELOG.md LICENSE Makefile README.md SECURITY.md app.py bench docs"
    " migrations package-lock.json package.json pyproject.toml requirements-dev.in requirements-dev.lock"
    " requirements-node.in requirements-node.lock requirements.in requirements.lock respite static templates"
    " tests".split()
)

# Put together here so that this file does not hold what it looks for.
INDEX_HOSTS = [
    ".".join(name) for name in (("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
INDEX_HOSTS += [
    ".".join(name) for name in (("debian", "org"), ("yarnpkg", "com"), ("unpkg", "com"), ("jsdelivr", "net"))
]
OWN_MACHINE = [
    "/".join(parts) for parts in (("", "tmp", "w", ""), ("", "work", ""), ("", "home", ""), ("", "root", ""))
]
LEFT_OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|(?:#|//|/\*).*\bfor no" + r"w[,.;)]", re.IGNORECASE)


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=30)
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).exists()]


def lines_of(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Each line of each text file, with the place where it stands."""
    for path in paths:
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_file_names_a_package_index(tracked: list[Path]) -> None:
    found = [place for place, line in lines_of(tracked) if any(host in line for host in INDEX_HOSTS)]
    assert not found


def test_no_file_holds_a_path_of_somebodys_machine(tracked: list[Path]) -> None:
    starts = re.compile(r"(?<![\w.~/-])(?:" + "|".join(OWN_MACHINE) + ")")
    assert not [place for place, line in lines_of(tracked) if starts.search(line)]


def test_nothing_is_left_open_in_a_comment(tracked: list[Path]) -> None:
    code = [path for path in tracked if path.suffix in {".py", ".js", ".css", ".html", ".sh"} or path.name == "run"]
    assert not [f"{place} {line.strip()}" for place, line in lines_of(code) if LEFT_OPEN.search(line)]


def test_no_third_party_script_style_or_font_is_tracked(tracked: list[Path]) -> None:
    """They are fetched by hash into static/vendor, so what runs is what was published."""
    fonts = {".woff", ".woff2", ".ttf", ".otf"}
    assert not [path for path in tracked if path.suffix in fonts or ".min." in path.name]
    assert not [path for path in tracked if {"vendor", "node_modules"} & set(path.relative_to(ROOT).parts)]
    written_by_hand = [path for path in tracked if path.suffix in {".js", ".css", ".html"}]
    assert not [place for place, line in lines_of(written_by_hand) if len(line) > 500]


def test_the_top_level_holds_only_what_has_a_reason(tracked: list[Path]) -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked} <= TOP_LEVEL


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"])
def test_a_stranger_finds(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 200


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_python_package_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = [block for block in re.split(r"\n(?=\S)", text) if block.strip() and not block.startswith("#")]
    assert packages
    assert not [block for block in packages if not re.match(r"[\w.-]+==\S+", block) or "--hash=sha256:" not in block]


def test_the_two_python_locks_agree() -> None:
    """Tests run on the very versions that a house runs on."""
    runtime, everything = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= everything


def test_every_browser_package_is_pinned_by_hash_and_has_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert packages
    assert not [name for name, about in packages.items() if not about.get("integrity", "").startswith("sha512-")]
    assert not [name for name, about in packages.items() if "resolved" in about]


def test_the_script_for_continuous_integration_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_make_target_explains_itself() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    for target in targets[1].split():
        assert target == "help" or re.search(rf"^  make {target} +\S", shown.stdout, re.MULTILINE), target
