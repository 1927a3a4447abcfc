"""The pages for people name only commands, settings, targets and files that exist; the example files work together."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
UNITS = sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")])

CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"(?:flask --app app|^respite) ([a-z-]+(?: [^`\n]*)?)")
SETTING = re.compile(r"\b(?:[A-Z]+_[A-Z_]+|PORT)\b(?==|`|\b)")
# Names in capitals that are no settings: those of the tests, and of what the reader fills in.
NO_SETTINGS = {"FLASK_DEBUG", "TEST_DATABASE_URL", "TEST_REDIS_URL", "LOCALES", "LANGUAGES"}


def code_of(path: Path) -> Iterator[str]:
    for block, inline in CODE.findall(path.read_text(encoding="utf-8")):
        yield from (block or inline).splitlines()


def settings() -> set[str]:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def command_named(group: click.Group, words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that the words name, and the words that are left for it."""
    command = group.commands.get(words[0]) if words else None
    if isinstance(command, click.Group):
        return command_named(command, words[1:])
    return command, words[1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_on_the_page_exist_with_their_options(app: Flask, page: Path) -> None:
    for line in code_of(page):
        for found in COMMAND.findall(line):
            words = shlex.split(found.split("#")[0].split("` ")[0])
            if words[0] == "db":  # Flask-Migrate brings it; the app itself does not know it
                assert words[1] in ("upgrade", "migrate", "check", "current"), line
                continue
            command, rest = command_named(app.cli, words)
            assert command is not None, f"{page.name}: no such command: {line}"
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in rest if word.startswith("--")} <= known, f"{page.name}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_targets_on_the_page_exist(page: Path) -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    for line in code_of(page):
        for target in re.findall(r"(?:^|&& |`)make ([a-z]+)", line):
            assert target in phony[1].split(), f"{page.name}: make {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_on_the_page_exist(page: Path) -> None:
    named = {name for line in code_of(page) for name in SETTING.findall(line)}
    assert named - NO_SETTINGS <= settings(), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_on_the_page_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    missing = [link for link in links if "://" not in link and link and not (page.parent / link).exists()]
    for line in code_of(page):
        for name in re.findall(
            r"(?<![\w/.-])(?:respite|docs|tests|templates|static|migrations|\.ci)/[\w./<>-]*\w", line
        ):
            if "<" not in name and not (ROOT / name).exists():
                missing.append(name)
    assert not missing, f"{page.name}: {missing}"


def test_pages_named_in_code_and_scripts_exist() -> None:
    """A comment that sends a reader to a page sends them to one that is there."""
    sources = [
        *ROOT.glob("respite/**/*.py"),
        *ROOT.glob("static/**/*.js"),
        *ROOT.glob("templates/**/*.html"),
        *EXAMPLES.iterdir(),
    ]
    named = {
        (source.name, name)
        for source in sources
        if source.is_file() and "vendor" not in source.parts
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", source.read_text(encoding="utf-8"))
    }
    assert not [(source, name) for source, name in named if not (ROOT / name).exists()]


def test_the_screenshots_are_real_and_light() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((docs/screens/[\w-]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) == 3
    for name in shown:
        picture = (ROOT / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) <= 200_000, name


# -- the example files ---------------------------------------------------------------------------------------------


class Unit(configparser.RawConfigParser):
    """A systemd unit: names keep their case, and one may come several times (the last is kept)."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#", ";"), interpolation=None)
        self.read(path, encoding="utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(name: str) -> Unit:
    return Unit(EXAMPLES / name)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_its_sections_and_no_empty_command(path: Path) -> None:
    parts = Unit(path)
    assert parts.get("Unit", "Description")
    assert path.read_text(encoding="utf-8").splitlines()[0].startswith(f"# /etc/systemd/system/{path.name}")
    if path.suffix == ".timer":
        assert parts.get("Timer", "OnCalendar")
        assert parts.get("Install", "WantedBy") == "timers.target"
        assert (EXAMPLES / f"{path.stem}.service").exists()
    else:
        assert parts.get("Service", "ExecStart").startswith("/")
        assert parts.get("Service", "User") not in ("", "root")


@pytest.mark.parametrize("name", ["respite.service", "backup.service"])
def test_a_unit_of_the_house_can_do_nothing_that_it_does_not_need(name: str) -> None:
    service = unit(name)["Service"]
    for wanted in (
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectKernelModules",
        "ProtectClock",
    ):
        assert service[wanted] == "yes", wanted
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"
    assert service["EnvironmentFile"] == "/etc/respite/respite.env"


def test_the_server_is_started_as_make_run_starts_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    line = re.search(r"\$\(BIN\)/gunicorn (.*)$", makefile, re.MULTILINE)
    assert line is not None
    asked = shlex.split(line[1].replace("$(PORT)", "5000"))
    service = unit("respite.service")["Service"]
    assert shlex.split(service["ExecStart"])[1:] == asked
    assert service["Restart"] == "always"
    assert service["ExecStartPre"].endswith("flask --app app db upgrade")


def test_the_house_commands_of_the_units_exist(app: Flask) -> None:
    words = shlex.split(unit("backup.service")["Service"]["ExecStart"])
    command, rest = command_named(app.cli, words[3:])
    assert command is not None
    assert {word for word in rest if word.startswith("--")} <= {o for p in command.params for o in p.opts}


def test_the_example_settings_are_settings_that_production_takes(tmp_path: Path) -> None:
    from respite.core.settings import WrongSetting, from_environ, new_key_ring

    lines = (EXAMPLES / "respite.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= settings()
    keys = tmp_path / "keys.json"
    keys.write_text(new_key_ring())
    keys.chmod(0o600)
    given["RESPITE_KEYS"] = str(keys)
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        from_environ(given)
    read = from_environ(given | {"SECRET_KEY": "s" * 64})
    assert (read.mode, read.https, read.trusted_proxies) == ("production", True, 1)


def test_the_proxies_lead_to_the_server_and_let_sockets_through() -> None:
    bound = re.search(r"--bind (\S+)", unit("respite.service")["Service"]["ExecStart"])
    assert bound is not None
    caddy = (EXAMPLES / "Caddyfile").read_text(encoding="utf-8")
    nginx = (EXAMPLES / "nginx.conf").read_text(encoding="utf-8")
    assert caddy.count("{") == caddy.count("}")
    assert nginx.count("{") == nginx.count("}")
    assert f"reverse_proxy {bound[1]}" in caddy
    assert f"proxy_pass http://{bound[1]};" in nginx
    for needed in ("Upgrade $http_upgrade", "X-Forwarded-Proto $scheme", "Host $host", "access_log off"):
        assert needed in nginx
    host = "respite.example.org"
    assert host in caddy
    assert host in nginx
    assert f"https://{host}/wall" in unit("kiosk.service")["Service"]["ExecStart"]
    assert f"https://{host}" in (EXAMPLES / "respite.env").read_text(encoding="utf-8")


def test_the_house_command_is_a_script_that_starts() -> None:
    script = EXAMPLES / "respite"
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111


def test_the_texting_scenarios_are_all_there_and_name_tests_that_exist() -> None:
    page = (ROOT / "docs" / "texting-scenarios.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^\| (\d+) ", page, re.MULTILINE)] == list(range(1, 42))
    modules = sorted((ROOT / "tests" / "integration").glob("test_texts_d*.py"))
    written = {name for path in modules for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)}
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named <= written
    assert written - named == {
        "test_a_kindness_of_unclear_end_is_put_to_a_person",  # of the design, not of the table
        "test_a_canary_is_found_however_it_is_written",
    }


def test_the_booking_scenarios_are_all_there_and_name_tests_that_exist() -> None:
    """A row's tests are in the file named before them, and in test_scenarios.py where none is."""
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:4] for row in page.splitlines() if re.match(r"\| S\d", row)]
    assert {number for row in rows for number in re.findall(r"\bS(\d+)\b", row[0])} == {str(n) for n in range(1, 47)}
    for scenario, here, tests in rows:
        module, named = "test_scenarios.py", 0
        for each in re.findall(r"`([^`]+)`", tests):
            if each.endswith(".py"):
                module, named = each, named + 1
                assert (ROOT / "tests" / "integration" / module).is_file(), each
            elif not each.endswith("/"):
                named += 1
                written = (ROOT / "tests" / "integration" / module).read_text(encoding="utf-8")
                exact = "\\w*" if each.endswith("…") else ""
                assert re.search(rf"^def {each.rstrip('…')}{exact}\(", written, re.MULTILINE), f"{module} has no {each}"
        assert named or "does not apply" in here or "tests/browser/" in tests, scenario
